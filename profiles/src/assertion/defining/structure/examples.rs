//! Examples of profiles against bases that are profiles themselves, and of what a profile slices.

use super::super::super::example::{Example, example};
use crate::issue::RuleId;

/// A profile of a type, with its base and its elements.
macro_rules! derived {
    ($type:literal, $base:literal, $elements:expr) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S","status":"draft",
            "kind":"resource","abstract":false,"type":""#,
            $type,
            r#"","baseDefinition":""#,
            $base,
            r#"","derivation":"constraint","differential":{"element":["#,
            $elements,
            "]}}"
        )
    };
}

/// A profile that is loaded, with what it says of its derivation, and its elements.
macro_rules! loaded {
    ($name:literal, $type:literal, $base:literal, $derivation:literal, $elements:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":""#,
            $name,
            r#"","url":"http://firing.test/StructureDefinition/"#,
            $name,
            r#"","name":"Base","status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":""#,
            $type,
            r#"","baseDefinition":""#,
            $base,
            r#"","#,
            $derivation,
            r#""differential":{"element":["#,
            $elements,
            "]}}"
        )
    };
}

/// A base that closes a slicing, in order.
const CLOSED: &[&str] = &[loaded!(
    "closed",
    "Patient",
    "http://hl7.org/fhir/StructureDefinition/Patient",
    r#""derivation":"constraint","#,
    r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value",
    "path":"system"}],"ordered":true,"rules":"closed"}},{"id":"Patient.identifier:a","path":"Patient.identifier",
    "sliceName":"a"},{"id":"Patient.identifier:a.system","path":"Patient.identifier.system","fixedUri":"http://a"},
    {"id":"Patient.identifier:b","path":"Patient.identifier","sliceName":"b"},
    {"id":"Patient.identifier:b.system","path":"Patient.identifier.system","fixedUri":"http://b"}"#
)];

/// A base that gives a choice a pattern.
const VALUED: &[&str] = &[loaded!(
    "valued",
    "Observation",
    "http://hl7.org/fhir/StructureDefinition/Observation",
    r#""derivation":"constraint","#,
    r#"{"id":"Observation.value[x]","path":"Observation.value[x]","patternCodeableConcept":{"text":"x"}}"#
)];

/// A definition that leads back to itself, and one that does not.
const LINE: &[&str] = &[
    loaded!(
        "around",
        "Patient",
        "http://firing.test/StructureDefinition/around",
        r#""derivation":"constraint","#,
        r#"{"id":"Patient","path":"Patient"}"#
    ),
    loaded!(
        "straight",
        "Patient",
        "http://hl7.org/fhir/StructureDefinition/Patient",
        r#""derivation":"constraint","#,
        r#"{"id":"Patient","path":"Patient"}"#
    ),
    loaded!(
        "unsaid",
        "Patient",
        "http://hl7.org/fhir/StructureDefinition/Patient",
        "",
        r#"{"id":"Patient","path":"Patient"}"#
    ),
];

/// A profile whose base allows references to one profile of Patient, and its own target.
macro_rules! targeted {
    ($target:literal) => {
        derived!(
            "Observation",
            "http://firing.test/StructureDefinition/of-member",
            concat!(
                r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference",
                "targetProfile":["http://firing.test/StructureDefinition/"#,
                $target,
                r#""]}]}"#
            )
        )
    };
}

const TARGETS: &[&str] = &[
    loaded!(
        "born",
        "Patient",
        "http://hl7.org/fhir/StructureDefinition/Patient",
        r#""derivation":"constraint","#,
        r#"{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}"#
    ),
    loaded!(
        "member",
        "Patient",
        "http://hl7.org/fhir/StructureDefinition/Patient",
        r#""derivation":"constraint","#,
        r#"{"id":"Patient.managingOrganization","path":"Patient.managingOrganization","min":1}"#
    ),
    loaded!(
        "of-member",
        "Observation",
        "http://hl7.org/fhir/StructureDefinition/Observation",
        r#""derivation":"constraint","#,
        r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference",
        "targetProfile":["http://firing.test/StructureDefinition/member"]}]}"#
    ),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::STRUCTURE_BASE, derived!("Patient", "http://firing.test/StructureDefinition/§",
        r#"{"id":"Patient","path":"Patient"}"#), "around", "straight").with(LINE),
    example(RuleId::STRUCTURE_BASE, derived!("Patient", "http://firing.test/StructureDefinition/§",
        r#"{"id":"Patient","path":"Patient"}"#), "unsaid", "straight").with(LINE),
    example(RuleId::STRUCTURE_SLICING, derived!("Patient", "http://firing.test/StructureDefinition/closed",
        r#"{"id":"Patient.identifier:§","path":"Patient.identifier","sliceName":"§"}"#), "c", "a/c").with(CLOSED),
    example(RuleId::STRUCTURE_SLICING, derived!("Patient", "http://firing.test/StructureDefinition/closed",
        r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value",
        "path":"system"}],"rules":"§"}}"#), "open", "closed").with(CLOSED),
    example(RuleId::STRUCTURE_SLICING, derived!("Patient", "http://firing.test/StructureDefinition/closed",
        r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value",
        "path":"system"}],"ordered":§,"rules":"closed"}}"#), "false", "true").with(CLOSED),
    example(RuleId::STRUCTURE_SLICING, derived!("Patient", "http://firing.test/StructureDefinition/closed",
        r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value",
        "path":"use"}§],"rules":"closed"}}"#), "", r#",{"type":"value","path":"system"}"#).with(CLOSED),
    example(RuleId::STRUCTURE_ORDER, derived!("Patient", "http://firing.test/StructureDefinition/closed",
        r#"{"id":"Patient.identifier:b","path":"Patient.identifier","sliceName":"b"},{"id":"Patient.identifier:§",
        "path":"Patient.identifier","sliceName":"§"}"#), "a", "b/c").with(CLOSED),
    example(RuleId::STRUCTURE_SLICING, derived!("Patient", "http://hl7.org/fhir/StructureDefinition/Patient",
        r#"{"id":"Patient.name","path":"Patient.name","slicing":{"discriminator":[{"type":"value","path":"use"}],
        "rules":"open"}},{"id":"Patient.name:a","path":"Patient.name","sliceName":"a"},{"id":"Patient.name:b",
        "path":"Patient.name","sliceName":"§"}"#), "a", "b"),
    example(RuleId::STRUCTURE_SLICING, derived!("Patient", "http://hl7.org/fhir/StructureDefinition/Patient",
        r#"{"id":"Patient.name","path":"Patient.name","slicing":{"discriminator":[{"type":"value","path":"use"}],
        "rules":"open"}},{"id":"Patient.name:a","path":"Patient.name"§}"#), "", r#","sliceName":"a""#),
    example(RuleId::STRUCTURE_SLICING, r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S",
        "status":"draft","kind":"resource","abstract":false,"type":"Patient",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
        "snapshot":{"element":[{"id":"Patient§","path":"Patient§","definition":"a","min":0,"max":"*",
        "slicing":{"discriminator":[{"type":"value","path":"id"}],"rules":"open"}}]}}"#, "", ".name"),
    example(RuleId::STRUCTURE_SLICING, derived!("Observation", "http://hl7.org/fhir/StructureDefinition/Observation",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"§",
        "path":"$this"}],"rules":"open"}},{"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]",
        "sliceName":"valueQuantity","type":[{"code":"Quantity"}]}"#), "value", "type"),
    example(RuleId::STRUCTURE_SLICING, derived!("Observation", "http://hl7.org/fhir/StructureDefinition/Observation",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type",
        "path":"$this"}],"rules":"open"}},{"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]",
        "sliceName":"valueQuantity","min":§,"type":[{"code":"Quantity"}]},{"id":"Observation.value[x]:valueString",
        "path":"Observation.value[x]","sliceName":"valueString","type":[{"code":"string"}]}"#), "1", "0"),
    example(RuleId::STRUCTURE_PATH, derived!("Observation", "http://hl7.org/fhir/StructureDefinition/Observation",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]"§},{"id":"Observation.value[x].unit",
        "path":"Observation.value[x].unit","min":1}"#), "", r#","type":[{"code":"Quantity"}]"#),
    example(RuleId::STRUCTURE_VALUE, derived!("Observation", "http://firing.test/StructureDefinition/valued",
        r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"string"},{"code":"§"}]}"#),
        "Quantity", "CodeableConcept").with(VALUED),
    example(RuleId::STRUCTURE_VALUE, derived!("Patient", "http://hl7.org/fhir/StructureDefinition/Patient",
        r#"{"id":"Patient.§","path":"Patient.§","maxLength":10}"#), "name", "name.family"),
    example(RuleId::STRUCTURE_BINDING, derived!("Patient", "http://hl7.org/fhir/StructureDefinition/Patient",
        r#"{"id":"Patient.gender","path":"Patient.gender","binding":{"strength":"required",
        "valueSet":"http://hl7.org/fhir/ValueSet/§"}}"#), "marital-status", "administrative-gender"),
    example(RuleId::STRUCTURE_BINDING, derived!("Patient", "http://hl7.org/fhir/StructureDefinition/Patient",
        r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"preferred",
        "valueSet":"http://loinc.org/vs§"}}"#), "", "/LL1-9"),
    example(RuleId::STRUCTURE_TYPE, targeted!("§"), "born", "member").with(TARGETS),
    example(RuleId::STRUCTURE_COMPLIANCE, r#"{"resourceType":"StructureDefinition","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/structuredefinition-compliesWithProfile",
        "valueCanonical":"http://firing.test/StructureDefinition/born"}],"url":"http://a.test/s","name":"S",
        "status":"draft","kind":"resource","abstract":false,"type":"Patient",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
        "differential":{"element":[{"id":"Patient.§","path":"Patient.§","min":1}]}}"#, "name", "birthDate")
        .with(TARGETS),
];
