//! The narrative's `div` (<https://hl7.org/fhir/R4/narrative.html>): well-formed XHTML with only the allowed elements
//! and
//! attributes, in the places allowed, without active content, with something to read.
//!
//! One pass over the bytes; a valid narrative allocates the stack of its open elements, and what is asked for of its
//! links.

mod bytes;
mod link;
mod markup;
mod outline;
mod prefixes;
mod scan;
mod table;
mod tags;
#[cfg(test)]
mod tests;
#[rustfmt::skip] // tables
mod vocabulary;

use std::ops::Range;

pub(crate) use link::{LinkKind, Marks};
pub(crate) use outline::{Outline, Part, outline, root_languages};

/// What is wrong with a narrative; each kind is one rule.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum XhtmlFaultKind {
    /// Not well-formed XML; the scan ended here. The range is where it ended.
    NotWellFormed = 1,
    /// An end tag that is not that of the open element; the scan ended here. The range is its name.
    EndTag = 2,
    /// An element is not closed; the scan ended here. The range is the open element's name.
    Unclosed = 3,
    /// A document type declaration.
    Doctype = 4,
    /// An entity that XML does not define, as those of HTML. The range is its name.
    Entity = 5,
    /// A character reference that is not to an XML character. The range is the reference.
    CharacterReference = 6,
    /// The root element is not `div`. The range is its name.
    Root = 7,
    /// The root or an element inside is not of the XHTML namespace. The range is the name or the namespace declared.
    Namespace = 8,
    /// An element that a narrative must not contain. The range is its name.
    Element = 9,
    /// An attribute that its element must not carry. The range is its name.
    Attribute = 10,
    /// An attribute twice in one tag. The range is the second's name.
    DuplicateAttribute = 11,
    /// An element outside of the element that it needs around it, as `td` without `tr`. The range is its name.
    Placement = 12,
    /// Text or an element in an element that does not admit it, as text in `ul`. The range is the text or the name.
    Content = 13,
    /// A block inside an element of text, as `div` in `p`. The range is the block's name.
    Block = 14,
    /// A link or an image source with characters that no URL has. The range is the value.
    UrlCharacters = 15,
    /// A link to nothing. The range is the value.
    EmptyLink = 16,
    /// A link that runs a script. The range is the value.
    ActiveLink = 17,
    /// A link whose scheme no browser follows (`urn:`, `cid:`). The range is the value.
    LinkScheme = 18,
    /// Nothing to read: neither text nor an image.
    NoContent = 19,
    /// A control character, which XML cannot carry (a warning). The range is the character.
    ControlCharacter = 20,
    /// Nested deeper than [`MAX_DEPTH`]; the scan ended here. The range is the element's name.
    TooDeep = 21,
    /// A link whose scheme is not widely known (a note). The range is the value.
    UnusualScheme = 22,
    /// The attribute `xml:space`, which HTML does not have (a note). The range is its value.
    XmlSpace = 23,
}

/// The deepest nesting of elements that is read.
pub(crate) const MAX_DEPTH: usize = 4096;

/// The most faults that are reported for one narrative.
pub(crate) const MAX_FAULTS: usize = 100;

impl XhtmlFaultKind {
    /// The fault of this number.
    pub(crate) fn from_number(number: u8) -> Option<XhtmlFaultKind> {
        XhtmlFaultKind::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// All kinds, in the order of their numbers.
    pub(crate) const ALL: [XhtmlFaultKind; 23] = [
        XhtmlFaultKind::NotWellFormed,
        XhtmlFaultKind::EndTag,
        XhtmlFaultKind::Unclosed,
        XhtmlFaultKind::Doctype,
        XhtmlFaultKind::Entity,
        XhtmlFaultKind::CharacterReference,
        XhtmlFaultKind::Root,
        XhtmlFaultKind::Namespace,
        XhtmlFaultKind::Element,
        XhtmlFaultKind::Attribute,
        XhtmlFaultKind::DuplicateAttribute,
        XhtmlFaultKind::Placement,
        XhtmlFaultKind::Content,
        XhtmlFaultKind::Block,
        XhtmlFaultKind::UrlCharacters,
        XhtmlFaultKind::EmptyLink,
        XhtmlFaultKind::ActiveLink,
        XhtmlFaultKind::LinkScheme,
        XhtmlFaultKind::NoContent,
        XhtmlFaultKind::ControlCharacter,
        XhtmlFaultKind::TooDeep,
        XhtmlFaultKind::UnusualScheme,
        XhtmlFaultKind::XmlSpace,
    ];

    /// Whether it breaks no rule, and is only worth a note.
    pub(crate) fn is_note(self) -> bool {
        matches!(self, XhtmlFaultKind::UnusualScheme | XhtmlFaultKind::XmlSpace)
    }

    /// Whether a narrative with this fault still keeps the rules: a warning or a note does not break them; what is
    /// nested too deeply was not read, so `None`.
    pub(crate) fn is_allowed(self) -> Option<bool> {
        match self {
            XhtmlFaultKind::ControlCharacter | XhtmlFaultKind::UnusualScheme | XhtmlFaultKind::XmlSpace => Some(true),
            XhtmlFaultKind::TooDeep => None,
            _ => Some(false),
        }
    }

    /// Whether the markup itself is at fault, whatever it holds.
    pub(crate) fn is_syntax(self) -> bool {
        let of_markup = [
            XhtmlFaultKind::Doctype,
            XhtmlFaultKind::Entity,
            XhtmlFaultKind::CharacterReference,
            XhtmlFaultKind::DuplicateAttribute,
            XhtmlFaultKind::ControlCharacter,
        ];
        self.ends_scan() || of_markup.contains(&self)
    }

    /// Whether nothing behind the fault was looked at.
    pub(crate) fn ends_scan(self) -> bool {
        matches!(
            self,
            XhtmlFaultKind::NotWellFormed | XhtmlFaultKind::EndTag | XhtmlFaultKind::Unclosed | XhtmlFaultKind::TooDeep
        )
    }
}

/// One fault of a narrative and the bytes of the `div` text that it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct XhtmlFault {
    pub(crate) kind: XhtmlFaultKind,
    pub(crate) range: Range<usize>,
}

/// The faults of a narrative's `div` text (unescaped), in the order of the text, at most [`MAX_FAULTS`]; empty for a
/// valid one. `outer` are the prefixes that are declared for XHTML around it.
pub(crate) fn check(div: &str, outer: &[Box<str>]) -> Vec<XhtmlFault> {
    read(div, outer).0
}

/// Like [`check`], with what the narrative marks for those outside it, as far as the scan came.
pub(crate) fn read(div: &str, outer: &[Box<str>]) -> (Vec<XhtmlFault>, Marks) {
    scan::Scanner::new(div, outer).run()
}

/// What `htmlChecks()` answers for a narrative's `div` (arguments as of [`check`]): whether it keeps the rules; `None`
/// where it is nested too deeply to be read to its end (<https://hl7.org/fhir/R4/fhirpath.html#functions>).
pub(crate) fn is_allowed(div: &str, outer: &[Box<str>]) -> Option<bool> {
    let faults = check(div, outer);
    let answers = || faults.iter().map(|f| f.kind.is_allowed());
    if answers().any(|a| a == Some(false)) { Some(false) } else { answers().all(|a| a.is_some()).then_some(true) }
}
