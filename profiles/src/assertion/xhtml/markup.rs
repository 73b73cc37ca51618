//! Text, references, comments, sections and instructions between a narrative's tags, and what attributes mean.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use super::XhtmlFaultKind as Kind;
use super::bytes::{NAME, end_of_text, is, up_to, window};
use super::link::{Anchor, Collect, Link, LinkKind, entity, fault, reference, unescape};
use super::scan::{Scanner, Stop};
use super::vocabulary::{self as words, AttributeId, ElementId};

impl<'t> Scanner<'t> {
    /// Text from `at` up to the next `<`, with its references; where that is.
    #[inline(always)]
    pub(super) fn run_of_text(&mut self, bytes: &[u8], mut at: usize) -> Result<usize, Stop> {
        if bytes.get(at) == Some(&b'<') {
            return Ok(at);
        }
        let start = at;
        let fits = self.open.last().is_none_or(|top| top.fits & words::PLAIN_TEXT != 0);
        // Whether it holds something to read; where text fits and some was met, nothing hangs on it.
        let mut visible = self.content && fits;
        loop {
            let Some(end) = end_of_text(bytes, at) else {
                let top = self.top();
                return Err((Kind::Unclosed, top.start..top.start + top.length));
            };
            visible = visible || bytes[at..end].iter().any(|b| *b > b' ');
            at = end;
            match bytes[end] {
                b'<' => break,
                b'&' => {
                    self.at = end;
                    visible |= self.reference()? > ' ';
                    at = self.at;
                }
                _ if bytes[start..end].ends_with(b"]]") => {
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
            let end = memmem::find(&rest[4..], b"--")
                .filter(|e| rest.get(e + 6) == Some(&b'>'))
                .ok_or_else(|| self.broken())?;
            self.at += end + 7;
        } else if inside && rest.starts_with(b"<![CDATA[") {
            let end = memmem::find(rest, b"]]>").ok_or_else(|| self.broken())?;
            if rest[9..end].iter().any(|b| *b > b' ') {
                self.content = true;
                if self.top().fits & words::PLAIN_TEXT == 0 {
                    self.misplaced_text(self.at + 9..self.at + end);
                }
            }
            self.at += end + 3;
        } else if rest.starts_with(b"<!DOCTYPE") {
            let opens =
                !self.closes_nothing && memchr3(b'[', b'>', b'<', &rest[9..]).is_some_and(|f| rest[9 + f] == b'[');
            let subset = if opens { memchr(b']', rest) } else { None };
            self.closes_nothing |= opens && subset.is_none();
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
        let target =
            rest.get(2..5).is_some_and(|t| t.eq_ignore_ascii_case(b"xml")) && rest.get(5).is_none_or(|b| !is(*b, NAME));
        let end = memmem::find(rest, b"?>").filter(|_| !target || self.at == 0).ok_or_else(|| self.broken())?;
        self.at += end + 2;
        Ok(())
    }

    /// Links, anchors and languages. `refers` says whether the value holds references.
    #[inline]
    pub(super) fn meaning(&mut self, element: ElementId, attribute: AttributeId, value: Range<usize>, refers: bool) {
        match attribute {
            words::HREF | words::SRC => {
                let is_link = attribute == words::HREF;
                let text = self.plain(&value, refers);
                if let Some(kind) = fault(&text, is_link) {
                    self.fault(kind, value.clone());
                }
                self.link(if is_link { LinkKind::Href } else { LinkKind::Src }, &text, value);
            }
            words::USEMAP => self.link(LinkKind::UseMap, &self.plain(&value, refers), value),
            words::ID => self.anchor(true, value),
            words::NAME => self.anchor(false, value),
            words::LANG | words::XML_LANG
                if self.collect == Collect::All && self.open.is_empty() && element == words::DIV =>
            {
                let text = self.plain(&value, refers).into_owned();
                *(if attribute == words::LANG { &mut self.links.lang } else { &mut self.links.xml_lang }) = Some(text);
            }
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
    fn link(&mut self, kind: LinkKind, text: &str, range: Range<usize>) {
        if self.collect != Collect::Nothing
            && let Some(target) = text.strip_prefix('#')
        {
            self.links.links.push(Link { kind, target: target.to_owned(), range });
        }
    }

    /// Notes an anchor; its text comes when the scan is over.
    #[inline]
    fn anchor(&mut self, is_id: bool, range: Range<usize>) {
        if self.collect != Collect::Nothing {
            self.links.anchors.push(Anchor { text: String::new(), range, is_id });
        }
    }

    /// Gives the anchors their texts, where they are asked for.
    pub(super) fn name_anchors(&mut self) {
        if self.collect == Collect::Targets && self.links.links.is_empty() {
            self.links.anchors.clear();
        }
        for anchor in &mut self.links.anchors {
            anchor.text = unescape(self.text.get(anchor.range.clone()).unwrap_or_default()).into_owned();
        }
    }
}
