//! The smallest maps that fire the rules of concept maps, and near variants that do not.

use super::super::super::example::{Example, example};
use crate::issue::RuleId;

/// A map of one group.
macro_rules! mapping {
    ($members:literal, $group:literal) => {
        concat!(r#"{"resourceType":"ConceptMap","status":"draft","#, $members, r#""group":[{"#, $group, "}]}")
    };
}

/// A value set of one code, whose code system is not loaded.
const MAPPED: &str = r#"{"resourceType":"ValueSet","id":"mapped","url":"http://firing.test/ValueSet/mapped",
    "status":"active","compose":{"include":[{"system":"http://a.test/absent","concept":[{"code":"a"}]}]}}"#;

/// A value set of one code, and of others that are not known.
const PARTLY: &str = r#"{"resourceType":"ValueSet","id":"partly","url":"http://firing.test/ValueSet/partly",
    "status":"active","compose":{"include":[{"system":"http://a.test/absent","concept":[{"code":"a"}]},
        {"valueSet":["http://a.test/ValueSet/absent"]}]}}"#;

/// A value set of all codes of a code system that is not loaded.
const WHOLE: &str = r#"{"resourceType":"ValueSet","id":"whole","url":"http://firing.test/ValueSet/whole",
    "status":"active","compose":{"include":[{"system":"http://a.test/absent"}]}}"#;

/// Those of which not all is known.
const NOT_KNOWN: &[&str] = &[PARTLY, WHOLE];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::DISPLAY, mapping!("", r#""source":"http://hl7.org/fhir/administrative-gender",
        "element":[{"code":"male","display":"§"}]"#), "Bloke", "Male"),
    example(RuleId::DISPLAY, mapping!("", r#""source":"http://a.test",
        "target":"http://hl7.org/fhir/administrative-gender",
        "element":[{"code":"m","target":[{"code":"male","display":"§","equivalence":"equal"}]}]"#), "Bloke", "Male"),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!("", r#"§"element":[{"code":"male"}]"#), "",
        r#""source":"http://hl7.org/fhir/administrative-gender","#),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!(r#""sourceUri":"http://hl7.org/fhir/ValueSet/§","#,
        r#""element":[{"code":"M"}]"#), "marital-status", "administrative-gender"),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!("", r#""source":"http://§","element":[{"code":"male"}]"#),
        "a.test/absent", "hl7.org/fhir/administrative-gender"),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!(r#""targetUri":"http://hl7.org/fhir/ValueSet/§","#,
        r#""source":"http://hl7.org/fhir/administrative-gender","element":[{"code":"male","target":[{"code":"M",
        "equivalence":"equal"}]}]"#), "absent", "administrative-gender"),
    // What the value set lists needs no code system.
    example(RuleId::CONCEPT_MAP_SCOPE, mapping!(r#""sourceUri":"http://firing.test/ValueSet/mapped","#,
        r#""source":"http://a.test/absent","element":[{"code":"§"}]"#), "b", "a").with(&[MAPPED]),
    // One code that is known to belong says nothing of the next.
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!(r#""sourceUri":"http://firing.test/ValueSet/partly","#,
        r#""source":"http://a.test/absent","element":[{"code":"a"},{"code":"§"}]"#), "b", "a").with(NOT_KNOWN),
    // That all codes of a code system belong does not tell which it has.
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!(r#""sourceUri":"http://firing.test/ValueSet/§","#,
        r#""source":"http://a.test/absent","element":[{"code":"a"}]"#), "whole", "mapped").with(NOT_KNOWN),
    // A group need not name the only code system of the value set.
    example(RuleId::CONCEPT_MAP_SCOPE, mapping!(r#""sourceUri":"http://firing.test/ValueSet/mapped","#,
        r#""element":[{"code":"§"}]"#), "b", "a").with(&[MAPPED]),
    example(RuleId::DISPLAY, mapping!(r#""sourceUri":"http://hl7.org/fhir/ValueSet/administrative-gender","#,
        r#""element":[{"code":"male","display":"§"}]"#), "Bloke", "Male"),
    example(RuleId::CODE_UNKNOWN, mapping!("", r#""source":"http://unitsofmeasure.org","element":[{"code":"§"}]"#),
        "celsius", "Cel"),
    example(RuleId::CONCEPT_MAP_REPEATED, mapping!("", r#""source":"http://hl7.org/fhir/administrative-gender",
        "target":"http://a.test","element":[{"code":"male","target":[{"code":"m","equivalence":"equal"},{"code":"§",
        "equivalence":"equal"}]}]"#), "m", "n"),
    example(RuleId::CONCEPT_MAP_REPEATED, mapping!("", r#""source":"http://hl7.org/fhir/administrative-gender",
        "target":"http://a.test","element":[{"code":"male","target":[{"code":"m","equivalence":"equal"},{"code":"m",
        "equivalence":"wider"§}]}]"#), "", r#","dependsOn":[{"property":"http://a.test","value":"x"}]"#),
];
