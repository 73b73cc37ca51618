//! Definitions in XML: what names them, and the files of a package with JSON in their place.

use fhir_accord_profiles::explain::fault_text;
use fhir_accord_profiles::instance::{FaultKind, Limits, NameId, Names, Node, Tape, is_xml, parse_xml};
use fhir_accord_profiles::model::{Damage, Model, xml_to_json};
use fhir_accord_profiles::registry::DefinitionHead;

use super::error::ReadError;
use super::files::{File, FileSet};

/// Whether any of the files is XML.
pub fn has_xml(files: &FileSet) -> bool {
    files.files.iter().any(|f| is_xml(files.bytes(f)))
}

/// The files with each resource in XML as JSON under its name; XML that is no resource is left out.
///
/// # Errors
/// [`ReadError::Xml`]: a resource that is damaged.
pub fn in_json(files: &FileSet, model: &Model) -> Result<FileSet, ReadError> {
    let mut text = Vec::with_capacity(files.text.len());
    let mut out = Vec::with_capacity(files.files.len());
    for file in &files.files {
        let bytes = files.bytes(file);
        let start = text.len();
        match is_xml(bytes) {
            false => text.extend_from_slice(bytes),
            true if is_resource(bytes) => text.extend_from_slice(to_json(bytes, &file.name, model)?.as_bytes()),
            true => continue,
        }
        out.push(File { name: file.name.clone(), range: start..text.len() });
    }
    Ok(FileSet::new(text, out))
}

/// A resource in XML as JSON; `file` names it in the error.
///
/// # Errors
/// [`ReadError::Xml`]: the resource is damaged.
pub fn to_json(text: &[u8], file: &str, model: &Model) -> Result<String, ReadError> {
    xml_to_json(text, model, &Limits::default()).map_err(|damage| damaged(&damage, file))
}

fn damaged(Damage { fault, place }: &Damage, file: &str) -> ReadError {
    ReadError::Xml { file: file.to_owned(), line: place.line, column: place.column, why: fault_text(fault, true) }
}

/// Whether a document in XML is FHIR's, as its root says, or the text of one whose root does not read.
fn is_resource(text: &[u8]) -> bool {
    let names = Names::new([]);
    is_resource_tape(&parse_xml(text, &names, &Limits::default()))
}

fn is_resource_tape(tape: &Tape<'_>) -> bool {
    let Some(root) = tape.root().and_then(|r| r.child(NameId::RESOURCE_TYPE)) else {
        return String::from_utf8_lossy(tape.text()).contains("xmlns=\"http://hl7.org/fhir\"");
    };
    !tape.faults().iter().any(|f| f.kind == FaultKind::Namespace && f.span.end == root.span().end)
}

/// What names a resource in XML, with the `fhirVersion` of a StructureDefinition; `None` where the document is not
/// FHIR's.
///
/// # Errors
/// [`ReadError::Xml`]: the resource is damaged.
pub(super) fn scan(text: &[u8], file: &str) -> Result<Option<(DefinitionHead, Option<String>)>, ReadError> {
    let names = Names::new(["fhirVersion"]);
    let tape = parse_xml(text, &names, &Limits::default());
    if !is_resource_tape(&tape) {
        return Ok(None);
    }
    if let Some(damage) = Damage::of(&tape) {
        return Err(damaged(&damage, file));
    }
    let told = |root: Node<'_>, name: NameId| root.child_text(name).map(|t| t.into_owned());
    let head = |root: Node<'_>| {
        let resource_type = told(root, NameId::RESOURCE_TYPE).unwrap_or_default();
        let fhir_version = told(root, names.find(b"fhirVersion").unwrap_or_default())
            .filter(|_| resource_type == "StructureDefinition");
        let (id, url) = (told(root, NameId::ID).unwrap_or_default(), told(root, NameId::URL).unwrap_or_default());
        (
            DefinitionHead { resource_type, id, url, version: told(root, NameId::VERSION), file: file.to_owned() },
            fhir_version,
        )
    };
    Ok(tape.root().map(head))
}
