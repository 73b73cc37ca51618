//! Faults of the syntax, in JSON and in XML.

use std::ops::Range;

/// A fault of the syntax, with the byte range in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The bytes of the text that are at fault, from the start of the document.
    pub span: Range<u32>,
    /// The tape node that carries the fault, 0 where it has none.
    pub node: u32,
    /// What was found: a key, a character, a limit.
    pub found: String,
}

/// The faults of JSON and XML that a tape can name. Each has a rule id of its own in each format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Bytes that are not UTF-8.
    Utf8,
    /// A byte order mark at the start, which JSON does not allow.
    ByteOrderMark,
    /// A document without content.
    Empty,
    /// A JSON value other than an object.
    NotAnObject,
    /// A character that cannot be there; reading ends.
    UnexpectedCharacter,
    /// The text ends inside a value, an object or an element.
    UnexpectedEnd,
    /// Text after the end of the resource.
    TrailingText,
    /// A comma before a closing bracket.
    TrailingComma,
    /// No comma between two members or entries.
    MissingComma,
    /// No colon between a member's name and its value.
    MissingColon,
    /// A name or a string without quotes.
    UnquotedName,
    /// A string in single quotes.
    SingleQuotes,
    /// A comment, which JSON does not have.
    Comment,
    /// A second member or attribute of the same name.
    DuplicateKey,
    /// A control character that is not escaped, or that XML does not allow.
    ControlCharacter,
    /// An escape sequence or a reference that does not exist.
    BadEscape,
    /// Half of a surrogate pair as an escape sequence.
    LoneSurrogate,
    /// A number that JSON does not allow.
    BadNumber,
    /// An array and the array of its primitive extensions (`_name`) of different lengths.
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
    /// The text is longer than the limit.
    LimitBytes,
    /// Objects or elements are nested deeper than the limit.
    LimitDepth,
    /// The instance has more nodes than the limit.
    LimitNodes,
    /// The reading was broken off.
    LimitTime,
}

impl FaultKind {
    /// Whether a limit of intake was reached: nothing was examined then.
    pub fn is_limit(self) -> bool {
        matches!(self, FaultKind::LimitBytes | FaultKind::LimitDepth | FaultKind::LimitNodes | FaultKind::LimitTime)
    }

    /// Whether the text is well-formed XML all the same, and only not of the form that FHIR gives it
    /// (<https://hl7.org/fhir/R4/xml.html>).
    pub fn is_of_form(self) -> bool {
        matches!(
            self,
            FaultKind::Instruction
                | FaultKind::StrayText
                | FaultKind::Attribute
                | FaultKind::NoAttribute
                | FaultKind::Namespace
        )
    }
}
