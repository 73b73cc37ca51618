//! The narrative's `div` (https://hl7.org/fhir/R4/narrative.html): well-formed XHTML, of the admitted elements and attributes
//! alone, in their places, without active content, with something to read.
//!
//! One pass over the bytes; a valid narrative allocates the stack of its open elements, and what is asked for of its links.

mod bytes;
mod link;
mod markup;
mod prefixes;
mod scan;
mod table;
mod tags;
#[cfg(test)]
mod tests;
#[rustfmt::skip] // tables
mod vocabulary;

use std::ops::Range;

use link::Collect;
pub use link::{Anchor, Link, LinkKind, Links, unescape};

/// What is wrong with a narrative; each stands for one rule.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum XhtmlFaultKind {
    /// No well-formed XML; the scan ended here. The range is where it ended.
    NotWellFormed = 1,
    /// An end tag that is not that of the open element; the scan ended here. The range is its name.
    EndTag = 2,
    /// An element is not closed; the scan ended here. The range is the open element's name.
    Unclosed = 3,
    /// A document type declaration.
    Doctype = 4,
    /// An entity that XML does not define. The range is its name.
    Entity = 5,
    /// A character reference to no XML character. The range is the reference.
    CharacterReference = 6,
    /// The root element is no `div`. The range is its name.
    Root = 7,
    /// The root or an element inside is not of the XHTML namespace. The range is the name or the namespace declared.
    Namespace = 8,
    /// An element that a narrative must not hold. The range is its name.
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
}

/// The deepest nesting of elements that is read.
pub const MAX_DEPTH: usize = 4096;

/// The most faults that are told of one narrative.
pub const MAX_FAULTS: usize = 100;

impl XhtmlFaultKind {
    /// The fault of this number.
    pub fn from_number(number: u8) -> Option<XhtmlFaultKind> {
        XhtmlFaultKind::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// All kinds, in the order of their numbers.
    pub const ALL: [XhtmlFaultKind; 21] = [
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
    ];

    /// Whether the fault makes the narrative invalid; otherwise it is a warning.
    pub fn is_error(self) -> bool {
        self != XhtmlFaultKind::ControlCharacter
    }

    /// Whether the fault breaks the invariant `txt-1`: admitted elements and attributes alone.
    pub fn breaks_txt1(self) -> bool {
        self.ends_scan()
            || matches!(
                self,
                XhtmlFaultKind::Doctype
                    | XhtmlFaultKind::Element
                    | XhtmlFaultKind::Attribute
                    | XhtmlFaultKind::DuplicateAttribute
            )
    }

    /// Whether the fault breaks the invariant `txt-2`: some content.
    pub fn breaks_txt2(self) -> bool {
        self.ends_scan() || self == XhtmlFaultKind::NoContent
    }

    /// Whether the markup itself is at fault, whatever it holds.
    pub fn is_syntax(self) -> bool {
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
    pub fn ends_scan(self) -> bool {
        matches!(
            self,
            XhtmlFaultKind::NotWellFormed | XhtmlFaultKind::EndTag | XhtmlFaultKind::Unclosed | XhtmlFaultKind::TooDeep
        )
    }
}

/// One fault of a narrative and the bytes of the `div` text that it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XhtmlFault {
    pub kind: XhtmlFaultKind,
    pub range: Range<usize>,
}

/// The faults of a narrative's `div` text (unescaped), in the order of the text, at most [`MAX_FAULTS`]; empty for a valid one.
pub fn check(div: &str) -> Vec<XhtmlFault> {
    scan::Scanner::new(div, Collect::Nothing).run().0
}

/// Like [`check_with_targets`], for a narrative around which these prefixes are declared for XHTML.
pub fn check_inside(div: &str, outer: &[Box<str>]) -> (Vec<XhtmlFault>, Links) {
    let mut scanner = scan::Scanner::new(div, Collect::Targets);
    for prefix in outer {
        scanner.prefixes.declare(0, prefix.as_bytes(), true);
    }
    scanner.run()
}

/// Like [`check`], with the links into the resource, the anchors and the language of the root.
pub fn check_with_links(div: &str) -> (Vec<XhtmlFault>, Links) {
    scan::Scanner::new(div, Collect::All).run()
}

/// Like [`check`], with the links into the resource and, where there are any, the anchors.
pub fn check_with_targets(div: &str) -> (Vec<XhtmlFault>, Links) {
    scan::Scanner::new(div, Collect::Targets).run()
}
