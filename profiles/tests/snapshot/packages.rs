//! The published packages, read from the shared folder.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use fhir_accord_profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use serde_json::Value;

use crate::harness::shared;

/// A package with its StructureDefinitions.
pub fn load(name: &str) -> Arc<Package> {
    let path = shared().join("packages").join(format!("{name}.tgz"));
    let file = File::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut definitions = Vec::new();
    for entry in tar::Archive::new(flate2::read::GzDecoder::new(file)).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let file = path.rsplit('/').next().unwrap().to_owned();
        if !file.starts_with("StructureDefinition-") || path.matches('/').count() != 1 {
            continue;
        }
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        let value: Value = serde_json::from_slice(&text).unwrap();
        let member = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        if member("resourceType") != "StructureDefinition" {
            continue;
        }
        let version = value["version"].as_str().map(str::to_owned);
        let head = DefinitionHead {
            resource_type: "StructureDefinition".into(),
            id: member("id"),
            url: member("url"),
            version,
            file,
        };
        let length = text.len();
        definitions.push(Definition::new(head, text.into(), 0..length));
    }
    definitions.sort_by(|a, b| a.file.cmp(&b.file));
    let (id, version) = name.rsplit_once('-').unwrap();
    Arc::new(Package::new(id.into(), version.into(), None, Vec::new(), definitions, String::new()))
}

/// A graph in which the first package sees all others.
pub fn graph(names: &[&str]) -> PackageGraph {
    let packages: Vec<_> = names.iter().map(|n| load(n)).collect();
    let all = (0..packages.len()).map(|p| (0..packages.len()).filter(|d| *d != p).collect()).collect();
    let none = vec![Vec::new(); packages.len()];
    PackageGraph::new(packages, all, none)
}
