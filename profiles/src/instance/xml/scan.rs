//! The letters of XML: names, tags, attribute values, what stands between.

use super::{Reader, Step};
use crate::instance::fault::FaultKind;

/// Undoes the character references of an attribute's value; white space becomes blanks.
pub(in crate::instance) fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\n', '\r', '\t']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        if !tail.starts_with('&') {
            let skip = if tail.starts_with("\r\n") { 2 } else { 1 };
            out.push(' ');
            rest = &tail[skip..];
            continue;
        }
        let reference = tail.find(';').and_then(|end| Some((entity(&tail[1..end])?, end + 1)));
        let (c, used) = reference.unwrap_or(('&', 1));
        out.push(c);
        rest = &tail[used..];
    }
    out.push_str(rest);
    out
}

/// The character of one of XML's entities or of a number.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            return char::from_u32(code).filter(|c| is_char(*c));
        }
    })
}

/// Whether XML allows a character (https://www.w3.org/TR/xml/#charsets).
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// What follows `encoding=` in an XML declaration.
fn declared_encoding(declaration: &str) -> Option<&str> {
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// A start tag, read.
pub(super) struct Tag {
    /// Byte range of the name as written.
    pub name: (usize, usize),
    /// Name and value ranges of the attributes.
    pub attributes: Vec<((usize, usize), (usize, usize))>,
    /// Ends with `/>`.
    pub closed: bool,
}

impl<'t> Reader<'_, 't> {
    pub(super) fn str(&self, range: (usize, usize)) -> &'t str {
        let text: &'t [u8] = self.text;
        text.get(range.0..range.1).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.text.get(self.at..).is_some_and(|t| t.starts_with(with.as_bytes()))
    }

    pub(super) fn byte(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn space(&mut self) {
        while self.byte().is_ascii_whitespace() && self.at < self.text.len() {
            self.at += 1;
        }
    }

    pub(super) fn unexpected<T>(&mut self) -> Step<T> {
        let at = self.at;
        let Some(found) = self.text.get(at..).and_then(|t| std::str::from_utf8(t).ok()).and_then(|s| s.chars().next())
        else {
            return self.stop(FaultKind::UnexpectedEnd, at, at, "");
        };
        self.stop(FaultKind::UnexpectedCharacter, at, at + found.len_utf8(), found.to_string())
    }

    /// Moves past `end`, which closes what `what` opened.
    pub(super) fn past(&mut self, end: &str) -> Step {
        match memchr::memmem::find(&self.text[self.at..], end.as_bytes()) {
            Some(i) => {
                self.at += i + end.len();
                Ok(())
            }
            None => {
                let len = self.text.len();
                self.stop(FaultKind::UnexpectedEnd, len, len, "")
            }
        }
    }

    /// Reads the XML declaration, where the text starts with one.
    pub(super) fn declaration(&mut self) -> Step {
        let start = self.at;
        if !self.starts("<?xml") || !self.text.get(start + 5).is_some_and(u8::is_ascii_whitespace) {
            return Ok(());
        }
        self.past("?>")?;
        let range = (start, self.at);
        if let Some(encoding) = declared_encoding(self.str(range)).filter(|e| !e.eq_ignore_ascii_case("utf-8")) {
            self.note(FaultKind::Encoding, range, encoding);
        }
        Ok(())
    }

    /// Skips white space and comments; processing instructions too, noted.
    pub(super) fn misc(&mut self) -> Step {
        loop {
            self.space();
            if self.starts("<!--") {
                self.past("-->")?;
            } else if self.starts("<?") {
                let start = self.at;
                self.past("?>")?;
                let target = self
                    .str((start + 2, self.at))
                    .split(|c: char| c.is_whitespace() || c == '?')
                    .next()
                    .unwrap_or_default();
                self.note(FaultKind::Instruction, (start, self.at), target);
            } else if self.starts("<!") {
                let at = self.at;
                let end = (at + 9).min(self.text.len());
                let found = String::from_utf8_lossy(&self.text[at..end]).into_owned();
                let kind = if found == "<!DOCTYPE" { FaultKind::Doctype } else { FaultKind::UnexpectedCharacter };
                return self.stop(kind, at, end, found);
            } else {
                return Ok(());
            }
        }
    }

    pub(super) fn name(&mut self) -> Step<(usize, usize)> {
        let start = self.at;
        while self.byte().is_ascii_alphanumeric()
            || matches!(self.byte(), b'_' | b'-' | b'.' | b':')
            || self.byte() >= 0x80
        {
            self.at += 1;
        }
        if self.at == start
            || !(self.text[start].is_ascii_alphabetic() || self.text[start] == b'_' || self.text[start] >= 0x80)
        {
            self.at = start;
            return self.unexpected();
        }
        Ok((start, self.at))
    }

    /// A start tag whose `<` the position is on.
    pub(super) fn tag(&mut self) -> Step<Tag> {
        self.at += 1;
        let name = self.name()?;
        let mut attributes: Vec<((usize, usize), (usize, usize))> = Vec::new();
        loop {
            let gap = self.at;
            self.space();
            if self.starts("/>") {
                self.at += 2;
                return Ok(Tag { name, attributes, closed: true });
            }
            if self.byte() == b'>' {
                self.at += 1;
                return Ok(Tag { name, attributes, closed: false });
            }
            if gap == self.at {
                return self.unexpected();
            }
            let attribute = self.name()?;
            self.space();
            if self.byte() != b'=' {
                return self.unexpected();
            }
            self.at += 1;
            self.space();
            let value = self.attribute_value()?;
            if attributes.iter().any(|(n, _)| self.str(*n) == self.str(attribute)) {
                self.note(FaultKind::DuplicateKey, attribute, self.str(attribute));
                continue;
            }
            if attributes.len() > 1000 {
                return self.stop(FaultKind::LimitNodes, attribute.0, attribute.1, "1000");
            }
            attributes.push((attribute, value));
        }
    }

    pub(super) fn attribute_value(&mut self) -> Step<(usize, usize)> {
        let quote = self.byte();
        if !matches!(quote, b'"' | b'\'') {
            return self.unexpected();
        }
        self.at += 1;
        let start = self.at;
        let Some(len) = memchr::memchr(quote, &self.text[start..]) else {
            let end = self.text.len();
            return self.stop(FaultKind::UnexpectedEnd, start, end, "");
        };
        self.at = start + len + 1;
        let value = self.str((start, start + len));
        if let Some(i) = value.find('<') {
            return self.stop(FaultKind::UnexpectedCharacter, start + i, start + i + 1, "<");
        }
        self.references(value, start)?;
        Ok((start, start + len))
    }

    /// Checks the characters of a value, and its character references.
    pub(super) fn references(&mut self, value: &str, start: usize) -> Step {
        if let Some((i, c)) = value.char_indices().find(|(_, c)| !is_char(*c)) {
            self.note(
                FaultKind::ControlCharacter,
                (start + i, start + i + c.len_utf8()),
                format!("U+{:04X}", c as u32),
            );
        }
        let mut from = 0;
        while let Some(i) = value[from..].find('&') {
            let at = from + i;
            let end = value[at..].find(';').map(|e| at + e);
            if end.and_then(|e| entity(&value[at + 1..e])).is_none() {
                let end = end.map_or(at + 1, |e| e + 1);
                return self.stop(FaultKind::BadEscape, start + at, start + end, value[at..end].to_owned());
            }
            from = at + 1;
        }
        Ok(())
    }

    /// A name without its prefix.
    pub(super) fn local(&self, range: (usize, usize)) -> &'t str {
        let name = self.str(range);
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }
}
