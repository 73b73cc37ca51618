//! What cannot be rebuilt: negotiated sets. Each is on disk before it is acknowledged, and stays until it is deleted.

use super::bounds::Bounds;
use super::record::pack;
use super::{Store, StoreError, halves};

impl Store {
    /// Keeps a negotiated set under its id; on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Bound`] where no more are kept, [`StoreError::File`] where the disk is full or refuses; what was
    /// kept before is kept still.
    pub fn keep_negotiation(&self, id: &str, text: &[u8]) -> Result<(), StoreError> {
        self.memory.keep(id, &pack(text)?)
    }

    /// Keeps a negotiated set with notes about it; on disk when this returns.
    ///
    /// # Errors
    /// As [`Store::keep_negotiation`].
    pub fn keep_noted_negotiation(&self, id: &str, notes: &[u8], text: &[u8]) -> Result<(), StoreError> {
        self.memory.keep(id, &halves::join(notes, text)?)
    }

    /// The notes of a negotiated set; `None` where there is no such set, or it has none.
    ///
    /// # Errors
    /// As [`Store::negotiation`].
    pub fn negotiation_notes(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.memory.find(id)?.map(|value| halves::notes(&value)).transpose()?.flatten())
    }

    /// The negotiated set of this id, byte for byte; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged, [`StoreError::File`] where the disk refuses.
    pub fn negotiation(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.find(id)?.map(|value| halves::text(&value)).transpose()
    }

    /// Forgets the negotiated set of this id; on disk when this returns. False where there is none.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses; the set is kept still.
    pub fn forget_negotiation(&self, id: &str) -> Result<bool, StoreError> {
        self.memory.forget(id)
    }

    /// Up to `count` ids behind `after` with the bytes that each takes, in the order of the ids.
    pub fn negotiations(&self, after: Option<&str>, count: usize) -> Vec<(String, u64)> {
        self.memory.page(after, count)
    }

    /// Sets the bounds within which negotiated sets are kept; those that are kept stay, even beyond them.
    pub fn bound_negotiations(&self, bounds: Bounds) {
        self.memory.bound(bounds);
    }
}
