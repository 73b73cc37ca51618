//! A package that was found: its manifest and hash at once, its definitions when they are asked for.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::Package;

use super::book::Book;
use super::embedded::Embedded;
use super::error::PackageError;
use super::hash::{sha256_hex, sha256_of_files};
use super::reading::{
    FileSet, Limits, Loose, Manifest, ReadError, archive_manifest, folder_files, folder_root, has_xml, in_json,
    package_of, read_archive,
};
use super::types::Types;

/// Where a package was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Inside the binary.
    Embedded,
    /// A `.tgz`.
    Archive(PathBuf),
    /// An unpacked package.
    Folder(PathBuf),
    /// A definition's file or a folder of such.
    Loose(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Embedded => f.write_str("embedded"),
            Origin::Archive(path) | Origin::Folder(path) | Origin::Loose(path) => write!(f, "{}", path.display()),
        }
    }
}

/// A package that was found.
#[derive(Debug)]
pub struct Located {
    /// What its `package.json` says.
    pub manifest: Manifest,
    /// Content hash, hex SHA-256: of the archive, or of a folder's files.
    pub sha256: String,
    /// Where it was found.
    pub origin: Origin,
    content: Content,
    /// The types by which definitions in XML are read.
    types: Arc<Types>,
    /// The package, where it was made from XML or from loose files.
    written: OnceLock<Arc<Package>>,
}

#[derive(Debug)]
enum Content {
    Embedded(&'static Embedded),
    Archive(Vec<u8>),
    Files(FileSet),
    Loose(Loose),
}

impl Located {
    fn new(manifest: Manifest, sha256: String, origin: Origin, content: Content) -> Located {
        Located { manifest, sha256, origin, content, types: Arc::default(), written: OnceLock::new() }
    }

    /// An embedded package.
    pub fn embedded(embedded: &'static Embedded) -> Located {
        Located::new(embedded.manifest.clone(), embedded.sha256.clone(), Origin::Embedded, Content::Embedded(embedded))
    }

    /// The package at a path: an archive, a package's folder, a definition's file, a folder of such.
    ///
    /// # Errors
    /// Nothing is there, or it could not be read.
    pub fn at(path: &Path, limits: &Limits) -> Result<Located, PackageError> {
        let read = |source| PackageError::Read { name: path.display().to_string(), source };
        if path.is_dir() {
            return match folder_root(path) {
                Some(root) => folder(path, &root, limits).map_err(read),
                None => loose(path, limits).map_err(read),
            };
        }
        let mut file = fs::File::open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => PackageError::NoPath { path: path.to_owned() },
            _ => PackageError::Io { path: path.to_owned(), source: e },
        })?;
        let mut bytes = Vec::new();
        file.by_ref()
            .take(limits.archive_bytes.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(PackageError::io(path))?;
        let named_archive =
            path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tgz") || e.eq_ignore_ascii_case("gz"));
        match bytes.starts_with(&[0x1f, 0x8b]) || named_archive {
            true => archive(path, bytes, limits).map_err(read),
            false => loose(path, limits).map_err(read),
        }
    }

    /// `id#version`.
    pub fn name(&self) -> String {
        self.manifest.name()
    }

    /// The definitions of an embedded package; `None` of any other.
    pub fn book(&self) -> Option<&'static Book> {
        match &self.content {
            Content::Embedded(embedded) => Book::of(embedded),
            _ => None,
        }
    }

    /// Whether it was made on the spot from loose definitions.
    pub fn is_loose(&self) -> bool {
        matches!(self.origin, Origin::Loose(_))
    }

    /// Whether definitions in XML are among its files.
    pub fn has_xml(&self) -> bool {
        match &self.content {
            Content::Files(files) => has_xml(files),
            Content::Loose(loose) => has_xml(&loose.files),
            Content::Embedded(_) | Content::Archive(_) => false,
        }
    }

    /// Reads definitions in XML by these types; without them, by those of R4.
    pub(super) fn typed_by(&mut self, types: Arc<Types>) {
        self.types = types;
    }

    /// Takes loose definitions that name no FHIR version for ones of this version.
    pub(super) fn taken_for(&mut self, version: FhirVersion) {
        if let Content::Loose(loose) = &mut self.content {
            loose.manifest.fhir_version.get_or_insert(version);
        }
    }

    /// The package with its definitions.
    ///
    /// # Errors
    /// A package that does not read.
    pub fn load(&self, limits: &Limits) -> Result<Arc<Package>, PackageError> {
        if let Some(package) = self.written.get() {
            return Ok(Arc::clone(package));
        }
        let model = if self.has_xml() { Some(self.types.model(limits)?) } else { None };
        let in_json = |files: &FileSet| match model {
            Some(model) => in_json(files, model),
            None => Ok(files.clone()),
        };
        let package = match &self.content {
            Content::Embedded(embedded) => embedded.load(),
            Content::Archive(bytes) => read_archive(bytes, self.sha256.clone(), limits).map(Arc::new),
            Content::Files(files) => {
                in_json(files).and_then(|files| package_of(files, self.sha256.clone())).map(Arc::new)
            }
            Content::Loose(loose) => {
                in_json(&loose.files).map(|files| Arc::new(loose.package(&files, self.sha256.clone())))
            }
        };
        let package = package.map_err(|source| PackageError::Read { name: self.name(), source })?;
        let kept = model.is_some() || self.is_loose();
        Ok(if kept { Arc::clone(self.written.get_or_init(|| package)) } else { package })
    }
}

fn archive(path: &Path, bytes: Vec<u8>, limits: &Limits) -> Result<Located, ReadError> {
    if bytes.len() as u64 > limits.archive_bytes {
        return Err(ReadError::Limit { what: "packed bytes", limit: limits.archive_bytes, entry: None });
    }
    let manifest = archive_manifest(&bytes, limits)?;
    Ok(Located::new(manifest, sha256_hex(&bytes), Origin::Archive(path.to_owned()), Content::Archive(bytes)))
}

fn folder(path: &Path, root: &Path, limits: &Limits) -> Result<Located, ReadError> {
    let files = folder_files(root, limits)?;
    let manifest = Manifest::parse(files.named("package.json").ok_or(ReadError::NoManifest)?)?;
    Ok(Located::new(manifest, sha256_of_files(&files), Origin::Folder(path.to_owned()), Content::Files(files)))
}

fn loose(path: &Path, limits: &Limits) -> Result<Located, ReadError> {
    let loose = Loose::read(path, limits)?;
    Ok(Located::new(
        loose.manifest.clone(),
        sha256_of_files(&loose.files),
        Origin::Loose(path.to_owned()),
        Content::Loose(loose),
    ))
}
