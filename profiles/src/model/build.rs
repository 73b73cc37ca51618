//! Builds the model from the core package's StructureDefinitions (specialisations with a snapshot).

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{ChildRow, Model, TypeId, TypeKind, TypeRow};
use crate::instance::Names;

struct Draft {
    name: String,
    base: String,
    kind: TypeKind,
    children: Vec<Child>,
}

struct Child {
    name: String,
    choice_base: String,
    type_name: String,
    min: u32,
    max: u32,
    order: u32,
}

/// The model of the specialisations among `definitions`; constraints and logical models are left out.
pub fn build<'a>(definitions: impl IntoIterator<Item = &'a Value>) -> Model {
    let mut drafts: Vec<Draft> = Vec::new();
    for sd in definitions {
        let text = |k: &str| sd.get(k).and_then(Value::as_str).unwrap_or("");
        if text("derivation") == "constraint"
            || text("kind") == "logical"
            || !sd.get("context").is_none_or(|c| c.as_array().is_none_or(Vec::is_empty))
        {
            continue;
        }
        structure(sd, &mut drafts);
    }
    drafts.sort_by(|a, b| a.name.cmp(&b.name));
    drafts.dedup_by(|a, b| a.name == b.name);
    rows(&drafts)
}

#[allow(clippy::indexing_slicing, reason = "the index holds the places of drafts in the list")]
fn structure(sd: &Value, drafts: &mut Vec<Draft>) {
    let text = |k: &str| sd.get(k).and_then(Value::as_str).unwrap_or("");
    let elements = sd.pointer("/snapshot/element").and_then(Value::as_array).map_or(&[][..], |e| e);
    let Some(root) = elements.first().and_then(|e| e["path"].as_str()) else { return };
    let base = text("baseDefinition").rsplit('/').next().unwrap_or("").to_owned();
    let kind = match (text("kind"), sd["abstract"].as_bool()) {
        (_, Some(true)) => TypeKind::Abstract,
        ("primitive-type", _) => TypeKind::Primitive,
        ("resource", _) => TypeKind::Resource,
        ("complex-type", _) => TypeKind::Complex,
        _ if root.starts_with(|c: char| c.is_ascii_lowercase()) => TypeKind::Primitive,
        _ => TypeKind::Complex,
    };
    let is_resource = text("kind") == "resource";
    let mut own: Vec<Draft> = vec![Draft { name: root.to_owned(), base, kind, children: Vec::new() }];
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    index.insert(root.to_owned(), 0);
    for (i, e) in elements.iter().enumerate().skip(1) {
        let Some(path) = e["path"].as_str() else { continue };
        let Some((parent, name)) = path.rsplit_once('.') else { continue };
        let Some(&at) = index.get(parent) else { continue };
        let has_children = elements
            .get(i + 1)
            .and_then(|n| n["path"].as_str())
            .is_some_and(|n| n.strip_prefix(path).is_some_and(|r| r.starts_with('.')));
        let order = own[at].children.last().map_or(0, |c| c.order + 1);
        let min = e["min"].as_u64().unwrap_or(0) as u32;
        let max = e["max"].as_str().map_or(1, |m| m.parse().unwrap_or(u32::MAX));
        let mut add = |name: String, choice_base: String, type_name: String| {
            own[at].children.push(Child { name, choice_base, type_name, min, max, order })
        };
        if let Some(choice_base) = name.strip_suffix("[x]") {
            for t in types(e) {
                let t = type_name(&t, path, is_resource);
                add(format!("{choice_base}{}", capital(&t)), choice_base.to_owned(), t);
            }
        } else if let Some(target) = content_reference(e) {
            add(name.to_owned(), name.to_owned(), target);
        } else if has_children {
            add(name.to_owned(), name.to_owned(), path.to_owned());
            let base =
                types(e).first().map_or("Element".to_owned(), |t| t["code"].as_str().unwrap_or("Element").to_owned());
            index.insert(path.to_owned(), own.len());
            own.push(Draft { name: path.to_owned(), base, kind: TypeKind::Backbone, children: Vec::new() });
        } else if let Some(t) = types(e).first() {
            let t = type_name(t, path, is_resource);
            if kind != TypeKind::Primitive || name != "value" {
                add(name.to_owned(), name.to_owned(), t);
            }
        }
    }
    drafts.append(&mut own);
}

fn types(element: &Value) -> Vec<Value> {
    element["type"].as_array().cloned().unwrap_or_default()
}

fn content_reference(element: &Value) -> Option<String> {
    let text = element.get("contentReference")?.as_str()?;
    Some(text.rsplit('#').next().unwrap_or(text).to_owned())
}

/// The FHIR type of a type entry; the compiler's own `System.String` stands for `id` and `Extension.url`.
pub fn type_name(entry: &Value, path: &str, is_resource: bool) -> String {
    let code = entry["code"].as_str().unwrap_or("");
    if !code.starts_with("http://hl7.org/fhirpath/") {
        return code.rsplit('/').next().unwrap_or(code).to_owned();
    }
    let depth = path.matches('.').count();
    if path.ends_with(".id") {
        return if is_resource && depth == 1 { "id" } else { "string" }.to_owned();
    }
    let extensions = entry["extension"].as_array();
    let named = extensions.and_then(|x| {
        x.iter().find(|x| x["url"].as_str().is_some_and(|u| u.ends_with("structuredefinition-fhir-type")))
    });
    named
        .and_then(|x| x.get("valueUrl").or_else(|| x.get("valueUri")))
        .and_then(Value::as_str)
        .unwrap_or("string")
        .to_owned()
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or(String::new(), |c| c.to_ascii_uppercase().to_string() + chars.as_str())
}

fn rows(drafts: &[Draft]) -> Model {
    let texts = drafts.iter().flat_map(|d| d.children.iter().flat_map(|c| [c.name.as_str(), c.choice_base.as_str()]));
    let names = Names::new(texts);
    let ids: FxHashMap<&str, TypeId> =
        drafts.iter().enumerate().map(|(i, d)| (d.name.as_str(), TypeId(i as u32 + 1))).collect();
    let find = |n: &str| ids.get(n).copied().unwrap_or_default();
    let mut types = Vec::new();
    let mut children = Vec::new();
    for d in drafts {
        let first_child = children.len() as u32;
        for c in &d.children {
            let id = |n: &str| names.find(n.as_bytes()).unwrap_or_default();
            children.push(ChildRow {
                name: id(&c.name),
                choice_base: id(&c.choice_base),
                type_id: find(&c.type_name),
                min: c.min,
                max: c.max,
                order: c.order,
            });
        }
        types.push(TypeRow {
            base: find(&d.base),
            kind: d.kind as u32,
            first_child,
            child_count: children.len() as u32 - first_child,
        });
    }
    Model::from_rows(names, drafts.iter().map(|d| d.name.as_str().into()).collect(), types, children)
}
