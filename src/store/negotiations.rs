//! What cannot be rebuilt: negotiated sets. Each is on disk before it is acknowledged.

use std::collections::BTreeMap;

use super::journal::Replay;
use super::record::{pack, unpack};
use super::{Store, StoreError};

impl Store {
    /// Keeps a negotiated set under its id; on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn keep_negotiation(&self, id: &str, text: &[u8]) -> Result<(), StoreError> {
        let packed = pack(text)?;
        if self.negotiations.get(id)?.is_some_and(|old| *old == *packed) {
            return Ok(());
        }
        self.journal.append(id, &packed)?;
        self.negotiations.insert(id, packed)?;
        self.db.flush()?;
        Ok(())
    }

    /// Brings the journal and sled's copy together, each giving what the other has lost.
    pub(super) fn recover_negotiations(&self, replay: Replay, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        let mut newest: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        newest.extend(replay.records);
        let mut lost = 0;
        for (id, packed) in &newest {
            if self.negotiations.get(id)?.is_none_or(|old| *old != **packed) {
                self.negotiations.insert(id.as_str(), packed.as_slice())?;
                lost += 1;
            }
        }
        self.db.flush()?;
        for record in &self.negotiations {
            let (id, packed) = record?;
            let id = String::from_utf8_lossy(&id);
            if !newest.contains_key(&*id) {
                self.journal.append(&id, &packed)?;
            }
        }
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
