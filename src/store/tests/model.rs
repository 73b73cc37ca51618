//! A disk in memory that can be torn, flipped, full and cut off from power at any moment.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::store::disk::{Disk, DiskFile, Kind};

/// Numbers by chance, the same ones for the same seed.
pub struct Chance(u64);

impl Chance {
    pub fn of(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// One of `0..below`.
    pub fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below.max(1)
    }
}

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Length(length) => bytes.resize(*length as usize, 0),
            Change::Write(at, new) => {
                let end = *at as usize + new.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at as usize..end].copy_from_slice(new);
            }
        }
    }
}

#[derive(Clone, Default)]
struct Content {
    now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Default)]
struct State {
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    contents: Vec<Content>,
    /// How many changes were asked for.
    asked: u64,
    /// Which of them fail.
    failing: std::ops::Range<u64>,
}

/// The disk; clones are the same one.
#[derive(Clone, Default)]
pub struct Model(Arc<Mutex<State>>);

impl Model {
    pub fn disk(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }

    /// A disk with one file.
    pub fn with(path: &str, bytes: &[u8]) -> Model {
        let model = Model::default();
        {
            let mut state = model.0.lock().unwrap();
            state.contents.push(Content { now: bytes.to_vec(), durable: bytes.to_vec(), pending: Vec::new() });
            state.names.insert(path.into(), 0);
            state.durable_names.insert(path.into(), 0);
        }
        model
    }

    /// The changes with these numbers, counted from now, fail.
    pub fn fail(&self, which: std::ops::Range<u64>) {
        let mut state = self.0.lock().unwrap();
        state.failing = state.asked + which.start..state.asked.saturating_add(which.end);
    }

    /// How many changes were asked for.
    pub fn asked(&self) -> u64 {
        self.0.lock().unwrap().asked
    }

    pub fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let state = self.0.lock().unwrap();
        state.names.get(Path::new(path)).map(|n| state.contents[*n].now.clone())
    }

    pub fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().names.keys().map(|p| p.display().to_string()).collect()
    }

    /// What is left where the power fails now: of changes that were not brought to disk some are there, some in part.
    pub fn crashed(&self, chance: &mut Chance) -> Model {
        let state = self.0.lock().unwrap();
        let names = if chance.below(2) == 0 { &state.names } else { &state.durable_names }.clone();
        let contents = state.contents.iter().map(|content| {
            let mut bytes = content.durable.clone();
            for change in &content.pending {
                match (chance.below(3), change) {
                    (0, _) => {}
                    (1, Change::Write(at, new)) => {
                        let part = chance.below(new.len() as u64 + 1) as usize;
                        Change::Write(*at, new[..part].to_vec()).apply(&mut bytes);
                    }
                    (_, change) => change.apply(&mut bytes),
                }
            }
            Content { now: bytes.clone(), durable: bytes, pending: Vec::new() }
        });
        let contents = contents.collect();
        let state = State { durable_names: names.clone(), names, contents, ..State::default() };
        Model(Arc::new(Mutex::new(state)))
    }
}

impl State {
    fn ask(&mut self) -> io::Result<()> {
        self.asked += 1;
        if self.failing.contains(&(self.asked - 1)) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Model {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let known = self.0.lock().unwrap().names.get(path).copied();
        match known {
            Some(number) => Ok(Arc::new(ModelFile { model: self.clone(), number })),
            None => self.create(path),
        }
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut state = self.0.lock().unwrap();
        state.ask()?;
        state.contents.push(Content::default());
        let number = state.contents.len() - 1;
        state.names.insert(path.to_owned(), number);
        Ok(Arc::new(ModelFile { model: self.clone(), number }))
    }

    fn look(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let known = self.0.lock().unwrap().names.get(path).copied();
        let number = known.ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(ModelFile { model: self.clone(), number }))
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.0.lock().unwrap();
        Ok(state.names.keys().filter(|path| path.parent() == Some(folder)).cloned().collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.ask()?;
        let number = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), number);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.ask()?;
        state.names.remove(path).map(|_| ()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.ask()?;
        state.durable_names = state.names.clone();
        Ok(())
    }

    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Ok(if self.0.lock().unwrap().names.contains_key(path) { Kind::File } else { Kind::Absent })
    }
}

#[derive(Clone)]
struct ModelFile {
    model: Model,
    number: usize,
}

impl ModelFile {
    fn change(&self, change: Change) -> io::Result<()> {
        let mut state = self.model.0.lock().unwrap();
        let asked = state.ask();
        let change = match (&asked, change) {
            (Ok(()), change) => change,
            // A disk that is full takes a part.
            (Err(_), Change::Write(at, bytes)) => Change::Write(at, bytes[..bytes.len() / 2].to_vec()),
            (Err(_), Change::Length(_)) => return asked,
        };
        let content = &mut state.contents[self.number];
        change.apply(&mut content.now);
        content.pending.push(change);
        asked
    }
}

impl DiskFile for ModelFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.model.0.lock().unwrap().contents[self.number].now.len() as u64)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let state = self.model.0.lock().unwrap();
        let bytes = &state.contents[self.number].now;
        let part = bytes.get(at as usize..at as usize + into.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        into.copy_from_slice(part);
        Ok(())
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.change(Change::Write(at, bytes.to_vec()))
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.change(Change::Length(length))
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.model.0.lock().unwrap();
        state.ask()?;
        let content = &mut state.contents[self.number];
        content.durable = content.now.clone();
        content.pending.clear();
        Ok(())
    }
}
