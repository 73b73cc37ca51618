//! Text, references, comments, sections and instructions between a narrative's tags, and what attributes mean.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr3, memmem};
use rustc_hash::FxHashSet;

use super::XhtmlFaultKind as Kind;
use super::bytes::{NAME, end_of_text, is, up_to, window};
use super::link::{Anchor, Link, LinkKind, entity, fault, unescape};
use super::scan::{Scanner, Stop};
use super::vocabulary::{self as words, AttributeId};
use crate::instance::xml_reference;

impl<'t> Scanner<'t> {
    /// Text from `at` up to the next `<`, with its references; where that is.
    #[inline(always)]
    pub(super) fn run_of_text(&mut self, bytes: &[u8], mut at: usize) -> Result<usize, Stop> {
        if bytes.get(at) == Some(&b'<') {
            return Ok(at);
        }
        let start = at;
        let fits = self.open.last().is_none_or(|top| top.fits & words::PLAIN_TEXT != 0);
        // Whether it holds something to read; where text is allowed and some was found, it does not matter.
        let mut visible = self.content && fits;
        loop {
            let Some(end) = end_of_text(bytes, at) else {
                let top = self.top();
                return Err((Kind::Unclosed, top.start..top.start + top.length));
            };
            visible = visible || bytes.get(at..end).is_some_and(|t| t.iter().any(|b| *b > b' '));
            at = end;
            match bytes.get(end) {
                Some(b'<') => break,
                Some(b'&') => {
                    self.at = end;
                    visible |= self.reference()? > ' ';
                    at = self.at;
                }
                _ if bytes.get(start..end).is_some_and(|t| t.ends_with(b"]]")) => {
                    self.at = end;
                    return Err(self.broken());
                }
                _ => {
                    visible = true;
                    at += 1;
                }
            }
        }
        self.content |= visible;
        if visible && !fits {
            self.misplaced_text(start..at);
        }
        Ok(at)
    }

    #[cold]
    fn misplaced_text(&mut self, range: Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let start = range.start + (text.len() - text.trim_start().len());
        self.fault(Kind::Content, start..start + text.trim().len());
    }

    /// An entity or character reference; what it stands for (a replacement character where that is a fault).
    pub(super) fn reference(&mut self) -> Result<char, Stop> {
        let name_start = self.at + 1;
        let eight = window(self.bytes, name_start);
        if let Some((bits, length)) = up_to(eight, [b';'])
            && let Some(known) = entity(eight & bits)
        {
            self.at = name_start + length + 1;
            return Ok(known);
        }
        let rest = self.bytes.get(name_start..).unwrap_or_default();
        let length = rest.iter().take(40).position(|b| !(b.is_ascii_alphanumeric() || *b == b'#')).unwrap_or(0);
        let name = self.text.get(name_start..name_start + length).unwrap_or_default();
        if length == 0 || rest.get(length) != Some(&b';') {
            return Err(self.broken());
        }
        self.at = name_start + length + 1;
        Ok(xml_reference(name).unwrap_or_else(|| {
            let kind = if name.starts_with('#') { Kind::CharacterReference } else { Kind::Entity };
            self.fault(kind, name_start..name_start + length);
            char::REPLACEMENT_CHARACTER
        }))
    }

    /// `<!…>`: a comment, a CDATA section (only inside the root), or a document type.
    pub(super) fn declaration(&mut self, inside: bool) -> Result<(), Stop> {
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            let end = memmem::find(comment, b"--")
                .filter(|e| comment.get(e + 2) == Some(&b'>'))
                .ok_or_else(|| self.broken())?;
            self.at += 4 + end + 3;
        } else if inside && let Some(section) = rest.strip_prefix(b"<![CDATA[") {
            let end = memmem::find(section, b"]]>").ok_or_else(|| self.broken())?;
            let start = self.at + 9;
            if section.iter().take(end).any(|b| *b > b' ') {
                self.content = true;
                if self.top().fits & words::PLAIN_TEXT == 0 {
                    self.misplaced_text(start..start + end);
                }
            }
            self.at = start + end + 3;
        } else if let Some(named) = rest.strip_prefix(b"<!DOCTYPE") {
            let opens =
                !self.closes_nothing && memchr3(b'[', b'>', b'<', named).is_some_and(|at| named.get(at) == Some(&b'['));
            let subset = if opens { memchr(b']', rest) } else { None };
            self.closes_nothing |= opens && subset.is_none();
            let behind = rest.get(subset.unwrap_or(0)..).unwrap_or_default();
            let end = memchr(b'>', behind).ok_or_else(|| self.broken())?;
            let whole = subset.unwrap_or(0) + end + 1;
            self.fault(Kind::Doctype, self.at..self.at + whole);
            self.at += whole;
        } else {
            return Err(self.broken());
        }
        Ok(())
    }

    /// `<?…?>`; the XML declaration only at the very start.
    pub(super) fn instruction(&mut self) -> Result<(), Stop> {
        let rest = self.rest();
        let target =
            rest.get(2..5).is_some_and(|t| t.eq_ignore_ascii_case(b"xml")) && rest.get(5).is_none_or(|b| !is(*b, NAME));
        let end = memmem::find(rest, b"?>").filter(|_| !target || self.at == 0).ok_or_else(|| self.broken())?;
        self.at += end + 2;
        Ok(())
    }

    /// Links and anchors. `refers` says whether the value holds references.
    #[inline]
    pub(super) fn meaning(&mut self, attribute: AttributeId, value: Range<usize>, refers: bool) {
        match attribute {
            words::HREF | words::SRC => {
                let is_link = attribute == words::HREF;
                let text = self.plain(&value, refers);
                if let Some(kind) = fault(&text, is_link) {
                    self.fault(kind, value.clone());
                }
                self.link(if is_link { LinkKind::Href } else { LinkKind::Src }, &text);
            }
            words::USEMAP => self.link(LinkKind::UseMap, &self.plain(&value, refers)),
            words::ID | words::NAME => self.anchor(value, attribute == words::ID),
            words::XML_LANG => self.marks.languages += 1,
            words::XML_SPACE => self.fault(Kind::XmlSpace, value),
            _ => {}
        }
    }

    /// The text of an attribute's value.
    #[inline]
    fn plain(&self, value: &Range<usize>, refers: bool) -> Cow<'t, str> {
        let text = self.text.get(value.clone()).unwrap_or_default();
        if refers { unescape(text) } else { Cow::Borrowed(text) }
    }

    #[inline]
    fn link(&mut self, kind: LinkKind, text: &str) {
        if let Some(target) = text.strip_prefix('#') {
            self.marks.links.push(Link { kind, target: target.to_owned() });
        }
    }

    /// Notes an anchor; its text comes when the scan is over.
    #[inline]
    fn anchor(&mut self, range: Range<usize>, is_id: bool) {
        if is_id {
            self.ids.push(range.clone());
        }
        if self.has_links {
            self.marks.anchors.push(Anchor { text: String::new(), range });
        }
    }

    /// The first id that an element before has, too.
    fn repeated_id(&self) -> Option<String> {
        // A single id, the most that most narratives have, is not repeated.
        self.ids.get(1)?;
        let mut seen: FxHashSet<Cow<'_, str>> = FxHashSet::default();
        let mut texts = self.ids.iter().map(|id| unescape(self.text.get(id.clone()).unwrap_or_default()));
        texts.find_map(|id| seen.replace(id)).map(Cow::into_owned)
    }

    /// Gives the anchors their texts, where there are links that may lead to them, and looks for ids that are repeated.
    pub(super) fn name_anchors(&mut self) {
        self.marks.repeated_id = self.repeated_id();
        if self.marks.links.is_empty() {
            self.marks.anchors.clear();
        }
        for anchor in &mut self.marks.anchors {
            anchor.text = unescape(self.text.get(anchor.range.clone()).unwrap_or_default()).into_owned();
        }
    }
}
