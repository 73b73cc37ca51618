//! A file of redb 4, on the port to the disk. After an error of the disk redb answers nothing before it is opened
//! again; so it is opened again at the next call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::StoreError;
use super::disk::{Disk, DiskFile, Kind, sync_folder};
use super::error::at;

/// Bytes of pages that redb holds in memory.
const CACHE_BYTES: usize = 8 << 20;

/// An open file, or one to be opened at the next call.
pub(super) struct RedbFile {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    db: RwLock<Option<redb::Database>>,
}

impl RedbFile {
    /// A file that is made where it is missing. Its checksums are verified; the inner error says in which way it is
    /// damaged.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn open(disk: &Arc<dyn Disk>, path: &Path) -> Result<Result<RedbFile, String>, StoreError> {
        if disk.kind(path).map_err(at(path))? == Kind::File
            && disk.open(path).and_then(|file| file.length()).map_err(at(path))? == 0
        {
            return Ok(Err("it is empty".to_owned()));
        }
        let opened = attempt(disk, path)?;
        Ok(opened.map(|db| RedbFile { disk: Arc::clone(disk), path: path.to_owned(), db: RwLock::new(Some(db)) }))
    }

    /// A file that is opened at the first call.
    pub fn later(disk: &Arc<dyn Disk>, path: &Path) -> RedbFile {
        RedbFile { disk: Arc::clone(disk), path: path.to_owned(), db: RwLock::new(None) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does some work; where it fails by the disk or by damage, the next work begins by opening the file again.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses, [`StoreError::Database`] where the file is damaged.
    pub fn with<T>(&self, work: impl FnOnce(&redb::Database) -> Result<T, redb::Error>) -> Result<T, StoreError> {
        let mut db = self.db.read().unwrap_or_else(PoisonError::into_inner);
        if db.is_none() {
            drop(db);
            let mut empty = self.db.write().unwrap_or_else(PoisonError::into_inner);
            if empty.is_none() {
                *empty = Some(attempt(&self.disk, &self.path)?.map_err(StoreError::Database)?);
            }
            drop(empty);
            db = self.db.read().unwrap_or_else(PoisonError::into_inner);
        }
        let Some(open) = &*db else { return Err(StoreError::Database("the store is being opened".to_owned())) };
        let done = catch_unwind(AssertUnwindSafe(|| work(open)));
        drop(db);
        let error = match done {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => of_redb(error, &self.path),
            Err(_) => StoreError::Database(format!("`{}` is damaged: redb panicked", self.path.display())),
        };
        self.shut();
        Err(error)
    }

    /// Closes the file; the next call opens it again.
    pub fn shut(&self) {
        let open = self.db.write().unwrap_or_else(PoisonError::into_inner).take();
        // What redb cannot write any more is not acknowledged.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(open)));
    }
}

fn attempt(disk: &Arc<dyn Disk>, path: &Path) -> Result<Result<redb::Database, String>, StoreError> {
    let file = disk.open(path).map_err(at(path))?;
    sync_folder(&**disk, path)?;
    let mut builder = redb::Builder::new();
    builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
    match catch_unwind(AssertUnwindSafe(|| builder.create_with_backend(Backend(file)))) {
        Ok(Ok(db)) => Ok(Ok(db)),
        Ok(Err(error)) => match of_redb(error.into(), path) {
            StoreError::Database(damage) => Ok(Err(damage)),
            other => Err(other),
        },
        Err(_) => Ok(Err("it cannot be read".to_owned())),
    }
}

fn of_redb(error: redb::Error, path: &Path) -> StoreError {
    use std::io::ErrorKind as K;
    match error {
        redb::Error::Io(error) if !matches!(error.kind(), K::UnexpectedEof | K::InvalidData | K::InvalidInput) => {
            at(path)(error)
        }
        other => StoreError::Database(format!("`{}`: {other}", path.display())),
    }
}

/// The port to the disk as redb wants it.
struct Backend(Arc<dyn DiskFile>);

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Backend")
    }
}

impl redb::StorageBackend for Backend {
    fn len(&self) -> std::io::Result<u64> {
        self.0.length()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.0.read_at(offset, out)
    }

    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.0.set_length(len)
    }

    fn sync_data(&self) -> std::io::Result<()> {
        self.0.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.0.write_at(offset, data)
    }
}
