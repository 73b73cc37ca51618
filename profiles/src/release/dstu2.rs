//! FHIR DSTU2 (<https://hl7.org/fhir/DSTU2/>).

use serde_json::{Map, Value, json};

use super::facts::{Release, of_today};
use super::json::{put, text};
use super::structure::structure_definition;
use super::{code_system, constraints, prose};

/// What sets DSTU2 apart.
pub const RELEASE: Release = Release {
    comment_member: Some("fhir_comments"),
    exponents: false,
    // Its own examples leave it out (<https://hl7.org/fhir/DSTU2/json.html>).
    narrative_namespace: false,
    structures_of_today: false,
    code_systems_in_value_sets: true,
    normal,
    code_system: code_system::inline,
    ..of_today(include_str!("resource_types/dstu2.txt"))
};

/// The primitives that DSTU2 defines as profiles of another one; since STU3 they are types of their own.
const DERIVED_PRIMITIVES: [&str; 7] = ["code", "id", "markdown", "oid", "positiveInt", "unsignedInt", "uuid"];

const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

fn normal(definition: &mut Value) {
    let Some(members) = definition.as_object_mut() else { return };
    match text(members, "resourceType") {
        "StructureDefinition" => {
            head(members);
            structure_definition(definition);
            constraints(definition);
            prose::require(definition);
        }
        "ValueSet" => code_system::value_set(members),
        _ => {}
    }
}

/// Constraints in FHIRPath, those that snapshots do not repeat included.
fn constraints(definition: &mut Value) {
    let is_resource = definition["kind"] == "resource";
    let type_name = definition["type"].as_str().unwrap_or_default().to_owned();
    for list in ["snapshot", "differential"] {
        let Some(elements) = definition.pointer_mut(&format!("/{list}/element")).and_then(Value::as_array_mut) else {
            continue;
        };
        constraints::translate(elements);
        if let Some(root) = elements.first_mut().and_then(Value::as_object_mut).filter(|_| list == "snapshot") {
            constraints::inherit(root, is_resource, &type_name);
        }
    }
}

/// `base`, `constrainedType` and `kind` as `baseDefinition`, `type`, `derivation` and the kinds of today. Some guides
/// on DSTU2 were published with definitions that have those already.
fn head(sd: &mut Map<String, Value>) {
    if sd.contains_key("derivation") {
        return;
    }
    if let Some(base) = sd.get("base").filter(|b| b.is_string()).cloned() {
        put(sd, "baseDefinition", base);
    }
    let root = |sd: &Map<String, Value>| {
        let list = |name: &str| sd.get(name).and_then(|v| v.pointer("/element/0/path")).and_then(Value::as_str);
        let path = list("snapshot").or_else(|| list("differential")).unwrap_or_default();
        path.split('.').next().unwrap_or_default().to_owned()
    };
    let primitive = text(sd, "url").strip_prefix(CORE).and_then(|n| DERIVED_PRIMITIVES.iter().find(|p| **p == n));
    if let Some(primitive) = primitive {
        let from = root(sd);
        rename(sd, &from, primitive);
        sd.shift_remove("constrainedType");
    }
    let constrained = text(sd, "constrainedType").to_owned();
    let type_name = if constrained.is_empty() { root(sd) } else { constrained.clone() };
    if text(sd, "kind") == "datatype" {
        let primitive = type_name.starts_with(|c: char| c.is_ascii_lowercase());
        put(sd, "kind", json!(if primitive { "primitive-type" } else { "complex-type" }));
    }
    put(sd, "type", json!(type_name));
    put(sd, "derivation", json!(if constrained.is_empty() { "specialization" } else { "constraint" }));
}

/// Names the root of all paths anew.
fn rename(sd: &mut Map<String, Value>, from: &str, to: &str) {
    for list in ["snapshot", "differential"] {
        let elements = sd.get_mut(list).and_then(|v| v.get_mut("element")).and_then(Value::as_array_mut);
        for path in elements.into_iter().flatten().filter_map(|e| e.get_mut("path")) {
            if let Some(rest) = path.as_str().and_then(|p| p.strip_prefix(from)) {
                *path = json!(format!("{to}{rest}"));
            }
        }
    }
}
