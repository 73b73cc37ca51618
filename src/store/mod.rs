//! The service's store: its cache of the definitions of the loaded packages, and its memory of uploads and
//! negotiations. Keys and bytes only; it knows neither HTTP nor FHIR. The command line never opens it.
//!
//! The data folder holds `store/` (sled), `uploads/` (archives by their SHA-256), `negotiations.log` (the journal),
//! `store.state` (the seal of `store/`) and `lock`.

mod archives;
mod definitions;
mod error;
mod journal;
mod kept;
mod negotiations;
mod open;
mod record;
mod seal;
mod shelf;
mod uploads;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub use definitions::{Entry, NewDefinition};
pub use error::StoreError;
pub use kept::{KEPT_BYTES, KEPT_LIMIT};
pub use open::Opened;
pub use seal::SCHEMA_VERSION;
pub use shelf::AnswerShelf;
pub use uploads::Upload;

use journal::{Journal, Replay};
use kept::Kept;

/// The open store; shared by threads. Closing it in order is [`Store::close`] before it is dropped; being killed
/// loses nothing that was acknowledged.
pub struct Store {
    db: sled::Db,
    /// `id#version` to the SHA-256 of the package whose definitions are complete.
    packages: sled::Tree,
    /// (package, file) to the text.
    definitions: sled::Tree,
    /// (type, url, version, package, file) to the id.
    canonicals: sled::Tree,
    /// (type, id, package, file) to (url, version).
    ids: sled::Tree,
    /// (package, file) to the text with its generated snapshot.
    snapshots: sled::Tree,
    /// SHA-256 of the archive to `id#version`.
    uploads: sled::Tree,
    /// Id to the negotiated set.
    negotiations: sled::Tree,
    /// SHA-256 of a question to the answer of others.
    answers: Arc<shelf::Answers>,
    journal: Journal,
    kept: Mutex<Kept>,
    folder: PathBuf,
    /// The last, so that it is dropped when sled is.
    parts: open::Parts,
}

impl Store {
    fn of(db: sled::Db, folder: &Path, parts: open::Parts) -> Result<(Store, Replay), StoreError> {
        let tree = |name: &str| db.open_tree(name);
        let (journal, replay) = Journal::open(&folder.join("negotiations.log"))?;
        let store = Store {
            packages: tree("packages")?,
            definitions: tree("definitions")?,
            canonicals: tree("canonicals")?,
            ids: tree("ids")?,
            snapshots: tree("snapshots")?,
            uploads: tree("uploads")?,
            negotiations: tree("negotiations")?,
            answers: shelf::Answers::of(tree("answers")?),
            journal,
            kept: Mutex::default(),
            db,
            folder: folder.to_owned(),
            parts,
        };
        Ok((store, replay))
    }

    /// Where answers of others are kept.
    pub fn answers(&self) -> AnswerShelf {
        AnswerShelf::of(&self.answers)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}
