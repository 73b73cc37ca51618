//! Responses against their questionnaires: each rule holds where it must and fires where it must.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::issue::{Report, Verdict};
use serde_json::{Value, json};

/// The report on a response with these items to a questionnaire with those.
fn report(questions: Value, answers: Value) -> Report {
    let response = json!({
        "resourceType": "QuestionnaireResponse",
        "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": questions}],
        "questionnaire": "#q",
        "status": "completed",
        "item": answers,
    });
    let app =
        App::open(&Settings { packages: vec!["hl7.fhir.r4.core#4.0.1".to_owned()], ..Settings::default() }).unwrap();
    app.validate(response.to_string().as_bytes(), &Request::default()).unwrap()
}

/// The errors of a response with these items to a questionnaire with those, as rule and place.
fn errors(questions: Value, answers: Value) -> Vec<String> {
    let report = report(questions, answers);
    let of_form = report.issues.iter().filter(|i| i.severity.is_error());
    of_form
        .map(|i| {
            format!(
                "{} {}",
                i.rule.as_str(),
                i.expression.trim_start_matches("QuestionnaireResponse").trim_start_matches('.')
            )
        })
        .collect()
}

fn extension(name: &str, kind: &str, value: Value) -> Value {
    json!({"url": format!("http://hl7.org/fhir/StructureDefinition/{name}"), format!("value{kind}"): value})
}

#[test]
fn items_are_known_ordered_and_required() {
    let questions = json!([{"linkId": "a", "type": "string", "required": true}, {"linkId": "g", "type": "group",
        "item": [{"linkId": "b", "type": "integer"}]}]);
    let a = json!({"linkId": "a", "answer": [{"valueString": "x"}]});
    let g = json!({"linkId": "g", "item": [{"linkId": "b", "answer": [{"valueInteger": 1}]}]});
    assert_eq!(errors(questions.clone(), json!([a, g])), Vec::<String>::new());
    assert_eq!(errors(questions.clone(), json!([g, a])), ["questionnaire-order "]);
    assert_eq!(errors(questions.clone(), json!([g])), ["questionnaire-required "]);
    assert_eq!(errors(questions.clone(), json!([a, {"linkId": "c"}])), ["questionnaire-item "]);
    assert_eq!(errors(questions.clone(), json!([a, a])), ["questionnaire-occurs "]);
    assert_eq!(errors(questions.clone(), json!([{"linkId": "a"}])), ["questionnaire-required item[0]"]);
    assert_eq!(
        errors(questions, json!([a, {"linkId": "g", "answer": [{"valueString": "x"}]}])),
        ["questionnaire-place item[1]"]
    );
}

#[test]
fn items_are_enabled_by_other_answers() {
    let when = |operator: &str| {
        json!([{"linkId": "n", "type": "integer"}, {"linkId": "b", "type": "boolean",
        "required": true, "enableWhen": [{"question": "n", "operator": operator, "answerInteger": 3}]}])
    };
    let n = json!({"linkId": "n", "answer": [{"valueInteger": 2}]});
    let b = json!({"linkId": "b", "answer": [{"valueBoolean": true}]});
    assert_eq!(errors(when("<"), json!([n, b])), Vec::<String>::new());
    assert_eq!(errors(when("<"), json!([n])), ["questionnaire-required "]);
    assert_eq!(errors(when("="), json!([n])), Vec::<String>::new());
    assert_eq!(errors(when(">="), json!([n, b])), ["questionnaire-disabled item[1]"]);
}

#[test]
fn items_are_enabled_by_expressions() {
    let when = |expression: &str| {
        let extension = json!({
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
            "valueExpression": {"language": "text/fhirpath", "expression": expression}});
        json!([{"linkId": "n", "type": "integer"}, {"linkId": "b", "type": "boolean", "required": true,
            "extension": [extension]}])
    };
    let n = json!({"linkId": "n", "answer": [{"valueInteger": 2}]});
    let b = json!({"linkId": "b", "answer": [{"valueBoolean": true}]});
    let (low, high) =
        ("item.where(linkId = 'n').answer.value < 3", "%resource.item.where(linkId = 'n').answer.value > 3");
    assert_eq!(errors(when(low), json!([n, b])), Vec::<String>::new());
    assert_eq!(errors(when(low), json!([n])), ["questionnaire-required "]);
    assert_eq!(errors(when(high), json!([n])), Vec::<String>::new());
    assert_eq!(errors(when(high), json!([n, b])), ["questionnaire-disabled item[1]"]);
    for open in ["%context.answer.exists()", "%score > 3"] {
        assert_eq!(errors(when(open), json!([n])), Vec::<String>::new(), "{open}");
        assert_eq!(errors(when(open), json!([n, b])), Vec::<String>::new(), "{open}");
    }
}

#[test]
fn answers_have_the_type_and_are_among_the_options() {
    let choice = |kind: &str| {
        json!([{"linkId": "c", "type": kind, "repeats": true,
        "answerOption": [{"valueCoding": {"system": "http://s", "code": "1"}}]}])
    };
    let answer = |a: Value| json!([{"linkId": "c", "answer": [a]}]);
    assert_eq!(
        errors(choice("choice"), answer(json!({"valueCoding": {"system": "http://s", "code": "1", "display": "one"}}))),
        Vec::<String>::new()
    );
    assert_eq!(
        errors(choice("choice"), answer(json!({"valueCoding": {"system": "http://s", "code": "2"}}))),
        ["questionnaire-option item[0].answer[0]"]
    );
    assert_eq!(
        errors(choice("choice"), answer(json!({"valueString": "1"}))),
        ["questionnaire-type item[0].answer[0].value.ofType(string)"]
    );
    assert_eq!(errors(choice("open-choice"), answer(json!({"valueString": "1"}))), Vec::<String>::new());
}

#[test]
fn answers_keep_to_the_bounds() {
    let bound = |kind: &str, x: Value| json!([{"linkId": "q", "type": kind, "extension": [x]}]);
    let answer = |a: Value| json!([{"linkId": "q", "answer": [a]}]);
    for (kind, x, good, bad) in [
        ("integer", extension("maxValue", "Integer", json!(5)), json!({"valueInteger": 5}), json!({"valueInteger": 6})),
        (
            "date",
            extension("minValue", "Date", json!("2020-05")),
            json!({"valueDate": "2020-06-01"}),
            json!({"valueDate": "2020-04"}),
        ),
        (
            "decimal",
            extension("maxDecimalPlaces", "Integer", json!(1)),
            json!({"valueDecimal": 1.5}),
            json!({"valueDecimal": 1.55}),
        ),
        (
            "string",
            extension("regex", "String", json!("[a-z]+")),
            json!({"valueString": "abc"}),
            json!({"valueString": "abc1"}),
        ),
        (
            "string",
            extension("minLength", "Integer", json!(3)),
            json!({"valueString": "abc"}),
            json!({"valueString": "ab"}),
        ),
    ] {
        assert_eq!(errors(bound(kind, x.clone()), answer(good)), Vec::<String>::new(), "{kind} {x}");
        let found = errors(bound(kind, x.clone()), answer(bad));
        assert!(
            matches!(found.as_slice(), [one] if one.starts_with("questionnaire-bound item[0].answer[0].value")),
            "{kind} {x}: {found:?}"
        );
    }
}

#[test]
fn a_regular_expression_that_cannot_be_read_leaves_the_answer_open() {
    for regex in ["(?=a)[a-z]+", "(a)\\1", "[a-z", "a{1000}{1000}{1000}"] {
        let question =
            json!([{"linkId": "q", "type": "string", "extension": [extension("regex", "String", json!(regex))]}]);
        let found = report(question.clone(), json!([{"linkId": "q", "answer": [{"valueString": "abc"}]}]));
        assert_eq!(found.verdict, Verdict::Undetermined, "{regex}: {:?}", found.issues);
        let none = report(question, json!([{"linkId": "q"}]));
        assert_eq!(none.verdict, Verdict::Valid, "{regex}: without an answer nothing is asked of it");
    }
}
