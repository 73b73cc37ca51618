//! A resource read from XML as JSON: what repeats is an array, numbers and booleans are written as such.

use fhir_accord_profiles::instance::{NameId, Node};
use fhir_accord_profiles::model::{Model, TypeId};
use serde_json::{Map, Value, json};

/// The JSON of a resource.
pub fn to_json(resource: Node<'_>, model: &Model) -> Value {
    Value::Object(object(resource, model.resource_type(resource), model))
}

fn object(n: Node<'_>, type_id: TypeId, model: &Model) -> Map<String, Value> {
    let mut members = Map::new();
    for child in n.children() {
        let row = model.child(type_id, child.name());
        let repeats = row.is_some_and(|r| r.is_list());
        let child_type = model.type_of_child(type_id, child);
        let name = child.name_text();
        if child.name() == NameId::RESOURCE_TYPE || child.has_value() || model.is_primitive(child_type) {
            let value = child.has_value().then(|| literal(&child.text(), model.type_name(child_type)));
            let more = Value::Object(object_of_primitive(child, model));
            let twin = more.as_object().is_some_and(|m| !m.is_empty()).then_some(more);
            put(&mut members, name, value, twin, repeats);
        } else {
            put(&mut members, name, Some(Value::Object(object(child, child_type, model))), None, repeats);
        }
    }
    members
}

/// The id and extensions of a primitive.
fn object_of_primitive(n: Node<'_>, model: &Model) -> Map<String, Value> {
    match model.find("Element") {
        Some(element) if n.children().next().is_some() => object(n, element, model),
        _ => Map::new(),
    }
}

fn put(members: &mut Map<String, Value>, name: &str, value: Option<Value>, twin: Option<Value>, repeats: bool) {
    let other = format!("_{name}");
    if !repeats {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
        if let Some(twin) = twin {
            members.insert(other, twin);
        }
        return;
    }
    let list = members.entry(name).or_insert_with(|| json!([])).as_array_mut().unwrap();
    list.push(value.unwrap_or(Value::Null));
    let length = list.len();
    if let Some(twin) = twin {
        let list = members.entry(other).or_insert_with(|| json!([])).as_array_mut().unwrap();
        list.resize(length - 1, Value::Null);
        list.push(twin);
    }
}

fn literal(text: &str, type_name: &str) -> Value {
    match type_name {
        "boolean" => json!(text == "true"),
        "integer" | "unsignedInt" | "positiveInt" | "decimal" => serde_json::from_str(text).unwrap_or(json!(text)),
        _ => json!(text),
    }
}
