//! Values that are no array: strings, numbers, words; an object is opened.

use wide::u8x16;

use super::escape::unicode;
use super::{Parser, Step};
use crate::instance::fault::FaultKind;
use crate::instance::names::NameId;
use crate::instance::raw::{ESCAPED, IN_ARRAY, Kind};

impl Parser<'_, '_> {
    /// One value that is no array; `true` when it opened an object.
    #[inline]
    pub(super) fn value(&mut self, name: NameId, flags: u8) -> Step<bool> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                let (s, e, escaped) = self.string_body(b'"')?;
                self.push(name, Kind::String, s, e, flags | if escaped { ESCAPED } else { 0 })?;
            }
            Some(b'{') => {
                self.open(name, flags)?;
                return Ok(true);
            }
            Some(b'0'..=b'9' | b'-' | b'+' | b'.') => {
                self.number();
                self.push(name, Kind::Number, start, self.at, flags)?;
            }
            Some(b't') if self.starts(b"true") => self.word(name, Kind::True, 4, flags)?,
            Some(b'f') if self.starts(b"false") => self.word(name, Kind::False, 5, flags)?,
            Some(b'n') if self.starts(b"null") => self.word(name, Kind::Null, 4, flags)?,
            Some(b'\'') => {
                self.at += 1;
                let (s, e, escaped) = self.string_body(b'\'')?;
                let node = self.owner();
                self.fault(FaultKind::SingleQuotes, start, self.at, node, "");
                self.push(name, Kind::String, s, e, flags | if escaped { ESCAPED } else { 0 })?;
            }
            Some(b'a'..=b'z' | b'A'..=b'Z') => {
                while self
                    .peek()
                    .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/'))
                {
                    self.at += 1;
                }
                let owner = self.owner();
                let entry = self.push(name, Kind::String, start, self.at, flags)?;
                // In an array the entry itself is at fault, else the property of the object.
                let node = if flags & IN_ARRAY != 0 { entry } else { owner };
                self.fault(FaultKind::UnquotedName, start, self.at, node, self.written(start, self.at));
            }
            _ => return self.unexpected(),
        }
        Ok(false)
    }

    fn word(&mut self, name: NameId, kind: Kind, len: usize, flags: u8) -> Step {
        let start = self.at;
        self.at += len;
        self.push(name, kind, start, self.at, flags)?;
        Ok(())
    }

    fn number(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        if !self.text.get(start..self.at).is_some_and(is_json_number) {
            let node = self.owner();
            self.fault(FaultKind::BadNumber, start, self.at, node, self.written(start, self.at));
        }
    }

    /// The inside of a string whose opening quote is read: its range, and whether it holds escapes.
    #[inline]
    pub(super) fn string_body(&mut self, quote: u8) -> Step<(usize, usize, bool)> {
        let start = self.at;
        let end = skip_plain(self.text, start, quote);
        self.at = end;
        if self.peek() == Some(quote) {
            self.at += 1;
            return Ok((start, end, false));
        }
        self.odd_string(start, quote)
    }

    /// The rest of a string that holds an escape or a control character, or does not end.
    fn odd_string(&mut self, start: usize, quote: u8) -> Step<(usize, usize, bool)> {
        let mut escaped = false;
        loop {
            match self.peek() {
                None => return self.stop(FaultKind::UnexpectedEnd, start, self.at, ""),
                Some(b) if b == quote => {
                    let end = self.at;
                    self.at += 1;
                    return Ok((start, end, escaped));
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(b) => {
                    let node = self.owner();
                    self.fault(FaultKind::ControlCharacter, self.at, self.at + 1, node, format!("U+{b:04X}"));
                    self.at += 1;
                }
            }
            self.at = skip_plain(self.text, self.at, quote);
        }
    }

    fn escape(&mut self) -> Step {
        let start = self.at;
        let Some(&c) = self.text.get(start + 1) else {
            self.at = self.text.len();
            return self.stop(FaultKind::UnexpectedEnd, start, start + 1, "");
        };
        self.at += 2;
        match c {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
            b'u' => {
                let rest = self.tape.utf8.get(self.at..).unwrap_or_default();
                let (found, used) = unicode(rest);
                let node = self.owner();
                if found.is_none() {
                    let kind = if used == 0 { FaultKind::BadEscape } else { FaultKind::LoneSurrogate };
                    self.fault(kind, start, self.at + used, node, self.written(start, self.at + used));
                }
                self.at += used;
            }
            _ => {
                let rest = self.tape.utf8.get(start + 1..).unwrap_or_default();
                let len = rest.chars().next().map_or(1, char::len_utf8);
                self.at = start + 1 + len;
                let node = self.owner();
                self.fault(FaultKind::BadEscape, start, self.at, node, self.written(start, self.at));
            }
        }
        Ok(())
    }
}

/// Whether these bytes are a JSON number (RFC 8259, section 6).
pub fn is_json_number(b: &[u8]) -> bool {
    /// The digits at the start, and what follows them.
    fn digits(b: &[u8]) -> (&[u8], &[u8]) {
        b.split_at_checked(b.iter().take_while(|c| c.is_ascii_digit()).count()).unwrap_or_default()
    }
    let (whole, rest) = digits(b.strip_prefix(b"-").unwrap_or(b));
    if whole.is_empty() || matches!(whole, [b'0', _, ..]) {
        return false;
    }
    let rest = match rest.strip_prefix(b".").map(digits) {
        Some(([], _)) => return false,
        Some((_, rest)) => rest,
        None => rest,
    };
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return matches!(digits(exponent), ([_, ..], []));
    }
    rest.is_empty()
}

/// The first position from `at` that holds the quote, a backslash or a control character.
#[inline]
fn skip_plain(text: &[u8], mut at: usize, quote: u8) -> usize {
    let (quotes, backslashes, last_control) = (u8x16::splat(quote), u8x16::splat(b'\\'), u8x16::splat(0x1F));
    while let Some(chunk) = text.get(at..).and_then(|t| t.first_chunk::<16>()) {
        let bytes = u8x16::new(*chunk);
        let hits = bytes.simd_eq(quotes) | bytes.simd_eq(backslashes) | bytes.min(last_control).simd_eq(bytes);
        let mask = hits.to_bitmask();
        if mask != 0 {
            return at + mask.trailing_zeros() as usize;
        }
        at += 16;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| **b != quote && **b != b'\\' && **b >= 0x20).count()
}
