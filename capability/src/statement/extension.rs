//! The extensions that change what a statement says. `conformance-…` is DSTU2's name; both are read in every version.

use serde_json::Value;

use super::{Combination, Stated, parse_canonical};
use crate::expectation::Expectation;
use fhir_accord_profiles::definition::Canonical;

const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";
const PROFILE_MAPPING: &str = "http://hl7.org/fhir/StructureDefinition/profile-mapping";

/// True where `url` is the capability statement extension `name`, under its DSTU2 name or its current one.
fn is(url: &str, name: &str) -> bool {
    url.strip_prefix(BASE)
        .and_then(|rest| rest.strip_prefix("capabilitystatement-").or_else(|| rest.strip_prefix("conformance-")))
        == Some(name)
}

fn list<'v>(element: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    element.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn url(extension: &Value) -> &str {
    extension.get("url").and_then(Value::as_str).unwrap_or_default()
}

/// The expectation of an element: SHALL NOT where it is prohibited, else that of the extension.
/// `element` is the object, or the primitive extension (`_name`) of a primitive.
pub(super) fn expectation(element: &Value) -> Option<Expectation> {
    let prohibited = list(element, "modifierExtension")
        .chain(list(element, "extension"))
        .any(|e| is(url(e), "prohibited") && e.get("valueBoolean").and_then(Value::as_bool) != Some(false));
    if prohibited {
        return Some(Expectation::ShallNot);
    }
    list(element, "extension")
        .filter(|e| is(url(e), "expectation"))
        .find_map(|e| e.get("valueCode").and_then(Value::as_str).and_then(Expectation::parse))
}

/// The search-parameter combinations of a resource entry.
pub(super) fn combinations(resource: &Value, path: &str) -> Vec<Stated<Combination>> {
    let of = |(i, e): (usize, &Value)| {
        let part = |name: &str| {
            list(e, "extension")
                .filter(|p| url(p) == name)
                .filter_map(|p| p.get("valueString").and_then(Value::as_str))
                .map(str::to_owned)
                .collect()
        };
        Stated {
            value: Combination { required: part("required"), optional: part("optional") },
            expectation: expectation(e),
            path: format!("{path}.extension[{i}]"),
        }
    };
    list(resource, "extension")
        .enumerate()
        .filter(|(_, e)| is(url(e), "search-parameter-combination"))
        .map(of)
        .collect()
}

/// The profile mappings of a resource entry: profiles with the search strings that fetch their instances.
pub(super) fn selectors(resource: &Value) -> Vec<(Canonical, String)> {
    let of = |e: &Value| {
        let part = |name: &str, value: &str| {
            list(e, "extension").find(|p| url(p) == name).and_then(|p| p.get(value)).and_then(Value::as_str)
        };
        Some((parse_canonical(part("profile", "valueCanonical")?), part("search", "valueString")?.to_owned()))
    };
    list(resource, "extension").filter(|e| url(e) == PROFILE_MAPPING).filter_map(of).collect()
}

/// The first unknown modifier extension outside the narrative and contained resources, as its path and its url.
pub(super) fn unknown_modifier(value: &Value) -> Option<(String, String)> {
    let mut way = Vec::new();
    let url = find_modifier(value, &mut way)?;
    let mut path = String::new();
    for step in way.iter().rev() {
        match step {
            Step::Member(name) if path.is_empty() => path.push_str(name),
            Step::Member(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Item(i) => path.push_str(&format!("[{i}]")),
        }
    }
    Some((path, url))
}

/// A part of a path.
enum Step<'v> {
    Member(&'v str),
    Item(usize),
}

/// The url of the extension; `way` becomes the path to it, from its end. Nothing is written for what is not found.
fn find_modifier<'v>(value: &'v Value, way: &mut Vec<Step<'v>>) -> Option<String> {
    match value {
        Value::Object(map) => map.iter().find_map(|(name, child)| {
            let found = match name.as_str() {
                "modifierExtension" => {
                    let mut all = child.as_array().into_iter().flatten().enumerate();
                    let (i, extension) = all.find(|(_, e)| !is(url(e), "prohibited"))?;
                    way.push(Step::Item(i));
                    url(extension).to_owned()
                }
                "text" | "contained" => return None,
                _ => find_modifier(child, way)?,
            };
            way.push(Step::Member(name));
            Some(found)
        }),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| {
            let found = find_modifier(item, way)?;
            way.push(Step::Item(i));
            Some(found)
        }),
        _ => None,
    }
}
