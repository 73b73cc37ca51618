//! What can go wrong with the store.

use std::path::PathBuf;

use super::bounds::Bounds;

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the folder.
    #[error(
        "the data folder `{}` is in use by another process; stop it, or name another folder with --data",
        .0.display()
    )]
    Busy(PathBuf),
    /// The store was written by a newer version of this program.
    #[error(
        "the store has schema version {found}, this program knows {known}; \
        use the newer program, or name another folder with --data"
    )]
    Newer {
        /// The version of the store.
        found: u32,
        /// The newest version that this program reads.
        known: u32,
    },
    /// The file system refused.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        error: std::io::Error,
    },
    /// The store is open, and still did not do what was asked.
    #[error("the store failed: {0}")]
    Database(String),
    /// Too much is set aside already.
    #[error("`{}` cannot be set aside, since {copies} copies are beside it; move them elsewhere", path.display())]
    Aside {
        /// What is damaged.
        path: PathBuf,
        /// How many copies there may be.
        copies: usize,
    },
    /// What the other engine kept could not be taken over.
    #[error(
        "`{}`, which the other engine kept, could not be taken over: {error}; make room or mend what it names and \
        start again, or start with the engine that was used before (--store)",
        path.display()
    )]
    TakeOver {
        /// The file of the other engine; it stays where it is.
        path: PathBuf,
        /// Why.
        error: Box<StoreError>,
    },
    /// As many negotiated sets are kept as may be.
    #[error("no more than {} negotiations with {} bytes are kept", .0.sets, .0.bytes)]
    Bound(Bounds),
    /// As many parties are kept as may be.
    #[error("no more than {} parties with {} bytes are kept", .0.sets, .0.bytes)]
    PartyBound(Bounds),
    /// A record does not read back as it was written.
    #[error("a record of the store is damaged: {0}")]
    Record(String),
}

impl StoreError {
    /// True where the disk itself has no room left, and no quota or limit of a file's size is reached.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, StoreError::File { error, .. } if error.kind() == std::io::ErrorKind::StorageFull)
    }

    /// True where there is no room left for what was to be written.
    pub fn is_full(&self) -> bool {
        use std::io::ErrorKind as K;
        matches!(self, StoreError::File { error, .. }
            if matches!(error.kind(), K::StorageFull | K::QuotaExceeded | K::FileTooLarge))
    }
}

impl StoreError {
    /// There is no room left on the disk, as far as this file is concerned.
    pub(super) fn full(path: &std::path::Path) -> StoreError {
        StoreError::File { path: path.to_owned(), error: std::io::ErrorKind::StorageFull.into() }
    }

    /// Names the file in which a record is damaged, or that could not be read.
    pub(super) fn within(self, path: &std::path::Path) -> StoreError {
        match self {
            StoreError::Record(text) => StoreError::Record(format!("in `{}`, {text}", path.display())),
            StoreError::File { error, .. } => StoreError::File { path: path.to_owned(), error },
            other => other,
        }
    }
}

impl From<sled::Error> for StoreError {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(error) => StoreError::File { path: PathBuf::from("store"), error },
            other => StoreError::Database(other.to_string()),
        }
    }
}

/// Names the path in an error of the file system.
pub(super) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |error| StoreError::File { path: path.to_owned(), error }
}
