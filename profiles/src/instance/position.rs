//! Line and column of a byte offset, found when an issue needs them.

/// How many bytes of the text each mark of an index stands for: the most that is looked through to find a place.
const STEP: usize = 1 << 10;

/// A place in the text: line and column from 1, the column counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// What stands before a byte of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    /// How many lines have ended.
    lines: u32,
    /// How many characters have begun.
    chars: u32,
}

impl Mark {
    /// The mark behind these bytes.
    fn after(self, bytes: &[u8]) -> Mark {
        let chars = bytes.iter().filter(|b| begins(**b)).count() as u32;
        Mark { lines: self.lines + memchr::memchr_iter(b'\n', bytes).count() as u32, chars: self.chars + chars }
    }
}

/// Whether a character begins with this byte: in UTF-8 each but those that go on.
fn begins(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// The lines of one text, by a mark for every `STEP` bytes; made once for a text whose issues are told. A place costs
/// the same wherever it is, however long its line.
pub struct LineIndex<'t> {
    text: &'t [u8],
    /// The first is at the start of the text.
    marks: Vec<Mark>,
}

impl<'t> LineIndex<'t> {
    /// The lines of a text.
    pub fn new(text: &'t [u8]) -> LineIndex<'t> {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut mark = Mark::default();
        for bytes in text.chunks(STEP) {
            marks.push(mark);
            mark = mark.after(bytes);
        }
        LineIndex { text, marks }
    }

    /// The mark at a byte offset.
    fn mark(&self, offset: usize) -> Mark {
        let step = (offset / STEP).min(self.marks.len().saturating_sub(1));
        let from = step * STEP;
        self.marks.get(step).copied().unwrap_or_default().after(self.text.get(from..offset).unwrap_or_default())
    }

    /// Line and column of a byte offset; offsets past the end give the end. Columns count the characters that begin
    /// before it in its line.
    pub fn place(&self, offset: u32) -> Place {
        let here = self.mark((offset as usize).min(self.text.len()));
        let start = self.mark(self.start(here.lines + 1));
        Place { line: here.lines + 1, column: here.chars - start.chars + 1 }
    }

    /// Where a line (from 1) begins in the text, in bytes; of one past the end where the text ends.
    pub fn start(&self, line: u32) -> usize {
        let wanted = line.saturating_sub(1);
        if wanted == 0 {
            return 0;
        }
        // The end of the line before is behind the last mark before which fewer lines have ended.
        let step = self.marks.partition_point(|m| m.lines < wanted).saturating_sub(1);
        let ended = self.marks.get(step).map_or(0, |m| m.lines);
        let rest = self.text.get(step * STEP..).unwrap_or_default();
        let end = memchr::memchr_iter(b'\n', rest).nth((wanted - ended - 1) as usize);
        end.map_or(self.text.len(), |i| step * STEP + i + 1)
    }

    /// The text of a line (from 1) without its line break.
    pub fn line(&self, line: u32) -> &'t [u8] {
        let start = self.start(line);
        let next = self.start(line.saturating_add(1));
        let bytes = self.text.get(start..next).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        bytes.strip_suffix(b"\r").unwrap_or(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and column as they are defined.
    fn counted(text: &str, offset: usize) -> Place {
        let before = &text[..offset];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        Place { line: line as u32 + 1, column: before[start..].chars().count() as u32 + 1 }
    }

    fn texts() -> Vec<String> {
        let long = "é".repeat(STEP) + "x";
        vec![
            String::new(),
            "\n".to_owned(),
            "a\r\nbé\n\n€c".to_owned(),
            "\n".repeat(3 * STEP),
            long.clone(),
            format!("{long}\n{long}\n\n{long}\r\nz\n"),
            format!("{}\n{}", "y".repeat(STEP - 1), "z".repeat(STEP)),
        ]
    }

    #[test]
    fn places_are_those_that_counting_gives() {
        for text in texts() {
            let lines = LineIndex::new(text.as_bytes());
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                assert_eq!(lines.place(offset as u32), counted(&text, offset), "{offset}");
            }
            assert_eq!(lines.place(u32::MAX), counted(&text, text.len()));
        }
    }

    #[test]
    fn lines_are_those_that_splitting_gives() {
        for text in texts() {
            let lines = LineIndex::new(text.as_bytes());
            let mut start = 0;
            for (i, line) in text.split('\n').enumerate() {
                assert_eq!(lines.start(i as u32 + 1), start);
                assert_eq!(lines.line(i as u32 + 1), line.strip_suffix('\r').unwrap_or(line).as_bytes());
                start += line.len() + 1;
            }
            let past = text.split('\n').count() as u32 + 1;
            assert_eq!((lines.start(past), lines.line(past)), (text.len(), &b""[..]));
        }
    }
}
