//! A negotiated set as it is answered.

use actix_web::web::Bytes;

use crate::http::Fault;
use crate::http::service::Moment;

/// The bytes of one answer; a longer one is refused.
const ANSWER_BYTES: usize = 32 << 20;

/// A negotiated set as it is answered.
pub(super) struct Made {
    pub id: String,
    pub text: Bytes,
    /// Until when it is held; `None` where it is kept.
    pub until: Option<Moment>,
}

/// An answer, unless it is too long to be given.
pub(in crate::http) fn within_limit(text: String) -> Result<String, Fault> {
    if text.len() > ANSWER_BYTES { Err(Fault::too_costly(ANSWER_BYTES)) } else { Ok(text) }
}
