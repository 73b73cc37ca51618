//! Places in a text as editors count them: lines from 0, and in a line code units of an encoding.

/// What columns are counted in: what the protocol calls a position encoding kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of sixteen bits, of which a character beyond the first plane has two: what every client can do.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

/// A line and a column, both from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// How many units of the encoding are before it in its line.
    pub column: u32,
}

impl Encoding {
    /// How many units a character has.
    fn units(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// Where the lines of a text begin, in bytes. `\n`, `\r\n` and `\r` end a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines(Vec<usize>);

/// The bytes behind which a line begins, from a place on.
fn starts(text: &str, from: usize) -> impl Iterator<Item = usize> + '_ {
    let bytes = text.as_bytes();
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes.get(from..).unwrap_or_default()).map(move |n| from + n);
    ends.filter(move |&n| bytes.get(n) == Some(&b'\n') || bytes.get(n + 1) != Some(&b'\n')).map(|n| n + 1)
}

impl Lines {
    /// The lines of a text.
    pub fn new(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(starts(text, 0)).collect())
    }

    /// The line that a byte is in, from 0.
    fn line_of(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The text of a line, its end left out, and where it begins. Of a line past the last the end of the text.
    fn line<'t>(&self, text: &'t str, line: usize) -> (usize, &'t str) {
        let Some(&start) = self.0.get(line) else { return (text.len(), "") };
        let end = self.0.get(line + 1).copied().unwrap_or(text.len());
        (start, text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']))
    }

    /// The byte of a place. One past the end of its line is that end; one in the middle of a character its beginning.
    pub fn offset(&self, text: &str, place: Place, encoding: Encoding) -> usize {
        let (start, line) = self.line(text, place.line as usize);
        let (mut units, wanted) = (0, place.column as usize);
        for (at, c) in line.char_indices() {
            units += encoding.units(c);
            if units > wanted {
                return start + at;
            }
        }
        start + line.len()
    }

    /// The place of a byte; of one past the end that of the end.
    pub fn place(&self, text: &str, at: usize, encoding: Encoding) -> Place {
        let line = self.line_of(at.min(text.len()));
        let start = self.0.get(line).copied().unwrap_or_default();
        let before = text.get(start..at.min(text.len())).unwrap_or_default();
        let column = before.chars().map(|c| encoding.units(c)).sum::<usize>();
        Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// Follows a text in which the bytes from `start` to `end` became `length` others: only lines that changed are
    /// looked for again.
    pub(super) fn follow(&mut self, text: &str, (start, end): (usize, usize), length: usize) {
        // An end of line may have been put together, or taken apart, at either border.
        let first = self.0.partition_point(|s| *s < start).max(1);
        let behind = self.0.partition_point(|s| *s <= end + 1);
        let rest = self.0.split_off(behind.max(first));
        self.0.truncate(first);
        let from = self.0.last().copied().unwrap_or_default();
        let until = start + length + 1;
        let known = rest.iter().map(|s| s - end + start + length);
        let fresh: Vec<usize> = starts(text, from).take_while(|s| *s <= until).filter(|s| *s > from).collect();
        self.0.extend(fresh);
        let last = self.0.last().copied().unwrap_or_default();
        self.0.extend(known.filter(|s| *s > last));
    }
}

#[cfg(test)]
#[path = "position_tests.rs"]
mod tests;
