//! The keys of an issuer, read again when they may have changed.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio::sync::Mutex;

use super::key::Key;
use super::{Algorithm, KeySource, Now, Refusal, Unanswered};

/// Between two attempts to read the keys, in seconds: whatever key ids tokens make up, they are not read more often.
const BETWEEN_READS: u64 = 30;
/// The age at which keys are read again, in seconds, so that one that was withdrawn is noticed.
const REFRESH_AFTER: u64 = 300;
/// The age up to which keys are used while they cannot be read again, in seconds.
const LIFE: u64 = 3600;
/// How many keys of a set are taken.
const MOST_KEYS: usize = 100;

/// The keys that are in force.
struct Held {
    keys: Vec<Key>,
    read_at: u64,
}

/// The keys of an issuer.
pub struct Keys {
    source: Arc<dyn KeySource>,
    now: Now,
    held: RwLock<Arc<Held>>,
    /// When the keys were last asked for.
    asked_at: Mutex<u64>,
}

impl Keys {
    /// Reads the keys of a source.
    ///
    /// # Errors
    /// A sentence that says why there are none that could verify a token.
    pub async fn open(source: Arc<dyn KeySource>, now: Now) -> Result<Arc<Keys>, String> {
        let read = source.keys().await.map_err(|e| match e {
            Unanswered::Down(why) | Unanswered::Failed(why) => format!("the keys of tokens could not be read: {why}"),
            Unanswered::Slow => "the keys of tokens could not be read in time".to_owned(),
        })?;
        let keys = parse(&read).ok_or("the keys of tokens are not a JWK set")?;
        if keys.is_empty() {
            return Err("the JWK set has no public key that verifies tokens".to_owned());
        }
        let read_at = now();
        let held = RwLock::new(Arc::new(Held { keys, read_at }));
        Ok(Arc::new(Keys { source, now, held, asked_at: Mutex::new(read_at) }))
    }

    /// Verifies a signature with the key that is named; without a name with the only one that fits.
    ///
    /// # Errors
    /// [`Refusal::Key`], [`Refusal::Signature`]; [`Refusal::SourceDown`] and [`Refusal::SourceSlow`] where the keys are
    /// too old.
    pub(super) async fn verify(
        self: &Arc<Keys>,
        id: Option<&str>,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let mut held = self.held();
        let age = (self.now)().saturating_sub(held.read_at);
        if age > LIFE {
            held = self.read_again(held.read_at).await?;
        } else if age > REFRESH_AFTER && self.is_due() {
            let (keys, read_at) = (Arc::clone(self), held.read_at);
            tokio::spawn(async move { keys.read_again(read_at).await.map(drop) });
        }
        if pick(&held.keys, id, algorithm).is_none() {
            // A key that is not known may be a new one.
            held = self.read_again(held.read_at).await.unwrap_or(held);
        }
        pick(&held.keys, id, algorithm).ok_or(Refusal::Key)?.verify(algorithm, message, signature)
    }

    /// Whether nobody is reading the keys now, or has just tried to.
    fn is_due(&self) -> bool {
        self.asked_at.try_lock().is_ok_and(|asked_at| (self.now)().saturating_sub(*asked_at) >= BETWEEN_READS)
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys as they are now, unless somebody has read them since `seen`, or just tried to.
    async fn read_again(&self, seen: u64) -> Result<Arc<Held>, Refusal> {
        let mut asked_at = self.asked_at.lock().await;
        let (held, now) = (self.held(), (self.now)());
        let fresh = || if now.saturating_sub(held.read_at) > LIFE { Err(Refusal::SourceDown) } else { Ok(()) };
        if held.read_at > seen || now.saturating_sub(*asked_at) < BETWEEN_READS {
            return fresh().map(|()| held);
        }
        *asked_at = now;
        let keys = self.source.keys().await;
        let keys = keys.map(|read| parse(&read).filter(|keys| !keys.is_empty()));
        match keys {
            Ok(Some(keys)) => {
                let held = Arc::new(Held { keys, read_at: now });
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&held);
                Ok(held)
            }
            Ok(None) => {
                tracing::warn!("the keys of tokens are no JWK set with a public key; the old ones are used");
                fresh().map(|()| held)
            }
            Err(why) => {
                tracing::warn!(?why, "the keys of tokens could not be read again; the old ones are used");
                match (fresh(), why) {
                    (Ok(()), _) => Ok(held),
                    (Err(_), Unanswered::Slow) => Err(Refusal::SourceSlow),
                    (Err(down), Unanswered::Down(_) | Unanswered::Failed(_)) => Err(down),
                }
            }
        }
    }
}

/// The key for a token: the one that it names, else the only one that fits its algorithm.
fn pick<'k>(keys: &'k [Key], id: Option<&str>, algorithm: Algorithm) -> Option<&'k Key> {
    let mut fitting = keys.iter().filter(|key| key.fits(algorithm));
    match id {
        Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    }
}

/// The keys of a JWK set that verify signatures; `None` where it is none.
fn parse(set: &[u8]) -> Option<Vec<Key>> {
    let set: Value = serde_json::from_slice(set).ok()?;
    Some(set.get("keys")?.as_array()?.iter().filter_map(Key::read).take(MOST_KEYS).collect())
}
