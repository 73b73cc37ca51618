//! Loose definitions: a JSON file, or a folder of such without a manifest, as a package made on the spot.

use std::path::Path;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::{Definition, Package};
use serde_json::Value;

use super::error::ReadError;
use super::files::{File, FileSet};
use super::folder::{append, folder_files};
use super::head;
use super::limits::Limits;

/// The version of a package that was made on the spot.
pub const LOOSE_VERSION: &str = "local";

/// The ad hoc package of one resource's JSON file or of a folder of such; its id is the path as given, its version `local`.
/// A file is an error where it holds no resource; in a folder such files are left out.
///
/// # Errors
/// What cannot be read, is over a limit, or holds no resource at all.
pub fn read_loose(path: &Path, hash: impl Fn(&FileSet) -> String, limits: &Limits) -> Result<Package, ReadError> {
    let files = if path.is_dir() {
        folder_files(path, limits)?
    } else {
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut text = Vec::new();
        let range = append(path, &name, &mut text, limits)?;
        FileSet::new(text, vec![File { name, range }])
    };
    let definitions: Vec<Definition> = files
        .files
        .iter()
        .filter_map(|file| Some(Definition::new(head::scan(files.bytes(file), &file.name)?, files.text.clone(), super::files::without_mark(&files.text, file.range.clone()))))
        .collect();
    if definitions.is_empty() {
        return Err(ReadError::NotResource { file: path.to_owned() });
    }
    let fhir_version = definitions.iter().filter(|d| d.resource_type == "StructureDefinition").find_map(|d| FhirVersion::parse(d.value().get("fhirVersion").and_then(Value::as_str)?));
    Ok(Package::new(path.display().to_string(), LOOSE_VERSION.to_owned(), fhir_version, Vec::new(), definitions, hash(&files)))
}
