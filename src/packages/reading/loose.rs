//! Loose definitions: a file, JSON or XML, or a folder of such without a manifest, as a package made on the spot.

use std::path::Path;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::instance::is_xml;
use fhir_accord_profiles::registry::{Definition, DefinitionHead, Package};

use super::error::ReadError;
use super::files::{File, FileSet, without_mark};
use super::folder::{append, folder_files};
use super::limits::Limits;
use super::manifest::Manifest;
use super::{head, xml};

/// The version of a package that was made on the spot.
pub const LOOSE_VERSION: &str = "local";

/// The definitions of one resource's file or of a folder of such, found and named.
#[derive(Clone, Debug)]
pub struct Loose {
    /// The id is the path as given, the version `local`, the FHIR version that of the first StructureDefinition that
    /// names one.
    pub manifest: Manifest,
    /// All files, as they are.
    pub files: FileSet,
    /// What names the definitions, by file.
    heads: Vec<DefinitionHead>,
}

impl Loose {
    /// Finds the definitions of a file or a folder. A file is an error where it holds no resource; in a folder such
    /// files are left out.
    ///
    /// # Errors
    /// What cannot be read, is over a limit, holds no resource at all, or is a damaged resource in XML.
    pub fn read(path: &Path, limits: &Limits) -> Result<Loose, ReadError> {
        let files = if path.is_dir() {
            folder_files(path, limits)?
        } else {
            let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            let mut text = Vec::new();
            let range = append(path, &name, &mut text, limits)?;
            FileSet::new(text, vec![File { name, range }])
        };
        let mut heads = Vec::with_capacity(files.files.len());
        let mut fhir_version = None;
        for file in &files.files {
            let text = files.bytes(file);
            let told =
                if is_xml(text) { xml::scan(text, &file.name)? } else { head::scan_with_version(text, &file.name) };
            if let Some((head, version)) = told {
                heads.push(head);
                fhir_version = fhir_version.or_else(|| version.as_deref().and_then(FhirVersion::parse));
            }
        }
        if heads.is_empty() {
            return Err(ReadError::NotResource { file: path.to_owned() });
        }
        let manifest = Manifest {
            id: path.display().to_string(),
            version: LOOSE_VERSION.to_owned(),
            fhir_version,
            dependencies: Vec::new(),
        };
        Ok(Loose { manifest, files, heads })
    }

    /// The package that they make; `files` are theirs, with JSON in the place of XML.
    pub fn package(&self, files: &FileSet, sha256: String) -> Package {
        let definition = |file: &File| {
            let at = self.heads.binary_search_by(|h| h.file.cmp(&file.name)).ok()?;
            Some(Definition::new(
                self.heads.get(at)?.clone(),
                files.text.clone(),
                without_mark(&files.text, file.range.clone()),
            ))
        };
        let definitions = files.files.iter().filter_map(definition).collect();
        let Manifest { id, version, fhir_version, dependencies } = self.manifest.clone();
        Package::new(id, version, fhir_version, dependencies, definitions, sha256)
    }
}
