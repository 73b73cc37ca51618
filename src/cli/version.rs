//! What `accord --version` says.

use std::fmt::Write;

use crate::packages::embedded;

/// The commit that this was built from, as the build script found it.
const COMMIT: &str = env!("ACCORD_COMMIT");

/// Name, version and commit, and which packages are embedded: one a line, `ID#VERSION` with its FHIR version.
pub(super) fn text() -> String {
    let mut out = format!("accord {} ({COMMIT})\nembedded packages:\n", env!("CARGO_PKG_VERSION"));
    for package in embedded::list() {
        let manifest = &package.manifest;
        let of = manifest.fhir_version.map_or_else(String::new, |v| format!(" (FHIR {})", v.name()));
        let _ = writeln!(out, "  {}#{}{of}", manifest.id, manifest.version);
    }
    out
}
