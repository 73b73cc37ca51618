//! The memory of negotiated sets: what is acknowledged is on disk.

use std::collections::BTreeMap;

use super::StoreError;
use super::bounds::Bounds;

/// The names of uploads, by the hashes of their archives.
pub(super) type Names = BTreeMap<String, String>;

/// Ids with their packed sets, or why one cannot be read.
pub(super) type Sets<'s> = dyn Iterator<Item = Result<(String, Vec<u8>), StoreError>> + 's;

/// Where negotiated sets are kept.
pub(super) trait Memory: Send + Sync {
    /// Keeps a packed set, which is not empty, under its id; on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Bound`] where no more are kept, [`StoreError::File`] where the disk refuses; what was kept before
    /// is kept still.
    fn keep(&self, id: &str, packed: &[u8]) -> Result<(), StoreError>;

    /// Keeps sets that were acknowledged elsewhere, whatever the bounds: on disk when this returns, by one sync, all
    /// of them or none. Returns how many.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses, and whatever `sets` gives.
    fn keep_all(&self, sets: &mut Sets<'_>) -> Result<usize, StoreError>;

    /// Forgets the set of an id; on disk when this returns. False where there is none.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses; the set is kept still.
    fn forget(&self, id: &str) -> Result<bool, StoreError>;

    /// The packed set of this id; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged, [`StoreError::File`] where the disk refuses.
    fn find(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The ids, the oldest first.
    fn ids(&self) -> Vec<String>;

    /// Up to `count` ids behind `after` with the bytes that each takes, in the order of the ids.
    fn page(&self, after: Option<&str>, count: usize) -> Vec<(String, u64)>;

    /// How many sets are kept.
    fn count(&self) -> usize;

    /// Sets the bounds within which new sets are kept.
    fn bound(&self, bounds: Bounds);
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
