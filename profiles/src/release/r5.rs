//! FHIR R5 (<https://hl7.org/fhir/R5/>).

use serde_json::{Value, json};

use super::facts::{Release, of_today};
use super::vital_signs::VITAL_SIGNS;

/// What sets R5 apart.
pub const RELEASE: Release = Release {
    profiles_by_code: VITAL_SIGNS,
    expressions: EXPRESSIONS,
    normal,
    fraction_digits: Some(9),
    strict_primitives: true,
    no_control_characters: false,
    system_names: false,
    ..of_today(include_str!("resource_types/r5.txt"))
};

/// The constraints of DomainResource (<https://hl7.org/fhir/R5/domainresource.html#invs>): key, whether it is good
/// practice only, expression. The published snapshots of 36 resource types lack them.
const DOMAIN_RESOURCE: [(&str, bool, &str); 5] = [
    ("dom-2", false, "contained.contained.empty()"),
    (
        "dom-3",
        false,
        "contained.where((('#'+id in (%resource.descendants().reference | \
         %resource.descendants().ofType(canonical) | %resource.descendants().ofType(uri) | \
         %resource.descendants().ofType(url))) or descendants().where(reference = '#').exists() or \
         descendants().where(ofType(canonical) = '#').exists() or \
         descendants().where(ofType(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
    ),
    ("dom-4", false, "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()"),
    ("dom-5", false, "contained.meta.security.empty()"),
    ("dom-6", true, "text.`div`.exists()"),
];

/// Gives the resource types whose snapshots lack them the constraints of DomainResource.
fn normal(definition: &mut Value) {
    let is = |key: &str, value: &str| definition[key] == value;
    let base = "http://hl7.org/fhir/StructureDefinition/DomainResource";
    if !is("kind", "resource") || !is("derivation", "specialization") || !is("baseDefinition", base) {
        return;
    }
    let Some(root) = definition.pointer_mut("/snapshot/element/0").and_then(Value::as_object_mut) else { return };
    let Some(all) = root.entry("constraint").or_insert_with(|| json!([])).as_array_mut() else { return };
    if all.iter().any(|c| c["key"] == "dom-2") {
        return;
    }
    let practice = json!([{"url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice",
        "valueBoolean": true}]);
    all.extend(DOMAIN_RESOURCE.iter().map(|(key, is_practice, expression)| match is_practice {
        true => json!({"extension": practice, "key": key, "severity": "warning", "expression": expression}),
        false => json!({"key": key, "severity": "error", "expression": expression}),
    }));
}

/// Errors of the published core package: R5 compares booleans with texts, and writes text in quotation marks, which
/// name elements.
const EXPRESSIONS: &[(&str, &str)] = &[
    // eld-11
    (
        "binding.empty() or type.code.empty() or type.code.contains(\":\") or type.select((code = 'code') or \
         (code = 'Coding') or (code='CodeableConcept') or (code = 'Quantity') or (code = 'string') or \
         (code = 'uri') or (code = 'Duration')).exists()",
        "binding.empty() or type.code.empty() or type.code.where(contains(':')).exists() or type.select(\
         (code = 'code') or (code = 'Coding') or (code='CodeableConcept') or (code = 'Quantity') or \
         (code = 'string') or (code = 'uri') or (code = 'Duration')).exists()",
    ),
    // nsd-3
    (
        "uniqueId.where(authoritative = 'true').select(type.toString() & period.start.toString() & \
         period.end.toString()).isDistinct()",
        "uniqueId.where(authoritative = true).select(type.toString() & period.start.toString() & \
         period.end.toString()).isDistinct()",
    ),
    // sdf-26
    (
        "$this.where(element[0].mustSupport='true').exists().not()",
        "$this.where(element[0].mustSupport=true).exists().not()",
    ),
];
