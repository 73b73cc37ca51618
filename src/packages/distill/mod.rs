//! Official packages to packages of facts only, for embedding: the official layout, no prose, reproducible.

mod archive;
mod deny;
mod filter;
mod index;
mod json;
mod run;
#[cfg(test)]
mod tests;

pub use archive::pack;
pub use deny::DenyList;
pub use run::{distill_to, source};

use json::Json;

use super::data::DataEntry;
use super::hash::sha256_hex;
use super::reading::{FileSet, Limits, Manifest, ReadError, archive_files};

/// The packages that are embedded: id and version.
pub const EMBEDDED_SET: &[(&str, &str)] = &[
    ("accord.us.terminology", "1.0.0"),
    ("accord.uv.sdc", "1.0.0"),
    ("accord.uv.tools", "1.0.0"),
    ("fhir.argonaut.r2", "1.0.0"),
    ("hl7.fhir.ca.baseline", "1.2.0"),
    ("hl7.fhir.r2.core", "1.0.2"),
    ("hl7.fhir.r3.core", "3.0.2"),
    ("hl7.fhir.r4.core", "4.0.1"),
    ("hl7.fhir.us.core", "3.1.1"),
    ("hl7.fhir.us.core", "6.1.0"),
    ("hl7.fhir.us.core", "7.0.0"),
    ("hl7.fhir.us.core", "8.0.0"),
    ("hl7.fhir.us.daf", "1.0.2"),
    ("hl7.fhir.uv.extensions.r4", "5.3.0"),
    ("hl7.fhir.uv.ips", "1.1.0"),
    ("hl7.terminology.r4", "7.3.0"),
];

/// A distilled package.
#[derive(Clone, Debug)]
pub struct Distilled {
    /// Its entry in the index.
    pub entry: DataEntry,
    /// The `.tgz`.
    pub bytes: Vec<u8>,
}

/// The facts of an official package's `.tgz`: canonical resources and NamingSystems without what [`DenyList`] names, as
/// minimal JSON, with a complete `.index.json`. The same input gives the same bytes.
///
/// # Errors
/// As [`read_archive`](super::reading::read_archive).
pub fn distill(packed: &[u8], limits: &Limits) -> Result<Distilled, ReadError> {
    let files = archive_files(packed, limits)?;
    let text = files.named("package.json").ok_or(ReadError::NoManifest)?;
    let manifest = Manifest::parse(text)?;
    let deny = DenyList::of(manifest.fhir_version);
    let mut kept = resources(&files, deny);
    let index = index::package_index(&kept);
    kept.insert(0, ("package.json".to_owned(), index::manifest_facts(text)?));
    kept.insert(1, (".index.json".to_owned(), index));
    let bytes = pack(&kept).map_err(|e| ReadError::Damaged { why: e.to_string() })?;
    Ok(Distilled { entry: DataEntry::new(&manifest, sha256_hex(packed), sha256_hex(&bytes)), bytes })
}

/// The filtered resources: file name and text, in the files' order.
fn resources(files: &FileSet, deny: DenyList) -> Vec<(String, Vec<u8>)> {
    let mut kept = Vec::with_capacity(files.files.len());
    for file in &files.files {
        let Ok(resource) = Json::parse(files.bytes(file)) else { continue };
        if !is_definition(&resource) {
            continue;
        }
        let mut text = String::new();
        filter::filter(&resource, deny).write(&mut text);
        kept.push((file.name.clone(), text.into_bytes()));
    }
    kept
}

/// Whether a resource defines something: it has a canonical url, or is a NamingSystem, which had none before R5. Others
/// are examples.
fn is_definition(resource: &Json) -> bool {
    let resource_type = resource.get("resourceType").and_then(Json::as_str);
    resource_type.is_some_and(|t| {
        t == "NamingSystem" || resource.get("url").and_then(Json::as_str).is_some_and(|url| !url.is_empty())
    })
}
