//! The packages inside the binary: which there are, and their archives.
//!
//! With `data` and `reading`, the only files it depends on, it is also part of the build script, which makes of the
//! archives what the program reads (`book.rs`).

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::embedded::{FILES, INDEX};
use fhir_accord_profiles::registry::Package;

use super::data::{DataEntry, DataIndex};
use super::reading::{Limits, Manifest, ReadError, read_archive};

/// An embedded package.
#[derive(Debug)]
pub struct Embedded {
    /// What its `package.json` says.
    pub manifest: Manifest,
    /// Hex SHA-256 of the embedded archive.
    pub sha256: String,
    /// Hex SHA-256 of the official archive that it was made from.
    pub source_sha256: String,
    file: String,
    /// The package as long as someone uses it.
    loaded: Mutex<Weak<Package>>,
}

impl Embedded {
    fn new(entry: DataEntry) -> Embedded {
        let fhir_version = entry.fhir_version.as_deref().and_then(FhirVersion::parse);
        let manifest =
            Manifest { id: entry.name, version: entry.version, fhir_version, dependencies: entry.dependencies };
        Embedded {
            manifest,
            sha256: entry.sha256,
            source_sha256: entry.source_sha256,
            file: entry.file,
            loaded: Mutex::default(),
        }
    }

    /// The archive that it is made from. Whoever names it has all of them in the program.
    pub fn archive(&self) -> &'static [u8] {
        FILES.iter().find(|(file, _)| *file == self.file).map_or(&[], |(_, bytes)| bytes)
    }

    /// The package, from its archive.
    ///
    /// # Errors
    /// An archive that does not read.
    pub fn unpack(&self) -> Result<Package, ReadError> {
        read_archive(self.archive(), self.sha256.clone(), &Limits::default())
    }

    /// The package as `read` gives it; read once as long as someone holds it.
    pub(super) fn once(&self, read: impl FnOnce() -> Result<Package, ReadError>) -> Result<Arc<Package>, ReadError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(package) = loaded.upgrade() {
            return Ok(package);
        }
        let package = Arc::new(read()?);
        *loaded = Arc::downgrade(&package);
        Ok(package)
    }

    /// Whether it is a guide: no core package, no terminology, no extensions.
    pub fn is_guide(&self) -> bool {
        !is_foundation(&self.manifest.id)
    }
}

/// Whether this is a package that guides rest on: core definitions, terminology, extensions.
pub fn is_foundation(id: &str) -> bool {
    (id.starts_with("hl7.fhir.r") && id.ends_with(".core"))
        || id.starts_with("hl7.terminology")
        || id.starts_with("hl7.fhir.uv.extensions")
        || id.starts_with("accord.")
}

/// The embedded packages, by id and version.
pub fn list() -> &'static [Embedded] {
    static LIST: OnceLock<Vec<Embedded>> = OnceLock::new();
    LIST.get_or_init(|| {
        let index: DataIndex = serde_json::from_str(INDEX).unwrap_or(DataIndex { packages: Vec::new() });
        index.packages.into_iter().map(Embedded::new).collect()
    })
}

/// The embedded package of this id and version.
pub fn find(id: &str, version: &str) -> Option<&'static Embedded> {
    list().iter().find(|e| e.manifest.id == id && e.manifest.version == version)
}

#[cfg(test)]
#[path = "embedded_tests.rs"]
mod tests;
