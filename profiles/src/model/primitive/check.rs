//! Which text each primitive admits (<https://hl7.org/fhir/R4/datatypes.html#primitive>): hand-written scanners over
//! bytes; nothing is allocated.

use super::{Primitive, PrimitiveFault, base64, date, number, text, uri};
use crate::definition::FhirVersion;
use crate::release::{Release, release};

impl Primitive {
    /// Checks a value's text (unescaped) by the rules of R4 and later.
    ///
    /// # Errors
    /// The gravest fault found. Whether it is an error or a warning depends on the version:
    /// [`PrimitiveFault::is_error`].
    #[inline]
    pub fn check(self, text: &str) -> Result<(), PrimitiveFault> {
        if text.is_empty() {
            return Err(PrimitiveFault::Empty);
        }
        let bytes = text.as_bytes();
        match self {
            Primitive::Boolean => number::boolean(bytes),
            Primitive::Integer => number::integer(bytes),
            Primitive::Integer64 => number::integer64(bytes),
            Primitive::PositiveInt => number::positive(bytes),
            Primitive::UnsignedInt => number::unsigned(bytes),
            Primitive::Decimal => number::decimal(bytes),
            Primitive::String => text::string(text),
            Primitive::Markdown => text::markdown(text),
            Primitive::Code => text::code(text),
            Primitive::Id => text::id(bytes),
            Primitive::Uri | Primitive::Url | Primitive::Canonical => uri::uri(text),
            Primitive::Oid => uri::oid(bytes),
            Primitive::Uuid => uri::uuid(bytes),
            Primitive::Date => date::date(bytes),
            Primitive::DateTime => date::date_time(bytes),
            Primitive::Instant => date::instant(bytes),
            Primitive::Time => date::time(bytes),
            Primitive::Base64Binary => base64::base64(bytes),
            Primitive::Xhtml => Ok(()),
        }
    }

    /// Like [`Primitive::check`], by the rules of one version: before R4 a decimal has no exponent; from R5 on a
    /// fraction of a second has at most nine digits.
    ///
    /// # Errors
    /// The gravest fault found.
    #[inline]
    pub fn check_in(self, text: &str, version: FhirVersion) -> Result<(), PrimitiveFault> {
        let facts = release(version);
        if facts.exponents && facts.fraction_digits.is_none() { self.check(text) } else { self.check_by(text, facts) }
    }

    /// As [`Primitive::check_in`], of a version with rules of its own.
    #[inline(never)]
    fn check_by(self, text: &str, facts: &Release) -> Result<(), PrimitiveFault> {
        let bytes = text.as_bytes();
        match self {
            Primitive::Decimal if !facts.exponents && bytes.iter().any(|b| matches!(b, b'e' | b'E')) => {
                self.check(text).map_or_else(
                    |f| if f == PrimitiveFault::Precision { Err(PrimitiveFault::Format) } else { Err(f) },
                    |()| Err(PrimitiveFault::Format),
                )
            }
            Primitive::DateTime | Primitive::Instant | Primitive::Time
                if facts.fraction_digits.is_some_and(|most| date::fraction_digits(bytes) > most) =>
            {
                self.check(text).and(Err(PrimitiveFault::Format))
            }
            _ => self.check(text),
        }
    }
}
