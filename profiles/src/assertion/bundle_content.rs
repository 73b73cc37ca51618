//! What a Bundle must contain: in a document what its Composition refers to, in a message the focus of its header
//! (<https://hl7.org/fhir/R4/documents.html#content>, <https://hl7.org/fhir/R4/messaging.html#bundle>).

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, unversioned};
use crate::model::is_absolute_uri;

/// The members of a Composition, and of a part of it, whose references must resolve within the document.
const COMPOSITION: [&str; 4] = ["subject", "encounter", "author", "custodian"];
const ATTESTER: [&str; 1] = ["party"];
const EVENT: [&str; 1] = ["detail"];
const SECTION: [&str; 3] = ["author", "focus", "entry"];
/// The same for the header of a message.
const MESSAGE: [&str; 1] = ["focus"];

/// Judges the first entry of a document or a message.
pub fn check<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>) {
    let Some(first) = bundle.child(NameId::ENTRY).and_then(|e| e.child(NameId::RESOURCE)) else { return };
    let members = match first.child_text(NameId::RESOURCE_TYPE).as_deref() {
        Some("Composition") => &COMPOSITION[..],
        Some("MessageHeader") => &MESSAGE[..],
        _ => return,
    };
    let index = j.entries(bundle);
    // For an entry with the type and id, but another base, a document has a rule of its own.
    let is_told = |plain: &str| members == COMPOSITION && !is_absolute_uri(plain) && index.has_id(plain);
    let mut open = vec![(first, members)];
    while let Some((n, members)) = open.pop() {
        for c in n.children() {
            let name = c.name_text();
            if members.contains(&name) {
                let text = c.child_text(NameId::REFERENCE).filter(|t| !t.is_empty() && !t.starts_with('#'));
                if let Some(text) =
                    text.filter(|t| !is_told(unversioned(t)) && j.entries_named(&index, bundle, t, c).is_empty())
                {
                    j.error(RuleId::BUNDLE_CONTENT, c, &[], || Detail::Text(text.into_owned()));
                }
            }
            match name {
                "attester" if n == first => open.push((c, &ATTESTER)),
                "event" if n == first => open.push((c, &EVENT)),
                "section" => open.push((c, &SECTION)),
                _ => {}
            }
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::BUNDLE_CONTENT, |t| format!("`{}` is not in the Bundle, which must contain it", t.given()).into())];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(
        RuleId::BUNDLE_CONTENT,
        r#"{"resourceType":"Bundle","type":"document","entry":[
            {"fullUrl":"http://a.test/Composition/c","resource":{"resourceType":"Composition","id":"c",
                "section":[{"section":[{"title":"a","entry":[{"reference":"Patient/§"}]}]}]}},
            {"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}]}"#,
        "q", "p",
    ),
    example(
        RuleId::BUNDLE_CONTENT,
        r#"{"resourceType":"Bundle","type":"message","entry":[
            {"fullUrl":"http://a.test/MessageHeader/m","resource":{"resourceType":"MessageHeader","id":"m",
                "focus":[{"reference":"http://§.test/Patient/p"}]}},
            {"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}]}"#,
        "b", "a",
    ),
];
