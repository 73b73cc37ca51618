//! Obligations of other profiles (<https://hl7.org/fhir/extensions/StructureDefinition-inherit-obligations.html>).
//!
//! An obligation profile demands nothing of an instance. What it adds to an element is for those who write or read it:
//! obligations, `mustSupport` and additional bindings.

use serde_json::{Map, Value};

use super::apply::Walk;
use super::tree::Node;

const INHERIT: &str = "http://hl7.org/fhir/StructureDefinition/inherit-obligations";
const OBLIGATION: [&str; 2] =
    ["http://hl7.org/fhir/StructureDefinition/obligation", "http://hl7.org/fhir/tools/StructureDefinition/obligation"];
const ADDITIONAL_BINDING: &str = "http://hl7.org/fhir/tools/StructureDefinition/additional-binding";

impl Walk<'_> {
    /// Draws in what the obligation profiles of a definition say; one that is not loaded says nothing.
    pub(super) fn inherit_obligations(&mut self, root: &mut Node, definition: &Value) {
        let extensions = definition.get("extension").and_then(Value::as_array).into_iter().flatten();
        let profiles = extensions
            .filter(|e| e.get("url").and_then(Value::as_str) == Some(INHERIT))
            .filter_map(|e| e.get("valueCanonical")?.as_str());
        for profile in profiles {
            if let Ok(tree) = self.trees.tree(profile) {
                oblige(root, &tree.root);
            }
        }
    }
}

/// Adds the obligations of `other` and of the elements below it that `node` has too.
fn oblige(node: &mut Node, other: &Node) {
    if other.element.get("mustSupport") == Some(&Value::Bool(true))
        && node.element.get("mustSupport") != Some(&Value::Bool(true))
    {
        node.element.change().insert("mustSupport".to_owned(), true.into());
    }
    let of = |urls: &[&str], list: Option<&Value>| -> Vec<Value> {
        let all = list.and_then(Value::as_array).into_iter().flatten();
        all.filter(|e| e.get("url").and_then(Value::as_str).is_some_and(|u| urls.contains(&u))).cloned().collect()
    };
    let obligations = of(&OBLIGATION, other.element.get("extension"));
    if !obligations.is_empty() {
        add(node.element.change(), "extension", obligations);
    }
    let binding = |key: &str| other.element.get("binding").and_then(|b| b.get(key));
    let extensions = of(&[ADDITIONAL_BINDING], binding("extension"));
    let additional = binding("additional").and_then(Value::as_array).cloned().unwrap_or_default();
    if (!extensions.is_empty() || !additional.is_empty())
        && let Some(binding) = node.element.change().get_mut("binding").and_then(Value::as_object_mut)
    {
        add(binding, "extension", extensions);
        add(binding, "additional", additional);
    }
    for child in &mut node.children {
        if let Some(twin) = other.children.iter().find(|c| c.name == child.name) {
            oblige(child, twin);
        }
    }
    for slice in &mut node.slices {
        if let Some(twin) = other.slices.iter().find(|s| s.slice == slice.slice) {
            oblige(slice, twin);
        }
    }
}

/// Adds what a list does not have yet.
fn add(members: &mut Map<String, Value>, key: &str, items: Vec<Value>) {
    if items.is_empty() {
        return;
    }
    let list = members.entry(key.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    let Some(list) = list.as_array_mut() else { return };
    for item in items {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}
