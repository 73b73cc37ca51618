//! Trees as JSON: members in the order of their definitions, values of primitives beside their extensions.

use serde_json::{Map, Number, Value};

use super::tree::{Scalar, Tree};
use crate::model::{Model, TypeId};

/// A tree as JSON: the members in the order of the type's definition.
pub(super) fn json(model: &Model, tree: &Tree, type_id: TypeId) -> Value {
    if let Some(exact) = &tree.exact {
        return exact.clone();
    }
    if model.is_primitive(type_id) {
        return scalar(tree);
    }
    let mut out = Map::new();
    if model.is_resource(type_id) {
        out.insert("resourceType".to_owned(), Value::String(model.type_name(type_id).to_owned()));
    }
    for row in model.children(type_id) {
        let entries = tree.all(row.name);
        if !entries.is_empty() {
            member(model, &mut out, model.names().text(row.name), row.type_id, row.is_list(), entries);
        }
    }
    for (name, entries) in tree.children.iter().filter(|(n, _)| model.child(type_id, *n).is_none()) {
        member(model, &mut out, model.names().text(*name), TypeId::UNKNOWN, entries.len() > 1, entries);
    }
    Value::Object(out)
}

fn scalar(tree: &Tree) -> Value {
    match &tree.value {
        Some(Scalar::Text(text)) => Value::String(text.clone()),
        Some(Scalar::Bool(b)) => Value::Bool(*b),
        Some(Scalar::Number(n)) => n.parse::<Number>().map_or(Value::Null, Value::Number),
        None => tree.exact.clone().unwrap_or(Value::Null),
    }
}

/// Writes the entries of one name; what stands beside a primitive goes under the name with an underscore.
fn member(model: &Model, out: &mut Map<String, Value>, name: &str, declared: TypeId, is_list: bool, entries: &[Tree]) {
    let listed = |mut all: Vec<Value>| match (is_list, all.len()) {
        (false, 1) => all.swap_remove(0),
        _ => Value::Array(all),
    };
    let is_simple = |t: &Tree| model.is_primitive(declared) || (!declared.is_known() && t.value.is_some());
    if !entries.iter().any(is_simple) {
        let type_of = |t: &Tree| if model.is_resource(declared) { t.type_id } else { declared };
        out.insert(name.to_owned(), listed(entries.iter().map(|t| json(model, t, type_of(t))).collect()));
        return;
    }
    let values: Vec<Value> =
        entries.iter().map(|t| if t.exact.is_some() { json(model, t, declared) } else { scalar(t) }).collect();
    if values.iter().any(|v| !v.is_null()) {
        out.insert(name.to_owned(), listed(values));
    }
    let beside = |t: &Tree| {
        if t.children.is_empty() {
            return Value::Null;
        }
        let mut own = Map::new();
        for row in model.children(declared) {
            let entries = t.all(row.name);
            if !entries.is_empty() {
                member(model, &mut own, model.names().text(row.name), row.type_id, row.is_list(), entries);
            }
        }
        Value::Object(own)
    };
    let besides: Vec<Value> = entries.iter().map(beside).collect();
    if besides.iter().any(|v| !v.is_null()) {
        out.insert(format!("_{name}"), listed(besides));
    }
}
