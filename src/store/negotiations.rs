//! What cannot be rebuilt: negotiated sets. Each is on disk before it is acknowledged; the oldest go where there are
//! too many.

use super::record::{pack, unpack};
use super::{Store, StoreError};

impl Store {
    /// Keeps a negotiated set under its id; on disk when this returns. The oldest sets go where there are more than
    /// [`super::KEPT_LIMIT`], or more than [`super::KEPT_BYTES`] of them.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses; what was kept before is kept still.
    pub fn keep_negotiation(&self, id: &str, text: &[u8]) -> Result<(), StoreError> {
        self.memory.keep(id, &pack(text)?)
    }

    /// The negotiated set of this id, byte for byte; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged, [`StoreError::File`] where the disk refuses.
    pub fn negotiation(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.find(id)?.map(|packed| unpack(&packed)).transpose()
    }
}
