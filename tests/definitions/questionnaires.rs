//! Questionnaires as definitions of their answers.

use serde_json::{Value, json};

use crate::{issues, open, validate};

#[test]
fn questionnaires_ask_for_answers_of_their_questions() {
    let app = open(&[]);
    let items = |items: Value| {
        issues(&validate(&app, &json!({"resourceType": "Questionnaire", "status": "draft", "item": items})))
    };
    let initial = |kind: &str, value: Value| items(json!([{"linkId": "a", "type": kind, "initial": [value]}]));
    assert_eq!(initial("decimal", json!({"valueDecimal": 1.5})), Vec::<String>::new());
    assert_eq!(initial("open-choice", json!({"valueString": "x"})), Vec::<String>::new());
    assert_eq!(
        initial("date", json!({"valueDateTime": "2020"})),
        ["questionnaire-value Questionnaire.item[0].initial[0].value.ofType(dateTime)"]
    );
    let when = |kind: &str, operator: &str, answer: Value| {
        let mut condition = json!({"question": "a", "operator": operator});
        condition.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
        items(json!([{"linkId": "a", "type": kind}, {"linkId": "g", "type": "group", "item": [{"linkId": "b",
                "type": "string", "enableWhen": [condition]}]}]))
    };
    assert_eq!(when("integer", ">", json!({"answerInteger": 1})), Vec::<String>::new());
    assert_eq!(when("integer", "exists", json!({"answerBoolean": true})), Vec::<String>::new());
    assert_eq!(
        when("integer", "=", json!({"answerString": "1"})),
        ["questionnaire-value Questionnaire.item[1].item[0].enableWhen[0].answer.ofType(string)"]
    );
}
