//! One tag of XML, whether or not it is finished.

use std::ops::Range;

/// What stands between `<` and `>`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    /// The bytes of its name.
    pub name: Range<usize>,
    /// The bytes of the names and of the values of its attributes, without quotes.
    pub attributes: Vec<(Range<usize>, Range<usize>)>,
    /// It begins with `</`.
    pub is_end: bool,
    /// It ends with `/>`.
    pub is_empty: bool,
    /// It ends with `>`.
    pub is_finished: bool,
    /// Where it ends: behind its `>`, or where the next tag begins.
    pub end: usize,
}

/// A byte that is part of a name.
fn is_of_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_-.:".contains(&b) || b >= 0x80
}

fn name_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|b| is_of_name(**b)).count()
}

/// The tag that begins with the `<` at `start`.
pub(super) fn tag(text: &[u8], start: usize) -> Tag {
    let is_end = text.get(start + 1) == Some(&b'/');
    let from = start + 1 + usize::from(is_end);
    let mut at = name_end(text, from);
    let mut tag = Tag { name: from..at, is_end, ..Tag::default() };
    while let Some(&b) = text.get(at) {
        match b {
            b'>' => {
                tag.is_finished = true;
                tag.end = at + 1;
                return tag;
            }
            b'<' => break,
            b'/' => {
                tag.is_empty = true;
                at += 1;
            }
            b if is_of_name(b) => {
                let name = at..name_end(text, at);
                let (value, end) = attribute(text, name.end);
                at = end;
                tag.attributes.push((name, value));
            }
            _ => at += 1,
        }
    }
    tag.end = at.min(text.len());
    tag
}

/// The value behind an attribute's name, and where the attribute ends. A value that is not closed ends with its line.
fn attribute(text: &[u8], at: usize) -> (Range<usize>, usize) {
    let rest = text.get(at..).unwrap_or_default();
    let gap = rest.iter().take_while(|b| **b == b'=' || b.is_ascii_whitespace()).count();
    let quote = rest.get(gap).copied().filter(|q| matches!(q, b'"' | b'\''));
    let Some(quote) = quote.filter(|_| rest.iter().take(gap).any(|b| *b == b'=')) else { return (at..at, at) };
    let start = at + gap + 1;
    let value = text.get(start..).unwrap_or_default();
    let length = value.iter().position(|b| *b == quote || matches!(b, b'<' | b'\n')).unwrap_or(value.len());
    let end = start + length;
    (start..end, end + usize::from(text.get(end) == Some(&quote)))
}
