//! Requests with timeouts and bounded retries.

use std::thread::sleep;
use std::time::Duration;

use reqwest::blocking::{RequestBuilder, Response};
use reqwest::{StatusCode, header};

/// How patient a client is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To connect, in milliseconds.
    pub connect_ms: u64,
    /// For each read, in milliseconds.
    pub read_ms: u64,
    /// How often a request is made at most.
    pub attempts: u32,
    /// The wait before the second attempt, in milliseconds; it doubles each time.
    pub backoff_ms: u64,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { connect_ms: 10_000, read_ms: 30_000, attempts: 4, backoff_ms: 250 }
    }
}

/// The longest wait before another attempt.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why a request gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server does not have it.
    NotFound,
    /// Anything else, as shown to the user.
    Failed(String),
}

/// The answer to a request of success, or 416, retried as often as patience allows while the server has a problem.
///
/// # Errors
/// The refusal of the last attempt.
pub fn send(patience: &Patience, request: impl Fn() -> RequestBuilder) -> Result<Response, Refusal> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (why, wait) = match request().send() {
            Ok(answer) if answer.status().is_success() || answer.status() == StatusCode::RANGE_NOT_SATISFIABLE => {
                return Ok(answer);
            }
            Ok(answer) if matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::GONE) => {
                return Err(Refusal::NotFound);
            }
            Ok(answer) if answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                (format!("the server answers {}", answer.status()), retry_after(&answer))
            }
            Ok(answer) => return Err(Refusal::Failed(format!("the server answers {}", answer.status()))),
            Err(error) if error.is_builder() || error.is_redirect() => return Err(Refusal::Failed(cause(&error))),
            Err(error) => (cause(&error), None),
        };
        if attempt >= patience.attempts {
            return Err(Refusal::Failed(why));
        }
        pause(patience, attempt, wait);
    }
}

/// Waits before the attempt after this one.
pub fn pause(patience: &Patience, attempt: u32, told: Option<Duration>) {
    let doubled = Duration::from_millis(patience.backoff_ms.saturating_mul(1 << attempt.saturating_sub(1).min(16)));
    sleep(told.unwrap_or(doubled).min(LONGEST_WAIT));
}

/// The wait that the server asks for.
fn retry_after(answer: &Response) -> Option<Duration> {
    answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// The innermost cause of an error, which is what a user can act on.
pub fn innermost(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// The innermost cause of an error, and where it happened.
pub fn cause(error: &reqwest::Error) -> String {
    let place = error
        .url()
        .map(|url| format!("{}://{}: ", url.scheme(), url.host_str().unwrap_or_default()))
        .unwrap_or_default();
    let told = if error.is_timeout() { "no answer in time".to_owned() } else { innermost(error) };
    format!("{place}{told}")
}

/// Why an answer could not be read to its end.
pub fn read_fault(error: std::io::Error) -> String {
    match error.get_ref().and_then(|e| e.downcast_ref::<reqwest::Error>()) {
        Some(error) => cause(error),
        None => error.to_string(),
    }
}
