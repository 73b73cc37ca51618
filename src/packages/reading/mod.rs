//! Archives, folders and loose files, JSON or XML, to [`Package`](fhir_accord_profiles::registry::Package)s.
//!
//! Needs nothing else of this crate, so that the build script reads the embedded packages with the same code.
//! Layout: <https://hl7.org/fhir/R4/packages.html> and
//! <https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>.

mod archive;
mod error;
mod files;
mod folder;
mod head;
mod limits;
mod loose;
mod manifest;
mod package;
#[cfg(test)]
mod tests;
mod xml;

pub use archive::{archive_files, archive_manifest, read_archive};
pub use error::ReadError;
pub use files::{File, FileSet};
pub use folder::{folder_files, folder_manifest, folder_root};
pub use limits::Limits;
pub use loose::{LOOSE_VERSION, Loose};
pub use manifest::{Manifest, is_name};
pub use package::package_of;
pub use xml::{has_xml, in_json, to_json};
