//! Line and column of a byte offset, found when an issue needs them.

use std::cell::Cell;

/// A place in the text: line and column from 1, the column counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// The starts of the lines of one text; built once for a text whose issues are rendered.
pub struct LineIndex<'t> {
    text: &'t [u8],
    starts: Vec<u32>,
    /// The last place that was asked for: the offset, and how many characters precede it in its line. Places are
    /// mostly asked for in the order of the text, so that a long line is counted once.
    last: Cell<(usize, usize)>,
}

impl<'t> LineIndex<'t> {
    /// The lines of a text.
    pub fn new(text: &'t [u8]) -> LineIndex<'t> {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|i| i as u32 + 1)).collect();
        LineIndex { text, starts, last: Cell::new((0, 0)) }
    }

    /// Line and column of a byte offset; offsets past the end give the end.
    pub fn place(&self, offset: u32) -> Place {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|s| *s as usize <= offset).max(1) - 1;
        let start = self.starts.get(line).map_or(0, |s| *s as usize);
        let (from, before) = self.last.get();
        let (from, before) = if (start..=offset).contains(&from) { (from, before) } else { (start, 0) };
        let column = before + String::from_utf8_lossy(self.text.get(from..offset).unwrap_or_default()).chars().count();
        self.last.set((offset, column));
        Place { line: line as u32 + 1, column: column as u32 + 1 }
    }

    /// The index of a line, from 0; of one past the end that of the last.
    fn index(&self, line: u32) -> usize {
        (line as usize).saturating_sub(1).min(self.starts.len() - 1)
    }

    /// Where a line begins in the text, in bytes.
    pub fn start(&self, line: u32) -> usize {
        self.starts.get(self.index(line)).map_or(0, |s| *s as usize)
    }

    /// The text of a line (from 1) without its line break.
    pub fn line(&self, line: u32) -> &'t [u8] {
        let start = self.start(line);
        let end = self.starts.get(self.index(line) + 1).map_or(self.text.len(), |e| *e as usize - 1);
        let bytes = self.text.get(start..end.max(start)).unwrap_or_default();
        bytes.strip_suffix(b"\r").unwrap_or(bytes)
    }
}
