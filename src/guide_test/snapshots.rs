//! The StructureDefinitions of a guide, each with a snapshot: its own, or one that is generated.

use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::snapshot::{Generator, put};
use serde_json::Value;

use super::base::Bases;

/// A profile's definition.
pub(super) struct Structure {
    /// With its snapshot.
    pub value: Value,
    /// What the types say of its elements.
    pub bases: Bases,
}

/// The constraints on resources and data types of the package at this place, and what else it defines and is not
/// examined, with the reason.
pub(super) fn structures(graph: &PackageGraph, package: usize) -> (Vec<Structure>, Vec<String>) {
    let source = (graph, Some(package));
    let generator = Generator::new(&source);
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let at = package;
    let Some(package) = graph.packages().get(at) else { return (out, notes) };
    for definition in package.definitions.iter().filter(|d| d.resource_type == "StructureDefinition") {
        let mut value = (**definition.value()).clone();
        if let Some(why) = unfit(&value) {
            notes.push(format!("`{}` {why}", definition.url));
            continue;
        }
        if value.pointer("/snapshot/element").is_none() {
            match generator.generate(&value) {
                Ok(snapshot) => put(&mut value, snapshot.elements),
                Err(e) => {
                    notes.push(format!("`{}` has no snapshot, and none can be generated: {e}", definition.url));
                    continue;
                }
            }
        }
        let bases = Bases::of(&value, graph, at);
        out.push(Structure { value, bases });
    }
    (out, notes)
}

/// Why a definition is not examined.
fn unfit(value: &Value) -> Option<&'static str> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match (text("kind"), text("derivation")) {
        ("logical", _) => Some("is a logical model, which no instance claims"),
        (_, "specialization") => Some("defines a type, and constrains none"),
        _ if value.pointer("/differential/element").is_none() => {
            Some("has no differential that says what its own rules are")
        }
        _ => None,
    }
}
