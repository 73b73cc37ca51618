//! Tokens that the server that issued them vouches for (<https://www.rfc-editor.org/rfc/rfc7662>).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;

use super::cache::Cache;
use super::members::Members;
use super::{Expected, Introspector, Now, Refusal, Unanswered, Verified};

/// For how long an answer on an active token is used, in seconds: for so long one that was revoked is still taken.
pub const ACTIVE_LIFE: u64 = 30;
/// For how long an answer on any other token is used, in seconds.
const INACTIVE_LIFE: u64 = 5;
/// For how long a failure of the server is remembered, in seconds after that in which it failed.
const FAILURE_LIFE: u64 = 1;
/// How many tokens are asked about at once; others wait.
const AT_ONCE: usize = 64;
/// How long one waits for its place among those that are asked about.
const WAIT: Duration = Duration::from_secs(3);

/// How tokens are introspected.
pub struct Introspection {
    server: Arc<dyn Introspector>,
    expected: Expected,
    cache: Cache,
    places: Semaphore,
    /// When the server could last not be reached, or was too slow, and which it was.
    failed: Mutex<Option<(u64, Refusal)>>,
}

impl Introspection {
    /// Asks this server; of its answers this is expected.
    pub fn new(server: Arc<dyn Introspector>, expected: Expected) -> Introspection {
        let (cache, places, failed) = (Cache::default(), Semaphore::new(AT_ONCE), Mutex::new(None));
        Introspection { server, expected, cache, places, failed }
    }

    /// What a token allows.
    ///
    /// # Errors
    /// [`Refusal::Inactive`], those of claims, [`Refusal::SourceDown`], [`Refusal::SourceSlow`] and
    /// [`Refusal::SourceBusy`].
    pub(super) async fn verify(&self, token: &str, clock: &Now) -> Result<Verified, Refusal> {
        if let Some(answer) = self.known(token, clock()) {
            return answer;
        }
        let place = tokio::time::timeout(WAIT, self.places.acquire()).await;
        let _place = place.map_err(|_| Refusal::SourceBusy)?.map_err(|_| Refusal::SourceDown)?;
        if let Some(answer) = self.known(token, clock()) {
            return answer;
        }
        let asked = self.server.introspect(token).await;
        let now = clock();
        let answer = asked.map_err(|why| self.failure(token, why, now))?;
        let verified = self.read(&answer, now);
        let until = match &verified {
            Ok(verified) => now.saturating_add(ACTIVE_LIFE).min(verified.expires.unwrap_or(u64::MAX)),
            Err(_) => now.saturating_add(INACTIVE_LIFE),
        };
        self.cache.put(token, until, verified.clone());
        verified
    }

    /// What is known of a token without asking.
    fn known(&self, token: &str, now: u64) -> Option<Result<Verified, Refusal>> {
        let answer = self.cache.get(token, now);
        answer.or_else(|| {
            let failed = *self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.filter(|(at, _)| now <= at.saturating_add(FAILURE_LIFE)).map(|(_, refusal)| Err(refusal))
        })
    }

    /// Remembers that there was no answer. One of no success may be about the token; others are about the server.
    fn failure(&self, token: &str, why: Unanswered, now: u64) -> Refusal {
        let (refusal, is_of_server) = match &why {
            Unanswered::Slow => (Refusal::SourceSlow, true),
            Unanswered::Down(_) => (Refusal::SourceDown, true),
            Unanswered::Failed(_) => (Refusal::SourceDown, false),
        };
        tracing::warn!(?why, "a token could not be introspected");
        if is_of_server {
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, refusal));
        } else {
            self.cache.put(token, now.saturating_add(FAILURE_LIFE + 1), Err(refusal));
        }
        refusal
    }

    fn read(&self, answer: &[u8], now: u64) -> Result<Verified, Refusal> {
        let members = Members::parse(answer)?;
        match members.get("active") {
            // <https://www.rfc-editor.org/rfc/rfc7662#section-2.2>: the type as RFC 6749 has it.
            Some(Value::Bool(true)) => match members.text("token_type")? {
                Some(kind) if !kind.eq_ignore_ascii_case("bearer") => Err(Refusal::Kind),
                _ => self.expected.read(&members, now),
            },
            _ => Err(Refusal::Inactive),
        }
    }
}
