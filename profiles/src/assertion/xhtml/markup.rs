//! Text, references, comments, sections and instructions between a narrative's tags, and what attributes mean.

use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use super::XhtmlFaultKind as Kind;
use super::link::{Anchor, Link, LinkKind, fault, reference, unescape};
use super::scan::{CLASS, NAME, Scanner, Stop};
use super::vocabulary::{self as words, AttributeId, ElementId};

impl Scanner<'_, '_> {
    /// Text up to the next `<`, with its references.
    pub(super) fn run_of_text(&mut self) -> Result<(), Stop> {
        if self.byte() == b'<' {
            return Ok(());
        }
        let start = self.at;
        let mut visible = false;
        loop {
            let Some(found) = memchr3(b'<', b'&', b'>', &self.bytes[self.at..]) else {
                let top = self.stack.top();
                return Err((Kind::Unclosed, top.start..top.start + top.length));
            };
            let end = self.at + found;
            visible = visible || self.bytes[self.at..end].iter().any(|b| *b > b' ');
            self.at = end;
            match self.bytes[end] {
                b'<' => break,
                b'&' => visible |= self.reference()? > ' ',
                _ if self.bytes[start..end].ends_with(b"]]") => return Err(self.broken()),
                _ => {
                    visible = true;
                    self.at += 1;
                }
            }
        }
        if visible {
            self.visible(start..self.at);
        }
        Ok(())
    }

    /// Something to read was met.
    #[inline]
    fn visible(&mut self, range: Range<usize>) {
        self.content = true;
        let parent = words::ELEMENTS[usize::from(self.stack.top().element)];
        if parent.no_text || parent.empty {
            let text = self.text.get(range.clone()).unwrap_or_default();
            let start = range.start + (text.len() - text.trim_start().len());
            self.fault(Kind::Content, start..start + text.trim().len());
        }
    }

    /// An entity or character reference; what it stands for (a replacement character where that is a fault).
    pub(super) fn reference(&mut self) -> Result<char, Stop> {
        let name_start = self.at + 1;
        let rest = self.bytes.get(name_start..).unwrap_or_default();
        let length = rest.iter().take(40).position(|b| !(b.is_ascii_alphanumeric() || *b == b'#')).unwrap_or(0);
        let name = self.text.get(name_start..name_start + length).unwrap_or_default();
        if length == 0 || rest.get(length) != Some(&b';') {
            return Err(self.broken());
        }
        self.at = name_start + length + 1;
        Ok(reference(name).unwrap_or_else(|| {
            let kind = if name.starts_with('#') { Kind::CharacterReference } else { Kind::Entity };
            self.fault(kind, name_start..name_start + length);
            char::REPLACEMENT_CHARACTER
        }))
    }

    /// `<!…>`: a comment, a CDATA section (inside alone), or a document type.
    pub(super) fn declaration(&mut self, inside: bool) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"<!--") {
            let end = memmem::find(&rest[4..], b"--").filter(|e| rest.get(e + 6) == Some(&b'>')).ok_or_else(|| self.broken())?;
            self.at += end + 7;
        } else if inside && rest.starts_with(b"<![CDATA[") {
            let end = memmem::find(rest, b"]]>").ok_or_else(|| self.broken())?;
            if rest[9..end].iter().any(|b| *b > b' ') {
                self.visible(self.at + 9..self.at + end);
            }
            self.at += end + 3;
        } else if rest.starts_with(b"<!DOCTYPE") {
            let subset = memchr3(b'[', b'>', b'<', &rest[9..]).filter(|f| rest[9 + f] == b'[').and_then(|_| memmem::find(rest, b"]"));
            let end = memchr(b'>', &rest[subset.unwrap_or(0)..]).ok_or_else(|| self.broken())?;
            let whole = subset.unwrap_or(0) + end + 1;
            self.fault(Kind::Doctype, self.at..self.at + whole);
            self.at += whole;
        } else {
            return Err(self.broken());
        }
        Ok(())
    }

    /// `<?…?>`; the XML declaration at the very start alone.
    pub(super) fn instruction(&mut self) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        let target = rest.get(2..5).is_some_and(|t| t.eq_ignore_ascii_case(b"xml")) && rest.get(5).is_none_or(|b| CLASS[usize::from(*b)] & NAME == 0);
        let end = memmem::find(rest, b"?>").filter(|_| !target || self.at == 0).ok_or_else(|| self.broken())?;
        self.at += end + 2;
        Ok(())
    }

    /// Links, anchors and languages.
    #[inline]
    pub(super) fn meaning(&mut self, element: ElementId, attribute: AttributeId, value: Range<usize>) {
        match attribute {
            words::HREF | words::SRC => {
                let text = self.text.get(value.clone()).unwrap_or_default();
                if let Some(kind) = fault(text, attribute == words::HREF) {
                    self.fault(kind, value.clone());
                }
                self.link(if attribute == words::HREF { LinkKind::Href } else { LinkKind::Src }, value);
            }
            words::USEMAP => self.link(LinkKind::UseMap, value),
            words::ID => self.anchor(true, value),
            words::NAME => self.anchor(false, value),
            words::LANG | words::XML_LANG if self.stack.length == 0 && element == words::DIV => {
                let text = self.text.get(value).unwrap_or_default();
                if let Some(links) = &mut self.links {
                    let slot = if attribute == words::LANG { &mut links.lang } else { &mut links.xml_lang };
                    *slot = Some(unescape(text).into_owned());
                }
            }
            _ => {}
        }
    }

    fn link(&mut self, kind: LinkKind, range: Range<usize>) {
        if let (Some(links), Some(text)) = (&mut self.links, self.text.get(range.clone()))
            && let Some(target) = unescape(text).strip_prefix('#')
        {
            links.links.push(Link { kind, target: target.to_owned(), range });
        }
    }

    fn anchor(&mut self, is_id: bool, range: Range<usize>) {
        if let (Some(links), Some(text)) = (&mut self.links, self.text.get(range.clone())) {
            links.anchors.push(Anchor { text: unescape(text).into_owned(), range, is_id });
        }
    }
}
