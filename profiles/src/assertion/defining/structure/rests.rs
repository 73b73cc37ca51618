//! What a structure definition rests on: the value sets that its elements are bound to are loaded and meant for use,
//! and so is its base
//! (<https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.experimental>).

use super::super::{named, text};
use super::home::Home;
use crate::assertion::example::{Example, example};
use crate::assertion::text::Describe;
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::plan::marks::STATUS_EXPERIMENTAL;
use crate::plan::rows::STRUCTURE_EXPERIMENTAL;
use crate::terminology::is_implicit;

/// The types that have codes (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.binding>).
const CODED: [&str; 7] = ["code", "Coding", "CodeableConcept", "CodeableReference", "Quantity", "string", "uri"];

/// Judges what a structure definition rests on.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    if text(n, "fhirVersion").is_some_and(|v| FhirVersion::parse(&v) != Some(j.set.fhir_version())) {
        return;
    }
    let home = Home::of(j, n);
    let is_genuine = text(n, "experimental").is_some_and(|e| e == "false");
    if is_genuine {
        base(j, n, home);
    }
    for e in named(n, "differential").flat_map(|l| named(l, "element")) {
        for binding in named(e, "binding") {
            types(j, e, binding);
            bound(j, binding, home, is_genuine);
        }
    }
}

/// The base of what is meant for use is meant for it, too.
fn base<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, home: Home) {
    let Some(base) = named(n, "baseDefinition").find(|b| b.has_value()) else { return };
    let canonical = base.text();
    let row = home.structure(j, &canonical).and_then(|s| j.set.structure(s));
    if row.is_some_and(|row| row.flags & STRUCTURE_EXPERIMENTAL != 0) {
        experimental(j, base, || format!("the base `{canonical}` is experimental, but this definition is not"));
    }
}

/// What an element is bound to is loaded, and meant for use where the definition is. Examples may be anything.
fn bound<'t>(j: &mut Judge<'_, 't>, binding: Node<'t>, home: Home, is_genuine: bool) {
    let Some(node) = named(binding, "valueSet").find(|v| v.has_value()) else { return };
    let canonical = node.text();
    let (url, version) = canonical.split_once('|').map_or((&*canonical, None), |(url, version)| (url, Some(version)));
    match home.value_set(j, &canonical).and_then(|v| j.set.value_set(v)) {
        Some(row) => {
            let is_example = || text(binding, "strength").is_some_and(|s| s == "example");
            if is_genuine && row.status & STATUS_EXPERIMENTAL != 0 && !is_example() {
                experimental(j, binding, || {
                    format!("the value set `{canonical}` is experimental, but this definition is not")
                });
            }
        }
        None if url.starts_with('#') || is_implicit(url) || !j.kinds(&canonical).is_empty() => {}
        None if j.held.is_some_and(|h| h.value_set(url, version).is_some()) => {}
        None => j.find(RuleId::STRUCTURE_VALUE_SET, Weight::Note, binding, &[], || {
            Detail::Text(canonical.clone().into_owned())
        }),
    }
}

fn experimental<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, told: impl FnOnce() -> String) {
    j.find(RuleId::STRUCTURE_EXPERIMENTAL, Weight::Warning, n, &[], || Detail::Text(told()));
}

/// A binding is for every type of its element that has codes.
fn types<'t>(j: &mut Judge<'_, 't>, e: Node<'t>, binding: Node<'t>) {
    let coded: Vec<_> =
        named(e, "type").filter_map(|t| text(t, "code")).filter(|code| CODED.contains(&&**code)).collect();
    if coded.len() > 1 {
        j.find(RuleId::STRUCTURE_BINDING_TYPES, Weight::Note, binding, &[], || Detail::Text(coded.join("`, `")));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::STRUCTURE_VALUE_SET, |t| {
        format!("value set `{}` is not loaded, so the binding was not checked", t.given()).into()
    }),
    (RuleId::STRUCTURE_BINDING_TYPES, |t| {
        format!("the binding is for all types of the element that have codes: `{}`", t.given()).into()
    }),
    (RuleId::STRUCTURE_EXPERIMENTAL, |t| t.given().into()),
];

/// A value set that is for experiments.
const TRIAL: &str = r#"{"resourceType":"ValueSet","id":"trial","url":"http://firing.test/ValueSet/trial",
    "status":"active","experimental":true,
    "compose":{"include":[{"system":"http://a.test","concept":[{"code":"a"}]}]}}"#;
/// A profile that is for experiments.
const TRIED: &str = r#"{"resourceType":"StructureDefinition","id":"tried",
    "url":"http://firing.test/StructureDefinition/tried","name":"Tried","status":"active","experimental":true,
    "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient","path":"Patient"}]}}"#;

/// A profile that is no experiment, with one element.
macro_rules! resting {
    ($type:literal, $base:literal, $element:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S","status":"draft",
                "experimental":false,"kind":"resource","abstract":false,"derivation":"constraint","type":""#,
            $type,
            r#"","baseDefinition":"http://"#,
            $base,
            r#"","differential":{"element":[{"#,
            $element,
            "}]}}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::STRUCTURE_VALUE_SET, resting!("Patient", "hl7.org/fhir/StructureDefinition/Patient",
        r#""id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"preferred",
        "valueSet":"http://hl7.org/fhir/ValueSet/§"}"#), "absent", "marital-status"),
    example(RuleId::STRUCTURE_EXPERIMENTAL, resting!("Patient", "hl7.org/fhir/StructureDefinition/Patient",
        r#""id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"§",
        "valueSet":"http://firing.test/ValueSet/trial"}"#), "preferred", "example").with(&[TRIAL, TRIED]),
    example(RuleId::STRUCTURE_EXPERIMENTAL, resting!("Patient", "§",
        r#""id":"Patient.name","path":"Patient.name","min":1"#), "firing.test/StructureDefinition/tried",
        "hl7.org/fhir/StructureDefinition/Patient").with(&[TRIAL, TRIED]),
    example(RuleId::STRUCTURE_BINDING_TYPES, resting!("Observation", "hl7.org/fhir/StructureDefinition/Observation",
        r#""id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"CodeableConcept"},{"code":"§"}],
        "binding":{"strength":"preferred","valueSet":"http://hl7.org/fhir/ValueSet/observation-codes"}"#), "Quantity",
        "boolean"),
];
