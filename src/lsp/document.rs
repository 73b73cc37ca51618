//! A document as the editor has it.

use super::position::{Encoding, Lines, Place};

/// An open document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text.
    pub text: String,
    /// The version that the editor gave it.
    pub version: i32,
    lines: Lines,
}

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// From where to where; `None`: all of it.
    pub range: Option<(Place, Place)>,
    /// What comes there.
    pub text: String,
}

impl Document {
    /// A document.
    pub fn new(text: String, version: i32) -> Document {
        let lines = Lines::new(&text);
        Document { text, version, lines }
    }

    /// Changes the text. A range past the text ends where the text ends, as the protocol has it.
    pub fn change(&mut self, change: Change, encoding: Encoding) {
        let Some((from, to)) = change.range else {
            *self = Document::new(change.text, self.version);
            return;
        };
        let (from, to) = (self.offset(from, encoding), self.offset(to, encoding));
        let (start, end) = (from.min(to), from.max(to));
        self.text.replace_range(start..end, &change.text);
        self.lines.follow(&self.text, (start, end), change.text.len());
    }

    /// The byte of a place.
    pub fn offset(&self, place: Place, encoding: Encoding) -> usize {
        self.lines.offset(&self.text, place, encoding)
    }

    /// The place of a byte.
    pub fn place(&self, at: usize, encoding: Encoding) -> Place {
        self.lines.place(&self.text, at, encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_outside_of_the_text_end_with_it() {
        let mut document = Document::new("ab\ncd".to_owned(), 1);
        let place = |line, column| Place { line, column };
        let mut change = |from, to, text: &str| {
            document.change(Change { range: Some((from, to)), text: text.to_owned() }, Encoding::Utf16);
            document.text.clone()
        };
        assert_eq!(change(place(0, 9), place(7, 7), "x"), "abx");
        assert_eq!(change(place(0, 2), place(0, 1), "y"), "ayx");
        assert_eq!(change(place(u32::MAX, u32::MAX), place(0, 0), ""), "");
    }
}
