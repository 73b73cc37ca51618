//! Opening the data folder: the lock, damage, the schema version.

use std::fs::{self, File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::at;
use super::seal::{Seal, State};
use super::{Store, StoreError};

/// A store, and what its user should know about how it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The store, ready for use.
    pub store: Store,
    /// Each a sentence; empty where all was well.
    pub warnings: Vec<String>,
}

impl Store {
    /// Opens the store in `folder`, made where it is missing. sled sees only the very files that it left when it was
    /// closed in order: what was not closed is rebuilt, what was changed since is moved aside. Nothing is lost by
    /// it: definitions come from their packages, and the uploads' archives and the journal of negotiations are next to
    /// the store and are read again.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process has it open, [`StoreError::Newer`] for a later schema,
    /// [`StoreError::File`] where the file system refuses.
    pub fn open(folder: &Path) -> Result<Opened, StoreError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let lock = lock(folder)?;
        let path = folder.join("store");
        let seal = Seal::of(folder, &path);
        let mut warnings: Vec<String> = make_ready(&path, &seal)?.into_iter().collect();
        seal.break_open()?;
        let db = match attempt(&path)? {
            Ok(db) => db,
            Err(damage) => {
                warnings.push(moved(&path, &damage)?);
                attempt(&path)?.map_err(StoreError::Database)?
            }
        };
        let (store, replay) = Store::of(db, folder, Parts::new(seal, lock, None))?;
        store.recover_uploads(&mut warnings)?;
        store.recover_negotiations(replay, &mut warnings)?;
        Ok(Opened { store, warnings })
    }

    /// A store in a temporary folder, removed when it is dropped.
    ///
    /// # Errors
    /// [`StoreError::File`] where no temporary folder can be made.
    pub fn temporary() -> Result<Store, StoreError> {
        let temp = tempfile::Builder::new().prefix("accord-").tempdir().map_err(at(&std::env::temp_dir()))?;
        let folder = temp.path().to_owned();
        let lock = lock(&folder)?;
        let path = folder.join("store");
        let seal = Seal::of(&folder, &path);
        let db = attempt(&path)?.map_err(StoreError::Database)?;
        Ok(Store::of(db, &folder, Parts::new(seal, lock, Some(temp)))?.0)
    }

    /// Writes all that is pending. When the store is dropped then, its files are sealed, and the next start takes them
    /// up again.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the file system refuses.
    pub fn close(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        self.parts.closed.store(true, Ordering::Release);
        Ok(())
    }
}

/// What an open store holds besides its tables; dropped after them.
pub(super) struct Parts {
    seal: Seal,
    closed: AtomicBool,
    /// Held as long as the store is open.
    _lock: File,
    /// Removed with the store.
    temp: Option<tempfile::TempDir>,
}

impl Parts {
    fn new(seal: Seal, lock: File, temp: Option<tempfile::TempDir>) -> Parts {
        Parts { seal, closed: AtomicBool::new(false), _lock: lock, temp }
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        if self.temp.is_none()
            && self.closed.load(Ordering::Acquire)
            && let Err(error) = self.seal.close()
        {
            tracing::warn!("the store is not sealed and will be rebuilt: {error}");
        }
    }
}

/// Leaves at `path` what sled may open, or nothing. Returns what its user should know.
fn make_ready(path: &Path, seal: &Seal) -> Result<Option<String>, StoreError> {
    let there = path.symlink_metadata().is_ok();
    match seal.state()? {
        _ if !there => Ok(None),
        State::Whole => Ok(None),
        State::Changed => moved(path, "its files are not what was left when it was closed").map(Some),
        State::Unsealed if path.is_dir() => {
            fs::remove_dir_all(path).map_err(at(path))?;
            Ok(Some(
                "the store was not closed properly and is rebuilt: definitions from their packages, \
                 uploads and negotiations from the files beside it"
                    .to_owned(),
            ))
        }
        State::Unsealed => moved(path, "it is not a folder").map(Some),
    }
}

/// Moves a damaged store aside. Returns what its user should know.
fn moved(path: &Path, damage: &str) -> Result<String, StoreError> {
    let aside = move_aside(path)?;
    Ok(format!(
        "the store was damaged ({damage}) and has been moved to `{}`; definitions are rebuilt from their \
         packages, uploads and negotiations from the files beside it",
        aside.display()
    ))
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

/// Opens the database; the inner error says in which way it is damaged. sled panics on some kinds of damage.
fn attempt(path: &Path) -> Result<Result<sled::Db, String>, StoreError> {
    let config = sled::Config::new().path(path).cache_capacity(64 << 20).flush_every_ms(Some(500));
    Ok(match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(error))) if !is_damage(&error) => {
            return Err(StoreError::File { path: path.to_owned(), error });
        }
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it cannot be read".to_owned()),
    })
}

/// Whether an error of the file system comes from what the files hold, and not from the system around them.
fn is_damage(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as K;
    matches!(error.kind(), K::UnexpectedEof | K::InvalidData | K::InvalidInput | K::IsADirectory | K::NotADirectory)
}

/// Renames a damaged store to the first free `….damaged-N`.
fn move_aside(path: &Path) -> Result<PathBuf, StoreError> {
    for n in 1..10_000 {
        let aside = path.with_extension(format!("damaged-{n}"));
        if !aside.exists() {
            fs::rename(path, &aside).map_err(at(path))?;
            return Ok(aside);
        }
    }
    Err(StoreError::Database(format!(
        "`{}` has been moved aside too often; remove the `damaged` folders beside it",
        path.display()
    )))
}
