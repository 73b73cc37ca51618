//! What a thread serves with, and what becomes of a request.

use std::sync::Arc;

use actix_web::HttpResponse;
use http::header::HeaderValue;

use super::judge::Question;
use super::refused::Refused;
use super::shared::Shared;
use crate::remote::upstream::{Failure, Upstream};

/// What a thread serves with.
pub(super) struct Worker {
    pub shared: Arc<Shared>,
    pub upstream: Upstream,
}

/// A request that may go on.
pub(super) struct Passing {
    /// The version that it has to be made on.
    pub if_match: Option<HeaderValue>,
    /// Where its answer is to be judged: what was asked.
    pub seen: Option<Arc<Question>>,
}

/// The answer where the server gives none.
pub(super) fn failed(shared: &Shared, failure: Failure) -> HttpResponse {
    shared.record.failed(failure);
    Refused::upstream(failure).response()
}
