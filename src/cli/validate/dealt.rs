//! How inputs are dealt out to threads, and who is asked about what they leave open.

use super::crew::Deal;
use crate::app::AppError;
use crate::remote::terminology::{self, TerminologyServer, TerminologyUrl};

/// The most inputs, and bytes of several, that a thread takes at once.
const BATCH: (usize, usize) = (32, 64 << 10);
/// The most inputs that are settled together, and kept in memory for it, and the most bytes of several.
const TOGETHER: (usize, usize) = (2_000, 64 << 20);

/// How inputs are dealt out: many together where somebody `is_asked`, so that they share their questions.
pub(super) fn deal(is_asked: bool, threads: usize) -> Deal {
    match is_asked {
        true => Deal { threads: 1, inputs: TOGETHER.0, bytes: TOGETHER.1, is_prompt: false },
        false => Deal { threads, inputs: BATCH.0, bytes: BATCH.1, is_prompt: true },
    }
}

/// The terminology server of a URL, by the operator's word.
pub(super) fn terminology_server(url: &str) -> Result<TerminologyServer, AppError> {
    let server =
        TerminologyUrl::parse(url).and_then(|url| TerminologyServer::new(url, terminology::Settings::default()));
    server.map_err(|e| AppError::Server(format!("--tx: {e}")))
}
