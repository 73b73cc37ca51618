//! A resource put into another one, so that what is demanded of a reference's target can be judged
//! (<https://hl7.org/fhir/R4/references.html#contained>).

use serde_json::{Map, Value, json};

/// The id of a resource that was put into another one.
const ID: &str = "target";
/// What stands before `contained` in a resource.
const HEAD: [&str; 5] = ["resourceType", "id", "meta", "implicitRules", "language"];

/// The reference by which the container names what [`contain`] puts into it.
pub(super) fn reference() -> Value {
    json!({ "reference": format!("#{ID}") })
}

/// Puts a resource into another. What it contains itself moves along: contained resources contain none.
pub(super) fn contain(container: Value, resource: Value) -> Option<Value> {
    let (Value::Object(outer), Value::Object(mut inner)) = (container, resource) else { return None };
    let mut moved = match inner.remove("contained") {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    let ids: Vec<String> = moved.iter().filter_map(|r| Some(r.get("id")?.as_str()?.to_owned())).collect();
    if let Some(Value::Object(meta)) = inner.get_mut("meta") {
        meta.retain(|name, _| name == "profile");
        if meta.is_empty() {
            inner.remove("meta");
        }
    }
    let mut resource = Value::Object(inner);
    for r in moved.iter_mut().chain([&mut resource]) {
        rename(r, &ids);
    }
    resource.as_object_mut()?.insert("id".to_owned(), Value::String(ID.to_owned()));
    moved.insert(0, resource);
    let mut out = Map::new();
    let mut rest = Vec::new();
    for (name, value) in outer {
        match name.as_str() {
            "contained" => moved.extend(value.as_array().into_iter().flatten().cloned()),
            n if HEAD.contains(&n) => {
                out.insert(name, value);
            }
            _ => rest.push((name, value)),
        }
    }
    out.insert("contained".to_owned(), Value::Array(moved));
    out.extend(rest);
    Some(Value::Object(out))
}

/// Ids get a prefix, with the references to them, so that they differ from those of the container.
fn rename(value: &mut Value, ids: &[String]) {
    match value {
        Value::Object(map) => {
            for (name, v) in map.iter_mut() {
                match v {
                    Value::String(text) if name == "id" && ids.contains(text) => *text = format!("{ID}-{text}"),
                    Value::String(text) if name == "reference" => {
                        if let Some(id) = text.strip_prefix('#').filter(|id| ids.iter().any(|known| known == id)) {
                            *text = format!("#{ID}-{id}");
                        }
                    }
                    other => rename(other, ids),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|v| rename(v, ids)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_contained_moves_to_the_container() {
        let inner = json!({"resourceType": "Immunization", "meta": {"versionId": "2"},
            "contained": [{"resourceType": "Patient", "id": "target"}], "patient": {"reference": "#target"}});
        let outer = json!({"resourceType": "Observation", "id": "o", "status": "final", "contained": [
            {"resourceType": "Device", "id": "d"}], "device": {"reference": "#d"}});
        let both = contain(outer, inner).expect("two objects");
        assert_eq!(
            both.to_string(),
            json!({"resourceType": "Observation", "id": "o", "contained": [
                {"resourceType": "Immunization", "patient": {"reference": "#target-target"}, "id": "target"},
                {"resourceType": "Patient", "id": "target-target"}, {"resourceType": "Device", "id": "d"}],
                "status": "final", "device": {"reference": "#d"}})
            .to_string()
        );
    }
}
