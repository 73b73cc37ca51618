//! Messages about questionnaires and responses, and examples of both.

use super::super::example::{Example, example};
use super::super::text::{Describe, Message, MessageContext};
use crate::issue::RuleId;
use crate::judge::Weight;

fn is_open(t: MessageContext<'_>) -> bool {
    t.finding.weight == Weight::Question
}

fn disabled(t: MessageContext<'_>) -> Message {
    let item = t.given();
    if is_open(t) {
        return format!("cannot determine whether item `{item}` is enabled").into();
    }
    format!("item `{item}` is not enabled by the answers it depends on").into()
}

fn required(t: MessageContext<'_>) -> Message {
    let item = t.given();
    if is_open(t) {
        return format!("item `{item}` has no answer; cannot determine whether it is enabled, and so required").into();
    }
    format!("item `{item}` is required, but is empty or has no answer").into()
}

fn out_of_type(t: MessageContext<'_>) -> Message {
    let found = t.given();
    if is_open(t) {
        return format!("cannot determine the type of the answer: unknown question type `{found}`").into();
    }
    format!("the answer does not have the type of its question: `{found}`").into()
}

fn out_of_bounds(t: MessageContext<'_>) -> Message {
    let found = t.given();
    if is_open(t) {
        return format!("cannot determine whether the answer is within the bounds of its question: `{found}`").into();
    }
    format!("the answer is outside the bounds of its question: `{found}`").into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::QUESTIONNAIRE_UNKNOWN, |t| {
        if t.finding.weight == Weight::Note {
            return "the response does not name its questionnaire, so the answers were not checked".into();
        }
        format!("questionnaire `{}` is not loaded, so the answers were not checked", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_ITEM, |t| format!("the questionnaire has no item `{}` here", t.given()).into()),
    (RuleId::QUESTIONNAIRE_ORDER, |t| {
        format!("item `{}` comes after an item that follows it in the questionnaire", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_REQUIRED, required),
    (RuleId::QUESTIONNAIRE_OCCURS, |t| {
        format!("item `{}` or its answers occur more or less often than the questionnaire allows", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_DISABLED, disabled),
    (RuleId::QUESTIONNAIRE_PLACE, |t| {
        format!("an item of type `{}` contains answers or items that it cannot have", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_TYPE, out_of_type),
    (RuleId::QUESTIONNAIRE_OPTION, |t| format!("`{}` is not among the options of the question", t.given()).into()),
    (RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, |t| {
        if t.finding.weight == Weight::Note {
            return format!("the answer was not checked: {}", t.given()).into();
        }
        format!("cannot determine whether the answer is among the options of the question: `{}`", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_BOUND, out_of_bounds),
    (RuleId::QUESTIONNAIRE_EXCLUSIVE, |t| {
        format!("an answer to item `{}` excludes the others, but is not the only one", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_TEXT, |t| {
        format!("the text of item `{}` is not that of the questionnaire", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_SUBJECT, |t| format!("the questionnaire is not for subjects of type {}", t.given()).into()),
    (RuleId::QUESTIONNAIRE_PERIOD, |t| {
        format!("the questionnaire was not in effect when the response was written: {}", t.given()).into()
    }),
    (RuleId::QUESTIONNAIRE_CONDITION, |t| t.given().into()),
    (RuleId::QUESTIONNAIRE_STRING, |t| t.given().into()),
    (RuleId::QUESTIONNAIRE_DERIVED, |t| t.given().into()),
    (RuleId::QUESTIONNAIRE_DERIVATION, |t| t.given().into()),
];

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

const QUESTIONNAIRE: &str =
    r#"{"resourceType":"Questionnaire","id":"known","url":"http://firing.test/Questionnaire/known","status":"active"}"#;

/// A questionnaire with these items, derived in this way from one with a string `a`.
macro_rules! derived {
    ($way:literal, $items:literal) => {
        concat!(
            r#"{"resourceType":"Questionnaire","status":"active",
            "derivedFrom":["http://firing.test/Questionnaire/base"],
            "_derivedFrom":[{"extension":[{
            "url":"http://hl7.org/fhir/StructureDefinition/questionnaire-derivationType","valueCoding":{
            "system":"http://hl7.org/fhir/questionnaire-derivationType","code":""#,
            $way,
            r#""}}]}],"item":["#,
            $items,
            "]}"
        )
    };
}

const BASE: &[&str] = &[r#"{"resourceType":"Questionnaire","id":"base","url":"http://firing.test/Questionnaire/base",
    "status":"active","item":[{"linkId":"a","type":"string","text":"A"}]}"#];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::QUESTIONNAIRE_UNKNOWN, r#"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"http://firing.test/Questionnaire/§"}"#, "absent", "known").with(&[QUESTIONNAIRE]),
    example(RuleId::QUESTIONNAIRE_ITEM, form!(r#"{"linkId":"a","type":"string"}"#,
        r#"{"linkId":"§","answer":[{"valueString":"x"}]}"#), "b", "a"),
    example(RuleId::QUESTIONNAIRE_ORDER, form!(r#"{"linkId":"a","type":"group"},{"linkId":"b","type":"group"},
        {"linkId":"c","type":"group"}"#, r#"{"linkId":"b"},{"linkId":"§"}"#), "a", "c"),
    example(RuleId::QUESTIONNAIRE_REQUIRED, form!(r#"{"linkId":"a","type":"string","required":§}"#,
        r#"{"linkId":"a"}"#), "true", "false"),
    example(RuleId::QUESTIONNAIRE_REQUIRED, form!(r#"{"linkId":"a","type":"group","required":§,
        "item":[{"linkId":"b","type":"string"}]}"#, r#"{"linkId":"a"}"#), "true", "false"),
    example(RuleId::QUESTIONNAIRE_EXCLUSIVE, form!(r#"{"linkId":"a","type":"choice","repeats":true,
        "answerOption":[{"valueCoding":{"system":"http://a.test","code":"x"}},
        {"valueCoding":{"system":"http://a.test","code":"y"}},{"valueCoding":{"system":"http://a.test","code":"none"},
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive",
        "valueBoolean":true}]}]}"#, r#"{"linkId":"a","answer":[{"valueCoding":{"system":"http://a.test","code":"x"}},
        {"valueCoding":{"system":"http://a.test","code":"§"}}]}"#), "none", "y"),
    example(RuleId::QUESTIONNAIRE_TEXT, form!(r#"{"linkId":"a","type":"group","text":"Family"}"#,
        r#"{"linkId":"a","text":"§"}"#), "Friends", "Family"),
    example(RuleId::QUESTIONNAIRE_SUBJECT, r##"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"#q","subject":{"reference":"§/1"},"contained":[{"resourceType":"Questionnaire","id":"q",
        "status":"active","subjectType":["Patient","Group"]}]}"##, "Location", "Patient"),
    example(RuleId::QUESTIONNAIRE_PERIOD, r##"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"#q","authored":"§","contained":[{"resourceType":"Questionnaire","id":"q","status":"active",
        "effectivePeriod":{"start":"2020-02","end":"2020-03-15"}}]}"##, "2020-03-16T08:00:00Z", "2020-03-15T08:00:00Z"),
    example(RuleId::QUESTIONNAIRE_OCCURS, form!(r#"{"linkId":"a","type":"group","repeats":§}"#,
        r#"{"linkId":"a"},{"linkId":"a"}"#), "false", "true"),
    example(RuleId::QUESTIONNAIRE_DISABLED, form!(r#"{"linkId":"a","type":"boolean"},{"linkId":"b","type":"string",
        "enableWhen":[{"question":"a","operator":"=","answerBoolean":true}]}"#,
        r#"{"linkId":"a","answer":[{"valueBoolean":§}]},{"linkId":"b","answer":[{"valueString":"x"}]}"#), "false",
            "true"),
    // The nearest answers count.
    example(RuleId::QUESTIONNAIRE_DISABLED, form!(r#"{"linkId":"g","type":"group","repeats":true,"item":[{"linkId":"a",
        "type":"boolean"},{"linkId":"b","type":"string","enableWhen":[{"question":"a","operator":"=",
        "answerBoolean":true}]}]}"#,
        r#"{"linkId":"g","item":[{"linkId":"a","answer":[{"valueBoolean":true}]}]},{"linkId":"g","item":[{"linkId":"a",
            "answer":[{"valueBoolean":§}]},{"linkId":"b","answer":[{"valueString":"x"}]}]}"#), "false", "true"),
    example(RuleId::QUESTIONNAIRE_DISABLED, form!(r#"{"linkId":"a","type":"date"},{"linkId":"b","type":"string",
        "enableWhen":[{"question":"a","operator":">","answerDate":"2020-05"}]}"#,
        r#"{"linkId":"a","answer":[{"valueDate":"§"}]},{"linkId":"b","answer":[{"valueString":"x"}]}"#), "2020",
            "2021"),
    // A wanted coding that names no system leaves the system open.
    example(RuleId::QUESTIONNAIRE_DISABLED, form!(r#"{"linkId":"a","type":"open-choice"},{"linkId":"b","type":"string",
        "enableWhen":[{"question":"a","operator":"=","answerCoding":{"code":"x"}}]}"#, r#"{"linkId":"a","answer":[
        {"valueCoding":{"system":"http://a.test","code":"§"}}]},{"linkId":"b","answer":[{"valueString":"x"}]}"#),
        "y", "x"),
    example(RuleId::QUESTIONNAIRE_PLACE, form!(r#"{"linkId":"a","type":"§"}"#, r#"{"linkId":"a",
        "answer":[{"valueString":"x"}]}"#), "group", "string"),
    example(RuleId::QUESTIONNAIRE_TYPE, form!(r#"{"linkId":"a","type":"integer"}"#, r#"{"linkId":"a","answer":[{§}]}"#),
        r#""valueString":"1""#, r#""valueInteger":1"#),
    example(RuleId::QUESTIONNAIRE_OPTION, form!(r#"{"linkId":"a","type":"choice",
        "answerOption":[{"valueCoding":{"system":"http://a.test","code":"x"}}]}"#,
        r#"{"linkId":"a","answer":[{"valueCoding":{"system":"http://a.test","code":"§"}}]}"#), "y", "x"),
    example(RuleId::QUESTIONNAIRE_OPTION, form!(r#"{"linkId":"a","type":"choice","answerOption":[{"valueInteger":1},
        {"valueInteger":2}]}"#, r#"{"linkId":"a","answer":[{"valueInteger":§}]}"#), "3", "2"),
    example(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, form!(r#"{"linkId":"a","type":"choice","answerValueSet":"§"}"#,
        r#"{"linkId":"a","answer":[{"valueCoding":{"system":"http://hl7.org/fhir/administrative-gender",
        "code":"male"}}]}"#),
        "http://firing.test/ValueSet/absent", "http://hl7.org/fhir/ValueSet/administrative-gender"),
    example(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, form!(r#"{"linkId":"a","type":"open-choice",
        "answerValueSet":"http://firing.test/ValueSet/absent"}"#, r#"{"linkId":"a","answer":[{§}]}"#),
        r#""valueCoding":{"system":"http://a.test","code":"x"}"#, r#""valueString":"x""#),
    example(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, form!(r#"{"linkId":"a","type":"choice"§}"#,
        r#"{"linkId":"a","answer":[{"valueCoding":{"system":"http://hl7.org/fhir/administrative-gender",
        "code":"male"}}]}"#), "", r#","answerValueSet":"http://hl7.org/fhir/ValueSet/administrative-gender""#),
    example(RuleId::QUESTIONNAIRE_UNKNOWN, r#"{"resourceType":"QuestionnaireResponse",§"contained":[{
        "resourceType":"Questionnaire","id":"q","status":"active"}],"status":"completed"}"#, "",
        r##""questionnaire":"#q","##),
    example(RuleId::QUESTIONNAIRE_TYPE, form!(r#"{"linkId":"a","type":"reference"}"#,
        r#"{"linkId":"a","answer":[{"valueReference":{"reference":"§/1"}}]}"#), "Foo", "Patient"),
    example(RuleId::QUESTIONNAIRE_STRING, form!(r#"{"linkId":"a","type":"§"}"#,
        r#"{"linkId":"a","answer":[{"valueString":"x\ny"}]}"#), "string", "text"),
    example(RuleId::QUESTIONNAIRE_STRING, form!(r#"{"linkId":"a","type":"open-choice",
        "answerOption":[{"valueCoding":{"system":"http://a.test","code":"x","display":"Alpha"}}]}"#,
        r#"{"linkId":"a","answer":[{"valueString":"§"}]}"#), "alpha", "alphabet"),
    example(RuleId::QUESTIONNAIRE_OCCURS, form!(r#"{"linkId":"a","type":"group","repeats":true,"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs","valueInteger":§}]}"#,
        r#"{"linkId":"a"},{"linkId":"a"}"#), "1", "2"),
    example(RuleId::QUESTIONNAIRE_DERIVED, derived!("§",
        r#"{"linkId":"a","type":"string"},{"linkId":"z","type":"string"}"#),
        "compliesWith", "extends").with(BASE),
    example(RuleId::QUESTIONNAIRE_DERIVED, derived!("extends", r#"{"linkId":"a","type":"§"}"#), "integer", "string")
        .with(BASE),
    example(RuleId::QUESTIONNAIRE_DERIVATION, derived!("§", r#"{"linkId":"a","type":"string"}"#), "none", "extends")
        .with(BASE),
    example(RuleId::QUESTIONNAIRE_BOUND, form!(r#"{"linkId":"a","type":"string","maxLength":3}"#,
        r#"{"linkId":"a","answer":[{"valueString":"§"}]}"#), "abcd", "abc"),
    example(RuleId::QUESTIONNAIRE_BOUND, form!(r#"{"linkId":"a","type":"date",
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/minValue","valueDate":"2020-05"}]}"#,
        r#"{"linkId":"a","answer":[{"valueDate":"§"}]}"#), "2020", "2021"),
    example(RuleId::QUESTIONNAIRE_BOUND, form!(r#"{"linkId":"a","type":"quantity","extension":[{
        "url":"http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity",
        "valueQuantity":{"value":10,"unit":"Kg"}}]}"#,
        r#"{"linkId":"a","answer":[{"valueQuantity":{"value":§,"unit":"Kg"}}]}"#), "5", "15"),
    example(RuleId::LIMIT_REGEX, form!(r#"{"linkId":"a","type":"string",
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/regex","valueString":"§"}]}"#,
        r#"{"linkId":"a","answer":[{"valueString":"abc"}]}"#),
        "(a{1000}){1000}", "[a-z]+"),
    example(RuleId::QUESTIONNAIRE_CONDITION, r#"{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"1",
        "type":"boolean","text":"a"},{"linkId":"2","type":"group","text":"b","enableWhen":[{"question":"§",
        "operator":"exists","answerBoolean":true}],"item":[{"linkId":"3","type":"boolean","text":"c"}]}]}"#, "3", "1"),
    example(RuleId::QUESTIONNAIRE_CONDITION, r#"{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"1",
        "type":"choice","text":"a","answerOption":[{"valueCoding":{"system":"http://a.test","code":"x"}}]},{
        "linkId":"2","type":"string","text":"b","enableWhen":[{"question":"1","operator":"=",
        "answerCoding":{"system":"http://a.test","code":"§"}}]}]}"#, "y", "x"),
];
