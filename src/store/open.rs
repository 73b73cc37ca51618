//! Opening the data folder: the lock, the database under the cache, the memory, the uploads.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::aside;
use super::database::Database;
use super::disk::{Disk, Kind, RealDisk};
use super::error::at;
use super::files::sweep;
use super::journal::Journal;
use super::kept::Kept;
use super::memory::{Found, Memory};
use super::old_tables::OldTables;
use super::redb_database::RedbDatabase;
use super::redb_memory::{self, RedbMemory};
use super::shelf::Answers;
use super::sled_database::SledDatabase;
use super::uploads::Uploads;
use super::{Engine, Store, StoreError};

/// The file of negotiated sets beside sled.
const JOURNAL: &str = "negotiations.log";

/// A store, and what its user should know about how it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The store, ready for use.
    pub store: Store,
    /// Each a sentence; empty where all was well.
    pub warnings: Vec<String>,
}

/// What an open store holds besides its tables; dropped after them.
pub(super) struct Parts {
    /// Held as long as the store is open.
    _lock: File,
    /// Removed with the store.
    _temp: Option<tempfile::TempDir>,
}

impl Store {
    /// Opens the store in `folder` with sled, made where it is missing; [`Store::open_with`] says more.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub fn open(folder: &Path) -> Result<Opened, StoreError> {
        Store::open_with(folder, Engine::Sled)
    }

    /// Opens the store in `folder`, made where it is missing. The cache is taken up where it is whole, and begun anew
    /// where it is not. Negotiations and uploads are read whatever happened to their neighbours: what is damaged is
    /// moved aside, counted, and told in the warnings. Negotiations that the other engine kept are taken over.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process has it open, [`StoreError::Newer`] for a later schema,
    /// [`StoreError::File`] where the file system refuses.
    pub fn open_with(folder: &Path, engine: Engine) -> Result<Opened, StoreError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let lock = lock(folder)?;
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        sweep(&*disk, folder, false);
        let mut found = Found::default();
        let mut old = OldTables::default();
        let database: Arc<dyn Database> = match engine {
            Engine::Sled => {
                let (database, tables) = SledDatabase::open(folder, &mut found.warnings)?;
                old = tables;
                Arc::new(database)
            }
            Engine::Redb => Arc::new(RedbDatabase::open(&disk, folder, &mut found.warnings)?),
        };
        let memory = memory(&disk, folder, engine, &mut found)?;
        let known = std::mem::take(&mut old.uploads);
        old.hand_over(&*memory, &mut found.warnings)?;
        take_over(&disk, folder, engine, &*memory, &mut found)?;
        let store = Store {
            engine,
            answers: Answers::of(&database),
            database,
            memory,
            uploads: Uploads::of(&disk, folder),
            damaged: (found.places, found.bytes),
            folder: folder.to_owned(),
            _parts: Parts { _lock: lock, _temp: None },
        };
        store.uploads.recover(&known, &mut found.warnings)?;
        Ok(Opened { store, warnings: found.warnings })
    }

    /// A store in a temporary folder with sled, removed when it is dropped.
    ///
    /// # Errors
    /// [`StoreError::File`] where no temporary folder can be made.
    pub fn temporary() -> Result<Store, StoreError> {
        Store::temporary_with(Engine::Sled)
    }

    /// A store in a temporary folder, removed when it is dropped.
    ///
    /// # Errors
    /// [`StoreError::File`] where no temporary folder can be made.
    pub fn temporary_with(engine: Engine) -> Result<Store, StoreError> {
        let temp = tempfile::Builder::new().prefix("accord-").tempdir().map_err(at(&std::env::temp_dir()))?;
        let folder = temp.path().to_owned();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let mut found = Found::default();
        let database: Arc<dyn Database> = match engine {
            Engine::Sled => Arc::new(SledDatabase::temporary(&folder)?),
            Engine::Redb => Arc::new(RedbDatabase::open(&disk, &folder, &mut found.warnings)?),
        };
        Ok(Store {
            engine,
            answers: Answers::of(&database),
            database,
            memory: memory(&disk, &folder, engine, &mut found)?,
            uploads: Uploads::of(&disk, &folder),
            damaged: (0, 0),
            _parts: Parts { _lock: lock(&folder)?, _temp: Some(temp) },
            folder,
        })
    }

    /// Writes all that is pending. When the store is dropped then, the next start takes its cache up again.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the file system refuses.
    pub fn close(&self) -> Result<(), StoreError> {
        self.database.close()
    }
}

fn memory(
    disk: &Arc<dyn Disk>,
    folder: &Path,
    engine: Engine,
    found: &mut Found,
) -> Result<Box<dyn Memory>, StoreError> {
    let path = folder.join(file_of(engine));
    Ok(match engine {
        Engine::Sled => Box::new(Journal::open(disk, &path, Kept::default(), found)?),
        Engine::Redb => Box::new(RedbMemory::open(disk, &path, Kept::default(), found)?),
    })
}

fn file_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Sled => JOURNAL,
        Engine::Redb => redb_memory::FILE,
    }
}

/// Takes over what the other engine kept: its sets are put into this memory, its file is set aside. Where the disk is
/// full it stays for the next start.
fn take_over(
    disk: &Arc<dyn Disk>,
    folder: &Path,
    engine: Engine,
    to: &dyn Memory,
    found: &mut Found,
) -> Result<(), StoreError> {
    let other = match engine {
        Engine::Sled => Engine::Redb,
        Engine::Redb => Engine::Sled,
    };
    let path = folder.join(file_of(other));
    if disk.kind(&path).map_err(at(&path))? != Kind::File {
        return Ok(());
    }
    let from = memory(disk, folder, other, found)?;
    let done = copy(&*from, to);
    drop(from);
    found.warnings.push(match done {
        Ok(count) => {
            let aside = taken_over(&**disk, &path)?;
            format!("{count} negotiations of `{}` were taken over; it is kept as `{}`", path.display(), aside.display())
        }
        Err(error) => format!("not all negotiations of `{}` could be taken over: {error}", path.display()),
    });
    Ok(())
}

/// Puts all sets of one memory into another, in one pass. Returns how many it had.
fn copy(from: &dyn Memory, to: &dyn Memory) -> Result<usize, StoreError> {
    let ids = from.ids();
    let is_there = |id: &String| match (from.find(id), to.find(id)) {
        (Ok(Some(packed)), Ok(Some(there))) => packed == there,
        _ => false,
    };
    // Whoever takes them in may not be asked meanwhile.
    let missing: Vec<&String> = ids.iter().filter(|id| !is_there(id)).collect();
    let mut sets = missing.into_iter().filter_map(|id| match from.find(id) {
        Ok(packed) => packed.map(|packed| Ok((id.clone(), packed))),
        Err(error) => Some(Err(error)),
    });
    to.keep_all(&mut sets)?;
    Ok(ids.len())
}

fn taken_over(disk: &dyn Disk, path: &Path) -> Result<PathBuf, StoreError> {
    aside::rename_as(disk, path, aside::TAKEN_OVER)
}

/// Takes the lock of the folder, held as long as the file is open.
fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::File { path, error }),
    }
}
