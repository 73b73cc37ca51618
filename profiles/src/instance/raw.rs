//! The nodes of a tape as they are stored.

use super::names::NameId;

/// What the lexeme was. Values keep their exact text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// An object, or an XML element with children.
    Object,
    /// A JSON string, or a value in XML.
    String,
    /// A JSON number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// A JSON `null`.
    Null,
    /// No value was written: the instance has only the primitive extension (`_name`).
    Absent,
    /// `[]`
    EmptyArray,
    /// An array directly inside an array; its entries are not followed.
    NestedArray,
}

/// The value was in a JSON array.
pub const IN_ARRAY: u8 = 1;
/// The string holds at least one escape sequence.
pub const ESCAPED: u8 = 2;
/// The primitive extension (`_name`) was in a JSON array.
pub const EXTENSION_IN_ARRAY: u8 = 4;
/// The first entry of its array (or a value that was not in an array).
pub const FIRST: u8 = 8;

/// One node of the tape; links are indices into the tape, 0 = none (node 0 is the root).
#[derive(Clone, Copy, Debug)]
pub struct RawNode {
    /// The element's name; entries of an array have the name of the array.
    pub name: NameId,
    /// The node of the object around.
    pub parent: u32,
    /// The first child.
    pub child: u32,
    /// The next sibling.
    pub next: u32,
    /// Of the first of a run of equal names in a large object: the first of the next run, [`END`] where there is none;
    /// elsewhere 0.
    pub skip: u32,
    /// The node of the `_name` object of a primitive.
    pub primitive_extension: u32,
    /// Where the value starts in the text, in bytes.
    pub start: u32,
    /// Where the value ends in the text, in bytes.
    pub end: u32,
    /// What the value is.
    pub kind: Kind,
    /// [`IN_ARRAY`], [`ESCAPED`], [`EXTENSION_IN_ARRAY`] and [`FIRST`], as bits.
    pub flags: u8,
}

impl RawNode {
    /// A node that is linked to no other yet; `start` and `end` are its value's bytes in the text.
    pub(super) fn unlinked(name: NameId, (start, end): (usize, usize), kind: Kind, flags: u8) -> RawNode {
        let (start, end) = (start as u32, end as u32);
        RawNode { name, parent: 0, child: 0, next: 0, skip: 0, primitive_extension: 0, start, end, kind, flags }
    }
}

/// What [`RawNode::skip`] holds at the last run.
pub(super) const END: u32 = u32::MAX;
