//! What instances are judged by of canonicals that have no rows of their own: Questionnaires, Measures, libraries,
//! guides, search parameters and operations.

use serde_json::Value;

use super::json::text;
use super::{measure, questionnaire};

/// The content of a definition of this resource type; empty where instances are not judged by it.
pub(super) fn content(resource_type: &str, definition: &Value) -> String {
    match resource_type {
        "Questionnaire" => questionnaire::content(definition),
        "Measure" => measure::content(definition),
        "Library" => text(definition, "name").to_owned(),
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
/// with spaces between them.
fn operation(operation: &Value) -> String {
    let levels = ["system", "type", "instance"].into_iter().filter(|level| operation[*level] == true);
    let mut out: String = levels.filter_map(|level| level.chars().next()).collect();
    out.push(':');
    let types = operation["resource"].as_array().into_iter().flatten().filter_map(Value::as_str);
    out.push_str(&types.collect::<Vec<_>>().join(" "));
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
