//! The definitions of the loaded packages: those of the embedded ones out of the program, of all others out of the
//! store.

use super::{Catalogue, Service};
use crate::packages::book::{Book, Listed};
use crate::store::{Entry, StoreError};

/// A definition of a book as an entry.
fn entry(package: &str, listed: Listed<'_>) -> Entry {
    Entry {
        resource_type: listed.resource_type.to_owned(),
        id: listed.id.to_owned(),
        url: listed.url.to_owned(),
        version: listed.version.to_owned(),
        package: package.to_owned(),
        file: listed.file.to_owned(),
    }
}

/// What the store has, but for what it holds of packages that have a book, from an earlier version of the program;
/// with what books have.
fn merged<'b, I: Iterator<Item = Listed<'b>>>(
    catalogue: &'b Catalogue,
    mut stored: Vec<Entry>,
    listed: impl Fn(&'b Book) -> I,
) -> Vec<Entry> {
    stored.retain(|e| catalogue.book(&e.package).is_none());
    for (package, book) in catalogue.books() {
        stored.extend(listed(book).map(|l| entry(package, l)));
    }
    stored
}

impl Service {
    /// The definitions of this type and url.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub(in crate::http) fn by_canonical(
        &self,
        catalogue: &Catalogue,
        resource_type: &str,
        url: &str,
    ) -> Result<Vec<Entry>, StoreError> {
        let stored = self.store.by_canonical(resource_type, url)?;
        Ok(merged(catalogue, stored, |book| book.by_url(resource_type, url)))
    }

    /// The definitions of this type and id.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub(in crate::http) fn by_id(
        &self,
        catalogue: &Catalogue,
        resource_type: &str,
        id: &str,
    ) -> Result<Vec<Entry>, StoreError> {
        let stored = self.store.by_id(resource_type, id)?;
        Ok(merged(catalogue, stored, |book| book.by_id(resource_type, id)))
    }

    /// All definitions of this type.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub(in crate::http) fn by_type(
        &self,
        catalogue: &Catalogue,
        resource_type: &str,
    ) -> Result<Vec<Entry>, StoreError> {
        let stored = self.store.by_type(resource_type)?;
        Ok(merged(catalogue, stored, |book| book.by_type(resource_type)))
    }

    /// The text of a definition; `None` where the store has lost it.
    ///
    /// # Errors
    /// [`StoreError::Record`] where the text is damaged, [`StoreError::Database`] where the store fails.
    pub(in crate::http) fn definition(
        &self,
        catalogue: &Catalogue,
        entry: &Entry,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(book) = catalogue.book(&entry.package) else { return self.store.text(&entry.package, &entry.file) };
        let listed = book.by_id(&entry.resource_type, &entry.id).find(|l| l.file == entry.file);
        listed.map(|l| book.text(&l).map_err(|e| StoreError::Record(e.to_string()))).transpose()
    }
}
