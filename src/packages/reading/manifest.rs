//! `package.json`: the package's name, version, FHIR version and dependencies.

use fhir_accord_profiles::definition::FhirVersion;
use serde_json::Value;

use super::error::ReadError;

/// What `package.json` says of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub id: String,
    pub version: String,
    /// The first of its FHIR versions that is known here; else that of the core package that it depends on.
    pub fhir_version: Option<FhirVersion>,
    /// Package id and version range, in the manifest's order.
    pub dependencies: Vec<(String, String)>,
}

impl Manifest {
    /// Reads the text of a `package.json`.
    ///
    /// # Errors
    /// [`ReadError::Manifest`]: no JSON object, no `name` or `version`, or one that cannot stand in a file name.
    pub fn parse(text: &[u8]) -> Result<Manifest, ReadError> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let json: Value = serde_json::from_slice(text).map_err(|e| ReadError::Manifest { why: e.to_string() })?;
        let named = |key: &str| match json.get(key).and_then(Value::as_str) {
            Some(name) if is_name(name) => Ok(name.to_owned()),
            Some(name) => Err(ReadError::Manifest { why: format!("`{}` is no {key} of a package", name.escape_debug()) }),
            None => Err(ReadError::Manifest { why: format!("it has no `{key}`") }),
        };
        let (id, version) = (named("name")?, named("version")?);
        let dependencies: Vec<(String, String)> =
            json.get("dependencies").and_then(Value::as_object).into_iter().flatten().filter_map(|(id, range)| Some((id.clone(), range.as_str()?.to_owned()))).collect();
        let listed = ["fhirVersions", "fhir-version-list"].into_iter().filter_map(|key| json.get(key)).filter_map(Value::as_array).flatten();
        let fhir_version = listed.filter_map(Value::as_str).find_map(FhirVersion::parse).or_else(|| core_version(&id)).or_else(|| dependencies.iter().find_map(|(id, _)| core_version(id)));
        Ok(Manifest { id, version, fhir_version, dependencies })
    }

    /// `id#version`.
    pub fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }
}

/// Whether a package's name or version may stand in a file name: letters, digits, `.`, `-`, `_`, `+`, not led by a dot, under 200 bytes.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() < 200 && !text.starts_with('.') && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+".contains(&b))
}

/// The FHIR version whose core package this is.
fn core_version(id: &str) -> Option<FhirVersion> {
    [FhirVersion::Dstu2, FhirVersion::Stu3, FhirVersion::R4, FhirVersion::R4b, FhirVersion::R5].into_iter().find(|v| v.core_package() == id)
}
