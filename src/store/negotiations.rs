//! What cannot be rebuilt: negotiated sets. Each is on disk before it is acknowledged; the oldest go where there are
//! too many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use super::journal::Replay;
use super::kept::Kept;
use super::record::{pack, unpack};
use super::{Store, StoreError};

/// The journal is written anew where it has twice the bytes of what is kept, and these.
const JOURNAL_SLACK_BYTES: u64 = 4 << 20;

impl Store {
    /// Keeps a negotiated set under its id; on disk when this returns. The oldest sets go where there are more than
    /// [`super::KEPT_LIMIT`], or more than [`super::KEPT_BYTES`] of them.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full, [`StoreError::Database`] where the store fails; what was kept
    /// before is kept still.
    pub fn keep_negotiation(&self, id: &str, text: &[u8]) -> Result<(), StoreError> {
        let packed = pack(text)?;
        let mut kept = self.kept();
        if self.negotiations.get(id)?.is_some_and(|old| *old == *packed) {
            return Ok(());
        }
        self.journal.append(id, &packed)?;
        let bytes = packed.len();
        self.negotiations.insert(id, packed)?;
        for gone in kept.add(id, bytes) {
            self.negotiations.remove(gone)?;
        }
        self.tidy_journal(&kept);
        drop(kept);
        self.db.flush()?;
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the journal anew where most of it is of sets that went; where that fails it stays, and grows.
    fn tidy_journal(&self, kept: &Kept) {
        if self.journal.bytes() <= 2 * kept.bytes() + JOURNAL_SLACK_BYTES {
            return;
        }
        let records = kept.ids().filter_map(|id| match self.negotiations.get(id) {
            Ok(found) => found.map(|packed| Ok((id.to_owned(), packed.to_vec()))),
            Err(error) => Some(Err(StoreError::from(error))),
        });
        if let Err(error) = self.journal.rewrite(records) {
            tracing::warn!(%error, "the journal of negotiations could not be written anew");
        }
    }

    /// Brings the journal and sled's copy together, each giving what the other has lost.
    pub(super) fn recover_negotiations(&self, replay: Replay, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let mut newest: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (id, packed) in replay.records {
            for gone in kept.add(&id, packed.len()) {
                newest.remove(&gone);
            }
            seen.insert(id.clone());
            newest.insert(id, packed);
        }
        let mut lost = 0;
        for (id, packed) in &newest {
            if self.negotiations.get(id)?.is_none_or(|old| *old != **packed) {
                self.negotiations.insert(id.as_str(), packed.as_slice())?;
                lost += 1;
            }
        }
        for record in &self.negotiations {
            let (key, packed) = record?;
            let id = String::from_utf8_lossy(&key);
            if newest.contains_key(&*id) {
                continue;
            }
            if seen.contains(&*id) {
                self.negotiations.remove(&key)?;
                continue;
            }
            self.journal.append(&id, &packed)?;
            for gone in kept.add(&id, packed.len()) {
                self.negotiations.remove(gone)?;
            }
        }
        self.tidy_journal(&kept);
        self.db.flush()?;
        if lost > 0 {
            warnings
                .push(format!("the store had lost {lost} negotiations; they were put back from `negotiations.log`"));
        }
        if replay.damaged > 0 {
            warnings.push(format!(
                "{} records of `negotiations.log` are damaged; negotiate again where an id is not found",
                replay.damaged
            ));
        }
        Ok(())
    }

    /// The negotiated set of this id, byte for byte; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged.
    pub fn negotiation(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.negotiations.get(id)?.map(|v| unpack(&v)).transpose()
    }
}
