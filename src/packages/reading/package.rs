//! A package's files to its definitions.

use std::collections::HashSet;

use fhir_accord_profiles::registry::{Definition, Package};

use super::error::ReadError;
use super::files::{FileSet, is_example, without_mark};
use super::head;
use super::manifest::Manifest;

/// The package that these files make; `sha256` is its content hash in hex. `.index.json` names the definitions; what it
/// does not name is looked into. Files that are no resources are left out (those that
/// are no JSON either are named), and examples that define nothing, or what
/// the package defines beside them.
///
/// # Errors
/// No `package.json`, or one that cannot be used.
pub fn package_of(files: FileSet, sha256: String) -> Result<Package, ReadError> {
    let manifest = Manifest::parse(files.named("package.json").ok_or(ReadError::NoManifest)?)?;
    let mut told = files.named(".index.json").map(head::index).unwrap_or_default().into_iter().peekable();
    let mut definitions = Vec::with_capacity(files.files.len());
    let mut examples: Vec<Definition> = Vec::new();
    let mut unreadable = Vec::new();
    for file in &files.files {
        while told.next_if(|h| h.file < file.name).is_some() {}
        if file.name == "package.json" || file.name.rsplit('/').next().is_some_and(|n| n.starts_with('.')) {
            continue;
        }
        let head = told.next_if(|h| h.file == file.name).or_else(|| head::scan(files.bytes(file), &file.name));
        let is_example = is_example(&file.name);
        let Some(head) = head else {
            if !is_example && !head::is_json(files.bytes(file)) {
                unreadable.push(file.name.clone());
            }
            continue;
        };
        if is_example && head.url.is_empty() {
            continue;
        }
        let definition = Definition::new(head, files.text.clone(), without_mark(&files.text, file.range.clone()));
        if is_example { &mut examples } else { &mut definitions }.push(definition);
    }
    let own: HashSet<(&str, &str)> = definitions.iter().map(|d| (d.resource_type.as_str(), d.url.as_str())).collect();
    examples.retain(|d| !own.contains(&(d.resource_type.as_str(), d.url.as_str())));
    definitions.append(&mut examples);
    let Manifest { id, version, fhir_version, dependencies } = manifest;
    let mut package = Package::new(id, version, fhir_version, dependencies, definitions, sha256);
    package.unreadable = unreadable;
    Ok(package)
}
