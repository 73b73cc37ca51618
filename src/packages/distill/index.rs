//! The indexes: `.index.json` inside a package, and the one of the embedded packages beside them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::json::Json;
use crate::packages::reading::{Manifest, ReadError};

/// One embedded package, as `profiles/data/index.json` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataEntry {
    pub name: String,
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
    pub(super) fn new(manifest: &Manifest, source_sha256: String, sha256: String) -> DataEntry {
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

/// A complete `.index.json` (version 2) of these files, one line a file.
pub(super) fn package_index(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    const TOLD: [&str; 9] = ["resourceType", "id", "url", "version", "kind", "type", "supplements", "content", "derivation"];
    let mut lines = Vec::with_capacity(files.len());
    for (name, text) in files {
        let Ok(resource) = Json::parse(text) else { continue };
        let mut line = Map::new();
        line.insert("filename".to_owned(), Value::from(name.as_str()));
        for key in TOLD {
            if let Some(told) = resource.get(key).and_then(Json::as_str) {
                line.insert(key.to_owned(), Value::from(told.as_ref()));
            }
        }
        lines.push(Value::Object(line).to_string());
    }
    format!("{{\"index-version\":2,\"files\":[\n{}\n]}}\n", lines.join(",\n")).into_bytes()
}

/// What of `package.json` is no prose and names no person.
///
/// # Errors
/// A text that is no JSON object.
pub(super) fn manifest_facts(text: &[u8]) -> Result<Vec<u8>, ReadError> {
    const DENIED: [&str; 7] = ["description", "author", "maintainers", "contributors", "keywords", "directories", "scripts"];
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let json: Value = serde_json::from_slice(text).map_err(|e| ReadError::Manifest { why: e.to_string() })?;
    let Value::Object(members) = json else { return Err(ReadError::Manifest { why: "it is no object".to_owned() }) };
    let kept: Map<String, Value> = members.into_iter().filter(|(key, _)| !DENIED.contains(&key.as_str())).collect();
    Ok(json!(kept).to_string().into_bytes())
}
