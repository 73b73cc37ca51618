//! Installing: a whole archive is checked, then put into a folder of packages in one step.
//!
//! An installed package is one read-only file, `ID#VERSION.tgz`: it is there whole or not at all, and its hash is the
//! package's.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::PackageError;
use super::hash::sha256_hex;
use super::reading::{Limits, Manifest, ReadError, is_name, read_archive};

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What its `package.json` says.
    pub manifest: Manifest,
    /// The file.
    pub path: PathBuf,
    /// Hex SHA-256 of the archive.
    pub sha256: String,
    /// Whether it was not there before.
    pub new: bool,
}

/// The path of an installed package in a folder of packages.
pub fn installed_path(folder: &Path, id: &str, version: &str) -> PathBuf {
    folder.join(format!("{id}#{version}.tgz"))
}

/// Checks an archive and installs it. The same package with the same bytes is left as it is; with other bytes it is
/// replaced.
///
/// # Errors
/// An archive that does not read, or a folder that cannot be written.
pub fn install(bytes: &[u8], name: &str, folder: &Path, limits: &Limits) -> Result<Installed, PackageError> {
    let (manifest, sha256) = check(bytes, name, limits)?;
    if !is_name(&manifest.id) {
        let why = format!("`{}` has a scope and cannot be installed; load it by its path", manifest.id);
        return Err(PackageError::Read { name: name.to_owned(), source: ReadError::Manifest { why } });
    }
    let path = installed_path(folder, &manifest.id, &manifest.version);
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(Installed { manifest, path, sha256, new: false });
    }
    fs::create_dir_all(folder).map_err(PackageError::io(folder))?;
    let mut beside =
        tempfile::Builder::new().prefix(".installing-").tempfile_in(folder).map_err(PackageError::io(folder))?;
    beside.write_all(bytes).and_then(|()| beside.as_file().sync_all()).map_err(PackageError::io(beside.path()))?;
    seal(beside.path()).map_err(PackageError::io(beside.path()))?;
    beside.persist(&path).map_err(|e| PackageError::Io { path: path.clone(), source: e.error })?;
    Ok(Installed { manifest, path, sha256, new: true })
}

/// Reads the whole archive, so that nothing is installed that will not read; returns its manifest and hash.
///
/// # Errors
/// An archive that does not read; `name` is what the message calls it.
pub fn check(bytes: &[u8], name: &str, limits: &Limits) -> Result<(Manifest, String), PackageError> {
    let sha256 = sha256_hex(bytes);
    let package = read_archive(bytes, sha256.clone(), limits)
        .map_err(|source| PackageError::Read { name: name.to_owned(), source })?;
    let manifest = Manifest {
        id: package.id,
        version: package.version,
        fhir_version: package.fhir_version,
        dependencies: package.dependencies,
    };
    Ok((manifest, sha256))
}

/// Makes a file readable by all and writable by none.
pub(crate) fn seal(path: &Path) -> std::io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        permissions.set_mode(0o444);
    }
    #[cfg(not(unix))]
    permissions.set_readonly(true);
    fs::set_permissions(path, permissions)
}
