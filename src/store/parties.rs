//! Parties with their documents. Each is on disk before it is acknowledged, and stays until it is deleted.

use super::bounds::Bounds;
use super::{Store, StoreError, halves};

/// The notes and the documents of a party, as they were put.
pub type Halves = (Vec<u8>, Vec<u8>);

impl Store {
    /// Keeps a party, in the place of what was kept under its id; on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::PartyBound`] where no more are kept, [`StoreError::File`] where the disk is full or refuses; what
    /// was kept before is kept still.
    pub fn keep_party(&self, id: &str, notes: &[u8], documents: &[u8]) -> Result<(), StoreError> {
        self.parties.keep(id, &halves::join(notes, documents)?).map_err(|error| match error {
            StoreError::Bound(bounds) => StoreError::PartyBound(bounds),
            other => other,
        })
    }

    /// The notes and the documents of a party; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged, [`StoreError::File`] where the disk refuses.
    pub fn party(&self, id: &str) -> Result<Option<Halves>, StoreError> {
        let Some(value) = self.parties.find(id)? else { return Ok(None) };
        Ok(Some((halves::notes(&value)?.unwrap_or_default(), halves::text(&value)?)))
    }

    /// The notes of a party alone; `None` where there is none.
    ///
    /// # Errors
    /// As [`Store::party`].
    pub fn party_notes(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.parties.find(id)?.map(|value| halves::notes(&value)).transpose()?.flatten())
    }

    /// Forgets a party; on disk when this returns. False where there is none.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses; the party is kept still.
    pub fn forget_party(&self, id: &str) -> Result<bool, StoreError> {
        self.parties.forget(id)
    }

    /// Up to `count` ids of parties behind `after` with the bytes that each takes, in the order of the ids.
    pub fn parties(&self, after: Option<&str>, count: usize) -> Vec<(String, u64)> {
        self.parties.page(after, count)
    }

    /// Sets the bounds within which parties are kept; those that are kept stay, even beyond them.
    pub fn bound_parties(&self, bounds: Bounds) {
        self.parties.bound(bounds);
    }
}
