//! Start tags: which element one opens, whether it is allowed there, and its attributes.

use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use super::bytes::{NAME, NAME_START, is, up_to};
use super::scan::{Frame, Scanner, Stop};
use super::vocabulary::{self as words, AttributeId, ElementId, ElementSet, Inside};
use super::{MAX_DEPTH, XhtmlFaultKind as Kind};

const NAMESPACE: &[u8] = b"http://www.w3.org/1999/xhtml";

/// What the name of a start tag says.
struct Name {
    element: ElementId,
    length: usize,
    /// As in [`Frame`].
    closing: u64,
    mask: u64,
    /// What the element around it forbids inside.
    forbidden: ElementSet,
}

/// An attribute that was read.
struct Attribute {
    attribute: AttributeId,
    name: Range<usize>,
    value: Range<usize>,
    /// Whether the value holds references.
    refers: bool,
}

/// What an attribute is that is not simply admitted.
enum Odd {
    Namespace,
    Prefix,
    Wrong,
}

impl Scanner<'_> {
    /// The start tag at `at`; where it ends.
    #[inline(always)]
    pub(super) fn start_tag(&mut self, bytes: &[u8], at: usize) -> Result<usize, Stop> {
        let start = at + 1;
        let name = match self.plain_name(bytes, start) {
            Some(known) => known,
            None => self.other_name(start)?,
        };
        let mut end = start + name.length;
        self.content |= name.element == words::IMG;
        if bytes.get(end) == Some(&b'>') && !self.open.is_empty() {
            end += 1;
        } else {
            let closed = self.attributes(bytes, name.element, start..end)?;
            end = self.at;
            if closed {
                self.prefixes.leave(self.open.len());
                return Ok(end);
            }
        }
        if self.open.len() >= MAX_DEPTH {
            return Err((Kind::TooDeep, start..start + name.length));
        }
        let Inside { fits, forbids } = words::inside(name.element);
        let forbids = name.forbidden | forbids;
        let Name { element, length, closing, mask, .. } = name;
        self.open.push(Frame { element, fits: fits & !forbids, forbids, closing, mask, start, length });
        Ok(end)
    }

    /// What is known by the name that starts here, if it is that of a known element with a short name that is allowed
    /// here.
    #[inline(always)]
    fn plain_name(&self, bytes: &[u8], start: usize) -> Option<Name> {
        let top = self.open.last()?;
        let eight = u64::from_le_bytes(*bytes.get(start..)?.first_chunk::<8>()?);
        let (mask, length) = up_to(eight, [b'>', b' '])?;
        let element = words::short_element(eight & (mask >> 8), length);
        // The byte behind the name becomes `>`, if it is a space.
        let closing = (eight & mask & (mask >> 8)) | (u64::from(b'>') << (8 * length));
        (top.fits & (1 << element) != 0).then_some(Name { element, length, closing, mask, forbidden: top.forbids })
    }

    /// As [`Scanner::plain_name`], of any other name; tells what is wrong with it.
    #[inline(never)]
    fn other_name(&mut self, start: usize) -> Result<Name, Stop> {
        self.at = start;
        if !is(self.byte(), NAME_START) {
            return Err(self.broken());
        }
        let length = self.run_of(NAME);
        self.at += length;
        let element = words::element(self.part(start..start + length));
        let top = self.top();
        let fits = top.fits & (1 << element) != 0;
        let element = if fits { element } else { self.unfit(element, start..start + length) };
        Ok(Name { element, length, closing: 1, mask: 0, forbidden: top.forbids })
    }

    /// Which element it is: the root, or one that is unknown, prefixed, or not allowed where it is.
    #[inline(never)]
    fn unfit(&mut self, mut element: ElementId, name: Range<usize>) -> ElementId {
        if element == 0
            && let Some(colon) = memchr(b':', self.part(name.clone()))
        {
            element = self.prefixed(name.start, name.len(), colon);
        }
        if element == 0 {
            self.fault(if self.open.is_empty() { Kind::Root } else { Kind::Element }, name);
        } else if self.open.is_empty() && element != words::DIV {
            self.fault(Kind::Root, name);
        } else {
            self.place(element, name);
        }
        element
    }

    /// Tells what is wrong with the place of an element.
    fn place(&mut self, element: ElementId, name: Range<usize>) {
        let Some(parent) = self.open.last().copied() else { return };
        let (outer, inner) = (words::rules(parent.element), words::rules(element));
        let bit = 1u64 << element;
        if parent.forbids & bit != 0 {
            let is_link = element == words::A;
            self.fault(if is_link { Kind::Content } else { Kind::Block }, name);
        } else if inner.parents != 0 && inner.parents & (1 << parent.element) == 0 {
            self.fault(Kind::Placement, name);
        } else if outer.empty || (outer.children != 0 && outer.children & bit == 0) {
            self.fault(Kind::Content, name);
        }
    }

    /// The element of a name with a prefix, by the namespace of the prefix.
    #[cold]
    fn prefixed(&mut self, start: usize, length: usize, colon: usize) -> ElementId {
        let prefix = self.part(start..start + colon);
        let tag_end = memchr(b'>', self.rest()).map_or(self.bytes.len(), |e| self.at + e);
        let declared = [b"xmlns:", prefix, b"="].concat();
        let here = memmem::find(self.part(self.at..tag_end), &declared).map(|f| {
            let value = self.part(self.at + f + declared.len()..tag_end);
            let quote = value.first();
            value.get(1..).and_then(|v| v.strip_prefix(NAMESPACE)).is_some_and(|rest| rest.first() == quote)
        });
        let is_xhtml = here.unwrap_or_else(|| self.prefixes.is_xhtml(prefix));
        if !is_xhtml {
            self.fault(Kind::Namespace, start..start + length);
            return 0;
        }
        words::element(self.part(start + colon + 1..start + length))
    }

    /// The attributes and the end of a start tag, behind its name; whether it closes its element.
    #[inline(always)]
    fn attributes(&mut self, bytes: &[u8], element: ElementId, tag: Range<usize>) -> Result<bool, Stop> {
        let (mut seen, mut namespace) = (0u64, false);
        let mut at = tag.end;
        let closed = loop {
            let found = match plain_attribute(bytes, at) {
                Some(found) => found,
                None => {
                    if bytes.get(at) == Some(&b'>') {
                        self.at = at + 1;
                        break false;
                    }
                    self.at = at;
                    if let Some(closed) = self.tag_end()? {
                        break closed;
                    }
                    self.other_attribute()?
                }
            };
            at = found.value.end + 1;
            let attribute = found.attribute;
            if attribute == words::XMLNS || !words::admits(element, attribute) {
                match self.odd_attribute(&found) {
                    Odd::Namespace => namespace = true,
                    Odd::Prefix => continue,
                    Odd::Wrong => {}
                }
            }
            let bit = (1 << attribute) & !1;
            if seen & bit != 0 {
                self.fault(Kind::DuplicateAttribute, found.name.clone());
            }
            seen |= bit;
            if words::has_meaning(attribute) {
                self.meaning(attribute, found.value, found.refers);
            }
        };
        if self.open.is_empty() && !namespace && memchr(b':', self.part(tag.clone())).is_none() {
            self.fault(Kind::Namespace, tag);
        }
        Ok(closed)
    }

    /// A namespace, or an attribute that its element may not carry.
    #[inline(never)]
    fn odd_attribute(&mut self, found: &Attribute) -> Odd {
        let is_xhtml = self.part(found.value.clone()) == NAMESPACE;
        if found.attribute == words::XMLNS {
            if !is_xhtml {
                self.fault(Kind::Namespace, found.value.clone());
            }
            return Odd::Namespace;
        }
        if let Some(prefix) = self.part(found.name.clone()).strip_prefix(b"xmlns:") {
            self.prefixes.declare(self.open.len() + 1, prefix, is_xhtml);
            return Odd::Prefix;
        }
        self.fault(Kind::Attribute, found.name.clone());
        Odd::Wrong
    }

    /// The attribute that is here, whatever it is.
    #[inline(never)]
    fn other_attribute(&mut self) -> Result<Attribute, Stop> {
        let start = self.at;
        self.at += self.run_of(NAME);
        let name = start..self.at;
        let (value, refers) = self.value()?;
        Ok(Attribute { attribute: words::attribute(self.part(name.clone())), name, value, refers })
    }

    /// Reads the end of a start tag, if it is here; whether it closes the element.
    fn tag_end(&mut self) -> Result<Option<bool>, Stop> {
        let spaced = self.space();
        match self.byte() {
            b'>' => {
                self.at += 1;
                Ok(Some(false))
            }
            b'/' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                self.at += 2;
                Ok(Some(true))
            }
            b if spaced && is(b, NAME_START) => Ok(None),
            _ => Err(self.broken()),
        }
    }

    /// `= "value"`: the bytes of the value, and whether it holds references.
    fn value(&mut self) -> Result<(Range<usize>, bool), Stop> {
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
        let mut refers = false;
        loop {
            self.at += memchr3(quote, b'<', b'&', self.rest()).ok_or_else(|| self.broken())?;
            match self.byte() {
                b'<' => return Err(self.broken()),
                b'&' => {
                    self.reference()?;
                    refers = true;
                }
                _ => {
                    self.at += 1;
                    return Ok((start..self.at - 1, refers));
                }
            }
        }
    }
}

/// The attribute at `at`, if it has a known short name and is written as most are: ` name="value"`, without references.
#[inline(always)]
fn plain_attribute(bytes: &[u8], at: usize) -> Option<Attribute> {
    let rest = bytes.get(at..)?.strip_prefix(b" ")?;
    let eight = u64::from_le_bytes(*rest.first_chunk::<8>()?);
    let (bits, length) = up_to(eight, [b'='])?;
    let attribute = words::short_attribute(eight & (bits >> 8), length);
    let value = rest.get(length + 1..)?.strip_prefix(b"\"")?;
    if attribute == 0 {
        return None;
    }
    let end = memchr3(b'"', b'<', b'&', value).filter(|end| value.get(*end) == Some(&b'"'))?;
    let name = at + 1;
    let start = name + length + 2;
    Some(Attribute { attribute, name: name..name + length, value: start..start + end, refers: false })
}
