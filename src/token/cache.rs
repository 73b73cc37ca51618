//! What was found out of tokens, for a short time, by their hash.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::{Refusal, Verified};

/// How many answers are kept at most, in two halves: when the younger is full, the older is forgotten.
const MOST_ANSWERS: usize = 20_000;

type Hash = [u8; 32];
type Half = FxHashMap<Hash, (u64, Result<Verified, Refusal>)>;

/// Answers on tokens.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<(Half, Half)>);

impl Cache {
    /// What was found out, where it is still to be trusted.
    pub fn get(&self, token: &str, now: u64) -> Option<Result<Verified, Refusal>> {
        let halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hash: Hash = Sha256::digest(token).into();
        let (until, answer) = halves.0.get(&hash).or_else(|| halves.1.get(&hash))?;
        (now < *until).then(|| answer.clone())
    }

    /// Keeps what was found out until then.
    pub fn put(&self, token: &str, until: u64, answer: Result<Verified, Refusal>) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.0.len() >= MOST_ANSWERS / 2 {
            halves.1 = std::mem::take(&mut halves.0);
        }
        halves.0.insert(Sha256::digest(token).into(), (until, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_and_forgets_the_oldest() {
        let cache = Cache::default();
        for n in 0..MOST_ANSWERS * 2 {
            cache.put(&n.to_string(), 10, Err(Refusal::Inactive));
        }
        let halves = cache.0.lock().unwrap();
        assert!(halves.0.len() + halves.1.len() <= MOST_ANSWERS);
        drop(halves);
        let last = (MOST_ANSWERS * 2 - 1).to_string();
        assert_eq!((cache.get("0", 9), cache.get(&last, 9)), (None, Some(Err(Refusal::Inactive))));
        assert_eq!(cache.get(&last, 10), None);
    }
}
