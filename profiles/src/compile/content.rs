//! What instances are judged by of canonicals that have no rows of their own: Questionnaires, Measures, libraries,
//! guides, search parameters and operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::json::text;
use super::{library, measure, questionnaire};
use crate::plan::marks::CODE_SYSTEM_IDENTIFIER;
use crate::registry::Definition;

/// The canonicals that have no rows of their own, in order: the url, the version, the resource type and the content.
/// What identifies code systems besides their urls is among them, with their urls, a line each.
pub(super) fn canonicals<'d>(definitions: &[&'d Definition]) -> Vec<(&'d str, &'d str, &'d str, String)> {
    let mut all = Vec::new();
    let mut identifiers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for d in definitions {
        match d.resource_type.as_str() {
            "StructureDefinition" | "ValueSet" => {}
            "CodeSystem" => {
                for id in uris(d.value()) {
                    identifiers.entry(id).or_default().insert(&d.url);
                }
            }
            kind => {
                let content = content(kind, d.value());
                all.push((d.url.as_str(), d.version.as_deref().unwrap_or(""), kind, content));
            }
        }
    }
    let lines = |urls: BTreeSet<&str>| urls.into_iter().collect::<Vec<_>>().join("\n");
    all.extend(identifiers.into_iter().map(|(id, urls)| (id, "", CODE_SYSTEM_IDENTIFIER, lines(urls))));
    all.sort_by_key(|(url, version, ..)| (*url, *version));
    all
}

/// The uris that identify a code system besides its url.
fn uris(code_system: &Value) -> impl Iterator<Item = &str> {
    let one = code_system.get("identifier").filter(|i| i.is_object());
    let all = code_system["identifier"].as_array().into_iter().flatten().chain(one);
    all.filter_map(|i| i["value"].as_str()).filter(|v| v.starts_with("urn:"))
}

/// The content of a definition of this resource type; empty where instances are not judged by it.
pub(super) fn content(resource_type: &str, definition: &Value) -> String {
    match resource_type {
        "Questionnaire" => questionnaire::content(definition),
        "Measure" => measure::content(definition),
        "Library" => library::content(definition),
        "ImplementationGuide" => globals(definition),
        "SearchParameter" => search_parameter(definition),
        "OperationDefinition" => operation(definition),
        _ => String::new(),
    }
}

/// The type of a search parameter and its bases, with spaces between them, and in a second line its expression.
fn search_parameter(parameter: &Value) -> String {
    let bases = parameter["base"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let head = std::iter::once(text(parameter, "type")).chain(bases).collect::<Vec<_>>().join(" ");
    match text(parameter, "expression") {
        "" => head,
        expression => format!("{head}\n{expression}"),
    }
}

/// The levels at which an operation is invoked, by their first letters, and behind a colon the types that it is for,
/// with spaces between them; in a second line the operation that it constrains.
fn operation(operation: &Value) -> String {
    let levels = ["system", "type", "instance"].into_iter().filter(|level| operation[*level] == true);
    let mut out: String = levels.filter_map(|level| level.chars().next()).collect();
    out.push(':');
    let types = operation["resource"].as_array().into_iter().flatten().filter_map(Value::as_str);
    out.push_str(&types.collect::<Vec<_>>().join(" "));
    match text(operation, "base") {
        "" => {}
        base => out.extend(["\n", base]),
    }
    out
}

/// The profiles that a guide lays on all resources of a type, a line each: the type, a space, the canonical.
fn globals(guide: &Value) -> String {
    let all = guide["global"].as_array().map_or(&[][..], |a| a);
    let profile = |g: &Value| {
        g["profile"].as_str().or_else(|| g.pointer("/profile/reference").and_then(Value::as_str)).map(str::to_owned)
    };
    all.iter().filter_map(|g| Some(format!("{} {}\n", g["type"].as_str()?, profile(g)?))).collect()
}
