//! One request to a terminology server, and its answer: time limit, retries, bounded size.

use std::io::{ErrorKind, Read};
use std::thread::sleep;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use serde_json::Value;

use super::super::document::{Document, header};
use super::super::http::{cause, innermost};
use super::super::json_document::object;
use super::address::TerminologyUrl;
use crate::telemetry::{self, Active, Attribute, Kind, Scope};

const FHIR_JSON: &str = "application/fhir+json";
/// The most requests that one answer may take: the first, and redirects on the same host.
const MOST_HOPS: usize = 3;

/// How long and how often a server is asked, and how much is taken of what it says.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To connect, in milliseconds.
    pub connect_ms: u64,
    /// For one request, from its start to the last byte of the answer, in milliseconds.
    pub request_ms: u64,
    /// How often a request is made at most.
    pub attempts: u32,
    /// The wait before the second attempt, in milliseconds; it doubles each time.
    pub backoff_ms: u64,
    /// The longest wait before another attempt, whatever `Retry-After` says, in milliseconds.
    pub longest_wait_ms: u64,
    /// The most bytes of an answer.
    pub answer_bytes: u64,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            connect_ms: 5_000,
            request_ms: 10_000,
            attempts: 3,
            backoff_ms: 250,
            longest_wait_ms: 5_000,
            answer_bytes: 32 << 20,
        }
    }
}

/// An answer, with its status: a JSON object, or null where a server that refuses says something else.
pub(super) struct Answered {
    pub status: StatusCode,
    pub body: Value,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Fault {
    pub text: String,
    /// Whether the time limit was reached.
    pub slow: bool,
}

impl Fault {
    pub fn of(text: impl Into<String>) -> Fault {
        Fault { text: text.into(), slow: false }
    }
}

/// A request with the place in the trace for which it is made.
fn passed_on(request: RequestBuilder, scope: Option<&Scope>) -> RequestBuilder {
    let Some(Scope { context, .. }) = scope else { return request };
    let request = request.header("traceparent", context.to_string());
    match &context.state {
        Some(state) => request.header("tracestate", &**state),
        None => request,
    }
}

/// The connection to one server.
#[derive(Debug)]
pub(super) struct Exchange {
    client: Client,
    base: TerminologyUrl,
    patience: Patience,
}

impl Exchange {
    /// # Errors
    /// The message, where TLS cannot be set up.
    pub fn new(base: TerminologyUrl, patience: Patience) -> Result<Exchange, String> {
        let client = Client::builder()
            .user_agent(concat!("accord/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_millis(patience.connect_ms))
            .timeout(Duration::from_millis(patience.request_ms))
            .referer(false)
            .redirect(Policy::custom(redirect))
            .build()
            .map_err(|e| cause(&e))?;
        Ok(Exchange { client, base, patience })
    }

    /// Posts a resource.
    ///
    /// # Errors
    /// No answer, one that the server could not give, or a success that is not JSON. Refusals are answers.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answered, Fault> {
        let bytes = body.to_string().into_bytes();
        let url = self.base.at(path);
        self.attempt(|| self.client.post(url.clone()).header(CONTENT_TYPE, FHIR_JSON).body(bytes.clone()))
    }

    /// Searches for resources of a type by one parameter.
    ///
    /// # Errors
    /// As [`Exchange::post`].
    pub fn search(&self, resource_type: &str, name: &str, value: &str) -> Result<Answered, Fault> {
        let mut url = self.base.at(resource_type);
        url.query_pairs_mut().append_pair(name, value).append_pair("_summary", "true");
        self.attempt(|| self.client.get(url.clone()))
    }

    fn attempt(&self, request: impl Fn() -> RequestBuilder) -> Result<Answered, Fault> {
        let scope = telemetry::current();
        let mut span = scope.as_ref().and_then(|s| s.begin("terminology", Kind::Client));
        let inside = span.as_ref().and_then(Active::scope).or(scope);
        let answered = self.tried(|| passed_on(request(), inside.as_ref()));
        if let Some(span) = &mut span {
            match &answered {
                Ok(a) => span.say("http.response.status_code", Attribute::Number(i64::from(a.status.as_u16()))),
                Err(_) => span.fail(),
            }
        }
        answered
    }

    fn tried(&self, request: impl Fn() -> RequestBuilder) -> Result<Answered, Fault> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let (fault, wait) = match request().header(ACCEPT, FHIR_JSON).header(ACCEPT_ENCODING, "identity").send() {
                Ok(answer) if may_pass(answer.status()) => {
                    let wait = retry_after(&answer);
                    (Fault::of(format!("it answers {}", answer.status())), wait)
                }
                Ok(answer) => match self.read(answer) {
                    Err(Broken::Cut(why)) => (Fault::of(why), None),
                    Err(Broken::Slow) => return Err(self.too_slow()),
                    Err(Broken::Nonsense(why)) => return Err(Fault::of(why)),
                    Ok(answered) => return Ok(answered),
                },
                Err(error) if error.is_timeout() && !error.is_connect() => return Err(self.too_slow()),
                Err(error) if error.is_builder() || error.is_redirect() => return Err(Fault::of(innermost(&error))),
                Err(error) if error.is_timeout() => {
                    return Err(Fault { text: "no connection in time".to_owned(), slow: true });
                }
                Err(error) => (Fault::of(innermost(&error)), None),
            };
            if attempt >= self.patience.attempts {
                return Err(fault);
            }
            let doubled = self.patience.backoff_ms.saturating_mul(1 << attempt.saturating_sub(1).min(16));
            let longest = Duration::from_millis(self.patience.longest_wait_ms);
            sleep(wait.unwrap_or(Duration::from_millis(doubled)).min(longest));
        }
    }

    fn too_slow(&self) -> Fault {
        Fault { text: format!("no answer within {} ms", self.patience.request_ms), slow: true }
    }

    fn read(&self, answer: Response) -> Result<Answered, Broken> {
        let status = answer.status();
        if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
            || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        {
            return Err(Broken::Nonsense(format!("it answers {status}")));
        }
        let content_type = header(&answer, CONTENT_TYPE);
        let bytes = whole(answer, self.patience.answer_bytes)?;
        match object(&Document { bytes, status, content_type }) {
            Ok(body) => Ok(Answered { status, body }),
            Err(_) if !status.is_success() => Ok(Answered { status, body: Value::Null }),
            Err(what) => Err(Broken::Nonsense(format!("its answer ({status}) is {what}"))),
        }
    }
}

/// Why an answer could not be read.
enum Broken {
    /// The connection broke: another attempt may do.
    Cut(String),
    /// The time was up.
    Slow,
    /// It is not what was asked for.
    Nonsense(String),
}

/// The bytes of an answer, up to a bound.
fn whole(body: impl Read, limit_bytes: u64) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::new();
    match body.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes) {
        Err(error) => {
            let inner = error.get_ref().and_then(|e| e.downcast_ref::<reqwest::Error>());
            let is_slow = error.kind() == ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout);
            Err(if is_slow { Broken::Slow } else { Broken::Cut("its answer breaks off".to_owned()) })
        }
        Ok(_) if bytes.len() as u64 > limit_bytes => {
            Err(Broken::Nonsense(format!("its answer is larger than {limit_bytes} bytes")))
        }
        Ok(_) => Ok(bytes),
    }
}

/// Whether what ails the server may pass.
fn may_pass(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Follows redirects to the same host and port only, and never out of https.
fn redirect(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let next = attempt.url();
    let same = attempt.previous().iter().all(|url| {
        url.host_str() == next.host_str()
            && url.port_or_known_default() == next.port_or_known_default()
            && url.scheme() == next.scheme()
    });
    let host = next.host_str().unwrap_or_default().to_owned();
    if attempt.previous().len() >= MOST_HOPS {
        attempt.error("too many redirects".to_owned())
    } else if same {
        attempt.follow()
    } else {
        attempt.error(format!("a redirect to another host (`{host}`) is not followed"))
    }
}

/// The wait that the server asks for, in seconds
/// (<https://www.rfc-editor.org/rfc/rfc9110#name-retry-after>); a date counts as none.
fn retry_after(answer: &Response) -> Option<Duration> {
    header(answer, RETRY_AFTER).parse().ok().map(Duration::from_secs)
}
