//! What a base's element says of itself and not of its heirs.

use serde_json::Value;

use super::tree::Node;

/// Extensions about the state of the base's element, or how the base was published.
const OWN: [&str; 9] = [
    "http://hl7.org/fhir/StructureDefinition/elementdefinition-isCommonBinding",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-fmm",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-fmm-no-warnings",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status-reason",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-wg",
    "http://hl7.org/fhir/tools/StructureDefinition/binding-definition",
    "http://hl7.org/fhir/tools/StructureDefinition/no-binding",
];

/// Makes a copy of a base's tree an heir's: the base's own remarks go, and content references name the base
/// (`base`; empty leaves them).
pub(super) fn inherit(node: &mut Node, base: &str) {
    if let Some(reference) = node.element.text("contentReference").filter(|r| r.starts_with('#') && !base.is_empty()) {
        let absolute = Value::String(format!("{base}{reference}"));
        node.element.change().insert("contentReference".to_owned(), absolute);
    }
    if has_own(node.element.get("extension")) {
        strip(node.element.change());
    }
    if has_own(node.element.get("binding").and_then(|b| b.get("extension")))
        && let Some(binding) = node.element.change().get_mut("binding").and_then(Value::as_object_mut)
    {
        strip(binding);
    }
    node.children.iter_mut().chain(&mut node.slices).for_each(|n| inherit(n, base));
}

fn is_own(extension: &Value) -> bool {
    extension.get("url").and_then(Value::as_str).is_some_and(|url| OWN.contains(&url))
}

fn has_own(extensions: Option<&Value>) -> bool {
    extensions.and_then(Value::as_array).is_some_and(|list| list.iter().any(is_own))
}

fn strip(members: &mut serde_json::Map<String, Value>) {
    let Some(list) = members.get_mut("extension").and_then(Value::as_array_mut) else { return };
    list.retain(|e| !is_own(e));
    if list.is_empty() {
        members.shift_remove("extension");
    }
}
