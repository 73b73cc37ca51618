//! Text made safe to print: what comes from instances and definitions must not steer a terminal, nor turn around what
//! stands beside it.

use std::borrow::Cow;
use std::io::{self, Write};

/// Hands on what is written. Control characters but for tabs and ends of lines, and characters that change the
/// direction of the text around them, are written as JSON escapes them, so that JSON means the same afterwards.
pub struct Printable<W: Write> {
    out: W,
    /// The start of a character whose rest is not written yet; at most two bytes.
    held: Vec<u8>,
}

impl<W: Write> Printable<W> {
    /// Over what the text is written to.
    pub fn new(out: W) -> Printable<W> {
        Printable { out, held: Vec::new() }
    }

    /// Writes as it is what the program itself says to a terminal.
    ///
    /// # Errors
    /// What the writer below gives.
    pub fn raw(&mut self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        self.out.write_fmt(text)
    }
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let joined: Cow<'_, [u8]> = match self.held.is_empty() {
            true => bytes.into(),
            false => [std::mem::take(&mut self.held).as_slice(), bytes].concat().into(),
        };
        let (whole, rest) = joined.split_at(joined.len() - unfinished(&joined));
        self.held.extend_from_slice(rest);
        let mut written = 0;
        while let Some((at, width, code)) = next(whole, written) {
            self.out.write_all(whole.get(written..at).unwrap_or_default())?;
            write!(self.out, "\\u{code:04x}")?;
            written = at + width;
        }
        self.out.write_all(whole.get(written..).unwrap_or_default())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// How many bytes at the end may be the start of a character that is not to be printed.
fn unfinished(bytes: &[u8]) -> usize {
    match bytes {
        [.., 0xe2, 0x80 | 0x81] => 2,
        [.., 0xc2 | 0xe2] => 1,
        _ => 0,
    }
}

/// The next character that is not to be printed: where it is, how many bytes it has, and its number.
fn next(bytes: &[u8], from: usize) -> Option<(usize, usize, u32)> {
    let rest = bytes.get(from..)?;
    rest.iter().enumerate().find_map(|(i, b)| {
        if matches!(b, b' '..=b'~' | b'\n' | b'\t') {
            return None;
        }
        let (width, code) = match rest.get(i..)? {
            [b @ (0..=0x1f | 0x7f), ..] => (1, u32::from(*b)),
            [0xc2, b @ 0x80..=0x9f, ..] => (2, u32::from(*b)),
            [0xe2, 0x80, b @ 0xa8..=0xae, ..] => (3, 0x2000 + u32::from(*b & 0x3f)),
            [0xe2, 0x81, b @ 0xa6..=0xa9, ..] => (3, 0x2040 + u32::from(*b & 0x3f)),
            _ => return None,
        };
        Some((from + i, width, code))
    })
}

/// A text that stays on its line: ends of lines and tabs are escaped, too.
pub fn one_line(text: &str) -> Cow<'_, str> {
    match text.contains(['\n', '\r', '\t']) {
        true => text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t").into(),
        false => text.into(),
    }
}

/// A note on standard error, in a line of its own. That nobody reads it ends nothing.
pub fn note(text: &str) {
    let _ = writeln!(Printable::new(io::stderr().lock()), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(parts: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut printable = Printable::new(&mut out);
        parts.iter().for_each(|part| printable.write_all(part).unwrap());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        let told = printed(&["a\u{1b}[2J\u{9b}1mé\u{7f}\r\t\n\u{202e}\u{2066}\u{2028}“é”".as_bytes()]);
        assert_eq!(told, "a\\u001b[2J\\u009b1mé\\u007f\\u000d\t\n\\u202e\\u2066\\u2028“é”");
        assert_eq!(printed(&[b"\x1b"]), "\\u001b");
    }

    #[test]
    fn characters_in_several_pieces_are_seen() {
        let text = "x\u{9b}y\u{202e}z“é”€\u{2069}.".as_bytes();
        let pieces: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(printed(&pieces), printed(&[text]));
        assert_eq!(printed(&[text]), "x\\u009by\\u202ez“é”€\\u2069.");
    }

    #[test]
    fn json_means_the_same_afterwards() {
        let value = serde_json::json!({"a\u{7f}": "\u{9b}\u{1b}\u{202a}\u{2067}"});
        let text = printed(&[value.to_string().as_bytes()]);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.is_ascii());
    }

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(one_line("a\nb\tc\r"), "a\\nb\\tc\\r");
    }
}
