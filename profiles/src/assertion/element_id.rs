//! Ids of elements: no two in a resource are the same (<https://hl7.org/fhir/R4/element.html>). The id of the resource
//! itself is none of them, and a resource inside another has ids of its own.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::Role;

/// The ids of elements so far. Nothing is allocated before there is one.
type Seen<'t> = FxHashSet<Cow<'t, str>>;

/// Judges the ids of a resource's elements.
pub fn unique<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    if !j.has_element_ids() {
        return;
    }
    let mut seen = Seen::default();
    // The elements of a definition are in a snapshot and a differential, with the same ids: invariants of their own
    // require that they are unique within each (https://hl7.org/fhir/R4/structuredefinition.html#invs).
    let defines = at.plan.role == Role::StructureDefinition;
    for c in at.node.children().filter(|c| c.name() != NameId::ID) {
        if !(defines && matches!(c.name_text(), "snapshot" | "differential")) {
            element(j, c, &mut seen);
        }
    }
}

/// Looks at the ids of an element and all inside it. It goes as deep as the text does, which its reader bounds.
fn element<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, seen: &mut Seen<'t>) {
    if n.is_object() && n.child(NameId::RESOURCE_TYPE).is_some() {
        return;
    }
    for c in n.children() {
        if c.name() != NameId::ID {
            element(j, c, seen);
        } else if c.has_value() && !seen.insert(c.text()) {
            j.error(RuleId::ELEMENT_ID, n, &[], || Detail::Text(c.text().into_owned()));
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::ELEMENT_ID, |t| format!("another element of this resource also has id `{}`", t.given()).into())];

pub const EXAMPLES: &[Example] = &[
    example(
        RuleId::ELEMENT_ID,
        r#"{"resourceType":"Patient","id":"b","name":[{"id":"a","text":"x"},{"id":"§","text":"y"}]}"#,
        "a",
        "b",
    ),
    example(
        RuleId::ELEMENT_ID,
        r#"{"resourceType":"Patient","name":[{"id":"a","text":"x"}],"birthDate":"2020","_birthDate":{"id":"§"}}"#,
        "a",
        "b",
    ),
    example(
        RuleId::ELEMENT_ID,
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"id":"a","fullUrl":"http://a.test/Patient/p",
            "resource":{"resourceType":"Patient","id":"p","name":[{"id":"a","text":"x"}]§}}]}"#,
        r#","contact":[{"id":"a","name":{"text":"y"}}]"#,
        "",
    ),
    example(
        RuleId::ELEMENT_ID,
        r#"<Patient xmlns="http://hl7.org/fhir"><name id="a"><text value="x"/></name><birthDate id="§" value="2020"/>
            </Patient>"#,
        "a",
        "b",
    ),
];
