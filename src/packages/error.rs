//! Why a package set could not be made.

use std::path::PathBuf;

use super::reading::ReadError;

/// Our own failure with packages.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Neither a package's name nor a path.
    #[error("`{}` is not a package; write `ID#VERSION`, `ID`, or a path that contains a `/`", text.escape_debug())]
    Spec {
        /// What was given.
        text: String,
    },
    /// The package is in none of the places.
    #[error("package `{name}` not found; looked in {}; `accord package add {name}` fetches it", looked_in.join(", "))]
    NotFound {
        /// `ID#VERSION`, or `ID`.
        name: String,
        /// The places, in their order.
        looked_in: Vec<String>,
    },
    /// There is no file or folder at this path.
    #[error("`{}` does not exist", path.display())]
    NoPath {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// A package could not be read.
    #[error("package `{name}`: {source}")]
    Read {
        /// `ID#VERSION`, or a path.
        name: String,
        /// Why.
        source: ReadError,
    },
    /// A lock file could not be read.
    #[error("lock `{}`: {why}; `accord package lock` writes a new one", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A package is not the one that was locked.
    #[error(
        "package `{name}` is not the one that was locked: its SHA-256 is {found}, the lock says {locked}; \
        `accord package lock` accepts it"
    )]
    Locked {
        /// `ID#VERSION`.
        name: String,
        /// The hash in the lock.
        locked: String,
        /// The hash of the package that was found.
        found: String,
    },
    /// A registry did not give the package.
    #[error("package `{name}` could not be fetched: {why}")]
    Registry {
        /// `ID#VERSION`, or `ID`.
        name: String,
        /// Why.
        why: String,
    },
    /// No registry knows the package.
    #[error("no registry knows package `{name}`; asked {}", registries.join(", "))]
    Unknown {
        /// `ID#VERSION`, or `ID`.
        name: String,
        /// The registries, in their order.
        registries: Vec<String>,
    },
    /// A package could not be compiled.
    #[error("package `{name}` does not compile: {problem}")]
    Image {
        /// `ID#VERSION`.
        name: String,
        /// What is wrong with the image.
        problem: String,
    },
    /// The operating system refused.
    #[error("`{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

impl PackageError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> PackageError {
        let path = path.into();
        move |source| PackageError::Io { path, source }
    }
}
