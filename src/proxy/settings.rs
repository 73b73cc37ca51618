//! What can be set.

use std::time::Duration;

use super::passed;
use crate::remote::trust::Trust;
use crate::remote::upstream::Base;

/// The largest body that is judged, in bytes, unless something else is set.
pub const BODY_BYTES: usize = 10 << 20;
/// The largest answer that is judged, in bytes, unless something else is set.
pub const ANSWER_BYTES: usize = 32 << 20;
/// The bytes of all bodies and answers that are held at once to be judged, unless something else is set.
pub const HELD_BYTES: usize = 512 << 20;
/// How long the upstream server may be silent, unless something else is set.
pub const TIMEOUT: Duration = Duration::from_secs(25);
/// How long a request may be judged, unless something else is set.
pub const JUDGING: Duration = Duration::from_secs(10);
/// How long requests that run may take to end when the proxy is stopped, unless something else is set.
pub const GRACE: Duration = Duration::from_secs(30);

/// How a proxy works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server that it stands in front of.
    pub upstream: Base,
    /// Where it listens.
    pub listen: String,
    /// Where health and counts are answered.
    pub health_listen: String,
    /// Nothing is refused, all is recorded.
    pub shadow: bool,
    /// The header `Authorization` is not passed on.
    pub drop_authorization: bool,
    /// What `X-Forwarded-…` says already is believed: there is a trusted proxy in front.
    pub trust_forwarded: bool,
    /// How the upstream server's certificate is verified; `None`: by the authorities of the web.
    pub trust: Option<Trust>,
    /// The negotiated FHIR version, as `4.0`; without it no media type of a request may name one.
    pub fhir_version: Option<String>,
    /// Names of further headers with `X-` that are passed on; see [`Settings::pass_header`].
    pub(super) pass_headers: Vec<String>,
    /// The largest body that is judged, in bytes.
    pub body_bytes: usize,
    /// The largest answer that is judged, in bytes.
    pub answer_bytes: usize,
    /// The bytes of all of them that are held at once.
    pub held_bytes: usize,
    /// How long the upstream server, or a client in the middle of its body, may be silent.
    pub timeout: Duration,
    /// How long a request may be judged.
    pub judging: Duration,
    /// How long requests may take to end when the proxy is stopped.
    pub grace: Duration,
    /// Threads that serve; 0 for as many as there are cores.
    pub workers: usize,
}

impl Settings {
    /// The defaults, in front of a server.
    pub fn new(upstream: Base) -> Settings {
        Settings {
            upstream,
            listen: "127.0.0.1:8090".to_owned(),
            health_listen: "127.0.0.1:8091".to_owned(),
            shadow: false,
            drop_authorization: false,
            trust_forwarded: false,
            trust: None,
            fhir_version: None,
            pass_headers: Vec::new(),
            body_bytes: BODY_BYTES,
            answer_bytes: ANSWER_BYTES,
            held_bytes: HELD_BYTES,
            timeout: TIMEOUT,
            judging: JUDGING,
            grace: GRACE,
            workers: 0,
        }
    }

    /// Passes one more header with `X-` on.
    ///
    /// # Errors
    /// A sentence, where it is no name of a header, or one that is never passed on.
    pub fn pass_header(&mut self, name: &str) -> Result<(), String> {
        self.pass_headers.push(passed::name(name)?);
        Ok(())
    }
}
