//! The system of an identifier, and the values of those that are uris
//! (<https://hl7.org/fhir/R4/datatypes.html#Identifier>).

use super::coding::is_relative;
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::NameId;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

/// The system of identifiers that are uris themselves.
const URIS: &str = "urn:ietf:rfc:3986";
/// Where the documents are published that define uuids and uris.
const PUBLISHERS: [&str; 4] = ["tools.ietf.org", "datatracker.ietf.org", "www.ietf.org", "www.rfc-editor.org"];
/// Their names: uuids, their later edition, and uris.
const DOCUMENTS: [&str; 3] = ["rfc4122", "rfc9562", "rfc3986"];

/// Judges an Identifier: its system is absolute, and no page about uuids or uris; if it says that the value is a uri,
/// the value is absolute.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let Some(system) = n.child_text(NameId::SYSTEM) else { return };
    if is_relative(&system) {
        j.error(RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, n, &[], || Detail::Text(system.into_owned()));
    } else if system == URIS
        && let Some(value) = n.child_text(NameId::VALUE).filter(|v| is_relative(v))
    {
        j.error(RuleId::IDENTIFIER_URI, n, &[], || Detail::Text(value.into_owned()));
    } else if is_page(&system) {
        j.find(RuleId::IDENTIFIER_SYSTEM_PAGE, Weight::Warning, n, &[], || Detail::Text(system.into_owned()));
    }
}

/// Whether a system is the address of the document that defines uuids or uris.
fn is_page(system: &str) -> bool {
    let Some(rest) = system.strip_prefix("https://").or_else(|| system.strip_prefix("http://")) else { return false };
    let Some((host, path)) = rest.split_once('/') else { return false };
    let file = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = file.split(['.', '#']).next().unwrap_or_default();
    PUBLISHERS.contains(&host) && DOCUMENTS.iter().any(|d| d.eq_ignore_ascii_case(name))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, |t| format!("system `{}` is not an absolute uri", t.given()).into()),
    (RuleId::IDENTIFIER_SYSTEM_PAGE, |t| {
        format!("system `{}` is the address of a document, not a namespace of identifiers", t.given()).into()
    }),
    (RuleId::IDENTIFIER_URI, |t| format!("identifier value `{}` is not an absolute uri", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, r#"{"resourceType":"Patient","identifier":[{"system":"§",
        "value":"1"}]}"#, "a", "http://a.test"),
    example(RuleId::IDENTIFIER_URI, r#"{"resourceType":"Patient","identifier":[{"system":"urn:ietf:rfc:3986",
        "value":"§1.2.3"}]}"#, "", "urn:oid:"),
    example(RuleId::IDENTIFIER_SYSTEM_PAGE, r#"{"resourceType":"Patient","identifier":[{"system":"§",
        "value":"urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b"}]}"#, "https://tools.ietf.org/html/rfc4122",
        "urn:ietf:rfc:3986"),
];
