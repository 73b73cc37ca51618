//! Strings, markdown, codes and ids (<https://hl7.org/fhir/R4/datatypes.html#string>, #code, #id).

use super::PrimitiveFault::{self, Characters, ControlCharacter, EdgeWhitespace, OnlyWhitespace, TooLong, Whitespace};

/// The longest string in characters.
const MAX_STRING: usize = 1024 * 1024;
const MAX_ID: usize = 64;

/// Whitespace in the sense of Unicode.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Whether any byte is below the space; most strings hold none, and this loop runs over vectors.
#[inline]
fn any_below_space(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |any, b| any | (*b < b' '))
}

/// What strings and markdown share: length, control characters, text that is only whitespace.
#[inline]
fn common(text: &str) -> Result<(), PrimitiveFault> {
    let bytes = text.as_bytes();
    if bytes.len() > MAX_STRING && text.chars().count() > MAX_STRING {
        return Err(TooLong);
    }
    if any_below_space(bytes) && bytes.iter().any(|b| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r')) {
        return Err(ControlCharacter);
    }
    match bytes.first() {
        Some(b) if *b > b' ' && *b < 0x7F => Ok(()),
        _ if text.chars().all(is_space) => Err(OnlyWhitespace),
        _ => Ok(()),
    }
}

#[inline]
pub(super) fn string(text: &str) -> Result<(), PrimitiveFault> {
    common(text)?;
    let plain = |b: Option<&u8>| b.is_some_and(|b| *b > b' ' && *b < 0x80);
    let bytes = text.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) {
        return Ok(());
    }
    if text.starts_with(is_space) || text.ends_with(is_space) { Err(EdgeWhitespace) } else { Ok(()) }
}

#[inline]
pub(super) fn markdown(text: &str) -> Result<(), PrimitiveFault> {
    common(text)
}

/// No whitespace but single spaces inside.
#[inline]
pub(super) fn code(text: &str) -> Result<(), PrimitiveFault> {
    let bytes = text.as_bytes();
    let (mut after_space, mut wide, mut control) = (true, false, false);
    for b in bytes {
        if *b == b' ' {
            if after_space {
                return Err(Whitespace);
            }
            after_space = true;
        } else {
            after_space = false;
            wide |= *b >= 0x80;
            control |= *b < b' ';
        }
    }
    if after_space
        || (wide && text.chars().any(|c| c != ' ' && is_space(c)))
        || (control && bytes.iter().any(|b| matches!(b, 9..=13)))
    {
        return Err(Whitespace);
    }
    if control { Err(ControlCharacter) } else { Ok(()) }
}

/// Whether a text can be the id of a resource (<https://hl7.org/fhir/R4/datatypes.html#id>): one to 64 letters, digits,
/// `-` and `.` of ASCII.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && id(text.as_bytes()).is_ok()
}

/// Letters, digits, `-` and `.` of ASCII, at most 64.
#[inline]
pub(super) fn id(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    if !bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')) {
        return Err(Characters);
    }
    if bytes.len() > MAX_ID { Err(TooLong) } else { Ok(()) }
}
