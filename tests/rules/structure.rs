//! Rows of elements, primitives, slices and extensions: what a definition demands of the shape and the value.

use fhir_accord::profiles::issue::RuleId;

use crate::row::{Row, row};

/// `Patient.identifier` in two slices, told apart by their system: how it is sliced, and what follows the first slice's name.
macro_rules! slices {
    ($slicing:literal, $first:literal) => {
        concat!(
            r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"#,
            $slicing,
            r#"}},
            {"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a""#,
            $first,
            r#"},
            {"id":"Patient.identifier:a.system","path":"Patient.identifier.system","min":1,"fixedUri":"http://a.test"},
            {"id":"Patient.identifier:b","path":"Patient.identifier","sliceName":"b"},
            {"id":"Patient.identifier:b.system","path":"Patient.identifier.system","min":1,"fixedUri":"http://b.test"}"#
        )
    };
}

/// A profile of HumanName that demands one of its elements.
macro_rules! name_with {
    ($element:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":"name-with-"#,
            $element,
            r#"","url":"http://firing.test/StructureDefinition/name-with-"#,
            $element,
            r#"",
            "name":"NameWith","status":"active","fhirVersion":"4.0.1","kind":"complex-type","abstract":false,"type":"HumanName","derivation":"constraint",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/HumanName",
            "differential":{"element":[{"id":"HumanName."#,
            $element,
            r#"","path":"HumanName."#,
            $element,
            r#"","min":1}]}}"#
        )
    };
}

/// A patient with one extension.
macro_rules! extended {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Patient","extension":[{"#, $content, r#"}]}"#)
    };
}

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row(RuleId::RESOURCE_TYPE, r#"{"resourceType":"§","active":true}"#, "Patiant", "Patient"),
    row(RuleId::ELEMENT_UNKNOWN, r#"{"resourceType":"Patient","§":true}"#, "activ", "active"),
    row(RuleId::ELEMENT_UNKNOWN, r#"{"resourceType":"Patient","§":[{"id":"x","text":"a"}]}"#, "_name", "name"),
    row(RuleId::ELEMENT_UNKNOWN, r#"{"resourceType":"Patient","§":{"id":"x"}}"#, "_resourceType", "_active"),
    row(RuleId::ELEMENT_MIN, r#"{"resourceType":"Observation","status":"final"§}"#, "", r#","code":{"text":"a"}"#),
    row(RuleId::ELEMENT_MAX, r#"{"resourceType":"Patient","name":[{"text":"a"}§]}"#, r#",{"text":"b"}"#, "")
        .profile(r#"{"id":"Patient.name","path":"Patient.name","max":"1"}"#),
    row(RuleId::ELEMENT_ARRAY, r#"{"resourceType":"Patient","name":§}"#, r#"{"text":"a"}"#, r#"[{"text":"a"}]"#),
    row(RuleId::ELEMENT_OBJECT, r#"{"resourceType":"Patient","name":[§]}"#, r#""a""#, r#"{"text":"a"}"#),
    row(RuleId::ELEMENT_SIMPLE, r#"{"resourceType":"Patient","birthDate":§}"#, r#"{"value":"2020"}"#, r#""2020""#),
    row(RuleId::ELEMENT_EMPTY, r#"{"resourceType":"Patient","name":[{§}]}"#, "", r#""text":"a""#),
    row(RuleId::ELEMENT_NULL, r#"{"resourceType":"Patient","birthDate":§}"#, "null", r#""2020""#),
    row(RuleId::ELEMENT_TYPE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},§}"#, r#""valueString":"a""#, r#""valueQuantity":{"value":1}"#)
        .profile(r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}]}"#),
    row(RuleId::ELEMENT_PROFILE, r#"{"resourceType":"Patient","name":[{"§":"usual"}]}"#, "use", "text")
        .profile(r#"{"id":"Patient.name","path":"Patient.name","type":[{"code":"HumanName","profile":["http://firing.test/StructureDefinition/name-with-family","http://firing.test/StructureDefinition/name-with-text"]}]}"#)
        .with(&[name_with!("family"), name_with!("text")]),

    row(RuleId::PRIMITIVE_LEXEME, r#"{"resourceType":"Patient","active":§}"#, r#""true""#, "true"),
    row(RuleId::PRIMITIVE_EMPTY, r#"{"resourceType":"Patient","birthDate":"§"}"#, "", "2020"),
    row(RuleId::PRIMITIVE_FORMAT, r#"{"resourceType":"Patient","birthDate":"§"}"#, "2020-13", "2020-12"),
    row(RuleId::PRIMITIVE_WHITESPACE, r#"{"resourceType":"Patient","implicitRules":"http://a.test/§"}"#, "a b", "a%20b"),
    row(RuleId::PRIMITIVE_RANGE, r#"{"resourceType":"Patient","multipleBirthInteger":§}"#, "2147483648", "2147483647"),
    row(RuleId::PRIMITIVE_YEAR, r#"{"resourceType":"Patient","birthDate":"§"}"#, "0200", "2000"),
    row(RuleId::ID_FORMAT, r#"{"resourceType":"Patient","id":"§"}"#, "a_b", "a-b"),
    row(RuleId::MIN_LENGTH, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, "ab", "abc")
        .profile(r#"{"id":"Patient.name.text","path":"Patient.name.text","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/minLength","valueInteger":3}]}"#),
    row(RuleId::MAX_LENGTH, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, "abcd", "abc")
        .profile(r#"{"id":"Patient.name.text","path":"Patient.name.text","maxLength":3}"#),
    row(RuleId::MIN_VALUE, r#"{"resourceType":"Patient","birthDate":"§"}"#, "1899-12-31", "1900-01-01")
        .profile(r#"{"id":"Patient.birthDate","path":"Patient.birthDate","minValueDate":"1900-01-01"}"#),
    row(RuleId::MAX_VALUE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"valueInteger":§}"#, "11", "10")
        .profile(r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"integer"}],"maxValueInteger":10}"#),
    row(RuleId::FIXED, r#"{"resourceType":"Patient","gender":"§"}"#, "male", "female")
        .profile(r#"{"id":"Patient.gender","path":"Patient.gender","fixedCode":"female"}"#),
    row(RuleId::PATTERN, r#"{"resourceType":"Patient","maritalStatus":{"§":"single"}}"#, "id", "text")
        .profile(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","patternCodeableConcept":{"text":"single"}}"#),

    row(RuleId::SLICE_MIN, r#"{"resourceType":"Patient","identifier":[{"system":"http://§.test","value":"1"}]}"#, "c", "a")
        .profile(slices!(r#""rules":"open""#, r#","min":1"#)),
    row(RuleId::SLICE_MAX, r#"{"resourceType":"Patient","identifier":[{"system":"http://a.test","value":"1"},{"system":"http://§.test","value":"2"}]}"#, "a", "c")
        .profile(slices!(r#""rules":"open""#, r#","max":"1""#)),
    row(RuleId::SLICE_CLOSED, r#"{"resourceType":"Patient","identifier":[{"system":"http://§.test","value":"1"}]}"#, "c", "b")
        .profile(slices!(r#""rules":"closed""#, "")),
    row(RuleId::SLICE_ORDER, r#"{"resourceType":"Patient","identifier":[{"system":"http://b.test","value":"1"},{"system":"http://§.test","value":"2"}]}"#, "a", "b")
        .profile(slices!(r#""ordered":true,"rules":"open""#, "")),
    row(RuleId::SLICE_END, r#"{"resourceType":"Patient","identifier":[{"system":"http://c.test","value":"1"},{"system":"http://§.test","value":"2"}]}"#, "a", "d")
        .profile(slices!(r#""rules":"openAtEnd""#, "")),
    row(RuleId::SLICE_UNDECIDED, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"performer":[{"reference":"§"}]}"#, "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "Practitioner/1")
        .profile(r#"{"id":"Observation.performer","path":"Observation.performer","slicing":{"discriminator":[{"type":"type","path":"resolve()"}],"rules":"open"}},
            {"id":"Observation.performer:a","path":"Observation.performer","sliceName":"a","min":1,"type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}"#),

    row(RuleId::EXTENSION_URL, extended!(r#"§"valueString":"a""#), "", r#""url":"http://a.test/a","#),
    row(RuleId::EXTENSION_URL_ABSOLUTE, extended!(r#""url":"§","valueString":"a""#), "a", "http://a.test/a"),
    row(RuleId::EXTENSION_UNKNOWN, extended!(r#""url":"§","valueString":"a""#), "http://a.test/a", "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"),
    row(RuleId::EXTENSION_EXAMPLE, extended!(r#""url":"http://§/a","valueString":"a""#), "example.org", "a.test"),
    row(RuleId::EXTENSION_SUB_UNKNOWN, extended!(r#""url":"http://hl7.org/fhir/StructureDefinition/patient-nationality","extension":[{"url":"§","valueCodeableConcept":{"text":"a"}}]"#), "nation", "code"),
    row(RuleId::EXTENSION_CONTEXT, r#"{"resourceType":"§","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"a"}]}"#, "Practitioner", "Patient"),
    row(RuleId::EXTENSION_MODIFIER_UNKNOWN, r#"{"resourceType":"Patient","§":[{"url":"http://a.test/a","valueString":"a"}]}"#, "modifierExtension", "extension"),
    row(RuleId::EXTENSION_MODIFIER, r#"{"resourceType":"Patient","§":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"a"}]}"#, "modifierExtension", "extension"),
];
