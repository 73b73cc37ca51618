//! Questionnaires and their answers.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, change, has};

pub const KINDS: &[Kind] =
    &[("questionnaire-item", item), ("response-item", response_item), ("response-answer", answer)];

fn is(base: &Value, name: &str) -> Option<()> {
    (base.get("resourceType")?.as_str()? == name).then_some(())
}

fn is_item(site: &Site<'_>) -> bool {
    site.name == "item" && has(site, "linkId")
}

/// What an item may get instead: names and values, nothing for "removed".
fn changes() -> Vec<(&'static str, Value)> {
    vec![
        ("linkId", json!("1")),
        ("linkId", Value::Null),
        ("linkId", json!("")),
        ("linkId", json!(" 1")),
        ("linkId", json!(3)),
        ("linkId", json!("x".repeat(300))),
        ("type", json!("group")),
        ("type", json!("display")),
        ("type", json!("choice")),
        ("type", json!("coding")),
        ("type", json!("unicorn")),
        ("type", Value::Null),
        ("type", json!("string")),
        ("type", json!("boolean")),
        ("type", json!("reference")),
        ("type", json!("attachment")),
        ("type", json!("question")),
        ("enableWhen", json!([{"question": "absent", "operator": "=", "answerString": "x"}])),
        ("enableWhen", json!([{"question": "1", "operator": "exists", "answerString": "x"}])),
        (
            "enableWhen",
            json!([{"question": "1", "operator": "exists", "answerBoolean": true},
                {"question": "1", "operator": "=", "answerBoolean": true}]),
        ),
        ("enableWhen", json!([{"question": "1", "operator": "=="}])),
        ("enableBehavior", json!("all")),
        ("answerValueSet", json!("http://hl7.org/fhir/ValueSet/yesnodontknow")),
        ("answerOption", json!([{"valueString": "x"}, {"valueString": "x"}])),
        ("answerOption", json!([{"valueCoding": {"code": "x"}}])),
        ("answerOption", json!([{"valueBoolean": true}])),
        ("initial", json!([{"valueString": "x"}])),
        ("initial", json!([{"valueString": "x"}, {"valueString": "y"}])),
        ("initial", json!([{}])),
        ("maxLength", json!(3)),
        ("maxLength", json!(-1)),
        ("required", json!(true)),
        ("required", json!("true")),
        ("repeats", json!(true)),
        ("readOnly", json!(true)),
        ("item", json!([])),
        ("item", json!([{"linkId": "1", "type": "display"}])),
        ("code", json!([{"code": "x"}])),
        ("code", json!([{"system": "http://loinc.org", "code": "x"}])),
        ("definition", json!("x")),
        ("prefix", json!("")),
        ("answerValueSet", json!("#absent")),
        ("definition", json!("http://hl7.org/fhir/StructureDefinition/Patient#Patient.unicorn")),
        ("answerOption", json!([{"valueString": "x", "initialSelected": true}])),
        ("answerOption", json!([])),
    ]
}

fn item(base: &Value, random: &mut Random) -> Option<Made> {
    is(base, "Questionnaire")?;
    change(base, random, is_item, |v, random| {
        let (name, value) = random.one(&changes())?.clone();
        let note: String = format!("{name} {value}").chars().take(120).collect();
        put(v, name, value)?;
        Some(note)
    })
}

/// Gives a member this value, or takes it away where the value is null; `None` where there was none.
fn put(v: &mut Value, name: &str, value: Value) -> Option<()> {
    let o = v.as_object_mut()?;
    if value.is_null() {
        o.shift_remove(name)?;
    } else {
        o.insert(name.to_owned(), value);
    }
    Some(())
}

fn response_item(base: &Value, random: &mut Random) -> Option<Made> {
    is(base, "QuestionnaireResponse")?;
    let changes = [
        ("linkId", json!("absent")),
        ("linkId", Value::Null),
        ("linkId", json!("")),
        ("linkId", json!("1")),
        ("text", json!("other text")),
        ("definition", json!("x")),
        ("item", json!([{"linkId": "absent"}])),
        ("item", json!([])),
        ("answer", json!([])),
        ("answer", json!([{}])),
        ("answer", json!([{"valueString": "x"}])),
        ("answer", json!([{"valueBoolean": true}, {"valueBoolean": true}])),
        ("answer", json!([{"item": [{"linkId": "1"}]}])),
        ("answer", json!([{"valueString": "x", "valueInteger": 3}])),
        ("subject", json!({"reference": "Patient/1"})),
        ("type", json!("group")),
        ("answer", json!({"valueString": "x"})),
    ];
    change(base, random, is_item, |v, random| {
        let (name, value) = random.one(&changes)?.clone();
        let note = format!("{name} {value}");
        put(v, name, value)?;
        Some(note)
    })
}

fn answer(base: &Value, random: &mut Random) -> Option<Made> {
    is(base, "QuestionnaireResponse")?;
    change(
        base,
        random,
        |s| s.name == "answer" && s.value.is_object(),
        |v, random| {
            let name = random.one(&super::choices::TYPES)?;
            *v = json!({format!("value{name}"): super::choices::sample(name)?});
            Some(format!("value{name}"))
        },
    )
}
