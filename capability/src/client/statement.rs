//! The CapabilityStatement (R4) of what was seen (<https://hl7.org/fhir/R4/capabilitystatement.html>).
//!
//! What cannot be known from requests, and is mandatory, says so by the extension `data-absent-reason`: the type of
//! most search parameters, the definition of an operation, the date.

use serde_json::{Map, Value, json};

use super::item::Item;
use super::needs::{Needs, Record};

const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const COMBINATION: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination";

/// The search parameters of all resource types with their types.
const COMMON: [(&str, &str); 11] = [
    ("_content", "string"),
    ("_filter", "special"),
    ("_has", "special"),
    ("_id", "token"),
    ("_lastUpdated", "date"),
    ("_list", "special"),
    ("_profile", "uri"),
    ("_security", "token"),
    ("_source", "uri"),
    ("_tag", "token"),
    ("_text", "string"),
];

/// The statement.
pub(super) fn write(needs: &Needs, formats: &[&'static str], sources: &[String]) -> Value {
    let (types, system) = needs.by_type();
    let resources: Vec<Value> = types.iter().map(|(name, records)| resource(name, records, sources)).collect();
    let mut rest = Map::new();
    rest.insert("mode".to_owned(), json!("client"));
    insert_text(&mut rest, "documentation", documentation(&system, sources));
    insert_list(&mut rest, "resource", resources);
    insert_items(&mut rest, &system, sources);
    let description =
        "what a client needs of a server, gathered from its requests, its scopes and the profiles that it works with";
    let mut out = Map::new();
    out.insert("resourceType".to_owned(), json!("CapabilityStatement"));
    out.insert("status".to_owned(), json!("draft"));
    out.insert("_date".to_owned(), absent());
    out.insert("kind".to_owned(), json!("instance"));
    out.insert("implementation".to_owned(), json!({ "description": description }));
    out.insert("fhirVersion".to_owned(), json!("4.0.1"));
    if formats.is_empty() {
        out.insert("_format".to_owned(), json!([absent()]));
    } else {
        out.insert("format".to_owned(), json!(formats));
    }
    out.insert("rest".to_owned(), json!([rest]));
    Value::Object(out)
}

fn resource(name: &str, records: &[&Record], sources: &[String]) -> Value {
    let mut entry = Map::new();
    entry.insert("type".to_owned(), json!(name));
    let of = |pick: fn(&Item) -> Option<Value>| records.iter().filter_map(|r| pick(&r.item)).collect::<Vec<Value>>();
    insert_list(&mut entry, "extension", of(combination));
    let profiles = of(|item| if let Item::Profile(canonical) = item { Some(json!(canonical)) } else { None });
    insert_list(&mut entry, "supportedProfile", profiles);
    insert_text(&mut entry, "documentation", documentation(records, sources));
    for record in records {
        if let Item::Flag(name) = &record.item {
            // What a server deletes by criteria may be one resource or more: a client can do with one.
            let value = if *name == "conditionalDelete" { json!("single") } else { json!(true) };
            entry.insert((*name).to_owned(), value);
        }
    }
    let includes = of(|item| if let Item::Include(value) = item { Some(json!(value)) } else { None });
    insert_list(&mut entry, "searchInclude", includes);
    let includes = of(|item| if let Item::RevInclude(value) = item { Some(json!(value)) } else { None });
    insert_list(&mut entry, "searchRevInclude", includes);
    insert_items(&mut entry, records, sources);
    Value::Object(entry)
}

/// The items that have the same form on a type and at the system level.
fn insert_items(entry: &mut Map<String, Value>, records: &[&Record], sources: &[String]) {
    let mut interactions = Vec::new();
    let mut parameters = Vec::new();
    for record in records {
        match &record.item {
            Item::Interaction(code) => {
                interactions.push(json!({ "code": code, "documentation": origin(record, sources) }))
            }
            Item::Parameter(name) => parameters.push(parameter(name, &origin(record, sources))),
            _ => {}
        }
    }
    insert_list(entry, "interaction", interactions);
    insert_list(entry, "searchParam", parameters);
    insert_list(entry, "operation", operations(records, sources));
}

fn parameter(name: &str, origin: &str) -> Value {
    match COMMON.iter().find(|(common, _)| *common == name) {
        Some((_, kind)) => json!({ "name": name, "type": kind, "documentation": origin }),
        None => json!({ "name": name, "_type": absent(), "documentation": origin }),
    }
}

/// Each operation once, whatever the levels at which it is called. The address of a call does not tell the definition.
fn operations(records: &[&Record], sources: &[String]) -> Vec<Value> {
    let mut named: Vec<(&str, String)> = Vec::new();
    for record in records {
        let Item::Operation(name, level) = &record.item else { continue };
        let text = format!("{} level, {}", level.name(), origin(record, sources));
        match named.iter_mut().find(|(known, _)| known == name) {
            Some((_, all)) => *all = format!("{all}; {text}"),
            None => named.push((name, text)),
        }
    }
    let entry = |(name, text): (&str, String)| json!({ "name": name, "_definition": absent(), "documentation": text });
    named.into_iter().map(entry).collect()
}

fn combination(item: &Item) -> Option<Value> {
    let Item::Combination(names) = item else { return None };
    let required: Vec<Value> = names.iter().map(|n| json!({ "url": "required", "valueString": n })).collect();
    Some(json!({ "extension": required, "url": COMBINATION }))
}

/// Where the items come from that have no documentation of their own.
fn documentation(records: &[&Record], sources: &[String]) -> String {
    let own = |item: &Item| matches!(item, Item::Interaction(_) | Item::Parameter(_) | Item::Operation(..));
    let lines = records.iter().filter(|r| !own(&r.item));
    lines.map(|r| format!("- `{}`: {}", r.item, origin(r, sources))).collect::<Vec<_>>().join("\n")
}

/// Where an item was first seen, and how often besides.
fn origin(record: &Record, sources: &[String]) -> String {
    let first = record.first.describe(sources);
    match record.count {
        0 | 1 => first,
        count => format!("{first} (and {} more)", count - 1),
    }
}

fn absent() -> Value {
    json!({ "extension": [{ "url": ABSENT, "valueCode": "unknown" }] })
}

fn insert_list(entry: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        entry.insert(name.to_owned(), Value::Array(list));
    }
}

fn insert_text(entry: &mut Map<String, Value>, name: &str, text: String) {
    if !text.is_empty() {
        entry.insert(name.to_owned(), Value::String(text));
    }
}
