//! The index of the embedded packages, `profiles/data/index.json`.

use serde::{Deserialize, Serialize};

use super::reading::Manifest;

/// One embedded package, as `profiles/data/index.json` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataEntry {
    /// The package id.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The published FHIR version number, as `4.0.1`.
    pub fhir_version: Option<String>,
    /// Package id and version range, in the manifest's order.
    pub dependencies: Vec<(String, String)>,
    /// The file's name in the folder of the index.
    pub file: String,
    /// Hex SHA-256 of the file.
    pub sha256: String,
    /// Hex SHA-256 of the official archive that it was made from.
    pub source_sha256: String,
}

impl DataEntry {
    /// The entry of a package and the two hashes.
    pub fn new(manifest: &Manifest, source_sha256: String, sha256: String) -> DataEntry {
        DataEntry {
            name: manifest.id.clone(),
            version: manifest.version.clone(),
            fhir_version: manifest.fhir_version.map(|v| v.number().to_owned()),
            dependencies: manifest.dependencies.clone(),
            file: format!("{}-{}.tgz", manifest.id, manifest.version),
            sha256,
            source_sha256,
        }
    }
}

/// `profiles/data/index.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataIndex {
    /// The packages, by name and version.
    pub packages: Vec<DataEntry>,
}

impl DataIndex {
    /// The text of the file, packages by name and version.
    pub fn to_json(&self) -> String {
        let mut sorted = self.clone();
        sorted.packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        serde_json::to_string_pretty(&sorted).map(|text| text + "\n").unwrap_or_default()
    }
}
