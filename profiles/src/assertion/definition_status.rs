//! Extensions and profiles that are used although their definitions are out of use: retired, deprecated, withdrawn
//! (<https://hl7.org/fhir/R4/versions.html#std-process>).

use super::code_status::named;
use super::display::parts;
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::plan::Handle;
use crate::plan::marks::STATUS_OLD;

/// Notes, once in a report, that the definition of an extension is out of use.
pub(super) fn extension<'t>(j: &mut Judge<'_, 't>, x: Node<'t>, definition: Handle) {
    used(j, x, definition, "extension");
}

/// Notes, once in a report, that a profile which an instance claims is out of use.
pub fn profile<'t>(j: &mut Judge<'_, 't>, claim: Node<'t>, definition: Handle) {
    used(j, claim, definition, "profile");
}

fn used<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, definition: Handle, kind: &str) {
    let set = j.set;
    let status = set.structure(definition).map_or(0, |row| row.status() & STATUS_OLD);
    let Some(is) = named(status).filter(|_| j.tells_status(definition)) else { return };
    j.find(RuleId::DEFINITION_STATUS, Weight::Note, n, &[], || Detail::Code {
        canonical: set.canonical(definition),
        found: kind.to_owned(),
        reason: is.to_owned(),
    });
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::DEFINITION_STATUS, |t| {
    let (canonical, kind, status) = parts(t);
    format!("the {kind} `{canonical}` is {status}").into()
})];

/// An extension of Patient with this status, and these extensions of its definition.
macro_rules! extension_of {
    ($id:literal, $status:literal, $extensions:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":""#,
            $id,
            r#"","url":"http://firing.test/StructureDefinition/"#,
            $id,
            r#"","name":"Aged","status":""#,
            $status,
            r#"","extension":["#,
            $extensions,
            r#"],"fhirVersion":"4.0.1","kind":"complex-type","abstract":false,"type":"Extension",
            "derivation":"constraint","context":[{"type":"element","expression":"Patient"}],
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
            "differential":{"element":[{"id":"Extension.url","path":"Extension.url",
            "fixedUri":"http://firing.test/StructureDefinition/"#,
            $id,
            r#""}]}}"#
        )
    };
}

const AGED: &[&str] = &[
    extension_of!("aged-retired", "retired", ""),
    extension_of!("aged-active", "active", ""),
    extension_of!(
        "aged-withdrawn",
        "active",
        r#"{"url":"http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
        "valueCode":"withdrawn"}"#
    ),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::DEFINITION_STATUS, r#"{"resourceType":"Patient","extension":[{
        "url":"http://firing.test/StructureDefinition/aged-§","valueString":"a"}]}"#, "retired", "active").with(AGED),
    example(RuleId::DEFINITION_STATUS, r#"{"resourceType":"Patient","extension":[{
        "url":"http://firing.test/StructureDefinition/aged-§","valueString":"a"}]}"#, "withdrawn", "active").with(AGED),
];
