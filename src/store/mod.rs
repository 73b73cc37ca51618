//! The service's store: its cache of the definitions of the loaded packages, and its memory of uploads,
//! negotiations and parties. Keys and bytes only; it knows neither HTTP nor FHIR. The command line never opens it.
//!
//! The data folder holds `uploads/` (archives by their SHA-256, and their names) and `lock`; with sled `store/` (the
//! cache), `store.state` (its seal), `negotiations.log` and `parties.log` (the journals), with redb `store.redb`,
//! `negotiations.redb` and `parties.redb`. Whatever was damaged is beside it as `*.damaged-N`.

mod archives;
mod aside;
mod bounds;
mod contents;
mod counts;
mod database;
mod definitions;
mod disk;
mod error;
mod files;
mod frame;
mod halves;
mod journal;
mod kept;
mod memory;
mod negotiations;
mod old_record;
mod old_tables;
mod open;
mod parties;
mod record;
mod redb_database;
mod redb_file;
mod redb_memory;
mod scan;
mod seal;
mod shelf;
mod sled_database;
mod uploads;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use bounds::{Bounds, KEPT_BYTES, KEPT_LIMIT};
pub use counts::Counts;
pub use definitions::{Entry, NewDefinition};
pub use error::StoreError;
pub use open::Opened;
pub use seal::SCHEMA_VERSION;
pub use shelf::AnswerShelf;
pub use uploads::Upload;

use database::Database;
use memory::Memory;

/// What the store is built on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Engine {
    /// sled for the cache, and a journal for negotiations.
    #[default]
    Sled,
    /// redb for both.
    Redb,
}

/// The open store; shared by threads. Closing it in order is [`Store::close`] before it is dropped; being killed
/// loses nothing that was acknowledged.
pub struct Store {
    engine: Engine,
    /// Definitions, snapshots, answers: what can be had again.
    database: Arc<dyn Database>,
    answers: Arc<shelf::Answers>,
    /// Negotiated sets.
    memory: Box<dyn Memory>,
    /// Parties with their documents.
    parties: Box<dyn Memory>,
    uploads: uploads::Uploads,
    /// What was damaged when it was opened: places, bytes.
    damaged: (usize, u64),
    folder: PathBuf,
    /// The last, so that it is dropped when the database is.
    _parts: open::Parts,
}

impl Store {
    /// Where answers of others are kept.
    pub fn answers(&self) -> AnswerShelf {
        AnswerShelf::of(&self.answers)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the cache failed, by a full disk or by damage: it answers with errors until it is renewed.
    pub fn is_cache_failed(&self) -> bool {
        self.database.is_failed()
    }

    /// Throws the cache away, and begins it anew: it has to be filled again.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn renew_cache(&self) -> Result<(), StoreError> {
        self.database.renew()
    }
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Engine::Sled => "sled",
            Engine::Redb => "redb",
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}
