//! Fixed values and patterns (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_>).

use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext, beside, value_text};
use super::value::{differences, equals, holds, misses};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges a node by the fixed values and patterns of its elements.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let (set, n) = (j.set, at.node);
    for v in &at.plan.values {
        if !v.fixed {
            if holds(set, n, v.value) {
                continue;
            }
            let places = misses(set, j.model(), (n, at.plan.type_id), v.value);
            let whole = if places.is_empty() { Some(n) } else { None };
            for place in places.into_iter().chain(whole) {
                j.error(RuleId::PATTERN, place, &[v.element], || Detail::Value(v.value));
            }
        } else if !equals(set, n, v.value) {
            let places = differences(set, n, v.value);
            // Two values that differ in no single place still differ.
            let whole = if places.is_empty() { Some(n) } else { None };
            for place in places.into_iter().chain(whole) {
                j.error(RuleId::FIXED, place, &[v.element], || Detail::Value(v.value));
            }
        }
    }
}

/// Compares a value with the value of a definition, with both as evidence.
pub(super) fn compared(t: MessageContext<'_>, say: impl FnOnce(&str, &str) -> String) -> Message {
    let Detail::Value(handle) = t.finding.detail else { return Message::default() };
    let (found, wanted) = (beside(t.set, t.node, handle), value_text(t.set, handle));
    Message {
        text: say(&found, &wanted),
        evidence: vec![("found".to_owned(), found), ("expected".to_owned(), wanted)],
        ..Message::default()
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::FIXED, |t| compared(t, |found, wanted| format!("{found} is not the fixed value {wanted}"))),
    (RuleId::PATTERN, |t| compared(t, |found, wanted| format!("{found} does not match the pattern {wanted}"))),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::FIXED, r#"{"resourceType":"Patient","gender":"§"}"#, "male", "female")
        .profile(r#"{"id":"Patient.gender","path":"Patient.gender","fixedCode":"female"}"#),
    example(RuleId::PATTERN, r#"{"resourceType":"Patient","maritalStatus":{"§":"single"}}"#, "id", "text")
        .profile(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus",
            "patternCodeableConcept":{"text":"single"}}"#),
];
