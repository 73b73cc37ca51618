//! Rules for conformance resources, in addition to those of their definitions.

use std::borrow::Cow;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Scene};

pub mod capability;
pub mod code_property;
pub mod code_system;
pub mod code_system_set;
mod concept;
pub mod concept_map;
mod derived;
pub mod expansion;
mod expression;
pub mod filter;
pub mod guide;
pub mod import;
mod map_transform;
pub mod measure;
mod measure_library;
pub mod operation;
pub mod questionnaire;
pub mod search_parameter;
pub mod structure;
pub mod structure_map;
pub mod value_set;

/// The children of this name.
fn named<'t>(n: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    n.children().filter(move |c| c.name_text() == name)
}

/// The text of the first child of this name that has a value.
fn text<'t>(n: Node<'t>, name: &'static str) -> Option<Cow<'t, str>> {
    named(n, name).find(|c| c.has_value()).map(Node::text)
}

/// A search parameter that is loaded.
struct Parameter<'e> {
    kind: &'e str,
    /// The names of its bases, with spaces between them.
    bases: &'e str,
    /// Its expression; empty where it has none.
    expression: &'e str,
}

/// The search parameter of a canonical; `None` where it is not loaded.
fn parameter<'e>(scene: &Scene<'e, '_>, canonical: &str) -> Option<Parameter<'e>> {
    let content = scene.set.find_content(canonical, "SearchParameter")?;
    let (head, expression) = content.split_once('\n').unwrap_or((content, ""));
    let (kind, bases) = head.split_once(' ')?;
    Some(Parameter { kind, bases, expression })
}

/// An operation definition that is loaded.
struct Operation<'e> {
    /// Whether it is invoked on the system, and on a type or an instance.
    is_of_system: bool,
    is_of_resources: bool,
    /// The types of resources that it is for.
    types: Vec<&'e str>,
    /// The operation that it constrains; empty where it is none.
    base: &'e str,
}

/// The operation of a canonical; `None` where it is not loaded.
fn find_operation<'e>(scene: &Scene<'e, '_>, canonical: &str) -> Option<Operation<'e>> {
    let content = scene.set.find_content(canonical, "OperationDefinition")?;
    let (head, base) = content.split_once('\n').unwrap_or((content, ""));
    let (levels, types) = head.split_once(':')?;
    let is_of_resources = levels.contains(['t', 'i']);
    let types = types.split(' ').filter(|t| !t.is_empty()).collect();
    Some(Operation { is_of_system: levels.contains('s'), is_of_resources, types, base })
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CODE_SYSTEM_PROPERTY, |t| t.given().into()),
    (RuleId::CODE_SYSTEM_SUPPLEMENT, |t| match t.given() {
        "" => "the content is `supplement`, but `supplements` does not name a code system".into(),
        content => format!("the code system supplements another, but its content is `{content}`").into(),
    }),
    (RuleId::CODE_SYSTEM_COUNT, |t| t.given().into()),
    (RuleId::VALUE_SET_SYSTEM, |t| {
        format!("system `{}` includes a version, which belongs in `version`", t.given()).into()
    }),
    (RuleId::VALUE_SET_FILTER, |t| t.given().into()),
    (RuleId::CONCEPT_MAP_SCOPE, |t| match &t.finding.detail {
        Detail::Code { canonical, found, .. } => format!("`{found}` is not in value set `{canonical}`").into(),
        _ => "".into(),
    }),
    (RuleId::QUESTIONNAIRE_VALUE, |t| t.given().into()),
    (RuleId::SEARCH_EXPRESSION, |t| t.given().into()),
    (RuleId::EXPRESSION_DOUBTFUL, |t| t.given().into()),
    (RuleId::SEARCH_DERIVED, |t| t.given().into()),
    (RuleId::CAPABILITY_PROFILE, |t| t.given().into()),
    (RuleId::CAPABILITY_SEARCH, |t| t.given().into()),
    (RuleId::CAPABILITY_OPERATION, |t| t.given().into()),
    (RuleId::SEARCH_CODE, |t| t.given().into()),
    (RuleId::SEARCH_COMPOSITE, |_| "the composite search parameter has fewer than two components".into()),
];

/// A value set with one include.
macro_rules! including {
    ($include:literal) => {
        concat!(r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"#, $include, "}]}}")
    };
}

/// A search parameter of Patient.
macro_rules! parameter {
    ($members:literal) => {
        concat!(
            r#"{"resourceType":"SearchParameter","url":"http://a.test/p","name":"P","status":"active",
            "description":"a","code":"p","base":["Patient"],"#,
            $members,
            "}"
        )
    };
}

/// A capability statement about Patient.
macro_rules! capability {
    ($members:literal) => {
        concat!(
            r#"{"resourceType":"CapabilityStatement","status":"draft","date":"2024","description":"a",
                "kind":"requirements","fhirVersion":"4.0.1","format":["json"],
            "rest":[{"mode":"server","resource":[{"type":"Patient","#,
            $members,
            "}]}]}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODE_SYSTEM_CONTENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§",
        "concept":[{"code":"a"}]}"#, "not-present", "complete"),
    example(RuleId::CODE_SYSTEM_PROPERTY, r#"{"resourceType":"CodeSystem","status":"active","content":"complete",
        "property":[{"code":"a","type":"code"},{"code":"§","type":"code"}]}"#, "a", "b"),
    example(RuleId::CODE_SYSTEM_PROPERTY, r#"{"resourceType":"CodeSystem","status":"active","content":"complete",
        "property":[{"code":"up","uri":"http://hl7.org/fhir/concept-properties#parent","type":"code"}],
        "concept":[{"code":"a"},{"code":"b","property":[{"code":"up","valueCode":"§"}]}]}"#, "c", "a"),
    example(RuleId::CODE_SYSTEM_SUPPLEMENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§",
        "supplements":"http://a.test"}"#, "complete", "supplement"),
    example(RuleId::SEARCH_COMPOSITE, r#"{"resourceType":"SearchParameter","url":"http://a.test/p","name":"P",
        "status":"active","description":"a","code":"p","base":["Patient"],"type":"§"}"#, "composite", "token"),
    example(RuleId::CODE_SYSTEM_COUNT, r#"{"resourceType":"CodeSystem","status":"active","content":"complete","count":§,
        "concept":[{"code":"a","concept":[{"code":"b"}]}]}"#, "1", "2"),
    example(RuleId::CODE_UNKNOWN, r#"{"resourceType":"CodeSystem","status":"active","content":"supplement",
        "supplements":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"§"}]}"#, "man", "male"),
    example(RuleId::VALUE_SET_SYSTEM, including!(r#""system":"http://a.test§""#), "|1.0.0", ""),
    example(RuleId::CODING_SYSTEM_VALUE_SET, including!(r#""system":"http://hl7.org/fhir/§administrative-gender""#),
        "ValueSet/", ""),
    example(RuleId::CODE_UNKNOWN, including!(r#""system":"http://hl7.org/fhir/administrative-gender",
        "concept":[{"code":"§"}]"#), "man", "male"),
    example(RuleId::VALUE_SET_FILTER, including!(r#""system":"http://hl7.org/fhir/administrative-gender",
        "filter":[{"property":"concept","op":"is-a","value":"§"}]"#), "man", "male"),
    example(RuleId::VALUE_SET_FILTER, including!(r#""system":"http://a.test","filter":[{"property":"inactive",
        "op":"exists","value":"§"}]"#), "maybe", "true"),
    example(RuleId::VALUE_SET_FILTER, including!(r#""system":"http://snomed.info/sct",
        "filter":[{"property":"constraint","op":"=","value":"<< 404684003 §"}]"#), "404684003", "|Clinical finding|"),
    example(RuleId::VALUE_SET_FILTER, including!(r#""system":"http://a.test","filter":[{"property":"code","op":"regex",
        "value":"§"}]"#), "(a", "(a)"),
    example(RuleId::CODE_UNKNOWN, r#"{"resourceType":"ConceptMap","status":"draft",
        "group":[{"source":"http://hl7.org/fhir/administrative-gender","element":[{"code":"§"}]}]}"#, "man", "male"),
    example(RuleId::CODE_UNKNOWN, r#"{"resourceType":"ConceptMap","status":"draft",
        "group":[{"target":"http://hl7.org/fhir/administrative-gender","element":[{"code":"m","target":[{"code":"§",
        "equivalence":"equal"}]}]}]}"#, "man", "male"),
    example(RuleId::CONCEPT_MAP_SCOPE, r#"{"resourceType":"ConceptMap","status":"draft",
        "sourceUri":"http://hl7.org/fhir/ValueSet/§","group":[{"source":"http://hl7.org/fhir/administrative-gender",
        "element":[{"code":"male"}]}]}"#, "marital-status", "administrative-gender"),
    example(RuleId::SEARCH_DERIVED, r#"{"resourceType":"SearchParameter","url":"http://a.test/p","name":"P",
        "status":"active","description":"a","code":"p","base":["§"],"type":"date",
        "derivedFrom":"http://hl7.org/fhir/SearchParameter/individual-birthdate"}"#, "Observation", "Person"),
    example(RuleId::CODE_SYSTEM_SUPPLEMENT, r#"{"resourceType":"CodeSystem","status":"active",
        "content":"supplement"§}"#, "", r#","supplements":"http://a.test""#),
    example(RuleId::CODE_SYSTEM_PROPERTY, r#"{"resourceType":"CodeSystem","status":"active","content":"complete",
        "property":[{"code":"a","uri":"§","type":"code"}]}"#, "a", "http://a.test/a"),
    example(RuleId::QUESTIONNAIRE_VALUE, r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"a",
        "type":"integer","initial":[{§}]}]}"#, r#""valueString":"1""#, r#""valueInteger":1"#),
    example(RuleId::QUESTIONNAIRE_VALUE, r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"a",
        "type":"boolean"},{"linkId":"b","type":"string",
        "enableWhen":[{"question":"a","operator":"=",§}]}]}"#, r#""answerString":"true""#, r#""answerBoolean":true"#),
    example(RuleId::REFERENCE_TARGET, r#"{"resourceType":"ConceptMap","status":"draft",
        "sourceUri":"http://hl7.org/fhir/§administrative-gender"}"#, "", "ValueSet/"),
    example(RuleId::SEARCH_EXPRESSION, parameter!(r#""type":"token","expression":"Patient.§""#), "name.(", "name"),
    example(RuleId::SEARCH_EXPRESSION, parameter!(r#""type":"token","expression":"Patient.§""#), "gendre", "gender"),
    example(RuleId::SEARCH_EXPRESSION, parameter!(r#""type":"token","expression":"Patient.where(§)""#),
        "%nosuch.exists()", "%resource.exists()"),
    example(RuleId::SEARCH_EXPRESSION, parameter!(r#""type":"token","expression":"Patient.birthDate - §""#), "'x'",
        "1 day"),
    example(RuleId::EXPRESSION_DOUBTFUL, parameter!(r#""type":"token","expression":"Patient.name.§""#),
        "ofType(Address)", "ofType(HumanName)"),
    example(RuleId::EXPRESSION_DOUBTFUL, parameter!(r#""type":"token",
        "expression":"Patient.select('x'.startsWith(name.given§))""#), "", ".first()"),
    example(RuleId::SEARCH_DERIVED, parameter!(r#""type":"§",
        "derivedFrom":"http://hl7.org/fhir/SearchParameter/individual-birthdate""#), "token", "date"),
    example(RuleId::CAPABILITY_PROFILE, capability!(r#""supportedProfile":[
        "http://hl7.org/fhir/StructureDefinition/§"]"#), "vitalsigns", "Patient"),
    example(RuleId::CAPABILITY_SEARCH, capability!(r#""searchParam":[{"name":"birthdate","type":"§",
        "definition":"http://hl7.org/fhir/SearchParameter/individual-birthdate"}]"#), "token", "date"),
    example(RuleId::CAPABILITY_SEARCH, capability!(r#""searchParam":[{"name":"gender","type":"token",
        "definition":"http://hl7.org/fhir/SearchParameter/§"}]"#), "Observation-status", "individual-gender"),
    example(RuleId::CAPABILITY_OPERATION, capability!(r#""operation":[{"name":"a",
        "definition":"http://hl7.org/fhir/OperationDefinition/§"}]"#), "MessageHeader-process-message",
        "Patient-everything"),
    example(RuleId::CAPABILITY_OPERATION, capability!(r#""operation":[{"name":"a",
        "definition":"http://hl7.org/fhir/OperationDefinition/§"}]"#), "Encounter-everything", "Resource-meta"),
    example(RuleId::CAPABILITY_OPERATION, capability!(r#""operation":[{"name":"§everything",
        "definition":"http://hl7.org/fhir/OperationDefinition/Patient-everything"}]"#), "$", ""),
    example(RuleId::SEARCH_CODE, r#"{"resourceType":"SearchParameter","url":"http://a.test/p","name":"P",
        "status":"active","description":"a","code":"a§b","base":["Patient"],"type":"token"}"#, ":", "-"),
    example(RuleId::SEARCH_DERIVED, parameter!(r#""type":"date","expression":"Patient.§",
        "derivedFrom":"http://hl7.org/fhir/SearchParameter/individual-birthdate""#), "deceased", "birthDate"),
    example(RuleId::SEARCH_DERIVED, parameter!(r#""type":"date",
        "derivedFrom":"http://hl7.org/fhir/SearchParameter/§""#), "nonsense", "individual-birthdate"),
    example(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"ValueSet","status":"draft",
        "compose":{"include":[{"system":"§"}]}}"#, "a", "http://a.test"),
];
