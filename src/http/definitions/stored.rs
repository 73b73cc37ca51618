//! Which of the stored definitions are meant, and their text.

use fhir_accord_profiles::definition::bare;

use super::search::Search;
use crate::http::service::{Catalogue, Service};
use crate::http::{Fault, stored_snapshots};
use crate::store::{Entry, StoreError};

impl Search {
    /// The definitions that could match, as far as the store's keys say.
    pub(super) fn candidates(&self, service: &Service, resource_type: &str) -> Result<Vec<Entry>, StoreError> {
        let given = |name: &str| self.filters.iter().find(|(n, _)| n == name).map(|(_, v)| v);
        let mut out = Vec::new();
        if let Some(urls) = given("url") {
            for url in urls {
                out.append(&mut service.store.by_canonical(resource_type, bare(url))?);
            }
        } else if let Some(ids) = given("_id") {
            for id in ids {
                out.append(&mut service.store.by_id(resource_type, id)?);
            }
        } else {
            out = service.store.by_type(resource_type)?;
        }
        Ok(out)
    }

    pub(super) fn matches(&self, entry: &Entry) -> bool {
        self.filters.iter().all(|(name, values)| {
            values.iter().any(|value| match name.as_str() {
                "url" => match value.split_once('|') {
                    Some((url, version)) => entry.url == url && entry.version == version,
                    None => entry.url == *value,
                },
                "version" => entry.version == *value,
                _ => entry.id == *value,
            })
        })
    }
}

/// Only loaded definitions, in the order in which the packages are looked through, the newest of a url first.
pub(super) fn arrange(entries: Vec<Entry>, catalogue: &Catalogue) -> Vec<Entry> {
    let mut ranked: Vec<(usize, Entry)> =
        entries.into_iter().filter_map(|e| Some((catalogue.rank(&e.package)?, e))).collect();
    ranked.sort();
    ranked.dedup();
    ranked.into_iter().map(|(_, e)| e).collect()
}

/// The text of a definition; a StructureDefinition with its snapshot.
pub(super) fn text(service: &Service, entry: &Entry) -> Result<Vec<u8>, Fault> {
    let stored = match service.store.text(&entry.package, &entry.file) {
        Ok(Some(text)) => text,
        Ok(None) | Err(StoreError::Record(_)) => stored_snapshots::from_package(service, entry)?,
        Err(other) => return Err(other.into()),
    };
    stored_snapshots::complete(service, entry, stored)
}

/// The text of `{Type}/{id}`, of the first package in the order of search that has it, or of the one that is named.
pub(in crate::http) fn read(
    service: &Service,
    catalogue: &Catalogue,
    resource_type: &str,
    id: &str,
    package: Option<&str>,
) -> Result<Option<Vec<u8>>, Fault> {
    let entries = arrange(service.store.by_id(resource_type, id)?, catalogue);
    let entry = entries.iter().find(|e| package.is_none_or(|p| p == e.package));
    entry.map(|e| text(service, e)).transpose()
}
