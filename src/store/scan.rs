//! Reads the records of a file, whatever is between them: after damage it finds the next one.

use std::io;
use std::ops::Range;

use memchr::memmem;

use super::disk::DiskFile;
use super::frame::{self, HEAD, MAGIC, Record};
use super::old_record;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 4 << 20;
/// Old records are looked for among damage until checksums of so many times the file's bytes were computed.
const OLD_SEARCH_FACTOR: u64 = 4;
/// …and of these more.
const OLD_SEARCH_BYTES: u64 = 256 << 20;

/// What a file held besides its records.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Survey {
    /// The length of the file.
    pub length: u64,
    /// Where its last whole record ends.
    pub end: u64,
    /// What is no record, in order; the last one reaches to the file's end where its end is torn.
    pub gaps: Vec<Range<u64>>,
    /// True where old records may be left among the damage: looking for more would have taken too long.
    pub is_cut_short: bool,
}

impl Survey {
    /// How many bytes are no record.
    pub fn lost_bytes(&self) -> u64 {
        self.gaps.iter().map(|gap| gap.end - gap.start).sum()
    }
}

/// Gives each whole record of a journal to `each`, with the place and length of its frame or old record, in order.
///
/// # Errors
/// What the disk says where it cannot be read.
pub(super) fn scan(file: &dyn DiskFile, each: &mut dyn FnMut(Record, u64, u64)) -> io::Result<Survey> {
    let mut scan = Scan::of(file)?;
    scan.has_old = !scan.window.bytes(0, MAGIC.len())?.starts_with(&MAGIC);
    scan.run(each)
}

/// The same of any file, in which frames are somewhere, and no old records.
///
/// # Errors
/// What the disk says where it cannot be read.
pub(super) fn search(file: &dyn DiskFile, each: &mut dyn FnMut(Record, u64, u64)) -> io::Result<Survey> {
    Scan::of(file)?.run(each)
}

struct Scan<'f> {
    window: Window<'f>,
    /// For how many bytes more checksums of old records are computed.
    budget: u64,
    /// Whether old records are looked for.
    has_old: bool,
}

impl<'f> Scan<'f> {
    fn of(file: &'f dyn DiskFile) -> io::Result<Scan<'f>> {
        let length = file.length()?;
        Ok(Scan {
            window: Window { file, length, start: 0, bytes: Vec::new() },
            budget: length.saturating_mul(OLD_SEARCH_FACTOR).saturating_add(OLD_SEARCH_BYTES),
            has_old: false,
        })
    }

    fn run(mut self, each: &mut dyn FnMut(Record, u64, u64)) -> io::Result<Survey> {
        let length = self.window.length;
        let mut survey = Survey { length, ..Survey::default() };
        let mut at = 0;
        while at < length {
            let found = match self.record(at)? {
                Some((record, size)) => Some((record, at, size)),
                None => self.next(at + 1)?,
            };
            let start = found.as_ref().map_or(length, |(_, start, _)| *start);
            if start > at {
                survey.gaps.push(at..start);
            }
            at = length;
            if let Some((record, start, size)) = found {
                at = start + size;
                survey.end = at;
                each(record, start, size);
            }
        }
        survey.is_cut_short = self.budget == 0;
        Ok(survey)
    }

    /// The record that begins here, and its length in the file.
    fn record(&mut self, at: u64) -> io::Result<Option<(Record, u64)>> {
        match self.framed(at)? {
            None if self.has_old => self.old(at, false),
            found => Ok(found),
        }
    }

    fn framed(&mut self, at: u64) -> io::Result<Option<(Record, u64)>> {
        let Some(head) = frame::head(self.window.bytes(at, HEAD)?) else { return Ok(None) };
        let body = self.window.bytes(at + HEAD as u64, head.body_length)?;
        Ok(head.record(body).map(|record| (record, (HEAD + head.body_length) as u64)))
    }

    /// The old record that begins here; `is_guess` where nothing says that one does.
    fn old(&mut self, at: u64, is_guess: bool) -> io::Result<Option<(Record, u64)>> {
        let Some((length, crc)) = old_record::head(self.window.bytes(at, old_record::HEAD)?) else { return Ok(None) };
        let (from, size) = (at + old_record::HEAD as u64, (old_record::HEAD + length) as u64);
        if size > self.window.length - at || self.budget == 0 {
            return Ok(None);
        }
        if is_guess && !old_record::is_likely(self.window.bytes(from, length.min(old_record::LIKELY_BYTES))?) {
            return Ok(None);
        }
        self.budget = self.budget.saturating_sub(size);
        Ok(old_record::record(self.window.bytes(from, length)?, crc).map(|record| (record, size)))
    }

    /// The next record from here on, with its place and length.
    fn next(&mut self, from: u64) -> io::Result<Option<(Record, u64, u64)>> {
        let mut from = from;
        loop {
            let magic = self.magic(from)?;
            let before = magic.unwrap_or(self.window.length);
            while self.has_old && from < before {
                if let Some((record, size)) = self.old(from, true)? {
                    return Ok(Some((record, from, size)));
                }
                from += 1;
            }
            let Some(at) = magic else { return Ok(None) };
            if let Some((record, size)) = self.framed(at)? {
                return Ok(Some((record, at, size)));
            }
            from = at + 1;
        }
    }

    /// The next place where a frame may begin.
    fn magic(&mut self, from: u64) -> io::Result<Option<u64>> {
        let mut from = from;
        loop {
            let part = self.window.rest(from)?;
            if part.len() < MAGIC.len() {
                return Ok(None);
            }
            if let Some(place) = memmem::find(part, &MAGIC) {
                return Ok(Some(from + place as u64));
            }
            from += (part.len() + 1 - MAGIC.len()) as u64;
        }
    }
}

/// A part of a file in memory.
struct Window<'f> {
    file: &'f dyn DiskFile,
    length: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    /// What is in memory from this place on, at least as much as [`MAGIC`] has; less only where the file ends.
    fn rest(&mut self, at: u64) -> io::Result<&[u8]> {
        self.bytes(at, MAGIC.len())?;
        let from = usize::try_from(at - self.start).unwrap_or(usize::MAX);
        Ok(self.bytes.get(from..).unwrap_or_default())
    }

    /// So many bytes from this place on; fewer where the file ends.
    fn bytes(&mut self, at: u64, count: usize) -> io::Result<&[u8]> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        let count = count.min(left);
        let is_here = at >= self.start && at + count as u64 <= self.start + self.bytes.len() as u64;
        if !is_here {
            self.bytes.resize(count.max(CHUNK_BYTES).min(left), 0);
            self.start = at;
            if let Err(error) = self.file.read_at(at, &mut self.bytes) {
                self.bytes.clear();
                return Err(error);
            }
        }
        let from = usize::try_from(at - self.start).unwrap_or(usize::MAX);
        Ok(self.bytes.get(from..from + count).unwrap_or_default())
    }
}
