//! The specification's nouns for definitions: canonicals, FHIR versions, and how a conformance resource is read.

mod canonical;
mod version;
mod version_range;

pub use canonical::{Canonical, bare};
pub use version::{FhirVersion, compare_versions, is_of_line};
pub use version_range::VersionRange;
