//! `package.json`: the package's name, version, FHIR version and dependencies.

use fhir_accord_profiles::definition::FhirVersion;
use serde_json::Value;

use super::error::ReadError;

/// What `package.json` says of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The package id.
    pub id: String,
    /// The package version.
    pub version: String,
    /// The first of its FHIR versions that is known here; else that of the core package that it depends on.
    pub fhir_version: Option<FhirVersion>,
    /// Package id and version range, in the manifest's order; of an alias the package that it refers to.
    pub dependencies: Vec<(String, String)>,
}

impl Manifest {
    /// Reads the text of a `package.json`.
    ///
    /// # Errors
    /// [`ReadError::Manifest`]: no JSON object, no `name` or `version`, or one that cannot be part of a file name.
    pub fn parse(text: &[u8]) -> Result<Manifest, ReadError> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let json: Value = serde_json::from_slice(text).map_err(|e| ReadError::Manifest { why: e.to_string() })?;
        let named = |key: &str| match json.get(key).and_then(Value::as_str) {
            Some(name) if is_name(name) || (key == "name" && is_scoped(name)) => Ok(name.to_owned()),
            Some(name) => {
                Err(ReadError::Manifest { why: format!("`{}` is no {key} of a package", name.escape_debug()) })
            }
            None => Err(ReadError::Manifest { why: format!("it has no `{key}`") }),
        };
        let (id, version) = (named("name")?, named("version")?);
        let dependencies: Vec<(String, String)> = json
            .get("dependencies")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(id, range)| Some(dependency(id, range.as_str()?)))
            .collect();
        let listed = ["fhirVersions", "fhir-version-list"]
            .into_iter()
            .filter_map(|key| json.get(key))
            .filter_map(Value::as_array)
            .flatten();
        let fhir_version = listed
            .filter_map(Value::as_str)
            .find_map(FhirVersion::parse)
            .or_else(|| core_version(&id))
            .or_else(|| dependencies.iter().find_map(|(id, _)| core_version(id)));
        Ok(Manifest { id, version, fhir_version, dependencies })
    }

    /// `id#version`.
    pub fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }
}

/// The package and the range that an entry of `dependencies` means. An alias, by which a package may depend on two
/// versions of another, is written `"alias@npm:name": "range"` (<https://hl7.org/fhir/R5/packages.html>) or
/// `"alias": "npm:name@range"` (<https://docs.npmjs.com/cli/v10/using-npm/package-spec#aliases>).
fn dependency(key: &str, value: &str) -> (String, String) {
    let id = key.split_once("@npm:").map_or(key, |(_, id)| id);
    let Some(meant) = value.trim().strip_prefix("npm:") else { return (id.to_owned(), value.to_owned()) };
    // A scope's `@` leads the name.
    let (id, range) = meant.rsplit_once('@').filter(|(id, _)| !id.is_empty()).unwrap_or((meant, ""));
    (id.to_owned(), range.to_owned())
}

/// Whether a package's name or version may be part of a file name: letters, digits, `.`, `-`, `_`, `+`, not led by a
/// dot, under 200 bytes.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 200
        && !text.starts_with('.')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+".contains(&b))
}

/// Whether a name is in one of npm's scopes, `@scope/name`. Such a package is read from a path; folders of packages
/// have no place for it.
fn is_scoped(text: &str) -> bool {
    text.strip_prefix('@').and_then(|t| t.split_once('/')).is_some_and(|(scope, name)| is_name(scope) && is_name(name))
}

/// The FHIR version whose core package this is.
fn core_version(id: &str) -> Option<FhirVersion> {
    [FhirVersion::Dstu2, FhirVersion::Stu3, FhirVersion::R4, FhirVersion::R4b, FhirVersion::R5]
        .into_iter()
        .find(|v| v.core_package().eq_ignore_ascii_case(id))
}
