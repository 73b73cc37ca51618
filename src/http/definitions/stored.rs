//! Which of the stored definitions are meant, and their text.

use fhir_accord_profiles::definition::{FhirVersion, bare};
use fhir_accord_profiles::interrupt::Interrupt;

use super::search::Search;
use crate::http::service::{Catalogue, Service};
use crate::http::{Fault, stored_snapshots};
use crate::store::{Entry, StoreError};

impl Search {
    /// The definitions that could match, as far as keys say.
    pub(super) fn candidates(
        &self,
        service: &Service,
        catalogue: &Catalogue,
        resource_type: &str,
    ) -> Result<Vec<Entry>, StoreError> {
        let given = |name: &str| self.filters.iter().find(|(n, _)| n == name).map(|(_, v)| v);
        let mut out = Vec::new();
        if let Some(urls) = given("url") {
            for url in urls {
                out.append(&mut service.by_canonical(catalogue, resource_type, bare(url))?);
            }
        } else if let Some(ids) = given("_id") {
            for id in ids {
                out.append(&mut service.by_id(catalogue, resource_type, id)?);
            }
        } else {
            out = service.by_type(catalogue, resource_type)?;
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
pub(super) fn text(
    (service, catalogue): (&Service, &Catalogue),
    entry: &Entry,
    interrupt: &Interrupt,
) -> Result<Vec<u8>, Fault> {
    let stored = match service.definition(catalogue, entry) {
        Ok(Some(text)) => text,
        Ok(None) | Err(StoreError::Record(_)) => stored_snapshots::from_package(service, entry)?,
        Err(other) => return Err(other.into()),
    };
    stored_snapshots::complete(service, entry, stored, interrupt)
}

/// The text of `{Type}/{id}`, of the first package in the order of search that has it, or of the one that is named.
pub(in crate::http) fn read(
    (service, catalogue): (&Service, &Catalogue),
    resource_type: &str,
    id: &str,
    package: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Option<Vec<u8>>, Fault> {
    Ok(find((service, catalogue), resource_type, id, package, interrupt)?.map(|(_, text)| text))
}

/// A definition's text, and the FHIR version of its package.
type Found = (Option<FhirVersion>, Vec<u8>);

/// As [`read`], with the FHIR version of its package.
pub(super) fn find(
    (service, catalogue): (&Service, &Catalogue),
    resource_type: &str,
    id: &str,
    package: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Option<Found>, Fault> {
    let entries = arrange(service.by_id(catalogue, resource_type, id)?, catalogue);
    let entry = entries.iter().find(|e| package.is_none_or(|p| p == e.package));
    entry.map(|e| Ok((version(service, &e.package), text((service, catalogue), e, interrupt)?))).transpose()
}

/// The FHIR version of a loaded package.
fn version(service: &Service, package: &str) -> Option<FhirVersion> {
    let engine = service.engine();
    engine.packages().packages.iter().find(|p| p.name() == package)?.manifest.fhir_version
}
