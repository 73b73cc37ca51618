//! The cache in sled 0.34. A damaged log may make it read past the damage in silence, panic, or take memory without
//! end; so it is shown none: it only sees the very files that it left when it was closed in order (`seal.rs`).

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use super::StoreError;
use super::aside;
use super::database::{Change, Database, Table};
use super::disk::RealDisk;
use super::error::at;
use super::old_tables::OldTables;
use super::seal::{Seal, State};

/// Bytes of pages that sled holds in memory.
const CACHE_BYTES: u64 = 8 << 20;
/// How often it flushes by itself.
const FLUSH_MS: u64 = 500;

/// The open database.
pub(super) struct SledDatabase {
    path: PathBuf,
    /// None for a store that is removed when it is dropped.
    seal: Option<Seal>,
    trees: RwLock<Option<Trees>>,
    has_failed: AtomicBool,
    /// Where there are no trees: whether a full disk is the reason.
    lacks_room: AtomicBool,
    is_closed: AtomicBool,
}

struct Trees {
    db: sled::Db,
    /// In the order of [`Table::ALL`].
    trees: Vec<sled::Tree>,
}

impl Trees {
    fn of(db: sled::Db) -> Result<Trees, StoreError> {
        let trees = Table::ALL.iter().map(|table| db.open_tree(table.name()));
        Ok(Trees { trees: trees.collect::<Result<_, _>>()?, db })
    }

    fn tree(&self, table: Table) -> Result<&sled::Tree, StoreError> {
        let found = Table::ALL.iter().zip(&self.trees).find(|(known, _)| **known == table);
        found.map(|(_, tree)| tree).ok_or_else(|| StoreError::Database(format!("no table {}", table.name())))
    }
}

impl SledDatabase {
    /// The database of a data folder: what was not closed is begun anew, what was changed since is moved aside. Where
    /// the disk is full it is opened without tables, and may be renewed later.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a later schema, [`StoreError::File`] where the file system refuses.
    pub fn open(folder: &Path, warnings: &mut Vec<String>) -> Result<(SledDatabase, OldTables), StoreError> {
        let path = folder.join("store");
        let seal = Seal::of(folder, &path);
        warnings.extend(make_ready(&path, &seal)?);
        seal.break_open()?;
        let found = SledDatabase {
            path,
            seal: Some(seal),
            trees: RwLock::new(None),
            has_failed: AtomicBool::new(false),
            lacks_room: AtomicBool::new(true),
            is_closed: AtomicBool::new(false),
        };
        let opened = match attempt(&found.path) {
            Ok(Err(damage)) => {
                warnings.push(moved(&found.path, &damage)?);
                attempt(&found.path)
            }
            other => other,
        };
        let trees = opened.and_then(|db| db.map_err(StoreError::Database)).and_then(Trees::of);
        let mut old = OldTables::default();
        match trees {
            Ok(trees) => {
                old = OldTables::of(&trees.db)?;
                *found.trees.write().unwrap_or_else(PoisonError::into_inner) = Some(trees);
            }
            Err(error) if error.is_full() => {
                found.has_failed.store(true, Ordering::Release);
                warnings.push(format!("the store cannot be used before there is room on the disk: {error}"));
            }
            Err(error) => return Err(error),
        }
        Ok((found, old))
    }

    /// A database in a folder that is removed with it.
    ///
    /// # Errors
    /// [`StoreError::File`] where the file system refuses.
    pub fn temporary(folder: &Path) -> Result<SledDatabase, StoreError> {
        let path = folder.join("store");
        let trees = Trees::of(attempt(&path)?.map_err(StoreError::Database)?)?;
        Ok(SledDatabase {
            path,
            seal: None,
            trees: RwLock::new(Some(trees)),
            has_failed: AtomicBool::new(false),
            lacks_room: AtomicBool::new(true),
            is_closed: AtomicBool::new(false),
        })
    }

    /// Why there are no trees.
    fn absent(&self) -> StoreError {
        match self.lacks_room.load(Ordering::Acquire) {
            true => StoreError::full(&self.path),
            false => {
                StoreError::Database(format!("`{}` could not be begun anew; it is tried again", self.path.display()))
            }
        }
    }

    fn with<T>(&self, work: impl FnOnce(&Trees) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let trees = self.trees.read().unwrap_or_else(PoisonError::into_inner);
        let Some(trees) = &*trees else { return Err(self.absent()) };
        let done = catch_unwind(AssertUnwindSafe(|| work(trees)))
            .unwrap_or_else(|_| Err(StoreError::Database("sled panicked".to_owned())));
        if done.is_err() {
            self.has_failed.store(true, Ordering::Release);
        }
        done
    }
}

impl Database for SledDatabase {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|trees| Ok(trees.tree(table)?.get(key)?.map(|value| value.to_vec())))
    }

    fn scan(&self, table: Table, prefix: &[u8], each: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
        self.with(|trees| {
            for record in trees.tree(table)?.scan_prefix(prefix) {
                let (key, value) = record?;
                each(&key, &value);
            }
            Ok(())
        })
    }

    fn write(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.with(|trees| {
            for table in Table::ALL {
                let mut batch = sled::Batch::default();
                let mut is_empty = true;
                for change in changes.iter().filter(|change| change.table == table) {
                    is_empty = false;
                    match &change.value {
                        Some(value) => batch.insert(&*change.key, &**value),
                        None => batch.remove(&*change.key),
                    }
                }
                if !is_empty {
                    trees.tree(table)?.apply_batch(batch)?;
                }
            }
            Ok(())
        })
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.with(|trees| Ok(trees.db.flush().map(|_| ())?))
    }

    fn is_failed(&self) -> bool {
        self.has_failed.load(Ordering::Acquire)
    }

    fn renew(&self) -> Result<(), StoreError> {
        let mut trees = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        drop(trees.take());
        let made = made_anew(&self.path);
        self.lacks_room.store(made.as_ref().is_err_and(StoreError::is_full), Ordering::Release);
        *trees = Some(made?);
        self.has_failed.store(false, Ordering::Release);
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        self.flush()?;
        self.is_closed.store(!self.is_failed(), Ordering::Release);
        Ok(())
    }
}

impl Drop for SledDatabase {
    fn drop(&mut self) {
        drop(self.trees.write().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(seal) = &self.seal
            && self.is_closed.load(Ordering::Acquire)
            && let Err(error) = seal.close()
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
                "the store was not closed properly and is rebuilt: definitions come from their packages".to_owned(),
            ))
        }
        State::Unsealed => moved(path, "it is not a folder").map(Some),
    }
}

/// Moves a damaged store aside. Returns what its user should know.
fn moved(path: &Path, damage: &str) -> Result<String, StoreError> {
    let aside = aside::rename(&RealDisk, path)?;
    Ok(format!(
        "the store was damaged ({damage}) and has been moved to `{}`; definitions are rebuilt from their packages",
        aside.display()
    ))
}

/// Opens the database; the inner error says in which way it is damaged. sled panics on some kinds of damage.
fn attempt(path: &Path) -> Result<Result<sled::Db, String>, StoreError> {
    let config = sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(Some(FLUSH_MS));
    Ok(match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(error))) if !is_damage(&error) => return Err(at(path)(error)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it cannot be read".to_owned()),
    })
}

/// An empty database in the place of what is there.
fn made_anew(path: &Path) -> Result<Trees, StoreError> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(at(path))?;
    }
    Trees::of(attempt(path)?.map_err(StoreError::Database)?)
}

/// Whether an error of the file system comes from what the files hold, and not from the system around them.
fn is_damage(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as K;
    matches!(error.kind(), K::UnexpectedEof | K::InvalidData | K::InvalidInput | K::IsADirectory | K::NotADirectory)
}
