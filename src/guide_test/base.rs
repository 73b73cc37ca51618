//! What the types say of the elements of profiles: a profile that says the same again adds no rule.

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::registry::PackageGraph;
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Elements of types, by their paths.
#[derive(Debug, Default)]
pub(super) struct Bases(FxHashMap<String, Value>);

impl Bases {
    /// The elements on which those of a structure's differential rest.
    pub fn of(value: &Value, graph: &PackageGraph, package: usize) -> Bases {
        let elements = value.pointer("/snapshot/element").and_then(Value::as_array).into_iter().flatten();
        let paths = elements.filter_map(|e| e.pointer("/base/path")).filter_map(Value::as_str);
        let mut types: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for path in paths {
            let kind = path.split('.').next().unwrap_or(path);
            types.entry(kind).or_default().push(path);
        }
        let mut out = FxHashMap::default();
        for (kind, paths) in types {
            let canonical = Canonical::parse(&format!("http://hl7.org/fhir/StructureDefinition/{kind}"));
            let Some(found) = graph.resolve(&canonical, Some(package), &["StructureDefinition"]) else { continue };
            let definition = found.definition.value();
            let elements = definition.pointer("/snapshot/element").and_then(Value::as_array).into_iter().flatten();
            for e in elements {
                let Some(path) = e.get("path").and_then(Value::as_str).filter(|p| paths.contains(p)) else { continue };
                out.insert(path.to_owned(), e.clone());
            }
        }
        Bases(out)
    }

    /// What a type says of an element of a snapshot.
    pub fn element(&self, of: Option<&Value>) -> Option<&Value> {
        self.0.get(of?.pointer("/base/path")?.as_str()?)
    }
}

/// The codes of an element's types, sorted.
fn codes(element: &Value) -> Vec<&str> {
    let all = element.get("type").and_then(Value::as_array).into_iter().flatten();
    let mut codes: Vec<&str> = all.filter_map(|t| t.get("code")).filter_map(Value::as_str).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The profiles of an element's targets, sorted.
fn targets(element: &Value) -> Vec<&str> {
    let all = element.get("type").and_then(Value::as_array).into_iter().flatten();
    let all = all.filter_map(|t| t.get("targetProfile").and_then(Value::as_array)).flatten();
    let mut targets: Vec<&str> = all.filter_map(Value::as_str).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// Whether two elements allow the same types.
pub(super) fn same_types(a: &Value, b: &Value) -> bool {
    codes(a) == codes(b)
}

/// Whether two elements allow the same targets.
pub(super) fn same_targets(a: &Value, b: &Value) -> bool {
    targets(a) == targets(b)
}

/// Whether two elements are bound to the same value set, of any version.
pub(super) fn same_binding(a: &Value, b: &Value) -> bool {
    let set = |e: &Value| {
        let set = e.pointer("/binding/valueSet").and_then(Value::as_str).map(fhir_accord_profiles::definition::bare);
        (e.pointer("/binding/strength").and_then(Value::as_str).map(str::to_owned), set.map(str::to_owned))
    };
    set(a) == set(b)
}
