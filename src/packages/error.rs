//! Why a package set could not be made.

use std::fmt;
use std::path::PathBuf;

use super::reading::ReadError;

/// Our own failure with packages.
#[derive(Debug)]
pub enum PackageError {
    /// Neither a package's name nor a path.
    Spec { text: String },
    /// The package is nowhere here.
    NotFound { name: String, looked_in: Vec<String> },
    /// No file or folder stands at this path.
    NoPath { path: PathBuf },
    /// A package that does not read.
    Read { name: String, source: ReadError },
    /// A lock that does not read.
    Lock { path: PathBuf, why: String },
    /// A package is not the one that was locked.
    Locked { name: String, locked: String, found: String },
    /// A registry did not give the package.
    Registry { name: String, why: String },
    /// No registry knows the package.
    Unknown { name: String, registries: Vec<String> },
    /// A package does not compile to an image.
    Image { name: String, problem: String },
    /// The operating system refused.
    Io { path: PathBuf, source: std::io::Error },
}

impl PackageError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> PackageError {
        let path = path.into();
        move |source| PackageError::Io { path, source }
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackageError::Spec { text } => write!(
                f,
                "`{}` names no package; write `ID#VERSION`, `ID`, or a path with a `/` in it",
                text.escape_debug()
            ),
            PackageError::NotFound { name, looked_in } => write!(
                f,
                "package `{name}` is not here; looked in {}; `accord package add {name}` fetches it",
                looked_in.join(", ")
            ),
            PackageError::NoPath { path } => write!(f, "`{}` is not there", path.display()),
            PackageError::Read { name, source } => write!(f, "package `{name}`: {source}"),
            PackageError::Lock { path, why } => {
                write!(f, "lock `{}`: {why}; `accord package lock` writes it anew", path.display())
            }
            PackageError::Locked { name, locked, found } => {
                write!(
                    f,
                    "package `{name}` is not the one that was locked: its SHA-256 is {found}, the lock says {locked}; `accord package lock` accepts it"
                )
            }
            PackageError::Registry { name, why } => write!(f, "package `{name}` could not be fetched: {why}"),
            PackageError::Unknown { name, registries } => {
                write!(f, "no registry knows package `{name}`; asked {}", registries.join(", "))
            }
            PackageError::Image { name, problem } => write!(f, "package `{name}` does not compile: {problem}"),
            PackageError::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
        }
    }
}

impl std::error::Error for PackageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PackageError::Read { source, .. } => Some(source),
            PackageError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
