//! The memory of negotiated sets in redb: no journal and no seal, since a commit is on disk, whole, or not there. The
//! values are frames, so that they are found in a damaged file, whose tree leads to them no more.

use std::collections::{BTreeMap, VecDeque};
use std::iter;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::{ReadableDatabase, ReadableTable, TableDefinition, TableError};

use super::bounds::Bounds;
use super::disk::{Disk, DiskFile, Kind};
use super::error::at;
use super::frame::{self, Record};
use super::kept::{Kept, Place};
use super::memory::{Found, Memory, Sets};
use super::redb_file::RedbFile;
use super::scan::search;
use super::{StoreError, aside};

/// Number of a record to its frame.
const SETS: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new("sets");
/// How many removals stay in the file. The newest must: what it removed may still be found in the file, and would be
/// put back. The others keep removed sets away from a file that is damaged later.
const REMOVALS: usize = 1000;

/// The open memory.
pub(super) struct RedbMemory {
    file: RedbFile,
    state: Mutex<State>,
}

struct State {
    /// The number of the next record.
    next: u64,
    /// The places are numbers.
    kept: Kept,
    /// Numbers of records that are kept no more, and go with the next one that is written.
    gone: Vec<u64>,
    /// Numbers of the removals in the file, the oldest first.
    removals: VecDeque<u64>,
}

impl State {
    /// Notes a record that is in the file.
    fn note(&mut self, id: &str, is_removal: bool, place: Place) {
        if is_removal {
            self.gone.extend(self.kept.remove(id).map(|old| old.at));
            self.removals.push_back(place.at);
            if self.removals.len() > REMOVALS {
                self.gone.extend(self.removals.pop_front());
            }
        } else {
            self.gone.extend(self.kept.add(id, place).map(|old| old.at));
        }
    }
}

impl RedbMemory {
    /// Opens the memory, made where it is missing. A damaged file is moved aside; what can be found in it is kept.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn open(disk: &Arc<dyn Disk>, path: &Path, kept: Kept, found: &mut Found) -> Result<RedbMemory, StoreError> {
        let damage = match disk.kind(path).map_err(at(path))? {
            Kind::Other => "it is not a file".to_owned(),
            _ => match RedbFile::open(disk, path)? {
                Ok(file) => return RedbMemory::of(disk, file, kept, found),
                Err(damage) => damage,
            },
        };
        let aside = aside::rename(&**disk, path)?;
        let file = RedbFile::open(disk, path)?.map_err(StoreError::Database)?;
        let mut rescued = 0;
        if disk.kind(&aside).map_err(at(&aside))? == Kind::File {
            let damaged = disk.open(&aside).map_err(at(&aside))?;
            found.places += 1;
            found.bytes += damaged.length().map_err(at(&aside))?;
            rescued = rescue(&*damaged, &file, &kept).map_err(|e| e.within(&aside))?;
        }
        found.warnings.push(format!(
            "`{}` was damaged ({damage}) and has been moved to `{}`; {rescued} {} were found in it, {}",
            path.display(),
            aside.display(),
            kept.contents,
            kept.contents.remedy()
        ));
        RedbMemory::of(disk, file, kept, found)
    }

    /// The memory of a file that is whole.
    fn of(disk: &Arc<dyn Disk>, file: RedbFile, kept: Kept, found: &mut Found) -> Result<RedbMemory, StoreError> {
        let contents = kept.contents;
        let mut state = State { next: 1, kept, gone: Vec::new(), removals: VecDeque::new() };
        let mut damaged = 0;
        file.with(|db| {
            let sets = match db.begin_read()?.open_table(SETS) {
                Ok(sets) => sets,
                Err(TableError::TableDoesNotExist(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            for set in sets.iter()? {
                let (number, bytes) = set?;
                let (number, bytes) = (number.value(), bytes.value());
                state.next = state.next.max(number + 1);
                match frame::read(bytes) {
                    Some(record) => {
                        let place = Place { at: number, bytes: bytes.len() as u64 };
                        state.note(&record.key, record.is_removal(), place);
                    }
                    None => damaged += 1,
                }
            }
            Ok(())
        })?;
        if damaged > 0 {
            found.places += damaged;
            found.warnings.push(format!("{damaged} {contents} of `{}` are damaged", file.path().display()));
        }
        let memory = RedbMemory { file, state: Mutex::new(state) };
        memory.put_back(disk, found)?;
        Ok(memory)
    }

    /// Puts back what redb has rolled back: where the last commit is damaged, and redb was not closed in order, it goes
    /// on from the one before, and does not say so. The frames of that commit are in the file, with higher numbers than
    /// all others.
    fn put_back(&self, disk: &Arc<dyn Disk>, found: &mut Found) -> Result<(), StoreError> {
        let path = self.file.path();
        let raw = disk.open(path).map_err(at(path))?;
        let next = self.state()?.next;
        let mut later: BTreeMap<u64, Record> = BTreeMap::new();
        search(&*raw, &mut |record, _, _| {
            if record.number >= next {
                later.insert(record.number, record);
            }
        })
        .map_err(at(path))?;
        if later.is_empty() {
            return Ok(());
        }
        let records = later.values().map(|record| Ok((record.key.clone(), record.value.clone())));
        match self.put(&mut *self.state()?, &mut { records }) {
            // They stay where they are in the file as long as nothing else is written.
            Err(error) if error.is_full() => {
                found.warnings.push(format!("`{}` cannot be mended yet: {error}", path.display()));
                return Ok(());
            }
            put => put?,
        };
        found.warnings.push(format!(
            "{} {} of `{}` were put back: the commit that they were in was interrupted, or is damaged",
            later.len(),
            self.state()?.kept.contents,
            path.display()
        ));
        Ok(())
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        self.state.lock().map_err(|_| StoreError::Database("a write to the store broke off".to_owned()))
    }

    /// Puts records into the file; on disk when this returns, all of them or none. Returns how many.
    fn put(&self, state: &mut State, records: &mut Sets<'_>) -> Result<usize, StoreError> {
        let mut notes = Vec::new();
        let mut number = state.next;
        let mut frames = records.map(|record| {
            let (id, value) = record?;
            let frame = frame::write(number, &id, &value)?;
            let place = Place { at: number, bytes: frame.len() as u64 };
            notes.push((id, value.is_empty(), place));
            number += 1;
            Ok((place.at, frame))
        });
        put(&self.file, &mut frames, &state.gone)?;
        state.gone.clear();
        state.next += notes.len() as u64;
        for (id, is_removal, place) in &notes {
            state.note(id, *is_removal, *place);
        }
        Ok(notes.len())
    }

    fn load(&self, place: Place) -> Result<Record, StoreError> {
        let found = self.file.with(|db| {
            let sets = db.begin_read()?.open_table(SETS)?;
            Ok(sets.get(place.at)?.and_then(|bytes| frame::read(bytes.value())))
        })?;
        let text = || format!("record {} of `{}` is not what was written", place.at, self.file.path().display());
        found.ok_or_else(|| StoreError::Record(text()))
    }
}

impl Memory for RedbMemory {
    fn keep(&self, id: &str, packed: &[u8]) -> Result<(), StoreError> {
        let mut state = self.state()?;
        if let Some(place) = state.kept.place(id)
            && self.load(place).is_ok_and(|old| old.value == packed)
        {
            return Ok(());
        }
        state.kept.admit(id, frame::length(id, packed))?;
        self.put(&mut state, &mut iter::once(Ok((id.to_owned(), packed.to_owned()))))?;
        Ok(())
    }

    fn keep_all(&self, sets: &mut Sets<'_>) -> Result<usize, StoreError> {
        self.put(&mut *self.state()?, sets)
    }

    fn forget(&self, id: &str) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        if state.kept.place(id).is_none() {
            return Ok(false);
        }
        self.put(&mut state, &mut iter::once(Ok((id.to_owned(), Vec::new()))))?;
        Ok(true)
    }

    fn find(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(place) = self.state()?.kept.place(id) else { return Ok(None) };
        match self.load(place) {
            Ok(record) if record.key == id => Ok(Some(record.value)),
            // It may have gone in between.
            _ if self.state()?.kept.place(id) != Some(place) => self.find(id),
            Ok(_) => Err(StoreError::Record(format!("`{}` has another one in its place", self.file.path().display()))),
            Err(error) => Err(error),
        }
    }

    fn ids(&self) -> Vec<String> {
        self.state().map_or_else(|_| Vec::new(), |state| state.kept.sets().map(|(id, _)| id.to_owned()).collect())
    }

    fn page(&self, after: Option<&str>, count: usize) -> Vec<(String, u64)> {
        self.state().map_or_else(|_| Vec::new(), |state| state.kept.page(after, count))
    }

    fn count(&self) -> usize {
        self.state().map_or(0, |state| state.kept.count())
    }

    fn bound(&self, bounds: Bounds) {
        if let Ok(mut state) = self.state() {
            state.kept.bound(bounds);
        }
    }
}

/// Puts frames under their numbers and removes others; on disk when this returns, all of it or none.
fn put(
    file: &RedbFile,
    frames: &mut dyn Iterator<Item = Result<(u64, Vec<u8>), StoreError>>,
    gone: &[u64],
) -> Result<(), StoreError> {
    let mut unread = None;
    file.with(|db| {
        let mut transaction = db.begin_write()?;
        // Else redb goes on from the commit before where this one is damaged later, and does not say so.
        transaction.set_two_phase_commit(true);
        {
            let mut sets = transaction.open_table(SETS)?;
            for frame in frames {
                match frame {
                    Ok((number, frame)) => {
                        sets.insert(number, frame.as_slice())?;
                    }
                    Err(error) => {
                        // What is dropped without a commit is undone.
                        unread = Some(error);
                        return Ok(());
                    }
                }
            }
            for number in gone {
                sets.remove(number)?;
            }
        }
        Ok(transaction.commit()?)
    })?;
    unread.map_or(Ok(()), Err)
}

/// Puts the newest records that are found anywhere in a damaged file into a new one. Returns how many.
fn rescue(damaged: &dyn DiskFile, file: &RedbFile, kept: &Kept) -> Result<usize, StoreError> {
    let mut newest: BTreeMap<u64, (String, bool, Place)> = BTreeMap::new();
    search(damaged, &mut |record, at, bytes| {
        let is_removal = record.is_removal();
        newest.insert(record.number, (record.key, is_removal, Place { at, bytes }));
    })
    .map_err(at(Path::new("")))?;
    let mut kept = kept.emptied();
    for (key, is_removal, place) in newest.values() {
        if *is_removal {
            kept.remove(key);
        } else {
            kept.add(key, *place);
        }
    }
    let mut number = 0;
    let mut frames = kept.sets().filter_map(|(_, place)| {
        let mut bytes = vec![0; usize::try_from(place.bytes).unwrap_or(usize::MAX)];
        if let Err(error) = damaged.read_at(place.at, &mut bytes) {
            return Some(Err(at(Path::new(""))(error)));
        }
        let record = frame::read(&bytes)?;
        number += 1;
        Some(frame::write(number, &record.key, &record.value).map(|frame| (number, frame)))
    });
    put(file, &mut frames, &[])?;
    Ok(kept.count())
}

#[cfg(test)]
#[path = "tests/redb_memory.rs"]
mod tests;
