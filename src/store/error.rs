//! What can go wrong with the store.

use std::fmt;
use std::path::PathBuf;

/// Why the store could not be opened, read or written.
#[derive(Debug)]
pub enum StoreError {
    /// Another process holds the folder.
    Busy(PathBuf),
    /// The store was written by a newer version of this program.
    Newer { found: u32, known: u32 },
    /// The file system refused.
    File { path: PathBuf, error: std::io::Error },
    /// The store is open, and still did not do what was asked.
    Database(String),
    /// A record does not read back as it was written.
    Record(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Busy(path) => {
                write!(
                    f,
                    "the data folder `{}` is in use by another process; stop it, or give another folder with --data",
                    path.display()
                )
            }
            StoreError::Newer { found, known } => {
                write!(
                    f,
                    "the store has schema version {found}, this program knows {known}; use the newer program, or another folder with --data"
                )
            }
            StoreError::File { path, error } => write!(f, "`{}`: {error}", path.display()),
            StoreError::Database(what) => write!(f, "the store failed: {what}"),
            StoreError::Record(what) => write!(f, "a record of the store is damaged: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sled::Error> for StoreError {
    fn from(error: sled::Error) -> Self {
        StoreError::Database(error.to_string())
    }
}

/// Names the path in an error of the file system.
pub(super) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |error| StoreError::File { path: path.to_owned(), error }
}
