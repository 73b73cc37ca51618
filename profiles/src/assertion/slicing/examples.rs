//! Examples of slices.

use crate::assertion::example::{Example, example};
use crate::issue::RuleId;

/// `Patient.identifier` in two slices, discriminated by system: how it is sliced, and what follows the first slice's
/// name.
macro_rules! slices {
    ($slicing:literal, $first:literal) => {
        concat!(
            r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value",
                "path":"system"}],"#,
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

pub const EXAMPLES: &[Example] = &[
    example(
        RuleId::SLICE_DISCRIMINATOR,
        r#"{"resourceType":"Patient","§":[{"use":"official"}]}"#,
        "identifier",
        "name",
    )
    .profile(
        r#"{"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value",
        "path":"system"}],"rules":"open"}},
        {"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a","max":"1"}"#,
    ),
    example(
        RuleId::SLICE_MIN,
        r#"{"resourceType":"Patient","identifier":[{"system":"http://§.test","value":"1"}]}"#,
        "c",
        "a",
    )
    .profile(slices!(r#""rules":"open""#, r#","min":1"#)),
    example(
        RuleId::SLICE_MAX,
        r#"{"resourceType":"Patient","identifier":[{"system":"http://a.test","value":"1"},
        {"system":"http://§.test","value":"2"}]}"#,
        "a",
        "c",
    )
    .profile(slices!(r#""rules":"open""#, r#","max":"1""#)),
    example(
        RuleId::SLICE_CLOSED,
        r#"{"resourceType":"Patient","identifier":[{"system":"http://§.test","value":"1"}]}"#,
        "c",
        "b",
    )
    .profile(slices!(r#""rules":"closed""#, "")),
    example(
        RuleId::SLICE_ORDER,
        r#"{"resourceType":"Patient","identifier":[{"system":"http://b.test","value":"1"},
        {"system":"http://§.test","value":"2"}]}"#,
        "a",
        "b",
    )
    .profile(slices!(r#""ordered":true,"rules":"open""#, "")),
    example(
        RuleId::SLICE_END,
        r#"{"resourceType":"Patient","identifier":[{"system":"http://c.test","value":"1"},
        {"system":"http://§.test","value":"2"}]}"#,
        "a",
        "d",
    )
    .profile(slices!(r#""rules":"openAtEnd""#, "")),
    example(
        RuleId::SLICE_UNDECIDED,
        r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "performer":[{"reference":"§"}]}"#,
        "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
        "Practitioner/1",
    )
    .profile(
        r#"{"id":"Observation.performer","path":"Observation.performer",
            "slicing":{"discriminator":[{"type":"type","path":"resolve()"}],"rules":"open"}},
            {"id":"Observation.performer:a","path":"Observation.performer","sliceName":"a","min":1,
                "type":[{"code":"Reference",
                "targetProfile":["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}"#,
    ),
];
