//! Faults of the syntax, in JSON and in XML.

use std::ops::Range;

/// A fault of the syntax, with the byte range in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub span: Range<u32>,
    /// The tape node that carries the fault, 0 where it has none.
    pub node: u32,
    /// What was found: a key, a character, a limit.
    pub found: String,
}

/// The faults of JSON and XML that a tape can name. Each has a rule id of its own in each format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    Utf8,
    ByteOrderMark,
    Empty,
    NotAnObject,
    UnexpectedCharacter,
    UnexpectedEnd,
    TrailingText,
    TrailingComma,
    MissingComma,
    MissingColon,
    UnquotedName,
    SingleQuotes,
    Comment,
    DuplicateKey,
    ControlCharacter,
    BadEscape,
    LoneSurrogate,
    BadNumber,
    PrimitiveExtensionAlignment,
    /// A document type declaration.
    Doctype,
    /// A processing instruction.
    Instruction,
    /// A declaration of another encoding than UTF-8.
    Encoding,
    /// An end tag that closes another element.
    EndTag,
    /// Text between elements.
    StrayText,
    /// An attribute that FHIR's XML does not have there.
    Attribute,
    /// A child element for what is an attribute.
    NoAttribute,
    /// An element outside FHIR's namespace.
    Namespace,
    LimitBytes,
    LimitDepth,
    LimitNodes,
}

impl FaultKind {
    /// Whether a limit of intake was reached: nothing was examined then.
    pub fn is_limit(self) -> bool {
        matches!(self, FaultKind::LimitBytes | FaultKind::LimitDepth | FaultKind::LimitNodes)
    }
}
