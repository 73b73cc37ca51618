//! Whether the expressions of constraints can mean what they say: syntax, functions, and the types of their elements.

use serde_json::Value;

use super::errata;
use super::json::text;
use crate::definition::FhirVersion;
use crate::fhirpath::{self, Options, Typing};
use crate::model::{TypeId, type_name};
use crate::release::release;
use crate::snapshot::{DefinitionIssue, Problem};

/// What is wrong with the constraints that a definition itself lays on these elements of its snapshot, in their order;
/// what it inherits is reported where it is defined.
pub fn invariants(sd: &Value, elements: &[Value], typing: &Typing<'_>) -> Vec<DefinitionIssue> {
    let url = text(sd, "url");
    let system_names = FhirVersion::parse(text(sd, "fhirVersion")).is_none_or(|v| release(v).system_names);
    let mut out = Vec::new();
    for e in elements {
        for k in e["constraint"].as_array().map_or(&[][..], |a| a) {
            let source = text(k, "source");
            let expression = errata::expression(sd, text(k, "expression"));
            if expression.is_empty() || !source.is_empty() && source != url {
                continue;
            }
            let context = type_of(sd, e, typing);
            for (at, fault) in faults(expression, context, typing, system_names) {
                let id = e["id"].as_str().unwrap_or_else(|| text(e, "path"));
                let message = format!(
                    "the expression of `{}` is broken: {fault} (at offset {at} of `{expression}`)",
                    text(k, "key")
                );
                out.push(DefinitionIssue {
                    profile: url.to_owned(),
                    element: id.to_owned(),
                    problem: Problem::Invariant,
                    message,
                });
            }
        }
    }
    out
}

/// The faults of an expression on a focus of this type, with their offsets.
fn faults(expression: &str, context: TypeId, typing: &Typing<'_>, system_names: bool) -> Vec<(u32, String)> {
    let tree = match fhirpath::parse(expression) {
        Ok(tree) => tree,
        Err(e) => return vec![(e.at as u32, e.message)],
    };
    if let Err(e) =
        fhirpath::Compiler::new(typing).with_outside(&|name| name.contains('.')).compile(&tree, &mut String::new())
    {
        return vec![(e.at, e.message)];
    }
    let options = Options { system_names, ..Options::default() };
    let found = fhirpath::check(&tree, typing, context, &options, false);
    found.into_iter().map(|d| (d.at, d.message)).collect()
}

/// The type of an element's entries; unknown where they may have several.
fn type_of(sd: &Value, element: &Value, typing: &Typing<'_>) -> TypeId {
    let model = typing.model();
    let path = text(element, "path");
    let mut steps = path.split('.');
    let mut at = steps.next().and_then(|root| model.find(root)).unwrap_or_default();
    for step in steps {
        let choice_base = step.strip_suffix("[x]").unwrap_or(step);
        let mut rows = model
            .children(at)
            .iter()
            .filter(|r| model.names().text(r.choice_base) == choice_base || model.names().text(r.name) == choice_base);
        at = match (rows.next(), rows.next()) {
            (Some(row), None) => row.type_id,
            _ => TypeId::UNKNOWN,
        };
    }
    let entries = element["type"].as_array().map_or(&[][..], |a| a);
    let mut named = entries.iter().map(|t| type_name(t, path, text(sd, "kind") == "resource"));
    let (Some(name), None) = (
        named.next(),
        named.next().filter(|_| entries.windows(2).any(|pair| matches!(pair, [a, b] if a["code"] != b["code"]))),
    ) else {
        return if entries.len() > 1 { TypeId::UNKNOWN } else { at };
    };
    // `BackboneElement` and `Element` say less than the place.
    match model.find(&name) {
        Some(t) if !at.is_known() && !matches!(name.as_str(), "BackboneElement" | "Element") => t,
        Some(t) if model.is_a(t, at) => t,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
    use super::*;
    use crate::model::build;
    use serde_json::json;

    #[test]
    fn faults_are_told_with_their_place() {
        let human = json!({"url":"h","type":"HumanName","kind":"complex-type","snapshot":{"element":[
            {"path":"HumanName"},{"path":"HumanName.family","min":0,"max":"1","type":[{"code":"string"}]}]}});
        let string =
            json!({"url":"s","type":"string","kind":"primitive-type","snapshot":{"element":[{"path":"string"}]}});
        let person = json!({"url":"p","type":"Person","kind":"resource","snapshot":{"element":[{"path":"Person"},
            {"path":"Person.name","min":0,"max":"*","type":[{"code":"HumanName"}]},
            {"path":"Person.link","min":0,"max":"*","type":[{"code":"BackboneElement"}]},
            {"path":"Person.link.name","min":0,"max":"1","type":[{"code":"HumanName"}]}]}});
        let model = build([&human, &string, &person]);
        let typing = Typing::new(&model);
        let told = |path: &str, code: Option<&str>, expression: &str, source: Option<&str>| -> Vec<String> {
            let types = code.map_or(json!([]), |c| json!([{"code": c}]));
            let element = json!({"id": path, "path": path, "type": types,
                "constraint": [{"key": "k-1", "expression": expression, "source": source}]});
            invariants(&json!({"url": "p", "kind": "resource"}), &[element], &typing)
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        for (path, code, good) in [
            ("Person", None, "name.family.exists()"),
            ("Person.name", Some("HumanName"), "family.exists()"),
            ("Person.link", Some("BackboneElement"), "name.family = 'x'"),
        ] {
            assert_eq!(told(path, code, good, None), Vec::<String>::new(), "{good}");
        }
        for (path, expression, says) in [
            ("Person", "name.famly.exists()", "`famly` is not an element of HumanName (at offset 5 of"),
            ("Person", "name.exist()", "unknown function `exist` (at offset 5"),
            ("Person", "name.(", "(at offset 5"),
            ("Person.link", "family.exists()", "`family` is not an element of"),
            ("Person", "name.family = true", "never equal"),
        ] {
            let all = told(path, None, expression, Some("p"));
            assert!(
                all.len() == 1 && all[0].contains(says) && all[0].starts_with(&format!("p at `{path}`")),
                "{expression}: {all:?}"
            );
            assert!(all[0].ends_with("[invariant-broken]"), "{all:?}");
            assert_eq!(told(path, None, expression, Some("base")), Vec::<String>::new());
        }
    }
}
