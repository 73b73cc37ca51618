//! The pass over a narrative's bytes.

use std::ops::Range;

use super::bytes::{NAME, SPACE, hold_no_character, is, window};
use super::link::Marks;
use super::prefixes::Prefixes;
use super::vocabulary::{ElementId, ElementSet};
use super::{MAX_FAULTS, XhtmlFault, XhtmlFaultKind as Kind};
use crate::instance::is_xml_char;

/// The fault that ends a scan.
pub(super) type Stop = (Kind, Range<usize>);

/// An open element.
#[derive(Clone, Copy, Default)]
pub(super) struct Frame {
    pub(super) element: ElementId,
    /// The elements allowed directly inside, and whether text is.
    pub(super) fits: ElementSet,
    /// The elements that none of its descendants may be.
    pub(super) forbids: ElementSet,
    /// A short name and the `>` behind it in the end tag, and the bits that they take of a window; of any other name
    /// something that no window holds.
    pub(super) closing: u64,
    pub(super) mask: u64,
    pub(super) start: usize,
    pub(super) length: usize,
}

pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    /// The open elements, the innermost last.
    pub(super) open: Vec<Frame>,
    pub(super) prefixes: Prefixes<'t>,
    /// Whether text or an image was met.
    pub(super) content: bool,
    /// Whether there is no `]` ahead, so that it is not searched for again.
    pub(super) closes_nothing: bool,
    faults: Vec<XhtmlFault>,
    /// Whether there may be links into the resource, so that anchors are collected.
    pub(super) has_links: bool,
    /// The values of `id`, as ranges of the text.
    pub(super) ids: Vec<Range<usize>>,
    pub(super) marks: Marks,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, outer: &'t [Box<str>]) -> Scanner<'t> {
        let mut prefixes = Prefixes::default();
        for prefix in outer {
            prefixes.declare(0, prefix.as_bytes(), true);
        }
        Scanner {
            text,
            bytes: text.as_bytes(),
            at: 0,
            open: Vec::with_capacity(16),
            prefixes,
            content: false,
            closes_nothing: false,
            faults: Vec::new(),
            has_links: memchr::memchr(b'#', text.as_bytes()).is_some(),
            ids: Vec::new(),
            marks: Marks::default(),
        }
    }

    pub(super) fn run(mut self) -> (Vec<XhtmlFault>, Marks) {
        match self.document() {
            Err((kind, range)) => self.fault(kind, range),
            Ok(()) if !self.content => self.fault(Kind::NoContent, 0..self.bytes.len()),
            Ok(()) => {}
        }
        if hold_no_character(self.bytes) {
            self.control_character();
        }
        self.name_anchors();
        (self.faults, self.marks)
    }

    #[cold]
    fn control_character(&mut self) {
        if let Some((at, c)) = self.text.char_indices().find(|(_, c)| !is_xml_char(*c)) {
            self.fault(Kind::ControlCharacter, at..at + c.len_utf8());
        }
    }

    #[cold]
    pub(super) fn fault(&mut self, kind: Kind, range: Range<usize>) {
        let has_room = self.faults.len() < MAX_FAULTS;
        // One note tells of all its kind; warnings leave room for the first error.
        if (kind.is_note() && (!has_room || self.faults.iter().any(|f| f.kind == kind)))
            || !(has_room
                || kind.is_allowed() != Some(true) && self.faults.iter().all(|f| f.kind.is_allowed() == Some(true)))
        {
            return;
        }
        self.faults.push(XhtmlFault { kind, range });
    }

    #[cold]
    pub(super) fn broken(&self) -> Stop {
        let at = self.at.min(self.bytes.len());
        let length = self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        (Kind::NotWellFormed, at..at + length)
    }

    /// The innermost open element.
    #[inline]
    pub(super) fn top(&self) -> Frame {
        self.open.last().copied().unwrap_or_default()
    }

    /// The bytes from here on.
    #[inline]
    pub(super) fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The bytes of a name or value that was read.
    #[inline]
    pub(super) fn part(&self, range: Range<usize>) -> &'t [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    #[inline]
    pub(super) fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn run_of(&self, class: u8) -> usize {
        let rest = self.rest();
        rest.iter().position(|b| !is(*b, class)).unwrap_or(rest.len())
    }

    /// Skips whitespace; whether there was any.
    #[inline]
    pub(super) fn space(&mut self) -> bool {
        if !is(self.byte(), SPACE) {
            return false;
        }
        self.at += 1;
        while is(self.byte(), SPACE) {
            self.at += 1;
        }
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
        self.root()?;
        self.around(false)?;
        if self.at < self.bytes.len() { Err(self.broken()) } else { Ok(()) }
    }

    /// Whitespace, comments, processing instructions and, before the root, a document type.
    fn around(&mut self, before: bool) -> Result<(), Stop> {
        loop {
            self.space();
            match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(b'<'), Some(b'!')) if before || self.rest().starts_with(b"<!--") => self.declaration(false)?,
                (Some(b'<'), Some(b'?')) => self.instruction()?,
                _ => return Ok(()),
            }
        }
    }

    /// The root, from its start tag to its end tag.
    fn root(&mut self) -> Result<(), Stop> {
        let (bytes, mut at) = (self.bytes, self.at);
        loop {
            at = self.run_of_text(bytes, at)?;
            at = match bytes.get(at + 1) {
                Some(b'/') => self.end_tag(bytes, at)?,
                Some(b'!') => {
                    self.at = at;
                    self.declaration(true)?;
                    self.at
                }
                Some(b'?') => {
                    self.at = at;
                    self.instruction()?;
                    self.at
                }
                _ => self.start_tag(bytes, at)?,
            };
            if self.open.is_empty() {
                self.at = at;
                return Ok(());
            }
        }
    }

    /// The end tag at `at`; where it ends.
    #[inline(always)]
    fn end_tag(&mut self, bytes: &[u8], at: usize) -> Result<usize, Stop> {
        let start = at + 2;
        let mut end = 0;
        if let Some(open) = self.open.last()
            && window(bytes, start) & open.mask == open.closing
        {
            end = start + open.length + 1;
        }
        if end == 0 {
            end = self.other_end_tag(at)?;
        }
        self.open.pop();
        self.prefixes.leave(self.open.len());
        Ok(end)
    }

    /// An end tag of a long name, with space in it, or of another element.
    #[inline(never)]
    fn other_end_tag(&mut self, at: usize) -> Result<usize, Stop> {
        let Some(open) = self.open.last().copied() else {
            self.at = at + 1;
            return Err(self.broken());
        };
        let start = at + 2;
        let end = start + open.length;
        let same =
            self.bytes.get(start..end).is_some_and(|name| name == self.part(open.start..open.start + open.length));
        self.at = start;
        if !same || self.bytes.get(end).is_some_and(|b| is(*b, NAME)) {
            let length = self.run_of(NAME);
            return Err(if length == 0 { self.broken() } else { (Kind::EndTag, start..start + length) });
        }
        self.at = end;
        self.space();
        if self.byte() != b'>' {
            return Err(self.broken());
        }
        Ok(self.at + 1)
    }
}
