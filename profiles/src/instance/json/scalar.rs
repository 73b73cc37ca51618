//! Values that are no array: strings, numbers, words; an object is opened.

use wide::u8x16;

use super::escape::unicode;
use super::{Parser, Step};
use crate::instance::fault::FaultKind;
use crate::instance::names::NameId;
use crate::instance::tape::{ESCAPED, Kind};

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
            Some(b't') if self.text[start..].starts_with(b"true") => self.word(name, Kind::True, 4, flags)?,
            Some(b'f') if self.text[start..].starts_with(b"false") => self.word(name, Kind::False, 5, flags)?,
            Some(b'n') if self.text[start..].starts_with(b"null") => self.word(name, Kind::Null, 4, flags)?,
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
                let node = self.owner();
                self.fault(
                    FaultKind::UnquotedName,
                    start,
                    self.at,
                    node,
                    String::from_utf8_lossy(&self.text[start..self.at]),
                );
                self.push(name, Kind::String, start, self.at, flags)?;
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
        if !is_json_number(&self.text[start..self.at]) {
            let node = self.owner();
            self.fault(FaultKind::BadNumber, start, self.at, node, String::from_utf8_lossy(&self.text[start..self.at]));
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
                    self.fault(
                        kind,
                        start,
                        self.at + used,
                        node,
                        String::from_utf8_lossy(&self.text[start..self.at + used]),
                    );
                }
                self.at += used;
            }
            _ => {
                let rest = self.tape.utf8.get(start + 1..).unwrap_or_default();
                let len = rest.chars().next().map_or(1, char::len_utf8);
                self.at = start + 1 + len;
                let node = self.owner();
                self.fault(
                    FaultKind::BadEscape,
                    start,
                    self.at,
                    node,
                    String::from_utf8_lossy(&self.text[start..self.at]),
                );
            }
        }
        Ok(())
    }
}

/// Whether these bytes are a JSON number (RFC 8259, section 6).
pub fn is_json_number(mut b: &[u8]) -> bool {
    fn digits(b: &[u8]) -> usize {
        b.iter().take_while(|c| c.is_ascii_digit()).count()
    }
    if let Some(rest) = b.strip_prefix(b"-") {
        b = rest;
    }
    let n = digits(b);
    if n == 0 || (n > 1 && b[0] == b'0') {
        return false;
    }
    b = &b[n..];
    if let Some(rest) = b.strip_prefix(b".") {
        let n = digits(rest);
        if n == 0 {
            return false;
        }
        b = &rest[n..];
    }
    if let [b'e' | b'E', rest @ ..] = b {
        let rest = rest.strip_prefix(b"+").or_else(|| rest.strip_prefix(b"-")).unwrap_or(rest);
        return !rest.is_empty() && digits(rest) == rest.len();
    }
    b.is_empty()
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
    while at < text.len() && text[at] != quote && text[at] != b'\\' && text[at] >= 0x20 {
        at += 1;
    }
    at
}
