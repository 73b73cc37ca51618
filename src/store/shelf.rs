//! What others have answered, kept for the next start. It can be asked for again: nothing is flushed for its sake, and
//! where there is too much of it, it begins anew.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use super::StoreError;
use super::database::{Change, Database, Table};
use super::record::{pack, unpack};
use crate::packages::hash::sha256_hex;

/// Bound on the answers that are kept; reaching it starts anew.
const ANSWERS_LIMIT: usize = 200_000;

/// The table of answers.
pub(super) struct Answers {
    database: Arc<dyn Database>,
    count: AtomicUsize,
}

impl Answers {
    pub fn of(database: &Arc<dyn Database>) -> Arc<Answers> {
        let mut count = 0;
        // Where they cannot be read they are not given either, and are counted as none.
        let _ = database.scan(Table::Answers, &[], &mut |_, _| count += 1);
        Arc::new(Answers { database: Arc::clone(database), count: AtomicUsize::new(count) })
    }

    fn put(&self, key: Vec<u8>, packed: Vec<u8>) -> Result<(), StoreError> {
        if self.database.get(Table::Answers, &key)?.is_none()
            && self.count.fetch_add(1, Ordering::Relaxed) >= ANSWERS_LIMIT
        {
            let mut changes = Vec::new();
            self.database.scan(Table::Answers, &[], &mut |k, _| changes.push(Change::remove(Table::Answers, k)))?;
            self.database.write(changes)?;
            self.count.store(1, Ordering::Relaxed);
        }
        self.database.write(vec![Change::put(Table::Answers, key, packed)])
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
        let found = self.0.upgrade()?.database.get(Table::Answers, sha256_hex(key.as_bytes()).as_bytes()).ok()??;
        unpack(&found).ok()
    }

    /// Keeps a value under a key. Where the store fails it is not kept.
    pub fn put(&self, key: &str, value: &[u8]) {
        let Some(answers) = self.0.upgrade() else { return };
        let Ok(packed) = pack(value) else { return };
        if let Err(error) = answers.put(sha256_hex(key.as_bytes()).into_bytes(), packed) {
            tracing::warn!(%error, "an answer was not kept");
        }
    }
}

impl std::fmt::Debug for AnswerShelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnswerShelf")
    }
}
