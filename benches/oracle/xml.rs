//! An instance in JSON as XML, by its form alone: the order of the elements is that of the JSON.

use serde_json::{Map, Value};

/// The instance as XML; `None` where JSON says something that XML has no form for.
pub fn written(root: &Value) -> Option<String> {
    let mut out = String::new();
    resource(root.as_object()?, &mut out)?;
    Some(out)
}

fn resource(o: &Map<String, Value>, out: &mut String) -> Option<()> {
    let name = o.get("resourceType")?.as_str()?;
    out.push_str(&format!("<{name} xmlns=\"http://hl7.org/fhir\">"));
    members(o, true, out)?;
    out.push_str(&format!("</{name}>"));
    Some(())
}

fn members(o: &Map<String, Value>, is_resource: bool, out: &mut String) -> Option<()> {
    for (key, value) in o.iter().filter(|(k, _)| *k != "resourceType" && (is_resource || *k != "id")) {
        if let Some(name) = key.strip_prefix('_') {
            if !o.contains_key(name) {
                every(name, &Value::Null, Some(value), out)?;
            }
            continue;
        }
        every(key, value, o.get(&format!("_{key}")), out)?;
    }
    Some(())
}

fn every(name: &str, value: &Value, beside: Option<&Value>, out: &mut String) -> Option<()> {
    let of = |v: Option<&Value>, i: usize| match v {
        Some(Value::Array(a)) => a.get(i).cloned().filter(|v| !v.is_null()),
        Some(v) if i == 0 => Some(v.clone()).filter(|v| !v.is_null()),
        _ => None,
    };
    let length = |v: Option<&Value>| v.map_or(0, |v| v.as_array().map_or(1, Vec::len));
    (0..length(Some(value)).max(length(beside))).try_for_each(|i| element(name, of(Some(value), i), of(beside, i), out))
}

fn element(name: &str, value: Option<Value>, beside: Option<Value>, out: &mut String) -> Option<()> {
    if let Some(Value::String(div)) = value.as_ref().filter(|_| name == "div") {
        out.push_str(div);
        return Some(());
    }
    let object = value.as_ref().and_then(Value::as_object).or_else(|| beside.as_ref().and_then(Value::as_object));
    let is_resource = object.is_some_and(|o| o.contains_key("resourceType"));
    out.push_str(&format!("<{name}"));
    let id = object.and_then(|o| o.get("id")).filter(|_| !is_resource);
    let url = object.and_then(|o| o.get("url")).filter(|_| name == "extension" || name == "modifierExtension");
    for (attribute, v) in [("id", id), ("url", url)] {
        if let Some(v) = v {
            out.push_str(&format!(" {attribute}=\"{}\"", escaped(v.as_str()?)));
        }
    }
    if let Some(v) = value.as_ref().filter(|v| !v.is_object()) {
        let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        out.push_str(&format!(" value=\"{}\"", escaped(&text)));
    }
    match object {
        Some(o) if is_resource => {
            out.push('>');
            resource(o, out)?;
            out.push_str(&format!("</{name}>"));
        }
        Some(o) => {
            let rest: Map<String, Value> = o
                .iter()
                .filter(|(k, _)| *k != "id" && (url.is_none() || *k != "url"))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect();
            if rest.is_empty() {
                out.push_str("/>");
                return Some(());
            }
            out.push('>');
            members(&rest, false, out)?;
            out.push_str(&format!("</{name}>"));
        }
        None => out.push_str("/>"),
    }
    Some(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
        .replace('\t', "&#9;")
        .replace('\r', "&#13;")
}
