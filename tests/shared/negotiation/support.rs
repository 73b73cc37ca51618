//! The published packages and the statements of the shared folder.

use std::sync::{Arc, OnceLock};

use fhir_accord::capability::PackageDefinitions;
use fhir_accord::packages::reading::{Limits, read_archive};
use fhir_accord::profiles::registry::{Package, PackageGraph};
use serde_json::Value;

use crate::harness::shared;

/// What the tests of this folder read.
pub const NEEDS: &str = "capability packages";

const PACKAGES: [&str; 13] = [
    "hl7.fhir.r4.core-4.0.1",
    "hl7.fhir.r2.core-1.0.2",
    "hl7.fhir.us.core-3.1.1",
    "hl7.fhir.us.core-6.1.0",
    "hl7.fhir.us.core-7.0.0",
    "hl7.fhir.us.core-8.0.0",
    "hl7.fhir.ca.baseline-1.2.0",
    "hl7.fhir.uv.ips-1.1.0",
    "hl7.fhir.uv.ipa-1.1.0",
    "hl7.fhir.us.daf-1.0.2",
    "fhir.argonaut.r2-1.0.0",
    "hl7.fhir.us.core-2.0.0",
    "hl7.fhir.uv.smart-app-launch-2.2.0",
];

/// A JSON file of `capability/`: a statement, a SMART configuration.
pub fn capability(name: &str) -> Value {
    let path = shared().join("capability").join(format!("{name}.json"));
    let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap()
}

/// A file of a package.
pub fn in_package(package: &str, file: &str) -> Value {
    let package = packages().0.iter().find(|p| p.name() == package).unwrap();
    let found = package.definitions.iter().find(|d| d.file == file).unwrap();
    (**found.value()).clone()
}

/// The guides that the tests know, loaded once.
pub fn definitions() -> &'static PackageDefinitions {
    &packages().1
}

/// Packages, and a negotiation's view of them.
pub type Loaded = (Vec<Arc<Package>>, PackageDefinitions);

fn packages() -> &'static Loaded {
    static LOADED: OnceLock<Loaded> = OnceLock::new();
    LOADED.get_or_init(load)
}

/// The guides that the tests know, loaded anew.
pub fn load() -> Loaded {
    let packages: Vec<Arc<Package>> = PACKAGES.iter().map(|name| Arc::new(read(name))).collect();
    let dependencies = packages.iter().map(|p| {
        let found = p
            .dependencies
            .iter()
            .filter_map(|(id, version)| packages.iter().position(|q| q.id == *id && q.version == *version));
        found.collect()
    });
    let graph =
        PackageGraph::new(packages.clone(), dependencies.collect(), packages.iter().map(|_| Vec::new()).collect());
    (packages, PackageDefinitions::new(Arc::new(graph)))
}

fn read(name: &str) -> Package {
    let path = shared().join("packages").join(format!("{name}.tgz"));
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    read_archive(&bytes, name.to_owned(), &Limits::default()).unwrap()
}
