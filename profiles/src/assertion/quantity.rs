//! The unit of a quantity (<https://hl7.org/fhir/R4/datatypes.html#Quantity>).

use super::coding::{in_system, is_relative};
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::NameId;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges the unit of a quantity: its system is absolute, its code one of the system's.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some(system) = at.node.child_text(NameId::SYSTEM) else { return };
    if is_relative(&system) {
        j.error(RuleId::CODING_SYSTEM_ABSOLUTE, at.node, &[], || Detail::Text(system.into_owned()));
    } else {
        in_system(j, at.node, [&[], &[]]);
    }
}

/// The messages are those of codings.
pub const MESSAGES: &[(RuleId, Describe)] = &[];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueQuantity":{"value":1,"system":"§","code":"a"}}"#, "a", "http://a.test"),
    example(RuleId::CODE_UNKNOWN, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"§"}}"#, "celsius", "Cel"),
];
