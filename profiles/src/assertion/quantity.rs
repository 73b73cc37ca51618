//! The unit of a quantity (<https://hl7.org/fhir/R4/datatypes.html#Quantity>).

use super::coding::{in_system, is_relative};
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::NameId;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};
use crate::model::is_absolute_uri;

/// The system of units in which braces hold what is no part of the unit (<https://ucum.org/ucum#para-12>).
const UCUM: &str = "http://unitsofmeasure.org";

/// Judges the unit of a quantity: its system is absolute, its code one of the system's.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some(system) = at.node.child(NameId::SYSTEM).filter(|n| n.has_value()) else { return };
    let url = system.text();
    if is_relative(&url) {
        j.error(RuleId::CODING_SYSTEM_ABSOLUTE, at.node, &[], || Detail::Text(url.into_owned()));
    } else if is_absolute_uri(&url) {
        let code = at.node.child(NameId::CODE).filter(|n| n.has_value());
        in_system(j, at.node, (system, &url, code), [&[], &[]]);
        if url == UCUM {
            annotated(j, at);
        }
    }
}

/// As best practice, a unit does not rest on an annotation: whoever compares units leaves it out, and readers see it
/// only where `unit` repeats it.
fn annotated<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let weight = match j.policies.best_practice {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    let Some(code) = at.node.child_text(NameId::CODE) else { return };
    let Some((start, rest)) = code.find('{').zip(code.rfind('}')).filter(|(start, end)| start < end) else { return };
    let annotation = code.get(start..=rest).unwrap_or_default();
    let unit = at.node.child_text(NameId::UNIT);
    let seen = match unit.as_deref() {
        None => "which no `unit` shows to readers",
        Some(unit) if !unit.contains(annotation.trim_matches(['{', '}'])) => "which `unit` does not show to readers",
        Some(_) => "which is no part of the unit",
    };
    j.find(RuleId::UCUM_ANNOTATION, weight, at.node, &[], || Detail::Text(format!("`{annotation}`, {seen}")));
}

/// The other messages are those of codings.
pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::UCUM_ANNOTATION, |t| format!("the unit has the annotation {}", t.given()).into())];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueQuantity":{"value":1,"system":"§","code":"a"}}"#, "a", "http://a.test"),
    example(RuleId::CODE_UNKNOWN, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"§"}}"#, "celsius", "Cel"),
    example(RuleId::UCUM_ANNOTATION, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueQuantity":{"value":1,"unit":"points","system":"http://unitsofmeasure.org","code":"§"}}"#, "{score}", "1")
        .policies(|p| p.best_practice = Level::Warn),
];
