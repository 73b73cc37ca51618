//! Slices that are told by what is below them.

use serde_json::{Value, json};

use super::{found, open, profile};

#[test]
fn a_slice_may_be_told_by_what_a_reslice_below_it_fixes() {
    let url = "http://forms.test/StructureDefinition/kind";
    let extension = profile(
        "kind",
        "Extension",
        json!([{"id": "Extension.url", "path": "Extension.url", "fixedUri": url}, {"id": "Extension.value[x]",
            "path": "Extension.value[x]", "min": 1, "type": [{"code": "code"}]}]),
    );
    let slice = |kind: &str| {
        [
            json!({"id": format!("PlanDefinition.action:{kind}"), "path": "PlanDefinition.action", "sliceName": kind,
                "min": 1}),
            json!({"id": format!("PlanDefinition.action:{kind}.extension:kind/{kind}"),
                "path": "PlanDefinition.action.extension", "sliceName": format!("kind/{kind}"), "min": 1, "max": "1",
                    "type": [{"code": "Extension", "profile": [url]}]}),
            json!({"id": format!("PlanDefinition.action:{kind}.extension:kind/{kind}.valueCode"),
                "path": "PlanDefinition.action.extension.valueCode", "min": 1, "fixedCode": kind}),
        ]
    };
    let mut elements = vec![
        json!({"id": "PlanDefinition.action", "path": "PlanDefinition.action", "min": 1,
            "slicing": {"discriminator": [{"type": "value", "path": format!("extension('{url}').value")}],
                "rules": "closed"}}),
        json!({"id": "PlanDefinition.action.extension:kind", "path": "PlanDefinition.action.extension",
            "sliceName": "kind", "type": [{"code": "Extension", "profile": [url]}]}),
    ];
    elements.extend(["one", "two"].iter().flat_map(|kind| slice(kind)));
    let app = open(&[extension, profile("plan", "PlanDefinition", Value::Array(elements))]);
    let action = |kind: &str| json!({"title": "a", "extension": [{"url": url, "valueCode": kind}]});
    let of = |kinds: &[&str]| {
        found(
            &app,
            "plan",
            &json!({"resourceType": "PlanDefinition", "status": "draft",
                "action": kinds.iter().map(|k| action(k)).collect::<Vec<_>>()}),
        )
    };
    assert_eq!(of(&["one", "two"]), [""; 0]);
    assert_eq!(of(&["one"]), ["slice-min PlanDefinition"]);
    assert_eq!(of(&["one", "two", "three"]), ["slice-closed PlanDefinition.action[2]"]);
}
