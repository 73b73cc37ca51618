//! A package that was found: its manifest and hash at once, its definitions when they are asked for.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::registry::Package;

use super::embedded::Embedded;
use super::error::PackageError;
use super::hash::{sha256_hex, sha256_of_files};
use super::reading::{FileSet, Limits, Manifest, ReadError, archive_manifest, folder_files, folder_root, package_of, read_archive, read_loose};

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
    pub manifest: Manifest,
    /// Content hash, hex SHA-256: of the archive, or of a folder's files.
    pub sha256: String,
    pub origin: Origin,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Embedded(&'static Embedded),
    Archive(Vec<u8>),
    Files(FileSet),
    Loaded(Arc<Package>),
}

impl Located {
    /// An embedded package.
    pub fn embedded(embedded: &'static Embedded) -> Located {
        Located { manifest: embedded.manifest.clone(), sha256: embedded.sha256.clone(), origin: Origin::Embedded, content: Content::Embedded(embedded) }
    }

    /// The package at a path: an archive, a package's folder, a definition's file, a folder of such.
    ///
    /// # Errors
    /// Nothing stands there, or it does not read.
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
        file.by_ref().take(limits.archive_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(PackageError::io(path))?;
        let named_archive = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tgz") || e.eq_ignore_ascii_case("gz"));
        match bytes.starts_with(&[0x1f, 0x8b]) || named_archive {
            true => archive(path, bytes, limits).map_err(read),
            false => loose(path, limits).map_err(read),
        }
    }

    /// `id#version`.
    pub fn name(&self) -> String {
        self.manifest.name()
    }

    /// Whether it was made on the spot from loose definitions.
    pub fn is_loose(&self) -> bool {
        matches!(self.origin, Origin::Loose(_))
    }

    /// The package with its definitions.
    ///
    /// # Errors
    /// A package that does not read.
    pub fn load(&self, limits: &Limits) -> Result<Arc<Package>, PackageError> {
        let package = match &self.content {
            Content::Embedded(embedded) => embedded.load(),
            Content::Archive(bytes) => read_archive(bytes, self.sha256.clone(), limits).map(Arc::new),
            Content::Files(files) => package_of(files.clone(), self.sha256.clone()).map(Arc::new),
            Content::Loaded(package) => Ok(package.clone()),
        };
        package.map_err(|source| PackageError::Read { name: self.name(), source })
    }
}

fn archive(path: &Path, bytes: Vec<u8>, limits: &Limits) -> Result<Located, ReadError> {
    if bytes.len() as u64 > limits.archive_bytes {
        return Err(ReadError::Limit { what: "packed bytes", limit: limits.archive_bytes, entry: None });
    }
    let manifest = archive_manifest(&bytes, limits)?;
    Ok(Located { manifest, sha256: sha256_hex(&bytes), origin: Origin::Archive(path.to_owned()), content: Content::Archive(bytes) })
}

fn folder(path: &Path, root: &Path, limits: &Limits) -> Result<Located, ReadError> {
    let files = folder_files(root, limits)?;
    let manifest = Manifest::parse(files.named("package.json").ok_or(ReadError::NoManifest)?)?;
    Ok(Located { manifest, sha256: sha256_of_files(&files), origin: Origin::Folder(path.to_owned()), content: Content::Files(files) })
}

fn loose(path: &Path, limits: &Limits) -> Result<Located, ReadError> {
    let package = read_loose(path, sha256_of_files, limits)?;
    let manifest = Manifest { id: package.id.clone(), version: package.version.clone(), fhir_version: package.fhir_version, dependencies: Vec::new() };
    Ok(Located { manifest, sha256: package.sha256.clone(), origin: Origin::Loose(path.to_owned()), content: Content::Loaded(Arc::new(package)) })
}
