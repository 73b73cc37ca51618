//! Questionnaires of STU3 in the form of R4 (<https://hl7.org/fhir/R4/questionnaire.html>).

use serde_json::{Map, Value};

/// Deeper items stay as they are: whoever reads them does not come there.
const DEPTH: usize = 64;

/// Gives the items of a questionnaire the members of R4.
pub fn questionnaire(definition: &mut Value) {
    if let Some(list) = definition.get_mut("item") {
        items(list, DEPTH);
    }
}

fn items(list: &mut Value, depth: usize) {
    for item in list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        options(item);
        conditions(item);
        initial(item);
        if depth > 0
            && let Some(inner) = item.get_mut("item")
        {
            items(inner, depth - 1);
        }
    }
}

/// What may be answered: `option` became `answerOption`, `options`, a reference to a value set, `answerValueSet`.
fn options(item: &mut Map<String, Value>) {
    if let Some(listed) = item.remove("option") {
        item.insert("answerOption".to_owned(), listed);
    }
    if let Some(set) = item.remove("options").and_then(|o| Some(o.get("reference")?.as_str()?.to_owned())) {
        item.insert("answerValueSet".to_owned(), set.into());
    }
}

/// A condition asks whether there is an answer, or for one that is equal; any of several enables an item
/// (<https://hl7.org/fhir/STU3/questionnaire-definitions.html#Questionnaire.item.enableWhen>).
fn conditions(item: &mut Map<String, Value>) {
    let Some(list) = item.get_mut("enableWhen").and_then(Value::as_array_mut) else { return };
    for condition in list.iter_mut().filter_map(Value::as_object_mut).filter(|c| !c.contains_key("operator")) {
        let operator = match condition.remove("hasAnswer") {
            Some(has) => {
                condition.insert("answerBoolean".to_owned(), has);
                "exists"
            }
            None => "=",
        };
        condition.insert("operator".to_owned(), operator.into());
    }
    if list.len() > 1 {
        item.entry("enableBehavior").or_insert_with(|| "any".into());
    }
}

/// An initial value, which may repeat since R4.
fn initial(item: &mut Map<String, Value>) {
    let name = item
        .keys()
        .find(|k| k.strip_prefix("initial").is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase())))
        .cloned();
    if let Some((name, value)) = name.and_then(|name| item.remove_entry(&name)) {
        let mut initial = Map::new();
        initial.insert(name.replacen("initial", "value", 1), value);
        item.insert("initial".to_owned(), Value::Array(vec![initial.into()]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(item: Value) -> Value {
        let mut form = json!({"resourceType": "Questionnaire", "item": [{"linkId": "g", "item": [item]}]});
        questionnaire(&mut form);
        form.pointer_mut("/item/0/item/0").map(Value::take).unwrap_or_default()
    }

    #[test]
    fn what_may_be_answered_has_the_names_of_r4() {
        assert_eq!(changed(json!({"option": [{"valueString": "a"}]})), json!({"answerOption": [{"valueString": "a"}]}));
        assert_eq!(changed(json!({"options": {"reference": "#vs"}})), json!({"answerValueSet": "#vs"}));
        assert_eq!(changed(json!({"initialCode": "a"})), json!({"initial": [{"valueCode": "a"}]}));
    }

    #[test]
    fn conditions_have_an_operator() {
        let one = changed(json!({"enableWhen": [{"question": "a", "hasAnswer": false}]}));
        assert_eq!(one, json!({"enableWhen": [{"question": "a", "answerBoolean": false, "operator": "exists"}]}));
        let two = changed(json!({"enableWhen": [{"question": "a", "answerCoding": {"code": "x"}},
            {"question": "b", "answerString": "y"}]}));
        assert_eq!(two["enableBehavior"], "any");
        assert_eq!((&two["enableWhen"][0]["operator"], &two["enableWhen"][1]["operator"]), (&json!("="), &json!("=")));
    }

    #[test]
    fn a_form_of_r4_stays_as_it_is() {
        let form = json!({"enableWhen": [{"question": "a", "operator": ">", "answerInteger": 1}],
            "answerOption": [{"valueInteger": 1}], "initial": [{"valueInteger": 1}]});
        assert_eq!(changed(form.clone()), form);
    }
}
