//! The cache in redb: it is found again after a kill, as of the last package that was complete.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::{Durability, ReadableDatabase, TableDefinition, TableError};

use super::database::{Change, Database, Table};
use super::disk::{Disk, Kind};
use super::error::at;
use super::redb_file::RedbFile;
use super::{StoreError, aside};

/// The file in the data folder.
pub(super) const FILE: &str = "store.redb";

/// The open database.
pub(super) struct RedbDatabase {
    disk: Arc<dyn Disk>,
    file: RedbFile,
    has_failed: AtomicBool,
}

fn definition(table: Table) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(table.name())
}

impl RedbDatabase {
    /// The database of a data folder; one that is damaged is moved aside, and begun anew. Where the disk is full it is
    /// opened at the first call, or renewed.
    ///
    /// # Errors
    /// [`StoreError::File`] where the file system refuses.
    pub fn open(disk: &Arc<dyn Disk>, folder: &Path, warnings: &mut Vec<String>) -> Result<RedbDatabase, StoreError> {
        let path = folder.join(FILE);
        let of = |file, has_failed| RedbDatabase { disk: Arc::clone(disk), file, has_failed };
        let damage = match disk.kind(&path).map_err(at(&path))? {
            Kind::Other => "it is not a file".to_owned(),
            _ => match RedbFile::open(disk, &path) {
                Ok(Ok(file)) => return Ok(of(file, false.into())),
                Ok(Err(damage)) => damage,
                Err(error) if error.is_full() => {
                    warnings.push(format!("the store cannot be used before there is room on the disk: {error}"));
                    return Ok(of(RedbFile::later(disk, &path), true.into()));
                }
                Err(error) => return Err(error),
            },
        };
        let aside = aside::rename(&**disk, &path)?;
        warnings.push(format!(
            "the store was damaged ({damage}) and has been moved to `{}`; definitions are rebuilt from their packages",
            aside.display()
        ));
        Ok(of(RedbFile::later(disk, &path), false.into()))
    }

    fn with<T>(&self, work: impl FnOnce(&redb::Database) -> Result<T, redb::Error>) -> Result<T, StoreError> {
        let done = self.file.with(work);
        if done.is_err() {
            self.has_failed.store(true, Ordering::Release);
        }
        done
    }

    fn commit(&self, changes: Vec<Change>, durability: Durability) -> Result<(), StoreError> {
        self.with(|db| {
            let mut transaction = db.begin_write()?;
            transaction.set_durability(durability)?;
            for table in Table::ALL {
                let mut mine = changes.iter().filter(|change| change.table == table).peekable();
                if mine.peek().is_none() {
                    continue;
                }
                let mut open = transaction.open_table(definition(table))?;
                for change in mine {
                    match &change.value {
                        Some(value) => drop(open.insert(&*change.key, &**value)?),
                        None => drop(open.remove(&*change.key)?),
                    }
                }
            }
            Ok(transaction.commit()?)
        })
    }
}

impl Database for RedbDatabase {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|db| match db.begin_read()?.open_table(definition(table)) {
            Ok(open) => Ok(open.get(key)?.map(|value| value.value().to_vec())),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        })
    }

    fn scan(&self, table: Table, prefix: &[u8], each: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), StoreError> {
        self.with(|db| {
            let open = match db.begin_read()?.open_table(definition(table)) {
                Ok(open) => open,
                Err(TableError::TableDoesNotExist(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            for record in open.range(prefix..)? {
                let (key, value) = record?;
                if !key.value().starts_with(prefix) {
                    break;
                }
                each(key.value(), value.value());
            }
            Ok(())
        })
    }

    fn write(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.commit(changes, Durability::None)
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.commit(Vec::new(), Durability::Immediate)
    }

    fn is_failed(&self) -> bool {
        self.has_failed.load(Ordering::Acquire)
    }

    fn renew(&self) -> Result<(), StoreError> {
        self.file.shut();
        let path = self.file.path();
        if self.disk.kind(path).map_err(at(path))? != Kind::Absent {
            self.disk.remove(path).map_err(at(path))?;
        }
        self.file.with(|_| Ok(()))?;
        self.has_failed.store(false, Ordering::Release);
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        self.flush()?;
        self.file.shut();
        Ok(())
    }
}
