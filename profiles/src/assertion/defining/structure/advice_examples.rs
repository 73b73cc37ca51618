//! Examples of what a profile may say though it is seldom meant, and of obligation profiles.

use super::super::super::example::{Example, example};
use crate::issue::RuleId;

/// A profile of a type, with extensions of its own and its elements.
macro_rules! profile {
    ($type:literal, $more:literal, $elements:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","#,
            $more,
            r#""url":"http://a.test/s","name":"S","status":"draft","kind":"resource","type":""#,
            $type,
            r#"","baseDefinition":"http://hl7.org/fhir/StructureDefinition/"#,
            $type,
            r#"","derivation":"constraint","abstract":false,"differential":{"element":["#,
            $elements,
            "]}}"
        )
    };
}

/// An obligation profile of Patient, with one element.
macro_rules! obliging {
    ($element:literal) => {
        profile!(
            "Patient",
            r#""extension":[{"url":"http://hl7.org/fhir/StructureDefinition/obligation-profile-flag",
            "valueBoolean":true}],"#,
            $element
        )
    };
}

/// The definition of an extension, with its context.
macro_rules! extension {
    ($type:literal, $expression:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S","status":"draft",
            "kind":"complex-type","abstract":false,"type":"Extension",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint",
            "context":[{"type":""#,
            $type,
            r#"","expression":""#,
            $expression,
            r#""}],"differential":{"element":[{"id":"Extension.url","path":"Extension.url",
            "fixedUri":"http://a.test/s"}]}}"#
        )
    };
}

/// A logical model whose snapshot has one element.
macro_rules! model {
    ($member:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/m","name":"M","status":"draft",
            "kind":"logical","abstract":false,"type":"http://a.test/m",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization",
            "snapshot":{"element":[{"id":"m","path":"m","definition":"m","min":0,"max":"*","base":{"path":"m","min":0,
            "max":"*"}},{"id":"m.a","path":"m.a","definition":"a","min":0,"max":"1","base":{"path":"m.a","min":0,
            "max":"1"}"#,
            $member,
            "}]}}"
        )
    };
}

/// An obligation profile, and one that is none.
const OBLIGING: &[&str] = &[
    r#"{"resourceType":"StructureDefinition","id":"obliging","extension":[{
    "url":"http://hl7.org/fhir/StructureDefinition/obligation-profile-flag","valueBoolean":true}],
    "url":"http://firing.test/StructureDefinition/obliging","name":"O","status":"active","fhirVersion":"4.0.1",
    "kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient.name","path":"Patient.name","mustSupport":true}]}}"#,
    r#"{"resourceType":"StructureDefinition","id":"ordinary",
    "url":"http://firing.test/StructureDefinition/ordinary","name":"O","status":"active","fhirVersion":"4.0.1",
    "kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient.name","path":"Patient.name","mustSupport":true}]}}"#,
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::STRUCTURE_FIXED, profile!("Patient", "", r#"{"id":"Patient.maritalStatus",
        "path":"Patient.maritalStatus","§CodeableConcept":{"text":"x"}}"#), "fixed", "pattern"),
    example(RuleId::STRUCTURE_FIXED, profile!("Patient", "", r#"{"id":"Patient.name","path":"Patient.name","max":"§",
        "patternHumanName":{"use":"official"}}"#), "2", "1"),
    example(RuleId::STRUCTURE_SUPPORT, profile!("Patient", "", r#"{"id":"Patient.managingOrganization",
        "path":"Patient.managingOrganization"§,"type":[{"code":"Reference","_targetProfile":[{"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-type-must-support","valueBoolean":true}]}],
        "targetProfile":["http://hl7.org/fhir/StructureDefinition/Organization"]}]}"#), "", r#","mustSupport":true"#),
    example(RuleId::STRUCTURE_SUPPORT, profile!("Patient", "", r#"{"id":"Patient.identifier","mustSupport":true,
        "path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
        {"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a","mustSupport":§},
        {"id":"Patient.identifier:a.system","path":"Patient.identifier.system","fixedUri":"http://a.test"}"#),
        "false", "true"),
    example(RuleId::STRUCTURE_DISCRIMINATOR, profile!("Patient", "", r#"{"id":"Patient.identifier",
        "path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
        {"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a"},{"id":"Patient.identifier:a.§",
        "path":"Patient.identifier.§","fixedUri":"http://a.test"}"#), "value", "system"),
    example(RuleId::STRUCTURE_DISCRIMINATOR, profile!("Composition", "", r#"{"id":"Composition.author",
        "path":"Composition.author","slicing":{"discriminator":[{"type":"type","path":"resolve()"}],"rules":"open"}},
        {"id":"Composition.author:a","path":"Composition.author","sliceName":"a"§}"#), "",
        r#","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]"#),
    example(RuleId::STRUCTURE_SLICING, profile!("Patient", "", r#"{"id":"Patient.§","path":"Patient.§",
        "slicing":{"discriminator":[{"type":"type","path":"resolve()"}],"rules":"open"}}"#), "name",
        "generalPractitioner"),
    example(RuleId::STRUCTURE_CONTEXT, extension!("element", "§"), "Element", "Patient"),
    example(RuleId::STRUCTURE_CONTEXT, extension!("fhirpath", "Patient.name§"), "", ".where(use = 'official')"),
    example(RuleId::STRUCTURE_ABSTRACT, r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S",
        "status":"draft","kind":"resource","abstract":§,"type":"Patient",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
        "differential":{"element":[{"id":"Patient","path":"Patient"}]}}"#, "true", "false"),
    example(RuleId::STRUCTURE_STATEMENT, profile!("Patient", "", r#"{"id":"Patient.§","path":"Patient.§",
        "isSummary":true}"#), "maritalStatus", "name"),
    example(RuleId::STRUCTURE_TYPE, model!("§"), "", r#","type":[{"code":"string"}]"#),
    example(RuleId::STRUCTURE_TYPE, profile!("Patient", "", r#"{"id":"Patient.name","path":"Patient.name","type":[{§
        "_code":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode":"unknown"}]}}]}"#), "", r#""code":"HumanName","#),
    example(RuleId::STRUCTURE_OBLIGATION, obliging!(r#"{"id":"Patient.name","path":"Patient.name",§}"#),
        r#""patternHumanName":{"use":"official"}"#, r#""min":1"#),
    example(RuleId::STRUCTURE_OBLIGATION, obliging!(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus",
        "binding":{"strength":"§","valueSet":"http://hl7.org/fhir/ValueSet/marital-status"}}"#), "required",
        "extensible"),
    example(RuleId::STRUCTURE_OBLIGATION, obliging!(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus",
        "binding":{"strength":"extensible","valueSet":"http://hl7.org/fhir/ValueSet/§"}}"#), "administrative-gender",
        "marital-status"),
    example(RuleId::STRUCTURE_OBLIGATION, obliging!(r#"{"id":"Patient.§","path":"Patient.§","binding":{
        "strength":"extensible","valueSet":"http://hl7.org/fhir/ValueSet/patient-contactrelationship"}}"#),
        "name.family", "contact.relationship"),
    example(RuleId::STRUCTURE_OBLIGATION, obliging!(r#"{"id":"Patient.name","path":"Patient.§"}"#), "contact", "name"),
    example(RuleId::STRUCTURE_OBLIGATION, profile!("Patient", r#""extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/inherit-obligations",
        "valueCanonical":"http://firing.test/StructureDefinition/§"}],"#, r#"{"id":"Patient","path":"Patient"}"#),
        "ordinary", "obliging").with(OBLIGING),
];
