//! The files that an import is given: files, folders, and what is in zip archives; opened when they are read.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use zip::ZipArchive;

use super::TerminologyError;

/// Bounds on what is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files and entries of archives.
    pub entries: usize,
    /// Bytes of one file, unpacked.
    pub file_bytes: u64,
    /// Unpacked bytes for each packed one of an archive's entry, looked at from 16 MiB on.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { entries: 200_000, file_bytes: 4 << 30, ratio: 150 }
    }
}

type Archive = ZipArchive<BufReader<File>>;

/// One file.
#[derive(Clone)]
pub struct Input {
    /// What it is called in messages: its path, or `archive.zip/path/in/it`.
    pub name: String,
    place: Place,
    limits: Limits,
}

#[derive(Clone)]
enum Place {
    Disk(PathBuf),
    Zip(Arc<Mutex<Archive>>, usize),
}

impl Input {
    /// The last part of its name.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// Calls `work` with what reads the file.
    ///
    /// # Errors
    /// A file that cannot be opened, an archive that is damaged, and what `work` says.
    pub fn open<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> Result<T, TerminologyError>,
    ) -> Result<T, TerminologyError> {
        match &self.place {
            Place::Disk(path) => {
                let file = File::open(path).map_err(TerminologyError::io(path))?;
                work(&mut Bounded::new(file, self.limits.file_bytes))
            }
            Place::Zip(zip, index) => {
                let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
                let entry = zip.by_index(*index).map_err(|e| damaged(&self.name, &e))?;
                let by_ratio = entry.compressed_size().saturating_mul(self.limits.ratio).max(16 << 20);
                work(&mut Bounded::new(entry, by_ratio.min(self.limits.file_bytes)))
            }
        }
    }

    /// The first bytes of the file, at most so many.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn start(&self, most: u64) -> Result<Vec<u8>, TerminologyError> {
        self.open(|reader| {
            let mut out = Vec::new();
            reader.take(most).read_to_end(&mut out).map_err(|e| self.trouble(&e))?;
            Ok(out)
        })
    }

    /// What to say where reading fails.
    pub fn trouble(&self, error: &std::io::Error) -> TerminologyError {
        TerminologyError::Read { file: self.name.clone(), why: error.to_string() }
    }
}

/// A reader that fails beyond a bound.
struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Bounded<R> {
    fn new(inner: R, limit: u64) -> Bounded<R> {
        Bounded { inner, left: limit, limit }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(out)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| std::io::Error::other(format!("it exceeds the limit of {} unpacked bytes", self.limit)))?;
        Ok(count)
    }
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> TerminologyError {
    TerminologyError::Read { file: name.to_owned(), why: format!("the archive is damaged: {error}") }
}

fn archive(path: &Path) -> Result<Archive, TerminologyError> {
    let file = File::open(path).map_err(TerminologyError::io(path))?;
    ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(&path.display().to_string(), &e))
}

/// The files behind these paths, those of folders and archives in the order of their names.
///
/// # Errors
/// A path that cannot be read, an archive that is damaged, more files than the limit.
pub fn inputs(paths: &[PathBuf], limits: Limits) -> Result<Vec<Input>, TerminologyError> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            add(path, limits, &mut out)?;
            continue;
        }
        for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
            let entry =
                entry.map_err(|e| TerminologyError::Read { file: path.display().to_string(), why: e.to_string() })?;
            if entry.file_type().is_file() {
                add(entry.path(), limits, &mut out)?;
            }
        }
    }
    Ok(out)
}

fn add(path: &Path, limits: Limits, out: &mut Vec<Input>) -> Result<(), TerminologyError> {
    let is_zip = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    let shown = path.display().to_string();
    if is_zip {
        let zip = archive(path)?;
        let names = zip.file_names().map(|name| name.map(std::borrow::Cow::into_owned));
        let names = names.collect::<Result<Vec<String>, _>>().map_err(|e| damaged(&shown, &e))?;
        let zip = Arc::new(Mutex::new(zip));
        for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.ends_with('/')) {
            out.push(Input { name: format!("{shown}/{name}"), place: Place::Zip(Arc::clone(&zip), index), limits });
        }
    } else {
        out.push(Input { name: shown.clone(), place: Place::Disk(path.to_owned()), limits });
    }
    if out.len() > limits.entries {
        let why = format!("more than the limit of {} files", limits.entries);
        return Err(TerminologyError::Read { file: shown, why });
    }
    Ok(())
}
