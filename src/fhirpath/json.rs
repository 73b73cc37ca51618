//! A node of an instance as JSON, of whichever format the instance was written in; digits of numbers stay as they are.

use fhir_accord_profiles::assertion::primitive::{JsonLexeme, Primitive};
use fhir_accord_profiles::instance::{Kind, NameId, Node};
use fhir_accord_profiles::model::{Model, TypeId};
use rustc_hash::FxHashMap;
use serde_json::Value;

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The JSON of a node of this type: an object, or the value of a primitive (`null` where it has none).
pub fn node_json(node: Node<'_>, type_id: TypeId, model: &Model) -> String {
    let mut out = String::new();
    write(node, type_id, model, &mut out);
    out
}

fn write(node: Node<'_>, type_id: TypeId, model: &Model, out: &mut String) {
    match node.kind() {
        Kind::Object => object(node, type_id, model, out),
        Kind::String | Kind::Number | Kind::True | Kind::False => primitive(node, type_id, model, out),
        Kind::EmptyArray => out.push_str("[]"),
        Kind::Null | Kind::Absent | Kind::NestedArray => out.push_str("null"),
    }
}

/// A value as its type wants it written; one that is none of its type stays a text.
fn primitive(node: Node<'_>, type_id: TypeId, model: &Model, out: &mut String) {
    let text = node.text();
    let by_kind = match node.kind() {
        Kind::Number => JsonLexeme::Number,
        Kind::True | Kind::False => JsonLexeme::Boolean,
        _ => JsonLexeme::String,
    };
    let lexeme = match Primitive::from_name(model.type_name(type_id)) {
        Some(p) if node.tape().is_xml() => p.json_lexeme(),
        _ => by_kind,
    };
    let fits = match lexeme {
        JsonLexeme::Number => serde_json::from_str::<serde_json::Number>(&text).is_ok(),
        JsonLexeme::Boolean => matches!(&*text, "true" | "false"),
        JsonLexeme::String => false,
    };
    if fits { out.push_str(&text) } else { out.push_str(&quoted(&text)) }
}

/// What a primitive has besides its value: its `id` and extensions.
pub fn twin<'t>(node: Node<'t>, type_id: TypeId, model: &Model) -> Option<Node<'t>> {
    node.twin().filter(|t| t.is_object()).or_else(|| Some(node).filter(|n| n.is_object() && model.is_primitive(type_id)))
}

fn object(node: Node<'_>, type_id: TypeId, model: &Model, out: &mut String) {
    let mut order: Vec<(NameId, Vec<Node<'_>>)> = Vec::new();
    let mut known: FxHashMap<NameId, usize> = FxHashMap::default();
    for child in node.children() {
        let at = *known.entry(child.name()).or_insert(order.len());
        match order.get_mut(at) {
            Some((_, entries)) => entries.push(child),
            None => order.push((child.name(), vec![child])),
        }
    }
    out.push('{');
    let mut first = true;
    for (name, entries) in &order {
        let row = model.child(type_id, *name);
        let list = row.map_or_else(|| entries.len() > 1 || entries[0].in_array(), |r| r.is_list());
        let types: Vec<TypeId> = entries.iter().map(|e| model.type_of_child(type_id, *e)).collect();
        let primitive = |i: usize| model.is_primitive(types[i]);
        let has_value = |i: usize| !(primitive(i) && entries[i].is_object()) && !matches!(entries[i].kind(), Kind::Absent | Kind::Null);
        if (0..entries.len()).any(has_value) {
            let value = |i: usize, out: &mut String| if has_value(i) { write(entries[i], types[i], model, out) } else { out.push_str("null") };
            member(entries[0].name_text(), "", list, entries.len(), value, &mut first, out);
        }
        let twins: Vec<_> = entries.iter().zip(&types).map(|(e, t)| twin(*e, *t, model)).collect();
        if twins.iter().any(Option::is_some) {
            let value = |i: usize, out: &mut String| match twins[i] {
                Some(t) => object(t, types[i], model, out),
                None => out.push_str("null"),
            };
            member(entries[0].name_text(), "_", list, entries.len(), value, &mut first, out);
        }
    }
    out.push('}');
}

fn member(name: &str, prefix: &str, list: bool, count: usize, value: impl Fn(usize, &mut String), first: &mut bool, out: &mut String) {
    if !std::mem::take(first) {
        out.push(',');
    }
    out.push_str(&quoted(&format!("{prefix}{name}")));
    out.push(':');
    if !list {
        value(0, out);
        return;
    }
    out.push('[');
    for i in 0..count {
        if i > 0 {
            out.push(',');
        }
        value(i, out);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fhir_accord_profiles::instance::{Limits, parse, parse_xml};

    fn model() -> Model {
        crate::images::embedded::find("hl7.fhir.r4.core", "4.0.1").unwrap().unwrap().model()
    }

    #[test]
    fn json_comes_back_as_it_was() {
        let model = model();
        let text = r#"{"resourceType":"Observation","id":"o","valueQuantity":{"value":1.50,"unit":"mg"},"component":[{"code":{"text":"a \"b\""}}],"_issued":{"id":"x"},"note":[{"text":"n","_text":{"extension":[{"url":"u","valueBoolean":true}]}}]}"#;
        let tape = parse(text.as_bytes(), model.names(), &Limits::default());
        let root = tape.root().unwrap();
        assert_eq!(node_json(root, model.resource_type(root), &model), text);
    }

    #[test]
    fn xml_becomes_json() {
        let model = model();
        let text = r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/><name><given value="A"/><given><extension url="u"><valueInteger value="3"/></extension></given></name><multipleBirthInteger value="2"/></Patient>"#;
        let tape = parse_xml(text.as_bytes(), model.names(), &Limits::default());
        let root = tape.root().unwrap();
        let json = node_json(root, model.resource_type(root), &model);
        assert_eq!(json, r#"{"resourceType":"Patient","active":true,"name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"u","valueInteger":3}]}]}],"multipleBirthInteger":2}"#);
    }
}
