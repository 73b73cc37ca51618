//! The system of an identifier, and the values of those that are uris
//! (<https://hl7.org/fhir/R4/datatypes.html#Identifier>).

use super::coding::is_relative;
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::NameId;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// The system of identifiers that are uris themselves.
const URIS: &str = "urn:ietf:rfc:3986";

/// Judges an Identifier: its system is absolute, and if it says that the value is a uri, the value is absolute.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let Some(system) = n.child_text(NameId::SYSTEM) else { return };
    if is_relative(&system) {
        j.error(RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, n, &[], || Detail::Text(system.into_owned()));
    } else if system == URIS
        && let Some(value) = n.child_text(NameId::VALUE).filter(|v| is_relative(v))
    {
        j.error(RuleId::IDENTIFIER_URI, n, &[], || Detail::Text(value.into_owned()));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, |t| format!("system `{}` is not an absolute uri", t.given()).into()),
    (RuleId::IDENTIFIER_URI, |t| format!("identifier value `{}` is not an absolute uri", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, r#"{"resourceType":"Patient","identifier":[{"system":"§",
        "value":"1"}]}"#, "a", "http://a.test"),
    example(RuleId::IDENTIFIER_URI, r#"{"resourceType":"Patient","identifier":[{"system":"urn:ietf:rfc:3986",
        "value":"§1.2.3"}]}"#, "", "urn:oid:"),
];
