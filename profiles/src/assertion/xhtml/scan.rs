//! The pass over a narrative's bytes.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr3, memmem};

use super::link::{Links, is_xml_char};
use super::vocabulary::{self as words, ElementId};
use super::{MAX_DEPTH, MAX_FAULTS, XhtmlFault, XhtmlFaultKind as Kind};

const NAMESPACE: &[u8] = b"http://www.w3.org/1999/xhtml";

/// The fault that ends a scan.
pub(super) type Stop = (Kind, Range<usize>);

/// Classes of bytes.
const SPACE: u8 = 1;
pub(super) const NAME: u8 = 2;
const NAME_START: u8 = 4;

pub(super) const CLASS: [u8; 256] = {
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
pub(super) struct Frame {
    pub(super) element: ElementId,
    /// The elements that none of its descendants may be.
    forbids: u64,
    pub(super) start: usize,
    pub(super) length: usize,
}

/// The open elements; the first ones lie here, deeper ones on the heap.
pub(super) struct Stack {
    inline: [Frame; 32],
    spill: Vec<Frame>,
    pub(super) length: usize,
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
    pub(super) fn top(&self) -> Frame {
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
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) stack: Stack,
    prefixes: Vec<Prefix<'t>>,
    /// Whether text or an image was met.
    pub(super) content: bool,
    faults: Vec<XhtmlFault>,
    pub(super) links: Option<&'l mut Links>,
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
    pub(super) fn fault(&mut self, kind: Kind, range: Range<usize>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(XhtmlFault { kind, range });
        }
    }

    #[cold]
    pub(super) fn broken(&self) -> Stop {
        let at = self.at.min(self.bytes.len());
        let length = self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        (Kind::NotWellFormed, at..at + length)
    }

    #[inline]
    pub(super) fn byte(&self) -> u8 {
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
}
