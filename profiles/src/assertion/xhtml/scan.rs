//! The pass over a narrative's bytes.

use std::ops::Range;

use memchr::{memchr, memchr3, memchr_iter, memmem};

use super::link::{Anchor, Link, LinkKind, Links, fault, is_xml_char, reference, unescape};
use super::vocabulary::{self as words, AttributeId, ElementId};
use super::{MAX_DEPTH, MAX_FAULTS, XhtmlFault, XhtmlFaultKind as Kind};

const NAMESPACE: &[u8] = b"http://www.w3.org/1999/xhtml";

/// The fault that ends a scan.
type Stop = (Kind, Range<usize>);

/// Classes of bytes.
const SPACE: u8 = 1;
const NAME: u8 = 2;
const NAME_START: u8 = 4;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        table[b] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':' | 0x80..=0xFF => NAME | NAME_START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            _ => 0,
        };
        b += 1;
    }
    table
};

/// An open element.
#[derive(Clone, Copy, Default)]
struct Frame {
    element: ElementId,
    /// The elements that none of its descendants may be.
    forbids: u64,
    start: usize,
    length: usize,
}

/// The open elements; the first ones lie here, deeper ones on the heap.
struct Stack {
    inline: [Frame; 32],
    spill: Vec<Frame>,
    length: usize,
}

impl Stack {
    #[inline]
    fn push(&mut self, frame: Frame) {
        match self.inline.get_mut(self.length) {
            Some(slot) => *slot = frame,
            None => self.spill.push(frame),
        }
        self.length += 1;
    }

    #[inline]
    fn top(&self) -> Frame {
        let Some(last) = self.length.checked_sub(1) else { return Frame::default() };
        self.inline.get(last).or_else(|| self.spill.last()).copied().unwrap_or_default()
    }

    #[inline]
    fn pop(&mut self) {
        if self.length > self.inline.len() {
            self.spill.pop();
        }
        self.length = self.length.saturating_sub(1);
    }
}

/// A namespace prefix in scope: declared at this depth, and whether it stands for XHTML.
struct Prefix<'t> {
    depth: usize,
    name: &'t [u8],
    is_xhtml: bool,
}

pub(super) struct Scanner<'t, 'l> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    stack: Stack,
    prefixes: Vec<Prefix<'t>>,
    /// Whether text or an image was met.
    content: bool,
    faults: Vec<XhtmlFault>,
    links: Option<&'l mut Links>,
}

impl<'t, 'l> Scanner<'t, 'l> {
    pub(super) fn new(text: &'t str, links: Option<&'l mut Links>) -> Scanner<'t, 'l> {
        let stack = Stack { inline: [Frame::default(); 32], spill: Vec::new(), length: 0 };
        Scanner { text, bytes: text.as_bytes(), at: 0, stack, prefixes: Vec::new(), content: false, faults: Vec::new(), links }
    }

    pub(super) fn run(mut self) -> Vec<XhtmlFault> {
        match self.document() {
            Err((kind, range)) => self.fault(kind, range),
            Ok(()) if !self.content => self.fault(Kind::NoContent, 0..self.bytes.len()),
            Ok(()) => {}
        }
        let control = self.bytes.iter().fold(false, |any, b| any | (*b < b' ' && !matches!(*b, b'\t' | b'\n' | b'\r')));
        let no_character = memchr_iter(0xEF, self.bytes).any(|at| matches!(self.bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
        if control || no_character {
            self.control_character();
        }
        self.faults
    }

    #[cold]
    fn control_character(&mut self) {
        if let Some((at, c)) = self.text.char_indices().find(|(_, c)| !is_xml_char(*c)) {
            self.fault(Kind::ControlCharacter, at..at + c.len_utf8());
        }
    }

    #[cold]
    fn fault(&mut self, kind: Kind, range: Range<usize>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(XhtmlFault { kind, range });
        }
    }

    #[cold]
    fn broken(&self) -> Stop {
        let at = self.at.min(self.bytes.len());
        let length = self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        (Kind::NotWellFormed, at..at + length)
    }

    #[inline]
    fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn run_of(&self, class: u8) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.iter().position(|b| CLASS[usize::from(*b)] & class == 0).unwrap_or(rest.len())
    }

    /// Skips whitespace; whether there was any.
    #[inline]
    fn space(&mut self) -> bool {
        if CLASS[usize::from(self.byte())] & SPACE == 0 {
            return false;
        }
        self.at += self.run_of(SPACE);
        true
    }

    fn document(&mut self) -> Result<(), Stop> {
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.at = 3;
        }
        self.around(true)?;
        if self.byte() != b'<' {
            return Err(self.broken());
        }
        self.start_tag()?;
        self.inside()?;
        self.around(false)?;
        if self.at < self.bytes.len() { Err(self.broken()) } else { Ok(()) }
    }

    /// Whitespace, comments, processing instructions and, before the root, a document type.
    fn around(&mut self, before: bool) -> Result<(), Stop> {
        loop {
            self.space();
            match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(b'<'), Some(b'!')) if before || self.bytes[self.at..].starts_with(b"<!--") => self.declaration(false)?,
                (Some(b'<'), Some(b'?')) => self.instruction()?,
                _ => return Ok(()),
            }
        }
    }

    /// What is inside the root, up to its end tag.
    fn inside(&mut self) -> Result<(), Stop> {
        while self.stack.length > 0 {
            self.run_of_text()?;
            match self.bytes.get(self.at + 1) {
                Some(b'/') => self.end_tag()?,
                Some(b'!') => self.declaration(true)?,
                Some(b'?') => self.instruction()?,
                _ => self.start_tag()?,
            }
        }
        Ok(())
    }

    /// Text up to the next `<`, with its references.
    fn run_of_text(&mut self) -> Result<(), Stop> {
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
    fn reference(&mut self) -> Result<char, Stop> {
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
    fn declaration(&mut self, inside: bool) -> Result<(), Stop> {
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
    fn instruction(&mut self) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        let target = rest.get(2..5).is_some_and(|t| t.eq_ignore_ascii_case(b"xml")) && rest.get(5).is_none_or(|b| CLASS[usize::from(*b)] & NAME == 0);
        let end = memmem::find(rest, b"?>").filter(|_| !target || self.at == 0).ok_or_else(|| self.broken())?;
        self.at += end + 2;
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), Stop> {
        let open = self.stack.top();
        let start = self.at + 2;
        let end = start + open.length;
        let same = self.bytes.get(start..end).is_some_and(|n| n == &self.bytes[open.start..open.start + open.length]);
        self.at = start;
        if !same || CLASS[usize::from(self.bytes.get(end).copied().unwrap_or(0))] & NAME != 0 {
            let length = self.run_of(NAME);
            return Err(if length == 0 { self.broken() } else { (Kind::EndTag, start..start + length) });
        }
        self.at = end;
        self.space();
        if self.byte() != b'>' {
            return Err(self.broken());
        }
        self.at += 1;
        self.stack.pop();
        while self.prefixes.last().is_some_and(|p| p.depth > self.stack.length) {
            self.prefixes.pop();
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), Stop> {
        self.at += 1;
        if CLASS[usize::from(self.byte())] & NAME_START == 0 {
            return Err(self.broken());
        }
        let start = self.at;
        let length = self.run_of(NAME);
        self.at += length;
        let name = &self.bytes[start..start + length];
        let mut element = words::element(self.bytes, start, length);
        let colon = if element == 0 { memchr(b':', name) } else { None };
        if let Some(colon) = colon {
            element = self.prefixed(start, length, colon);
        }
        if element == 0 {
            self.fault(if self.stack.length == 0 { Kind::Root } else { Kind::Element }, start..start + length);
        } else if self.stack.length == 0 && element != words::DIV {
            self.fault(Kind::Root, start..start + length);
        } else {
            self.place(element, start..start + length);
        }
        self.content |= element == words::IMG;
        let (closed, namespace) = self.attributes(element)?;
        if self.stack.length == 0 && !namespace && colon.is_none() {
            self.fault(Kind::Namespace, start..start + length);
        }
        if closed {
            return Ok(());
        }
        if self.stack.length >= MAX_DEPTH {
            return Err((Kind::TooDeep, start..start + length));
        }
        let forbids = self.stack.top().forbids | words::ELEMENTS[usize::from(element)].forbids;
        self.stack.push(Frame { element, forbids, start, length });
        Ok(())
    }

    /// Whether an element may stand where it stands.
    #[inline]
    fn place(&mut self, element: ElementId, name: Range<usize>) {
        if self.stack.length == 0 {
            return;
        }
        let parent = self.stack.top();
        let outer = words::ELEMENTS[usize::from(parent.element)];
        let inner = words::ELEMENTS[usize::from(element)];
        let bit = 1u64 << element;
        if parent.forbids & bit != 0 {
            self.fault(Kind::Block, name);
        } else if inner.parents != 0 && inner.parents & (1 << parent.element) == 0 {
            self.fault(Kind::Placement, name);
        } else if outer.empty || (outer.children != 0 && outer.children & bit == 0) {
            self.fault(Kind::Content, name);
        }
    }

    /// The element of a name with a prefix, by the namespace that the prefix stands for.
    #[cold]
    fn prefixed(&mut self, start: usize, length: usize, colon: usize) -> ElementId {
        let prefix = &self.bytes[start..start + colon];
        let tag_end = memchr(b'>', &self.bytes[self.at..]).map_or(self.bytes.len(), |e| self.at + e);
        let declared = [b"xmlns:", prefix, b"="].concat();
        let here = memmem::find(&self.bytes[self.at..tag_end], &declared).map(|f| self.bytes[self.at + f + declared.len()..tag_end].get(1..).is_some_and(|v| v.starts_with(NAMESPACE)));
        let is_xhtml = here.or_else(|| self.prefixes.iter().rev().find(|p| p.name == prefix).map(|p| p.is_xhtml)).unwrap_or(false);
        if !is_xhtml {
            self.fault(Kind::Namespace, start..start + length);
            return 0;
        }
        words::element(self.bytes, start + colon + 1, length - colon - 1)
    }

    /// The attributes and the end of a start tag: whether the tag closes its element, and whether it declares the namespace.
    fn attributes(&mut self, element: ElementId) -> Result<(bool, bool), Stop> {
        let (mut seen, mut namespace) = (0u64, false);
        loop {
            let spaced = self.space();
            match self.byte() {
                b'>' => {
                    self.at += 1;
                    return Ok((false, namespace));
                }
                b'/' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    while self.prefixes.last().is_some_and(|p| p.depth > self.stack.length) {
                        self.prefixes.pop();
                    }
                    return Ok((true, namespace));
                }
                b if spaced && CLASS[usize::from(b)] & NAME_START != 0 => {}
                _ => return Err(self.broken()),
            }
            let start = self.at;
            let length = self.run_of(NAME);
            self.at += length;
            let value = self.value()?;
            let name = start..start + length;
            let attribute = words::attribute(self.bytes, start, length);
            if attribute == words::XMLNS {
                namespace = true;
                if &self.bytes[value.clone()] != NAMESPACE {
                    self.fault(Kind::Namespace, value.clone());
                }
            } else if attribute == 0 && self.bytes[name.clone()].starts_with(b"xmlns:") {
                let is_xhtml = &self.bytes[value.clone()] == NAMESPACE;
                self.prefixes.push(Prefix { depth: self.stack.length + 1, name: &self.bytes[start + 6..start + length], is_xhtml });
                continue;
            } else if attribute == 0 || !words::admits(element, attribute) {
                self.fault(Kind::Attribute, name.clone());
            }
            if attribute != 0 && seen & (1 << attribute) != 0 {
                self.fault(Kind::DuplicateAttribute, name);
            }
            seen |= 1 << attribute;
            self.meaning(element, attribute, value);
        }
    }

    /// `= "value"`: the bytes of the value.
    #[inline]
    fn value(&mut self) -> Result<Range<usize>, Stop> {
        self.space();
        if self.byte() != b'=' {
            return Err(self.broken());
        }
        self.at += 1;
        self.space();
        let quote = self.byte();
        if quote != b'"' && quote != b'\'' {
            return Err(self.broken());
        }
        let start = self.at + 1;
        self.at = start;
        loop {
            let found = memchr3(quote, b'<', b'&', &self.bytes[self.at..]).ok_or_else(|| self.broken())?;
            self.at += found;
            match self.bytes[self.at] {
                b'<' => return Err(self.broken()),
                b'&' => _ = self.reference()?,
                _ => {
                    self.at += 1;
                    return Ok(start..self.at - 1);
                }
            }
        }
    }

    /// Links, anchors and languages.
    #[inline]
    fn meaning(&mut self, element: ElementId, attribute: AttributeId, value: Range<usize>) {
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
        if let (Some(links), Some(target)) = (&mut self.links, self.text.get(range.clone()).and_then(|t| t.strip_prefix('#'))) {
            links.links.push(Link { kind, target: unescape(target).into_owned(), range });
        }
    }

    fn anchor(&mut self, is_id: bool, range: Range<usize>) {
        if let (Some(links), Some(text)) = (&mut self.links, self.text.get(range.clone())) {
            links.anchors.push(Anchor { text: unescape(text).into_owned(), range, is_id });
        }
    }
}
