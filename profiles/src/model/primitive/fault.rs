//! What can be wrong with a primitive's text.

use crate::definition::FhirVersion;
use crate::release::release;

/// A fault of a primitive's text; each kind is one rule.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrimitiveFault {
    /// No text at all.
    Empty = 1,
    /// The text is not of the type's format.
    Format = 2,
    /// A number outside of the type's range.
    Range = 3,
    /// A well-formed date that no calendar holds, as 30 February.
    Calendar = 4,
    /// A date with a time but without a timezone.
    NoTimezone = 5,
    /// Whitespace where the type admits none.
    Whitespace = 6,
    /// A character that the type does not admit.
    Characters = 7,
    /// Longer than the type admits.
    TooLong = 8,
    /// A prefix that is missing or wrong: `urn:oid:`, `urn:uuid:`.
    Prefix = 9,
    /// What follows `urn:oid:` is not an OID.
    Oid = 10,
    /// What follows `urn:uuid:` is not a UUID in lower case.
    Uuid = 11,
    /// Whitespace inside base64 (an error from R5 on).
    Base64Whitespace = 12,
    /// More digits than implementations need to support (an error from R5 on).
    Precision = 13,
    /// A year before 1800 or after 2100 (a warning).
    ImplausibleYear = 14,
    /// A control character that XML cannot carry.
    ControlCharacter = 15,
    /// Only whitespace (a warning).
    OnlyWhitespace = 16,
    /// Whitespace at the start or the end (a warning).
    EdgeWhitespace = 17,
}

impl PrimitiveFault {
    /// All faults, in the order of their numbers.
    pub const ALL: [PrimitiveFault; 17] = [
        PrimitiveFault::Empty,
        PrimitiveFault::Format,
        PrimitiveFault::Range,
        PrimitiveFault::Calendar,
        PrimitiveFault::NoTimezone,
        PrimitiveFault::Whitespace,
        PrimitiveFault::Characters,
        PrimitiveFault::TooLong,
        PrimitiveFault::Prefix,
        PrimitiveFault::Oid,
        PrimitiveFault::Uuid,
        PrimitiveFault::Base64Whitespace,
        PrimitiveFault::Precision,
        PrimitiveFault::ImplausibleYear,
        PrimitiveFault::ControlCharacter,
        PrimitiveFault::OnlyWhitespace,
        PrimitiveFault::EdgeWhitespace,
    ];

    /// Whether the fault makes the value invalid in this version; otherwise it is a warning.
    pub fn is_error(self, version: FhirVersion) -> bool {
        match self {
            PrimitiveFault::ImplausibleYear | PrimitiveFault::OnlyWhitespace | PrimitiveFault::EdgeWhitespace => false,
            PrimitiveFault::Base64Whitespace | PrimitiveFault::Precision => release(version).strict_primitives,
            _ => true,
        }
    }
}
