//! Definitions that are at fault: a base that is missing, elements or types that the base does not have, a cardinality
//! that contradicts the base's.
//!
//! From the plan: [`crate::plan::PlanFault`]. A fault is reported once, at the instance's root, and names the
//! definition and its element. What such a definition requires is an open question: nothing is valid against it. Where
//! it only loosens what its base demands, the base's demand holds, and nothing is open.

use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Reports what is wrong with the definitions that start at this place.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for fault in &at.plan.faults {
        j.definition(fault);
    }
}

fn said(t: MessageContext<'_>) -> Message {
    let Detail::Definition(faulty) = &t.finding.detail else { return "a definition has an error".into() };
    let at = if faulty.element.is_empty() { String::new() } else { format!(" at `{}`", faulty.element) };
    let so = if faulty.overruled { "the base's rule applies" } else { "not everything it requires could be checked" };
    format!("definition `{}` has an error{at}: {}; {so}", faulty.profile, faulty.message).into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::DEFINITION, said)];

/// A profile of Patient that requires one element.
macro_rules! patient_with {
    ($id:literal, $element:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":""#,
            $id,
            r#"","url":"http://firing.test/StructureDefinition/"#,
            $id,
            r#"",
            "name":"PatientWith","status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,
            "type":"Patient","derivation":"constraint",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
            "differential":{"element":[{"id":"Patient."#,
            $element,
            r#"","path":"Patient."#,
            $element,
            r#"","min":1}]}}"#
        )
    };
}

pub const EXAMPLES: &[Example] = &[example(
    RuleId::DEFINITION,
    r#"{"resourceType":"Patient","meta":{"profile":["http://firing.test/StructureDefinition/§"]},"active":true}"#,
    "misspelt",
    "well-spelt",
)
.with(&[patient_with!("misspelt", "aktive"), patient_with!("well-spelt", "active")])];
