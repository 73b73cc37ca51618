//! Two snapshots set side by side, facet by facet.

use std::collections::BTreeMap;

use serde_json::Value;

/// A disagreement: element id, facet, expected, found.
pub type Difference = (String, &'static str, String, String);

/// The same elements with canonicals that name no version.
pub fn unpinned(elements: &[Value]) -> Vec<Value> {
    fn unpin(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(unpin),
            Value::Object(members) => members.values_mut().for_each(unpin),
            Value::String(text) if text.starts_with("http") => {
                if let Some((url, _)) = text.split_once('|') {
                    *text = url.to_owned();
                }
            }
            _ => {}
        }
    }
    let mut elements = elements.to_vec();
    elements.iter_mut().for_each(unpin);
    elements
}

/// Where the generated elements say something else than the published ones.
pub fn compare(published: &[Value], generated: &[Value]) -> Vec<Difference> {
    let id = |e: &Value| e["id"].as_str().unwrap_or_default().to_owned();
    let mut differences = Vec::new();
    let by_id: BTreeMap<String, &Value> = generated.iter().map(|e| (id(e), e)).collect();
    let wanted: BTreeMap<String, &Value> = published.iter().map(|e| (id(e), e)).collect();
    for element in published {
        let id = id(element);
        match by_id.get(&id) {
            Some(own) => facets(&id, element, own, &mut differences),
            None => differences.push((id, "element", "present".into(), "absent".into())),
        }
    }
    for element in generated.iter().filter(|e| !wanted.contains_key(&id(e))) {
        differences.push((id(element), "element", "absent".into(), "present".into()));
    }
    let order = |elements: &[Value], other: &BTreeMap<String, &Value>| {
        elements.iter().map(id).filter(|i| other.contains_key(i)).collect::<Vec<_>>()
    };
    let (a, b) = (order(published, &by_id), order(generated, &wanted));
    if let Some(at) = a.iter().zip(&b).position(|(x, y)| x != y) {
        differences.push((a[at].clone(), "order", a[at].clone(), b[at].clone()));
    }
    differences
}

/// A facet's name and how it is read.
type Facet = (&'static str, fn(&Value) -> String);

const FACETS: [Facet; 13] = [
    ("path", |e| e["path"].to_string()),
    ("sliceName", |e| e["sliceName"].to_string()),
    ("min", |e| e["min"].to_string()),
    ("max", |e| e["max"].to_string()),
    ("type", types),
    ("value", values),
    ("binding", |e| format!("{} {}", e["binding"]["strength"], e["binding"]["valueSet"])),
    ("slicing", slicing),
    ("constraint", |e| keys(e, "constraint", "key")),
    ("mustSupport", |e| e["mustSupport"].as_bool().unwrap_or(false).to_string()),
    ("isModifier", |e| e["isModifier"].as_bool().unwrap_or(false).to_string()),
    ("contentReference", |e| e["contentReference"].as_str().map_or("", |r| r.rsplit('#').next().unwrap()).to_owned()),
    ("base", |e| sorted(&e["base"]).to_string()),
];

/// A facet of an element by its name.
pub fn facet(name: &str, element: &Value) -> Option<String> {
    FACETS.iter().find(|(facet, _)| *facet == name).map(|(_, read)| read(element))
}

fn facets(id: &str, wanted: &Value, got: &Value, out: &mut Vec<Difference>) {
    for (facet, read) in FACETS {
        let (wanted, got) = (read(wanted), read(got));
        if wanted != got {
            out.push((id.to_owned(), facet, wanted, got));
        }
    }
}

fn keys(element: &Value, list: &str, key: &str) -> String {
    let mut keys: Vec<&str> = element[list].as_array().into_iter().flatten().filter_map(|c| c[key].as_str()).collect();
    keys.sort_unstable();
    keys.join(" ")
}

fn types(element: &Value) -> String {
    let list = |t: &Value, key: &str| {
        let mut all: Vec<&str> = t[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        all.sort_unstable();
        all.join(",")
    };
    let one = |t: &Value| {
        format!("{}<{}>({})", t["code"].as_str().unwrap_or_default(), list(t, "profile"), list(t, "targetProfile"))
    };
    element["type"].as_array().into_iter().flatten().map(one).collect::<Vec<_>>().join(" ")
}

fn values(element: &Value) -> String {
    let members = element.as_object().unwrap();
    let of = |k: &str| ["fixed", "pattern", "minValue", "maxValue", "maxLength"].iter().any(|s| k.starts_with(s));
    members.iter().filter(|(k, _)| of(k)).map(|(k, v)| format!("{k}={}", sorted(v))).collect::<Vec<_>>().join(" ")
}

fn slicing(element: &Value) -> String {
    let slicing = &element["slicing"];
    if slicing.is_null() {
        return String::new();
    }
    let mut by: Vec<String> = slicing["discriminator"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|d| format!("{}:{}", d["type"].as_str().unwrap_or(""), d["path"].as_str().unwrap_or("")))
        .collect();
    by.sort_unstable();
    format!(
        "{} {} {}",
        by.join(","),
        slicing["rules"].as_str().unwrap_or_default(),
        slicing["ordered"].as_bool().unwrap_or(false)
    )
}

/// The same value with all members in the order of their names.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let names: BTreeMap<&String, Value> = members.iter().map(|(k, v)| (k, sorted(v))).collect();
            names.into_iter().map(|(k, v)| (k.clone(), v)).collect()
        }
        _ => value.clone(),
    }
}

/// How many elements differ in which facet.
pub fn summary(differences: &[Difference]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, facet, _, _) in differences {
        *counts.entry(facet).or_default() += 1;
    }
    counts.iter().map(|(facet, count)| format!("{facet} {count}")).collect::<Vec<_>>().join(", ")
}
