//! The FHIR primitives (<https://hl7.org/fhir/R4/datatypes.html#primitive>): their names, how JSON writes them, and
//! which
//! text each admits.

mod base64;
mod check;
mod date;
mod fault;
mod number;
mod text;
mod uri;

#[cfg(test)]
mod tests;

pub use base64::{decode_base64, decoded_length};
pub use date::days_in_month;
pub use fault::PrimitiveFault;
pub use text::is_id;
pub use uri::is_absolute_uri;

/// A primitive type of any FHIR version. The numbers are stable: compiled plans store them.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Primitive {
    /// `true` or `false`.
    Boolean = 1,
    /// A whole number of 32 bits.
    Integer = 2,
    /// A whole number of 64 bits, since R5.
    Integer64 = 3,
    /// A whole number from 1.
    PositiveInt = 4,
    /// A whole number from 0.
    UnsignedInt = 5,
    /// A decimal with the precision that is written.
    Decimal = 6,
    /// Text.
    String = 7,
    /// Text in GitHub's Markdown.
    Markdown = 8,
    /// A token of a code system, without surrounding white space.
    Code = 9,
    /// A logical id: up to 64 letters, digits, `-` and `.`.
    Id = 10,
    /// A URI reference.
    Uri = 11,
    /// An address that can be looked up.
    Url = 12,
    /// A canonical url of a definition, maybe with `|version`.
    Canonical = 13,
    /// An OID as a URI.
    Oid = 14,
    /// A UUID as a URI.
    Uuid = 15,
    /// A year, a month or a day.
    Date = 16,
    /// A date, maybe with time and offset.
    DateTime = 17,
    /// A point in time, to the second at least.
    Instant = 18,
    /// A time of day.
    Time = 19,
    /// Bytes in base64.
    Base64Binary = 20,
    /// The XHTML of a narrative.
    Xhtml = 21,
}

/// How JSON writes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonLexeme {
    /// In quotes.
    String,
    /// As a JSON number.
    Number,
    /// `true` or `false` without quotes.
    Boolean,
}

/// All primitives, with the names that definitions give them.
pub(crate) const NAMES: [(&str, Primitive); 21] = [
    ("boolean", Primitive::Boolean),
    ("integer", Primitive::Integer),
    ("integer64", Primitive::Integer64),
    ("positiveInt", Primitive::PositiveInt),
    ("unsignedInt", Primitive::UnsignedInt),
    ("decimal", Primitive::Decimal),
    ("string", Primitive::String),
    ("markdown", Primitive::Markdown),
    ("code", Primitive::Code),
    ("id", Primitive::Id),
    ("uri", Primitive::Uri),
    ("url", Primitive::Url),
    ("canonical", Primitive::Canonical),
    ("oid", Primitive::Oid),
    ("uuid", Primitive::Uuid),
    ("date", Primitive::Date),
    ("dateTime", Primitive::DateTime),
    ("instant", Primitive::Instant),
    ("time", Primitive::Time),
    ("base64Binary", Primitive::Base64Binary),
    ("xhtml", Primitive::Xhtml),
];

impl Primitive {
    /// The primitive of this type name (`dateTime`), canonical url of a core type, or FHIRPath system type
    /// (`http://hl7.org/fhirpath/System.String`); `None` for every other type.
    pub fn from_name(name: &str) -> Option<Primitive> {
        if let Some(system) = name.strip_prefix("http://hl7.org/fhirpath/").unwrap_or(name).strip_prefix("System.") {
            return Some(match system {
                "Boolean" => Primitive::Boolean,
                "Integer" => Primitive::Integer,
                "Long" => Primitive::Integer64,
                "Decimal" => Primitive::Decimal,
                "String" => Primitive::String,
                "Date" => Primitive::Date,
                "DateTime" => Primitive::DateTime,
                "Time" => Primitive::Time,
                _ => return None,
            });
        }
        let local = name.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(name);
        NAMES.iter().find(|(n, _)| *n == local).map(|(_, p)| *p)
    }

    /// The primitive of this number, as compiled plans store it.
    pub fn from_number(number: u8) -> Option<Primitive> {
        let index = usize::from(number).checked_sub(1)?;
        NAMES.get(index).map(|(_, p)| *p)
    }

    /// The type name, as `dateTime`.
    pub fn name(self) -> &'static str {
        NAMES.get(self as usize - 1).map_or("", |(n, _)| n)
    }

    /// How JSON must write a value of this type (<https://hl7.org/fhir/R4/json.html#primitive>; an integer64 is a
    /// string).
    pub fn json_lexeme(self) -> JsonLexeme {
        match self {
            Primitive::Boolean => JsonLexeme::Boolean,
            Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt | Primitive::Decimal => {
                JsonLexeme::Number
            }
            _ => JsonLexeme::String,
        }
    }
}
