//! The memory of negotiated sets: what is acknowledged is on disk.

use std::collections::BTreeMap;

use super::StoreError;

/// The names of uploads, by the hashes of their archives.
pub(super) type Names = BTreeMap<String, String>;

/// Where negotiated sets are kept.
pub(super) trait Memory: Send + Sync {
    /// Keeps a packed set under its id; on disk when this returns. The oldest sets go where there are too many.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses; what was kept before is kept still.
    fn keep(&self, id: &str, packed: &[u8]) -> Result<(), StoreError>;

    /// The packed set of this id; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged, [`StoreError::File`] where the disk refuses.
    fn find(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The ids, the oldest first.
    fn ids(&self) -> Vec<String>;

    /// How many sets are kept.
    fn count(&self) -> usize;
}

/// What was found when a data folder was opened.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What the operator should know, each a sentence.
    pub warnings: Vec<String>,
    /// At how many places stored negotiations were damaged.
    pub places: usize,
    /// How many bytes that was.
    pub bytes: u64,
}
