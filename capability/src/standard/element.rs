//! The elements of a CapabilityStatement of R4 (<https://hl7.org/fhir/R4/capabilitystatement.html>) that items become.

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::model::{Primitive, is_absolute_uri};
use fhir_accord_profiles::release::resource_types;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use crate::expectation::Expectation;

const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const EXPECTATION: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation";
const COMBINATION: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination";

/// <https://hl7.org/fhir/R4/valueset-type-restful-interaction.html>
const OF_TYPE: [&str; 9] =
    ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];
/// <https://hl7.org/fhir/R4/valueset-system-restful-interaction.html>
const OF_SYSTEM: [&str; 4] = ["transaction", "batch", "search-system", "history-system"];
/// <https://hl7.org/fhir/R4/valueset-search-param-type.html>
const PARAMETER_TYPES: [&str; 9] =
    ["number", "date", "string", "token", "reference", "composite", "quantity", "uri", "special"];

/// The names of the resource types of R4.
pub(super) fn r4_types() -> FxHashSet<&'static str> {
    resource_types(FhirVersion::R4).collect()
}

/// Whether a text can be a value of this type in R4.
pub(super) fn is(primitive: Primitive, text: &str) -> bool {
    !text.is_empty() && primitive.check_in(text, FhirVersion::R4).is_ok()
}

/// A canonical that means something outside of its server.
pub(super) fn canonical(text: &str) -> Option<&str> {
    Some(text).filter(|t| is(Primitive::Canonical, t) && is_absolute_uri(t))
}

/// What stands for a mandatory primitive that is not known.
pub(super) fn absent() -> Value {
    json!({"extension": [{"url": ABSENT, "valueCode": "unknown"}]})
}

/// The element with its expectation.
pub(super) fn expected(mut element: Value, expectation: Option<Expectation>) -> Value {
    let code = match expectation {
        Some(Expectation::Shall) => "SHALL",
        Some(Expectation::Should) => "SHOULD",
        Some(Expectation::May) => "MAY",
        _ => return element,
    };
    if let Some(members) = element.as_object_mut() {
        members.insert("extension".to_owned(), json!([{"url": EXPECTATION, "valueCode": code}]));
    }
    element
}

/// An interaction; `None` for a code that R4 does not have there.
pub(super) fn interaction(code: &str, of_type: bool) -> Option<Value> {
    let known: &[&str] = if of_type { &OF_TYPE } else { &OF_SYSTEM };
    known.contains(&code).then(|| json!({"code": code}))
}

/// A search parameter of this type, where the type is known.
pub(super) fn search_param(name: &str, definition: Option<&str>, kind: Option<&str>) -> Option<Value> {
    if !is(Primitive::String, name) {
        return None;
    }
    let mut out = json!({"name": name});
    let members = out.as_object_mut()?;
    if let Some(definition) = definition.and_then(canonical) {
        members.insert("definition".to_owned(), definition.into());
    }
    match kind.filter(|k| PARAMETER_TYPES.contains(k)) {
        Some(kind) => members.insert("type".to_owned(), kind.into()),
        None => members.insert("_type".to_owned(), absent()),
    };
    Some(out)
}

/// An operation with its definition, where that is known.
pub(super) fn operation(name: &str, definition: Option<&str>) -> Option<Value> {
    let definition = definition.and_then(canonical);
    let last = definition.and_then(|d| d.rsplit('/').next()).unwrap_or_default();
    let name = Some(name).filter(|n| !n.is_empty()).unwrap_or(last);
    if !is(Primitive::String, name) {
        return None;
    }
    Some(match definition {
        Some(definition) => json!({"name": name, "definition": definition}),
        None => json!({"name": name, "_definition": absent()}),
    })
}

/// The value of a flag; `None` for one that R4 does not have.
pub(super) fn flag(name: &str, value: &str) -> Option<Value> {
    let known: &[&str] = match name {
        "updateCreate" | "conditionalCreate" | "conditionalUpdate" | "readHistory" => &["true"],
        "conditionalRead" => &["modified-since", "not-match", "full-support"],
        "conditionalDelete" => &["single", "multiple"],
        "versioning" => &["versioned", "versioned-update"],
        _ => &[],
    };
    let value = known.iter().find(|k| **k == value)?;
    Some(if *value == "true" { true.into() } else { Value::from(*value) })
}

/// A combination of search parameters, as the extension; `None` without a required one.
pub(super) fn combination(required: &[String], optional: &[String]) -> Option<Value> {
    let part = |url: &'static str| move |name: &String| json!({"url": url, "valueString": name});
    let all_fit = required.iter().chain(optional).all(|name| is(Primitive::String, name));
    let parts = required.iter().map(part("required")).chain(optional.iter().map(part("optional")));
    (all_fit && !required.is_empty()).then(|| json!({"extension": parts.collect::<Vec<_>>(), "url": COMBINATION}))
}
