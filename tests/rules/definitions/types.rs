//! Profiles that are laid on a type by an element of another, or by a guide.

use serde_json::{Value, json};

use super::{found, open, profile};

#[test]
fn a_type_may_be_profiled_by_an_element_of_a_profile() {
    let code = |text: &str| json!({"coding": [{"system": "http://forms.test/codes", "code": text}]});
    let library = profile(
        "library",
        "Composition",
        json!([
            {"id": "Composition.section", "path": "Composition.section",
                "slicing": {"discriminator": [{"type": "pattern", "path": "code"}], "rules": "open"}},
            {"id": "Composition.section:a", "path": "Composition.section", "sliceName": "a"},
            {"id": "Composition.section:a.title", "path": "Composition.section.title", "min": 1},
            {"id": "Composition.section:a.code", "path": "Composition.section.code", "min": 1,
                "patternCodeableConcept": code("a")},
        ]),
    );
    let document = profile(
        "document",
        "Composition",
        json!([
            {"id": "Composition.section", "path": "Composition.section",
                "slicing": {"discriminator": [{"type": "pattern", "path": "code"}], "rules": "open"}},
            {"id": "Composition.section:first", "path": "Composition.section", "sliceName": "first", "min": 1,
                "type": [{"code": "BackboneElement",
                "profile": ["http://forms.test/StructureDefinition/library"],
                "_profile": [{"extension": [{
                    "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element",
                    "valueString": "Composition.section:a"}]}]}]},
        ]),
    );
    let app = open(&[library, document]);
    let of = |section: Value| {
        found(
            &app,
            "document",
            &json!({"resourceType": "Composition", "status": "final", "type": {"text": "a"}, "date": "2020",
                "title": "a", "author": [{"display": "a"}], "section": [section]}),
        )
    };
    let text = json!({"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"});
    assert_eq!(of(json!({"title": "a", "code": code("a"), "text": text})), [""; 0]);
    assert_eq!(of(json!({"code": code("a"), "text": text})), ["element-min Composition.section[0]"]);
    assert_eq!(of(json!({"title": "a", "code": code("b"), "text": text})), ["slice-min Composition"]);
}

#[test]
fn a_guide_may_lay_a_profile_on_all_resources_of_a_type() {
    let guide = json!({"resourceType": "ImplementationGuide", "url": "http://forms.test/ImplementationGuide/g",
        "name": "G", "status": "draft", "packageId": "g", "fhirVersion": ["4.0.1"],
        "global": [{"type": "Patient", "profile": "http://forms.test/StructureDefinition/named"},
            {"type": "Person", "profile": "http://forms.test/StructureDefinition/not-here"}]});
    let named = profile("named", "Patient", json!([{"id": "Patient.name", "path": "Patient.name", "min": 1}]));
    let any = profile("any", "Patient", json!([{"id": "Patient", "path": "Patient"}]));
    let person = profile("person", "Person", json!([{"id": "Person", "path": "Person"}]));
    let app = open(&[guide, named, any, person]);
    assert_eq!(found(&app, "any", &json!({"resourceType": "Patient", "gender": "female"})), ["element-min Patient"]);
    assert_eq!(found(&app, "any", &json!({"resourceType": "Patient", "name": [{"text": "a"}]})), [""; 0]);
    // What a profile that is not loaded demands is open.
    assert_eq!(found(&app, "person", &json!({"resourceType": "Person"})), ["profile-unknown Person"]);
}
