//! Elements of a profile: their paths and their cardinalities.

use serde_json::{Value, json};

use crate::{BASE, core, issues, open, profile, said, validate};

#[test]
fn paths_lead_to_elements_of_the_base() {
    let app = open(&[]);
    for good in [
        "Patient.name.family",
        "Patient.contact.name.given.extension",
        "Patient.birthDate.extension.value[x]",
        "Patient.deceasedDateTime",
        "Patient.contained.meta",
        "Patient.link.other.identifier.type.coding",
    ] {
        assert_eq!(said(&app, "Patient", json!([{"id": good, "path": good}])), Vec::<String>::new(), "{good}");
    }
    assert_eq!(
        said(
            &app,
            "Questionnaire",
            json!([{"id": "Questionnaire.item.item.item.linkId", "path": "Questionnaire.item.item.item.linkId"}])
        ),
        Vec::<String>::new()
    );
    for bad in [
        "Patient.nmae",
        "Patient.name.famly",
        "Patient.deceasedString",
        "Patient.birthDate.year",
        "Patient.contained.name",
    ] {
        assert_eq!(said(&app, "Patient", json!([{"id": bad, "path": bad}])), ["structure-path element[0]"], "{bad}");
    }
    // What is missing is told once, not of all below it.
    let below = json!([{"id": "Patient.nmae", "path": "Patient.nmae"}, {"id": "Patient.nmae.family",
        "path": "Patient.nmae.family"}]);
    assert_eq!(said(&app, "Patient", below), ["structure-path element[0]"]);
    // A type that the profile chooses has its own children.
    let entry = json!([{"id": "Bundle.entry.resource", "path": "Bundle.entry.resource",
        "type": [{"code": "Patient"}]}, {"id": "Bundle.entry.resource.name", "path": "Bundle.entry.resource.name",
            "min": 1}]);
    assert_eq!(said(&app, "Bundle", entry), Vec::<String>::new());
}

#[test]
fn cardinalities_are_within_those_of_the_base() {
    let sliced = json!([
        {"id": "Patient.identifier", "path": "Patient.identifier", "slicing": {"discriminator": [{"type": "value",
            "path": "system"}], "rules": "open"}, "min": 2, "max": "4"},
        {"id": "Patient.identifier:a", "path": "Patient.identifier", "sliceName": "a", "min": 1, "max": "2"}
    ]);
    let base = profile("base", "Patient", &core("Patient"), &sliced);
    let app = open(&[base]);
    let on_base = |elements: Value| {
        issues(&validate(&app, &profile("p", "Patient", &format!("{BASE}/StructureDefinition/base"), &elements)))
    };
    let slice = |name: &str, min: u32, max: &str| {
        json!([{"id": format!("Patient.identifier:{name}"),
        "path": "Patient.identifier", "sliceName": name, "min": min, "max": max}])
    };
    assert_eq!(on_base(slice("a", 1, "1")), Vec::<String>::new());
    assert_eq!(on_base(slice("a", 0, "1")), ["structure-cardinality element[0].min"]);
    assert_eq!(on_base(slice("a", 1, "3")), ["structure-cardinality element[0].max"]);
    // A slice of the profile's own may be absent, though the element may not.
    assert_eq!(on_base(slice("b", 0, "4")), Vec::<String>::new());
    assert_eq!(on_base(slice("b", 0, "*")), ["structure-cardinality element[0].max"]);
    assert_eq!(
        on_base(json!([{"id": "Patient.identifier", "path": "Patient.identifier", "max": "1"}])),
        ["structure-cardinality element[0].max"]
    );
    assert_eq!(
        on_base(json!([{"id": "Patient.gender", "path": "Patient.gender", "min": 2}])),
        ["structure-cardinality element[0].min"]
    );
}
