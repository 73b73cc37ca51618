//! The letters of XML: names, tags, attribute values, what stands between.

use super::entities::{is_xml_char, xml_reference};
use super::reader::{Reader, Step};
use crate::instance::fault::FaultKind;

/// What follows `encoding=` in an XML declaration.
fn declared_encoding(declaration: &str) -> Option<&str> {
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
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
        self.rest().starts_with(with.as_bytes())
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
        let Some(found) = self.tape.utf8.get(at..).and_then(|rest| rest.chars().next()) else {
            return self.stop(FaultKind::UnexpectedEnd, at, at, "");
        };
        self.stop(FaultKind::UnexpectedCharacter, at, at + found.len_utf8(), found.to_string())
    }

    /// Moves past `end`, which closes what `what` opened.
    pub(super) fn past(&mut self, end: &str) -> Step {
        match memchr::memmem::find(self.rest(), end.as_bytes()) {
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
                let found = String::from_utf8_lossy(self.text.get(at..end).unwrap_or_default()).into_owned();
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
        let first = self.text.get(start..self.at).and_then(|name| name.first());
        if !first.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80) {
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
        let Some(len) = memchr::memchr(quote, self.rest()) else {
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
        if let Some((i, c)) = value.char_indices().find(|(_, c)| !is_xml_char(*c)) {
            self.note(
                FaultKind::ControlCharacter,
                (start + i, start + i + c.len_utf8()),
                format!("U+{:04X}", c as u32),
            );
        }
        let mut at = 0;
        while let Some(i) = value.get(at..).and_then(|rest| rest.find('&')) {
            at += i;
            let tail = value.get(at..).unwrap_or_default();
            let end = tail.find(';');
            if end.and_then(|e| xml_reference(tail.get(1..e)?)).is_none() {
                let (len, found) = end.map_or((1, "&"), |e| (e + 1, tail.get(..=e).unwrap_or_default()));
                return self.stop(FaultKind::BadEscape, start + at, start + at + len, found);
            }
            at += 1;
        }
        Ok(())
    }

    /// A name without its prefix.
    pub(super) fn local(&self, range: (usize, usize)) -> &'t str {
        let name = self.str(range);
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }
}
