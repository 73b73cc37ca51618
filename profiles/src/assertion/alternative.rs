//! An element that names several profiles for its type: it must conform to one of them
//! (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile>).
//!
//! From the plan: [`crate::plan::PlanAlternatives`].

use super::example::{Example, example};
use super::text::Describe;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth};

/// Judges a node by the profiles that its elements name.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for a in &at.plan.alternatives {
        let mut any = if a.unknown { Truth::Unknown } else { Truth::False };
        for root in &a.roots {
            let plan = j.plans.node(at.plan.type_id, &[*root]);
            any = any.or(j.trial(&at.along(&plan)));
            if any == Truth::True {
                break;
            }
        }
        // Where the type itself is violated, so is every profile of it, and that has been reported.
        if any == Truth::False {
            let base = j.plans.node(at.plan.type_id, &[]);
            if j.trial(&at.along(&base)) == Truth::False {
                continue;
            }
        }
        let set = j.set;
        let names = || {
            Detail::Text(
                a.roots
                    .iter()
                    .map(|r| format!("`{}`", set.canonical_of(*r)))
                    .chain(a.unknown.then(|| "one that is not loaded".to_owned()))
                    .collect::<Vec<_>>()
                    .join(", "),
            )
        };
        match any {
            Truth::True => {}
            Truth::False => j.error(RuleId::ELEMENT_PROFILE, at.node, &[a.element], names),
            Truth::Unknown => j.question(RuleId::ELEMENT_PROFILE_UNDECIDED, at.node, &[a.element], names),
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::ELEMENT_PROFILE, |t| {
        format!("`{}` does not conform to any of the profiles allowed here: {}", t.name(), t.given()).into()
    }),
    (RuleId::ELEMENT_PROFILE_UNDECIDED, |t| {
        format!("cannot determine whether `{}` conforms to one of the profiles allowed here: {}", t.name(), t.given())
            .into()
    }),
];

/// A profile of HumanName that requires one of its elements.
macro_rules! name_with {
    ($element:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":"name-with-"#,
            $element,
            r#"","url":"http://firing.test/StructureDefinition/name-with-"#,
            $element,
            r#"",
            "name":"NameWith","status":"active","fhirVersion":"4.0.1","kind":"complex-type","abstract":false,
            "type":"HumanName","derivation":"constraint",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/HumanName",
            "differential":{"element":[{"id":"HumanName."#,
            $element,
            r#"","path":"HumanName."#,
            $element,
            r#"","min":1}]}}"#
        )
    };
}

pub const EXAMPLES: &[Example] = &[
    example(RuleId::ELEMENT_PROFILE, r#"{"resourceType":"Patient","name":[{"§":"usual"}]}"#, "use", "text")
        .profile(
            r#"{"id":"Patient.name","path":"Patient.name","type":[{"code":"HumanName",
            "profile":["http://firing.test/StructureDefinition/name-with-family",
            "http://firing.test/StructureDefinition/name-with-text"]}]}"#,
        )
        .with(&[name_with!("family"), name_with!("text")]),
    example(RuleId::ELEMENT_PROFILE_UNDECIDED, r#"{"resourceType":"Patient","name":[{"§":"usual"}]}"#, "use", "text")
        .profile(
            r#"{"id":"Patient.name","path":"Patient.name","type":[{"code":"HumanName",
            "profile":["http://firing.test/StructureDefinition/not-here",
            "http://firing.test/StructureDefinition/name-with-text"]}]}"#,
        )
        .with(&[name_with!("text")]),
];
