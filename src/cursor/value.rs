//! Where JSON values end, and what is in an array.

use std::ops::Range;

/// Where the string that begins with the quote at `start` ends, its closing quote included: there, or at the end of the
/// line where it is not closed.
pub(super) fn string_end(text: &[u8], start: usize) -> (usize, bool) {
    let mut at = start + 1;
    while let Some(&b) = text.get(at) {
        match b {
            b'"' => return (at + 1, true),
            b'\\' => at += 2,
            b'\n' | b'\r' => return (at, false),
            _ => at += 1,
        }
    }
    (text.len(), false)
}

/// Where a word without quotes ends.
pub(super) fn word_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let is_end = |b: &u8| b.is_ascii_whitespace() || b"{}[]:,\"".contains(b);
    rest.iter().position(is_end).map_or(text.len(), |n| start + n.max(1))
}

/// Where the white space at a byte ends.
fn behind_space(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// Where the JSON value that begins at a byte ends.
pub fn value_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(&b) = bytes.get(at) {
        at = match b {
            b'"' => string_end(bytes, at).0,
            b'{' | b'[' => {
                depth += 1;
                at + 1
            }
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                at + 1
            }
            b',' | b':' if depth > 0 => at + 1,
            b',' | b':' => return at,
            b if b.is_ascii_whitespace() => at + 1,
            _ => word_end(bytes, at),
        };
        if depth == 0 && !b.is_ascii_whitespace() {
            return at;
        }
    }
    bytes.len()
}

/// The entries of the JSON array in these bytes, its brackets included; `None` where it is no array that is closed.
pub fn entries(text: &str, array: Range<usize>) -> Option<Vec<Range<usize>>> {
    let inside = text.get(array.clone())?.strip_prefix('[')?.strip_suffix(']')?;
    let (mut at, end) = (array.start + 1, array.start + 1 + inside.len());
    let mut found = Vec::new();
    loop {
        at = behind_space(text.as_bytes(), at);
        if at >= end {
            return Some(found);
        }
        let behind = value_end(text, at);
        if behind == at {
            return None;
        }
        found.push(at..behind);
        at = behind_space(text.as_bytes(), behind);
        at += usize::from(text.as_bytes().get(at) == Some(&b','));
    }
}
