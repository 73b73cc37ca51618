//! Opening the data folder: the lock, damage, the schema version.

use std::fs::{self, File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::error::at;
use super::{Store, StoreError};

/// The version of the layout of keys and values.
pub const SCHEMA_VERSION: u32 = 1;

const SCHEMA_KEY: &str = "schema-version";
const CLEAN_KEY: &str = "closed-cleanly";

/// A store, and what its user should be told about how it was opened.
#[derive(Debug)]
pub struct Opened {
    pub store: Store,
    /// Each a sentence; empty where all was well.
    pub warnings: Vec<String>,
}

impl Store {
    /// Opens the store in `folder`, made where it is missing. A damaged one is moved aside and begun anew; the
    /// uploads' archives and the journal of negotiations lie beside it and are read again.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process has it open, [`StoreError::Newer`] for a later schema,
    /// [`StoreError::File`] where the file system refuses.
    pub fn open(folder: &Path) -> Result<Opened, StoreError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let lock = lock(folder)?;
        let mut warnings = Vec::new();
        let path = folder.join("store");
        let db = match attempt(&path)? {
            Ok(db) => db,
            Err(damage) => {
                let aside = move_aside(&path)?;
                warnings.push(format!(
                    "the store was damaged ({damage}) and has been moved to `{}`; definitions are rebuilt from their packages, uploads and negotiations from the files beside it",
                    aside.display()
                ));
                attempt(&path)?.map_err(StoreError::Database)?
            }
        };
        let (store, replay) = Store::of(db, folder, lock, None)?;
        store.check_schema()?;
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
        let db = attempt(&folder.join("store"))?.map_err(StoreError::Database)?;
        let (store, _) = Store::of(db, &folder, lock, Some(temp))?;
        store.check_schema()?;
        Ok(store)
    }

    fn check_schema(&self) -> Result<(), StoreError> {
        match self.db.get(SCHEMA_KEY)? {
            None => {
                self.db.insert(SCHEMA_KEY, &SCHEMA_VERSION.to_be_bytes())?;
                self.db.flush()?;
            }
            Some(bytes) => {
                let found = <[u8; 4]>::try_from(&*bytes).map(u32::from_be_bytes).unwrap_or(u32::MAX);
                if found > SCHEMA_VERSION {
                    return Err(StoreError::Newer { found, known: SCHEMA_VERSION });
                }
            }
        }
        Ok(())
    }

    /// Writes all that is pending and notes that the store was closed in order.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the file system refuses.
    pub fn close(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        self.db.insert(CLEAN_KEY, &[])?;
        self.db.flush()?;
        Ok(())
    }
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
    let opened = catch_unwind(AssertUnwindSafe(|| {
        let db = sled::Config::new().path(path).cache_capacity(64 << 20).flush_every_ms(Some(500)).open()?;
        if db.was_recovered() && db.remove(CLEAN_KEY)?.is_none() {
            verify(&db)?;
        }
        Ok(db)
    }));
    Ok(match opened {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(error))) if !is_damage(&error) => return Err(StoreError::File { path: path.to_owned(), error }),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it cannot be read".to_owned()),
    })
}

/// Reads every record once: after an abrupt end the tables may open and still be broken inside.
fn verify(db: &sled::Db) -> sled::Result<()> {
    for name in db.tree_names() {
        for record in &db.open_tree(name)? {
            record?;
        }
    }
    Ok(())
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
    Err(StoreError::Database(format!("`{}` has been moved aside too often; remove the `damaged` folders beside it", path.display())))
}
