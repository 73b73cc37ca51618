//! What others have answered, kept for the next start. It can be asked for again: nothing is flushed for its sake, and
//! where there is too much of it, it begins anew.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use super::record::{pack, unpack};
use crate::packages::hash::sha256_hex;

/// Bound on the answers that are kept; reaching it starts anew.
const ANSWERS_LIMIT: usize = 200_000;

/// The table of answers.
pub(super) struct Answers {
    tree: sled::Tree,
    count: AtomicUsize,
}

impl Answers {
    pub fn of(tree: sled::Tree) -> Arc<Answers> {
        let count = AtomicUsize::new(tree.len());
        Arc::new(Answers { tree, count })
    }
}

/// The answers of a store. It may outlive the store, and is empty then.
#[derive(Clone)]
pub struct AnswerShelf(Weak<Answers>);

impl AnswerShelf {
    pub(super) fn of(answers: &Arc<Answers>) -> AnswerShelf {
        AnswerShelf(Arc::downgrade(answers))
    }

    /// What was put there under a key; `None` where there is nothing, or it is damaged.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.0.upgrade()?.tree.get(sha256_hex(key.as_bytes())).ok()??;
        unpack(&found).ok()
    }

    /// Keeps a value under a key. Where the store fails it is not kept.
    pub fn put(&self, key: &str, value: &[u8]) {
        let Some(answers) = self.0.upgrade() else { return };
        let Ok(packed) = pack(value) else { return };
        match answers.tree.insert(sha256_hex(key.as_bytes()), packed) {
            Ok(Some(_)) => {}
            Ok(None) => {
                if answers.count.fetch_add(1, Ordering::Relaxed) >= ANSWERS_LIMIT && answers.tree.clear().is_ok() {
                    answers.count.store(0, Ordering::Relaxed);
                }
            }
            Err(error) => tracing::warn!(%error, "an answer was not kept"),
        }
    }
}

impl std::fmt::Debug for AnswerShelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnswerShelf")
    }
}
