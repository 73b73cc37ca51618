//! Bindings that an extension adds to the one of an element.

use serde_json::{Value, json};

use super::{found, observation, open, profile};

#[test]
fn additional_bindings_hold_where_no_context_limits_them() {
    let set = |name: &str, code: &str| {
        json!({"resourceType": "ValueSet", "url": format!("http://forms.test/ValueSet/{name}"), "name": "V",
            "status": "draft",
        "compose": {"include": [{"system": "http://forms.test/codes", "concept": [{"code": code}]}]}})
    };
    let binding = |name: &str, of: &str, parts: Value| {
        profile(
            name,
            "Observation",
            json!([{"id": "Observation.code", "path": "Observation.code", "binding": {
        "strength": "example", "valueSet": "http://hl7.org/fhir/ValueSet/observation-codes", "extension": [{"url": of,
            "extension": parts}]}}]),
        )
    };
    let purpose = |code: &str| {
        json!([{"url": "purpose", "valueCode": code}, {"url": "valueSet",
        "valueCanonical": "http://forms.test/ValueSet/a"}])
    };
    let (tools, later) = (
        "http://hl7.org/fhir/tools/StructureDefinition/additional-binding",
        "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional",
    );
    let mut limited = purpose("required");
    limited.as_array_mut().unwrap().push(json!({"url": "usage", "valueUsageContext": {"code": {"code": "venue"},
        "valueCodeableConcept": {"text": "a"}}}));
    let app = open(&[
        set("a", "a"),
        binding("required", tools, purpose("required")),
        binding("maximum", later, purpose("maximum")),
        binding("extensible", tools, purpose("extensible")),
        binding("starter", tools, purpose("starter")),
        binding("limited", tools, limited),
    ]);
    let of = |name: &str, code: &str| {
        found(&app, name, &observation(json!({"coding": [{"system": "http://forms.test/codes", "code": code}]})))
    };
    for (name, rule) in
        [("required", "binding-required"), ("maximum", "binding-max"), ("extensible", "binding-extensible")]
    {
        assert_eq!(of(name, "a"), [""; 0], "{name}");
        assert_eq!(of(name, "b"), [format!("{rule} Observation.code")]);
    }
    assert_eq!(of("starter", "b"), [""; 0]);
    assert_eq!(of("limited", "b"), [""; 0]);
}
