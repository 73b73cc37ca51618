//! Code systems that are a grammar or a list of a standard body, decided here: languages, media types, units,
//! countries, currencies.

mod country;
mod ecl;
mod language;
mod media;
mod words;

pub use ecl::is_expression_constraint;
pub use language::{LanguageParts, language_tag};
pub use media::is_media_type;

use crate::ucum::{Dimension, Unit};

/// The urls of the code systems.
const BCP_47: &str = "urn:ietf:bcp:47";
const BCP_13: &str = "urn:ietf:bcp:13";
const UCUM: &str = "http://unitsofmeasure.org";
const ISO_3166: &str = "urn:iso:std:iso:3166";
const ISO_4217: &str = "urn:iso:std:iso:4217";

/// A set of codes that a rule decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Language tags (BCP 47) that have all the required parts and none of the forbidden ones.
    Language {
        /// The parts that a tag must have.
        required: LanguageParts,
        /// The parts that it must not have.
        forbidden: LanguageParts,
    },
    /// Media types (BCP 13).
    MediaType,
    /// Units of UCUM; with a dimension only those that measure it.
    Unit {
        /// What a unit must measure; `None`: anything.
        comparable: Option<Dimension>,
    },
    /// Countries (ISO 3166-1).
    Country {
        /// Codes of two letters belong.
        two: bool,
        /// Codes of three letters belong.
        three: bool,
        /// Codes of three digits belong.
        number: bool,
    },
    /// Currencies (ISO 4217).
    Currency,
}

impl Grammar {
    /// The grammar of a whole code system, by its url.
    pub fn of_system(url: &str) -> Option<Grammar> {
        Some(match url {
            BCP_47 => Grammar::Language { required: LanguageParts::NONE, forbidden: LanguageParts::NONE },
            BCP_13 => Grammar::MediaType,
            UCUM => Grammar::Unit { comparable: None },
            ISO_3166 => Grammar::Country { two: true, three: true, number: true },
            ISO_4217 => Grammar::Currency,
            _ => return None,
        })
    }

    /// Whether the codes stand for something that has a name, which the grammar does not give.
    pub fn has_names(&self) -> bool {
        matches!(self, Grammar::Country { .. } | Grammar::Currency)
    }

    /// Whether the code belongs.
    pub fn holds(&self, code: &str) -> bool {
        match self {
            Grammar::Language { required, forbidden } => {
                language_tag(code).is_some_and(|parts| parts.contains(*required) && !parts.meets(*forbidden))
            }
            Grammar::MediaType => is_media_type(code),
            Grammar::Unit { comparable } => {
                Unit::parse(code).is_some_and(|unit| comparable.is_none_or(|c| unit.dimension() == Some(c)))
            }
            Grammar::Country { two, three, number } => country::country(code).is_some_and(|kind| match kind {
                country::CountryCode::Two => *two,
                country::CountryCode::Three => *three,
                country::CountryCode::Number => *number,
            }),
            Grammar::Currency => country::is_currency(code),
        }
    }

    /// The codes of the grammar that a value set's filter selects; `None` where the filter cannot be evaluated here.
    pub(super) fn filter(&self, property: &str, op: &str, value: &str) -> Option<Grammar> {
        match (self, property, op) {
            (Grammar::Language { required, forbidden }, _, "exists") => {
                let part = LanguageParts::named(property)?;
                match value {
                    "true" => Some(Grammar::Language { required: required.with(part), forbidden: *forbidden }),
                    "false" => Some(Grammar::Language { required: *required, forbidden: forbidden.with(part) }),
                    _ => None,
                }
            }
            (Grammar::Unit { comparable: None }, "canonical", "=") => {
                Some(Grammar::Unit { comparable: Some(Unit::parse(value)?.dimension()?) })
            }
            (Grammar::Country { .. }, "code", "regex") => match value {
                "[A-Z]{2}" | "^[A-Z]{2}$" => Some(Grammar::Country { two: true, three: false, number: false }),
                "[A-Z]{3}" | "^[A-Z]{3}$" => Some(Grammar::Country { two: false, three: true, number: false }),
                "[0-9]{3}" | "^[0-9]{3}$" => Some(Grammar::Country { two: false, three: false, number: true }),
                _ => None,
            },
            _ => None,
        }
    }

    /// What is in either; `None` where no grammar says it.
    pub(super) fn union(&self, other: &Grammar) -> Option<Grammar> {
        match (self, other) {
            (a, b) if a == b => Some(a.clone()),
            (Grammar::Language { required, forbidden }, _) if required.is_none() && forbidden.is_none() => {
                Some(self.clone())
            }
            (_, Grammar::Language { required, forbidden }) if required.is_none() && forbidden.is_none() => {
                Some(other.clone())
            }
            (Grammar::Unit { comparable: None }, Grammar::Unit { .. })
            | (Grammar::Unit { .. }, Grammar::Unit { comparable: None }) => Some(Grammar::Unit { comparable: None }),
            (Grammar::Country { two, three, number }, Grammar::Country { two: t, three: h, number: n }) => {
                Some(Grammar::Country { two: *two || *t, three: *three || *h, number: *number || *n })
            }
            _ => None,
        }
    }

    /// What is in both; `None` where no grammar says it.
    pub(super) fn intersection(&self, other: &Grammar) -> Option<Grammar> {
        match (self, other) {
            (a, b) if a == b => Some(a.clone()),
            (Grammar::Language { required, forbidden }, Grammar::Language { required: r, forbidden: f }) => {
                Some(Grammar::Language { required: required.with(*r), forbidden: forbidden.with(*f) })
            }
            (Grammar::Unit { comparable: None }, Grammar::Unit { .. }) => Some(other.clone()),
            (Grammar::Unit { .. }, Grammar::Unit { comparable: None }) => Some(self.clone()),
            (Grammar::Country { two, three, number }, Grammar::Country { two: t, three: h, number: n }) => {
                Some(Grammar::Country { two: *two && *t, three: *three && *h, number: *number && *n })
            }
            _ => None,
        }
    }
}
