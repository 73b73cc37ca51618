//! Rows of codes, references, bundles, narratives, questionnaires, constraints and profiles.

use fhir_accord::profiles::evaluate::References;
use fhir_accord::profiles::issue::RuleId;

use crate::row::{Row, row};

/// A patient with one coding of a marital status.
macro_rules! married {
    ($coding:literal) => {
        concat!(r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"#, $coding, r#"}]}}"#)
    };
}

/// The marital status bound to a value set.
macro_rules! bound {
    ($strength:literal, $value_set:literal) => {
        concat!(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":""#, $strength, r#"","valueSet":"http://firing.test/ValueSet/"#, $value_set, r#""}}"#)
    };
}

/// A value set of one code, and of codes of a system that is not here.
macro_rules! value_set {
    ($id:literal, $absent:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","id":""#,
            $id,
            r#"","url":"http://firing.test/ValueSet/"#,
            $id,
            r#"","status":"active",
            "compose":{"include":[{"system":"http://firing.test/here","concept":[{"code":"x"}]},{"system":"http://firing.test/absent""#,
            $absent,
            r#"}]}}"#
        )
    };
}

/// A complete observation with what else it says.
macro_rules! observation {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"#, $content, "}")
    };
}

/// A document of a composition, of which more is told, and further entries.
macro_rules! document {
    ($composition:literal, $entries:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":"document","entry":[{"fullUrl":"http://a.test/Composition/c","resource":{"resourceType":"Composition","id":"c","#,
            $composition,
            "}},",
            $entries,
            "]}"
        )
    };
}

/// A collection of this one resource.
macro_rules! collected {
    ($resource:literal) => {
        concat!(r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.test/Observation/o","resource":"#, $resource, "}]}")
    };
}

/// A narrative with this inside.
macro_rules! narrated {
    ($inside:literal) => {
        concat!(r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">"#, $inside, r#"</div>"}}"#)
    };
}

/// A response with its questionnaire.
macro_rules! form {
    ($questions:literal, $items:literal) => {
        concat!(
            r##"{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q","##,
            r#""contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":["#,
            $questions,
            r#"]}],"item":["#,
            $items,
            "]}"
        )
    };
}

/// Of a patient: one constraint.
macro_rules! constraint {
    ($expression:literal) => {
        concat!(r#"{"id":"Patient","path":"Patient","constraint":[{"key":"t-1","severity":"error","human":"a","expression":""#, $expression, r#""}]}"#)
    };
}

const BORN: &str = r#"{"resourceType":"StructureDefinition","id":"born","url":"http://firing.test/StructureDefinition/born","name":"Born","status":"active",
    "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}"#;
const SUPPLEMENT: &str = r#"{"resourceType":"CodeSystem","id":"supplement","url":"http://firing.test/CodeSystem/supplement","status":"active","content":"supplement",
    "supplements":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M"}]}"#;
const QUESTIONNAIRE: &str = r#"{"resourceType":"Questionnaire","id":"known","url":"http://firing.test/Questionnaire/known","status":"active"}"#;

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row(RuleId::CANONICAL_ABSOLUTE, r#"{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"§"}"#, "q", "http://a.test/q"),
    row(RuleId::CODING_SYSTEM_ABSOLUTE, married!(r#""system":"§","code":"a""#), "a", "http://a.test"),
    row(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"Patient","meta":{"tag":[{"system":"§","code":"a"}]}}"#, "a", "http://a.test"),
    row(RuleId::CODING_SYSTEM_VALUE_SET, married!(r#""system":"§","code":"M""#), "http://hl7.org/fhir/ValueSet/marital-status", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    row(RuleId::CODING_SYSTEM_SUPPLEMENT, married!(r#""system":"§","code":"M""#), "http://firing.test/CodeSystem/supplement", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus").with(&[SUPPLEMENT]),
    row(RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, r#"{"resourceType":"Patient","identifier":[{"system":"§","value":"1"}]}"#, "a", "http://a.test"),
    row(RuleId::IDENTIFIER_URI, r#"{"resourceType":"Patient","identifier":[{"system":"urn:ietf:rfc:3986","value":"§1.2.3"}]}"#, "", "urn:oid:"),
    row(RuleId::BINDING_REQUIRED, r#"{"resourceType":"Patient","gender":"§"}"#, "man", "male"),
    row(RuleId::BINDING_EXTENSIBLE, married!(r#""system":"§","code":"M""#), "http://a.test", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    row(RuleId::BINDING_MAX, r#"{"resourceType":"Patient","communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"§"}]}}]}"#, "englishlanguage", "en"),
    row(RuleId::BINDING_UNDECIDED, married!(r#""system":"http://firing.test/§","code":"x""#), "absent", "here")
        .profile(bound!("required", "part-absent")).with(&[value_set!("part-absent", r#","filter":[{"property":"a","op":"=","value":"b"}]"#)]),
    row(RuleId::BINDING_VALUE_SET, r#"{"resourceType":"Patient","maritalStatus":{§}}"#, r#""coding":[{"system":"http://a.test","code":"x"}]"#, r#""text":"x""#)
        .profile(bound!("extensible", "absent")),
    row(RuleId::CODE_UNKNOWN, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"§""#), "Q", "M"),
    row(RuleId::CODE_SYSTEM_UNKNOWN, married!(r#""system":"http://firing.test/§","code":"x""#), "absent", "here")
        .profile(bound!("required", "whole-absent")).with(&[value_set!("whole-absent", "")]),
    row(RuleId::CODE_SYSTEM_CONTENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§","concept":[{"code":"a"}]}"#, "not-present", "complete"),
    row(RuleId::CODE_SYSTEM_PROPERTY, r#"{"resourceType":"CodeSystem","status":"active","content":"complete","property":[{"code":"a","type":"code"},{"code":"§","type":"code"}]}"#, "a", "b"),
    row(RuleId::CODE_SYSTEM_SUPPLEMENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§","supplements":"http://a.test"}"#, "complete", "supplement"),
    row(RuleId::QUESTIONNAIRE_CONDITION, r#"{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"1","type":"boolean","text":"a"},{"linkId":"2","type":"group","text":"b","enableWhen":[{"question":"§","operator":"exists","answerBoolean":true}],"item":[{"linkId":"3","type":"boolean","text":"c"}]}]}"#, "3", "1"),
    row(RuleId::SEARCH_COMPOSITE, r#"{"resourceType":"SearchParameter","url":"http://a.test/p","name":"P","status":"active","description":"a","code":"p","base":["Patient"],"type":"§"}"#, "composite", "token"),
    row(RuleId::DISPLAY, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"§""#), "Divorced", "Married"),

    row(RuleId::REFERENCE_FORMAT, observation!(r#""subject":{"reference":"Patient§1"}"#), " ", "/"),
    row(RuleId::REFERENCE_FORMAT, collected!(r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"subject":{"reference":"§"}}"#), "Patient", "Patient/1"),
    row(RuleId::REFERENCE_FORMAT, collected!(r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"subject":{"reference":"§Patient/1"}}"#), "/", "http://a.test/"),
    row(RuleId::REFERENCE_FORMAT, r#"{"resourceType":"Bundle","type":"§","entry":[{"fullUrl":"urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b","request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient?identifier=a"}}}]}"#, "history", "transaction"),
    row(RuleId::REFERENCE_TARGET, observation!(r#""subject":{"reference":"§/1"}"#), "Practitioner", "Patient"),
    row(RuleId::REFERENCE_PROFILE, observation!(r##""contained":[{"resourceType":"Patient","id":"p"§}],"subject":{"reference":"#p"}"##), "", r#","birthDate":"2020""#)
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://firing.test/StructureDefinition/born"]}]}"#).with(&[BORN]),
    row(RuleId::REFERENCE_AGGREGATION, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],"focus":[{"reference":"#p"}],"subject":{"reference":"§p"}"##), "Patient/", "#")
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","aggregation":["contained"]}]}"#),
    row(RuleId::REFERENCE_VERSIONING, observation!(r#""subject":{"reference":"Patient/p§"}"#), "", "/_history/1")
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","versioning":"specific"}]}"#),
    row(RuleId::REFERENCE_TYPE, observation!(r#""subject":{"reference":"Patient/1","type":"§"}"#), "Group", "Patient"),
    row(RuleId::REFERENCE_TYPE, observation!(r#""subject":{"reference":"Patient/1","type":"§"}"#), "Nonsense", "Patient"),
    row(RuleId::REFERENCE_UNRESOLVED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#§"}"##), "q", "p"),
    row(RuleId::REFERENCE_UNDECIDED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"§p"}"##), "Patient/", "#")
        .policies(|p| p.references = References::Exists),
    row(RuleId::REFERENCE_BUNDLE, document!(r#""subject":{"reference":"Patient/p"}"#, r#"{"fullUrl":"http://§.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}"#), "b", "a"),
    row(RuleId::REFERENCE_AMBIGUOUS, document!(r#""subject":{"reference":"Patient/p"}"#, r#"{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}},{"fullUrl":"http://§.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}"#), "a", "b"),
    row(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"a"}],"managingOrganization":{"reference":"§o"}}"##, "Organization/", "#"),
    row(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"a"}],§}"##, r##""name":[{"text":"#o"}]"##, r##""managingOrganization":{"reference":"#o"}"##),
    row(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"ValueSet","id":"v","status":"draft"}],"extension":[{"url":"http://a.test/a","value§":"#v"}]}"##, "String", "Canonical"),
    row(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Binary","id":"b","contentType":"image/png"}],"photo":[{"§":"#b"}]}"##, "title", "url"),
    row(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"a"}],"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">§a</div>"}}"##, r##"<!-- href=\"#o\" -->"##, r##"<a href=\"&#35;o\">b</a>"##),
    row(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},§}]}"##, r##""valueString":"#""##, r##""subject":{"reference":"#"}"##),
    row(RuleId::CONTAINED_ID, r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"a"},{"resourceType":"Organization","id":"§","name":"b"}]}"#, "o", "p"),

    row(RuleId::BUNDLE_FULL_URL, r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.test/Patient/§","resource":{"resourceType":"Patient","id":"p"}}]}"#, "q", "p"),
    row(RuleId::BUNDLE_ENTRY, r#"{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"},"search":{"mode":"§"}}]}"#, "outcome", "match"),
    row(RuleId::BUNDLE_UNREACHABLE, document!(r#""subject":{"§":"Patient/p"}"#, r#"{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}"#), "display", "reference"),

    row(RuleId::NARRATIVE_SYNTAX, narrated!("a§b"), "&bogus;", "&amp;"),
    row(RuleId::NARRATIVE_CONTENT, narrated!("<§>a</§>"), "script", "p"),
    row(RuleId::NARRATIVE_EMPTY, narrated!("§"), " ", "a"),
    row(RuleId::NARRATIVE_LINK, narrated!(r##"<p id=\"a\">a <a href=\"#§\">b</a></p>"##), "c", "a"),
    row(RuleId::ATTACHMENT_SIZE, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"YWJj","size":§}]}"#, "4", "3"),
    row(RuleId::ATTACHMENT_HASH, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"YWJj","hash":"§"}]}"#, "YWJj", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),

    row(RuleId::QUESTIONNAIRE_UNKNOWN, r#"{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://firing.test/Questionnaire/§"}"#, "absent", "known").with(&[QUESTIONNAIRE]),
    row(RuleId::QUESTIONNAIRE_ITEM, form!(r#"{"linkId":"a","type":"string"}"#, r#"{"linkId":"§","answer":[{"valueString":"x"}]}"#), "b", "a"),
    row(RuleId::QUESTIONNAIRE_ORDER, form!(r#"{"linkId":"a","type":"group"},{"linkId":"b","type":"group"},{"linkId":"c","type":"group"}"#, r#"{"linkId":"b"},{"linkId":"§"}"#), "a", "c"),
    row(RuleId::QUESTIONNAIRE_REQUIRED, form!(r#"{"linkId":"a","type":"string","required":§}"#, r#"{"linkId":"a"}"#), "true", "false"),
    row(RuleId::QUESTIONNAIRE_OCCURS, form!(r#"{"linkId":"a","type":"group","repeats":§}"#, r#"{"linkId":"a"},{"linkId":"a"}"#), "false", "true"),
    row(RuleId::QUESTIONNAIRE_DISABLED, form!(r#"{"linkId":"a","type":"boolean"},{"linkId":"b","type":"string","enableWhen":[{"question":"a","operator":"=","answerBoolean":true}]}"#,
        r#"{"linkId":"a","answer":[{"valueBoolean":§}]},{"linkId":"b","answer":[{"valueString":"x"}]}"#), "false", "true"),
    row(RuleId::QUESTIONNAIRE_PLACE, form!(r#"{"linkId":"a","type":"§"}"#, r#"{"linkId":"a","answer":[{"valueString":"x"}]}"#), "group", "string"),
    row(RuleId::QUESTIONNAIRE_TYPE, form!(r#"{"linkId":"a","type":"integer"}"#, r#"{"linkId":"a","answer":[{§}]}"#), r#""valueString":"1""#, r#""valueInteger":1"#),
    row(RuleId::QUESTIONNAIRE_OPTION, form!(r#"{"linkId":"a","type":"choice","answerOption":[{"valueCoding":{"system":"http://a.test","code":"x"}}]}"#, r#"{"linkId":"a","answer":[{"valueCoding":{"system":"http://a.test","code":"§"}}]}"#), "y", "x"),
    row(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, form!(r#"{"linkId":"a","type":"choice","answerValueSet":"§"}"#, r#"{"linkId":"a","answer":[{"valueCoding":{"system":"http://hl7.org/fhir/administrative-gender","code":"male"}}]}"#),
        "http://firing.test/ValueSet/absent", "http://hl7.org/fhir/ValueSet/administrative-gender"),
    row(RuleId::QUESTIONNAIRE_BOUND, form!(r#"{"linkId":"a","type":"string","maxLength":3}"#, r#"{"linkId":"a","answer":[{"valueString":"§"}]}"#), "abcd", "abc"),

    row(RuleId::INVARIANT, r#"{"resourceType":"Patient","contact":[{§}]}"#, r#""gender":"male""#, r#""name":{"text":"a"}"#),
    row(RuleId::INVARIANT_UNDECIDED, r#"{"resourceType":"Patient"§}"#, r#","maritalStatus":{"coding":[{"system":"http://a.test","code":"x"}]}"#, "")
        .profile(constraint!("maritalStatus.all(memberOf('http://firing.test/ValueSet/absent'))")),
    row(RuleId::INVARIANT_BROKEN, r#"{"resourceType":"Patient","name":[{"given":["a"§]}]}"#, r#","b""#, "")
        .profile(constraint!("name.given & 'x' = 'ax'")),
    row(RuleId::PROFILE_UNKNOWN, r#"{"resourceType":"Patient","meta":{"profile":["http://§/StructureDefinition/Patient"]}}"#, "a.test", "hl7.org/fhir"),
    row(RuleId::PROFILE_TYPE, r#"{"resourceType":"Patient","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/§"]}}"#, "Observation", "Patient"),
];
