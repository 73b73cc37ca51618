//! The journal of negotiated sets: a file that is only appended to, and an index of it in memory. It is all that is
//! kept of them beside sled, which rolls back to its last readable state when its log is damaged, and does not say so.

use std::iter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::aside;
use super::bounds::Bounds;
use super::disk::{Disk, DiskFile, Kind, sync_folder};
use super::error::at;
use super::frame::{self, Record};
use super::kept::{Kept, Place};
use super::memory::{Found, Memory, Sets};
use super::scan::{Survey, scan};
use super::{StoreError, old_record};

/// The journal is written anew where it has twice the bytes of what is kept, and these.
const SLACK_BYTES: u64 = 4 << 20;

/// The open journal; appending is what makes a record durable.
pub(super) struct Journal {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    /// [`SLACK_BYTES`]; less in tests.
    slack_bytes: u64,
    state: Mutex<State>,
}

struct State {
    file: Arc<dyn DiskFile>,
    /// Whether the folder says of it, on disk, that it is there.
    is_named: bool,
    /// Where the next frame goes.
    end: u64,
    /// True where a frame that was given up on may still be behind the end.
    is_torn: bool,
    /// The number of the next record.
    next: u64,
    kept: Kept,
    /// The journal is not written anew before it is longer than this: it could not be the last time.
    patience: u64,
}

impl Journal {
    /// Opens the journal, made where it is missing, and reads it. What is no record is copied aside, and then cut out.
    ///
    /// # Errors
    /// [`StoreError::File`] where the file system refuses.
    pub(super) fn open(
        disk: &Arc<dyn Disk>,
        path: &Path,
        kept: Kept,
        found: &mut Found,
    ) -> Result<Journal, StoreError> {
        if disk.kind(path).map_err(at(path))? == Kind::Other {
            let aside = aside::rename(&**disk, path)?;
            found.warnings.push(format!(
                "`{}` is not a file and has been moved to `{}`; the journal of {} begins anew",
                path.display(),
                aside.display(),
                kept.contents
            ));
        }
        let file = disk.open(path).map_err(at(path))?;
        let mut state =
            State { file: Arc::clone(&file), is_named: false, end: 0, is_torn: false, next: 1, kept, patience: 0 };
        let survey = scan(&*file, &mut |record, at, bytes| {
            state.next = state.next.max(record.number + 1);
            if record.is_removal() {
                state.kept.remove(&record.key);
            } else {
                state.kept.add(&record.key, Place { at, bytes });
            }
        })
        .map_err(at(path))?;
        state.end = survey.length;
        let journal = Journal {
            disk: Arc::clone(disk),
            path: path.to_owned(),
            slack_bytes: SLACK_BYTES,
            state: Mutex::new(state),
        };
        journal.mend(&survey, found)?;
        journal.tidy(&mut *journal.state()?);
        Ok(journal)
    }

    /// Copies aside what is no record, and cuts it out; where that fails it stays, and is read around.
    fn mend(&self, survey: &Survey, found: &mut Found) -> Result<(), StoreError> {
        let (name, bytes, places) = (self.path.display(), survey.lost_bytes(), survey.gaps.len());
        if places == 0 {
            return Ok(());
        }
        found.places += places;
        found.bytes += bytes;
        let mut state = self.state()?;
        let is_tail_alone = survey.gaps.iter().all(|gap| gap.start == survey.end);
        let cut = aside::copy(&*self.disk, &self.path, &*state.file, &survey.gaps).and_then(|aside| {
            if is_tail_alone {
                self.cut(&mut state, survey.end)?;
            } else if let Err(error) = self.rewrite(&mut state) {
                let _ = self.disk.remove(&aside);
                return Err(error);
            }
            Ok(aside)
        });
        let what = if is_tail_alone {
            "an incomplete record at its end, as a process leaves that is killed while it writes".to_owned()
        } else {
            format!("what is lost of it is older than the damage; {}", state.kept.contents.remedy())
        };
        found.warnings.push(match cut {
            Ok(aside) => format!(
                "`{name}` has {bytes} bytes at {places} places that are no whole records; they have been moved to \
                 `{}` ({what})",
                aside.display()
            ),
            Err(error) => format!(
                "`{name}` has {bytes} bytes at {places} places that are no whole records; they stay where they are \
                 ({what}), since they could not be moved aside: {error}"
            ),
        });
        if survey.is_cut_short {
            found.warnings.push(format!(
                "`{name}` was damaged in too many places to look for every record of the old format between them"
            ));
        }
        Ok(())
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        self.state.lock().map_err(|_| StoreError::Database("a write to the journal broke off".to_owned()))
    }

    fn cut(&self, state: &mut State, end: u64) -> Result<(), StoreError> {
        state.file.set_length(end).and_then(|()| state.file.sync()).map_err(at(&self.path))?;
        state.end = end;
        Ok(())
    }

    /// Appends records; on disk when this returns, all of them or none. Where they do not fit on the disk, the others
    /// stay as they are.
    fn append(&self, state: &mut State, records: &mut Sets<'_>) -> Result<Vec<(String, Place)>, StoreError> {
        if state.is_torn {
            // Where it cannot be cut off it is written over, and what sticks out behind is read around.
            state.is_torn = state.file.set_length(state.end).is_err();
        }
        let places = self.write(state, records).inspect_err(|_| {
            state.is_torn = state.file.set_length(state.end).is_err();
        })?;
        state.is_named |= !places.is_empty();
        state.next += places.len() as u64;
        state.end += places.iter().map(|(_, place)| place.bytes).sum::<u64>();
        Ok(places)
    }

    /// Writes records behind the end, with one sync.
    fn write(&self, state: &State, records: &mut Sets<'_>) -> Result<Vec<(String, Place)>, StoreError> {
        let (mut end, mut places) = (state.end, Vec::new());
        for record in records {
            let (id, packed) = record?;
            let frame = frame::write(state.next + places.len() as u64, &id, &packed)?;
            state.file.write_at(end, &frame).map_err(at(&self.path))?;
            let bytes = frame.len() as u64;
            places.push((id, Place { at: end, bytes }));
            end += bytes;
        }
        if !places.is_empty() {
            state.file.sync().map_err(at(&self.path))?;
            if !state.is_named {
                sync_folder(&*self.disk, &self.path)?;
            }
        }
        Ok(places)
    }

    /// Writes the journal anew where most of it is of sets that went; where that fails it stays, and grows.
    fn tidy(&self, state: &mut State) {
        if state.end <= 2 * state.kept.bytes() + self.slack_bytes || state.end <= state.patience {
            return;
        }
        if let Err(error) = self.rewrite(state) {
            state.patience = state.end + self.slack_bytes;
            tracing::warn!(%error, "a journal could not be written anew");
        }
    }

    /// Puts a journal of what is kept in the place of this one, which stays where that fails.
    fn rewrite(&self, state: &mut State) -> Result<(), StoreError> {
        let beside = self.path.with_extension("new");
        if self.disk.kind(&beside).map_err(at(&beside))? == Kind::Other {
            aside::rename(&*self.disk, &beside)?;
        }
        let made = self.copy(state, &beside).and_then(|made| {
            self.disk.rename(&beside, &self.path).map_err(at(&self.path))?;
            Ok(made)
        });
        match made {
            Ok(made) => {
                *state = made;
                state.is_named = sync_folder(&*self.disk, &self.path).is_ok();
                Ok(())
            }
            Err(error) => {
                let _ = self.disk.remove(&beside);
                Err(error)
            }
        }
    }

    /// A new file with the records that are kept.
    fn copy(&self, state: &State, path: &Path) -> Result<State, StoreError> {
        let file = self.disk.create(path).map_err(at(path))?;
        let mut out = State {
            file: Arc::clone(&file),
            is_named: false,
            end: 0,
            is_torn: false,
            next: 1,
            kept: state.kept.emptied(),
            patience: 0,
        };
        for (id, place) in state.kept.sets() {
            let record = load(&*state.file, place).map_err(|e| e.within(&self.path))?;
            let frame = frame::write(out.next, id, &record.value)?;
            file.write_at(out.end, &frame).map_err(at(path))?;
            let bytes = frame.len() as u64;
            out.kept.add(id, Place { at: out.end, bytes });
            out.end += bytes;
            out.next += 1;
        }
        file.sync().map_err(at(path))?;
        Ok(out)
    }

    /// How many bytes the journal has.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> u64 {
        self.state().map_or(0, |state| state.end)
    }
}

impl Memory for Journal {
    fn keep(&self, id: &str, packed: &[u8]) -> Result<(), StoreError> {
        let mut state = self.state()?;
        if let Some(place) = state.kept.place(id)
            && load(&*state.file, place).is_ok_and(|old| old.value == packed)
        {
            return Ok(());
        }
        state.kept.admit(id, frame::length(id, packed))?;
        let record = (id.to_owned(), packed.to_owned());
        for (id, place) in self.append(&mut state, &mut iter::once(Ok(record)))? {
            state.kept.add(&id, place);
        }
        self.tidy(&mut state);
        Ok(())
    }

    fn keep_all(&self, sets: &mut Sets<'_>) -> Result<usize, StoreError> {
        let mut state = self.state()?;
        let places = self.append(&mut state, sets)?;
        for (id, place) in &places {
            state.kept.add(id, *place);
        }
        Ok(places.len())
    }

    fn forget(&self, id: &str) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        if state.kept.place(id).is_none() {
            return Ok(false);
        }
        self.append(&mut state, &mut iter::once(Ok((id.to_owned(), Vec::new()))))?;
        state.kept.remove(id);
        self.tidy(&mut state);
        Ok(true)
    }

    fn find(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let state = self.state()?;
        let Some(place) = state.kept.place(id) else { return Ok(None) };
        let file = Arc::clone(&state.file);
        drop(state);
        let record = load(&*file, place).map_err(|e| e.within(&self.path))?;
        if record.key != id {
            return Err(StoreError::Record(format!("`{}` has another one in its place", self.path.display())));
        }
        Ok(Some(record.value))
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

/// The record of a place.
fn load(file: &dyn DiskFile, place: Place) -> Result<Record, StoreError> {
    let mut bytes = vec![0; usize::try_from(place.bytes).unwrap_or(usize::MAX)];
    file.read_at(place.at, &mut bytes).map_err(at(Path::new("")))?;
    let old = || {
        let (_, crc) = old_record::head(&bytes)?;
        old_record::record(bytes.get(old_record::HEAD..)?, crc)
    };
    frame::read(&bytes).or_else(old).ok_or_else(|| {
        StoreError::Record(format!("the {} bytes from byte {} on are not what was written", place.bytes, place.at))
    })
}

#[cfg(test)]
#[path = "tests/journal.rs"]
mod tests;
