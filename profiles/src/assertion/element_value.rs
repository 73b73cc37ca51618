//! Primitives that need a value: nothing, or one of a list of extensions, is allowed in its place
//! (<https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.mustHaveValue>).
//!
//! From the plan: [`crate::plan::PlanPresence`].

use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use crate::instance::NameId;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges a primitive that is there and has no value.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let (set, n) = (j.set, at.node);
    for p in &at.plan.presence {
        let alternatives = || set.layer(p.element.layer).list(p.alternatives);
        let stands = |url: &str| alternatives().any(|a| a.split('|').next() == Some(url));
        if !n.children_named(NameId::EXTENSION).filter_map(|x| x.child_text(NameId::URL)).any(|url| stands(&url)) {
            j.error(RuleId::ELEMENT_VALUE, n, &[p.element], || {
                Detail::Text(alternatives().map(|a| format!("`{a}`")).collect::<Vec<_>>().join(", "))
            });
        }
    }
}

fn absent(t: MessageContext<'_>) -> Message {
    match (t.name(), t.given()) {
        (name, "") => format!("`{name}` has no value, but the profile requires one").into(),
        (name, urls) => {
            format!("`{name}` has neither a value nor any of the extensions allowed in its place: {urls}").into()
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::ELEMENT_VALUE, absent)];

/// An example under the profile that all of them share: it states both properties in both of their forms.
const fn under_profile(around: &'static str, fires: &'static str, holds: &'static str) -> Example {
    example(RuleId::ELEMENT_VALUE, around, fires, holds).profile(
        r#"{"id":"Patient.active","path":"Patient.active","mustHaveValue":true},
        {"id":"Patient.gender","path":"Patient.gender","valueAlternatives":[
            "http://hl7.org/fhir/StructureDefinition/data-absent-reason|5.2.0"]},
        {"id":"Patient.birthDate","path":"Patient.birthDate","extension":[
            {"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue",
                "valueBoolean":true}]},
        {"id":"Patient.deceased[x]","path":"Patient.deceased[x]","extension":[
            {"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives",
                "valueCanonical":"http://hl7.org/fhir/StructureDefinition/data-absent-reason"},
            {"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives",
                "valueUri":"http://hl7.org/fhir/StructureDefinition/originalText"}]}"#,
    )
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    under_profile(r#"{"resourceType":"Patient",§"_birthDate":{"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}"#, "",
        r#""birthDate":"2020","#),
    under_profile(r#"{"resourceType":"Patient",§"_active":{"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}"#, "",
        r#""active":true,"#),
    under_profile(r#"{"resourceType":"Patient","_gender":{"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/§","valueCode":"UNK"}]}}"#, "iso21090-nullFlavor",
        "data-absent-reason"),
    under_profile(r#"{"resourceType":"Patient","_deceasedBoolean":{"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/§","valueString":"a"}]}}"#, "iso21090-nullFlavor",
        "originalText"),
    under_profile(
        r#"<Patient xmlns="http://hl7.org/fhir"><birthDate§><extension
            url="http://hl7.org/fhir/StructureDefinition/data-absent-reason"><valueCode value="unknown"/></extension>
            </birthDate></Patient>"#,
        "", r#" value="2020""#,
    ),
];
