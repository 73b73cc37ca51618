//! Opening the data folder: the lock, the database under the cache, the memory, the uploads.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::aside;
use super::contents::Contents;
use super::database::Database;
use super::disk::{self, Disk, Kind, RealDisk};
use super::error::at;
use super::files::sweep;
use super::journal::Journal;
use super::kept::Kept;
use super::memory::{Found, Memory};
use super::old_tables::OldTables;
use super::redb_database::RedbDatabase;
use super::redb_memory::RedbMemory;
use super::shelf::Answers;
use super::sled_database::SledDatabase;
use super::uploads::Uploads;
use super::{Engine, Store, StoreError};

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
    /// [`StoreError::TakeOver`] where what the other engine kept cannot be taken over, [`StoreError::File`] where the
    /// file system refuses.
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
        let sets = memory(&disk, folder, engine, Contents::Negotiations, &mut found)?;
        let parties = memory(&disk, folder, engine, Contents::Parties, &mut found)?;
        let known = std::mem::take(&mut old.uploads);
        old.hand_over(&*sets, &mut found.warnings)?;
        take_over(&disk, folder, engine, Contents::Negotiations, &*sets, &mut found)?;
        take_over(&disk, folder, engine, Contents::Parties, &*parties, &mut found)?;
        let store = Store {
            engine,
            answers: Answers::of(&database),
            database,
            memory: sets,
            parties,
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
            memory: memory(&disk, &folder, engine, Contents::Negotiations, &mut found)?,
            parties: memory(&disk, &folder, engine, Contents::Parties, &mut found)?,
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
    contents: Contents,
    found: &mut Found,
) -> Result<Box<dyn Memory>, StoreError> {
    let (path, kept) = (folder.join(file_of(contents, engine)), Kept::of(contents));
    Ok(match engine {
        Engine::Sled => Box::new(Journal::open(disk, &path, kept, found)?),
        Engine::Redb => Box::new(RedbMemory::open(disk, &path, kept, found)?),
    })
}

/// The file of a memory in the data folder.
fn file_of(contents: Contents, engine: Engine) -> &'static str {
    match (contents, engine) {
        (Contents::Negotiations, Engine::Sled) => "negotiations.log",
        (Contents::Negotiations, Engine::Redb) => "negotiations.redb",
        (Contents::Parties, Engine::Sled) => "parties.log",
        (Contents::Parties, Engine::Redb) => "parties.redb",
    }
}

/// Takes over what the other engine kept: its sets are put into this memory, its file is set aside. Nothing is served
/// before that is done: a later start could not tell what was deleted since from what is still missing.
fn take_over(
    disk: &Arc<dyn Disk>,
    folder: &Path,
    engine: Engine,
    contents: Contents,
    to: &dyn Memory,
    found: &mut Found,
) -> Result<(), StoreError> {
    let other = match engine {
        Engine::Sled => Engine::Redb,
        Engine::Redb => Engine::Sled,
    };
    let path = folder.join(file_of(contents, other));
    if disk.kind(&path).map_err(at(&path))? != Kind::File {
        return Ok(());
    }
    let failed = |error| StoreError::TakeOver { path: path.clone(), error: Box::new(error) };
    let from = memory(disk, folder, other, contents, found).map_err(failed)?;
    let done = copy(&*from, to);
    drop(from);
    let count = done.map_err(failed)?;
    let aside = taken_over(&**disk, &path).map_err(failed)?;
    found.warnings.push(format!(
        "{count} {contents} of `{}` were taken over; it is kept as `{}`",
        path.display(),
        aside.display()
    ));
    Ok(())
}

/// Puts those sets of one memory into another which that does not have, in one pass. Returns how many it had.
fn copy(from: &dyn Memory, to: &dyn Memory) -> Result<usize, StoreError> {
    let ids = from.ids();
    // What is there already may be newer. Whoever takes them in may not be asked meanwhile.
    let missing: Vec<&String> = ids.iter().filter(|id| !matches!(to.find(id), Ok(Some(_)))).collect();
    let mut sets = missing.into_iter().filter_map(|id| match from.find(id) {
        Ok(packed) => packed.map(|packed| Ok((id.clone(), packed))),
        Err(error) => Some(Err(error)),
    });
    to.keep_all(&mut sets)?;
    Ok(ids.len())
}

fn taken_over(disk: &dyn Disk, path: &Path) -> Result<PathBuf, StoreError> {
    let aside = aside::rename_as(disk, path, aside::TAKEN_OVER)?;
    disk::sync_folder(disk, path)?;
    Ok(aside)
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
