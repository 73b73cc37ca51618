//! What an engine keeps for searches.

use std::sync::OnceLock;

use fhir_accord_capability::PackageDefinitions;
use fhir_accord_profiles::search::Programs;

/// The definitions that searches go by, read when they are first asked for, and the expressions that were compiled.
#[derive(Default)]
pub(super) struct Searches {
    pub definitions: OnceLock<PackageDefinitions>,
    pub programs: Programs,
}
