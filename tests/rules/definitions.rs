//! What profiles may say in less usual ways: each form, an instance that keeps to it and one that does not.

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Memory, Policies};
use serde_json::{Value, json};

/// The engine over the core, terminology and these definitions.
fn open(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("definitions"));
    let packages = vec![
        "hl7.fhir.r4.core#4.0.1".to_owned(),
        "hl7.terminology.r4#7.3.0".to_owned(),
        folder.path().display().to_string(),
    ];
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// A profile of a type with these elements; `name` is the last part of its url.
fn profile(name: &str, of: &str, elements: Value) -> Value {
    let kind = if of == "Extension" { "complex-type" } else { "resource" };
    json!({
        "resourceType": "StructureDefinition", "url": format!("http://forms.test/StructureDefinition/{name}"),
            "name": "P", "status": "draft",
        "fhirVersion": "4.0.1", "kind": kind, "abstract": false, "type": of, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"), "differential": {"element": elements}
    })
}

/// The rules and places of the errors and warnings under a profile.
fn found(app: &App, name: &str, instance: &Value) -> Vec<String> {
    let asked = app.profiles(&[format!("http://forms.test/StructureDefinition/{name}")]).unwrap();
    let report = app.check(
        &app.evaluator(),
        instance.to_string().as_bytes(),
        &asked,
        &Policies::default(),
        None,
        &mut Memory::default(),
    );
    let told = report.issues.iter().filter(|i| i.rule.as_str() != "invariant" && i.severity.code() != "information");
    told.map(|i| format!("{} {}", i.rule.as_str(), i.expression)).collect()
}

fn observation(code: Value) -> Value {
    json!({"resourceType": "Observation", "status": "final", "code": code})
}

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

#[test]
fn implicit_value_sets_may_be_bound() {
    let bound = |set: &str| {
        json!([{"id": "Observation.code", "path": "Observation.code",
        "binding": {"strength": "required", "valueSet": set}}])
    };
    let app = open(&[profile("ucum", "Observation", bound("http://unitsofmeasure.org/vs"))]);
    let of = |code: &str| {
        found(&app, "ucum", &observation(json!({"coding": [{"system": "http://unitsofmeasure.org", "code": code}]})))
    };
    assert_eq!(of("mg/dL"), [""; 0]);
    assert_eq!(
        of("furlong-ish"),
        ["binding-required Observation.code", "code-unknown Observation.code.coding[0].code"]
    );
}

#[test]
fn contained_value_sets_may_be_bound_and_give_names() {
    let v2 = "http://terminology.hl7.org/CodeSystem/v2-0131";
    let mut definition = profile(
        "contact",
        "Patient",
        json!([{"id": "Patient.contact.relationship", "path": "Patient.contact.relationship",
            "binding": {"strength": "required", "valueSet": "#own"}}]),
    );
    definition["contained"] = json!([{"resourceType": "ValueSet", "id": "own", "status": "draft",
        "compose": {"include": [{"system": v2, "concept": [
        {"code": "C", "display": "in case of need"}, {"code": "N", "designation": [{"language": "de",
            "value": "Nächste"}]}]}]}}]);
    let app = open(&[definition]);
    let of = |coding: Value| {
        found(
            &app,
            "contact",
            &json!({"resourceType": "Patient", "contact": [{"name": {"text": "a"},
                "relationship": [{"coding": [coding]}]}]}),
        )
    };
    assert_eq!(of(json!({"system": v2, "code": "C", "display": "in case of need"})), [""; 0]);
    assert_eq!(of(json!({"system": v2, "code": "C", "display": "Emergency Contact"})), [""; 0]);
    assert_eq!(of(json!({"system": v2, "code": "N", "display": "Nächste"})), [""; 0]);
    assert_eq!(
        of(json!({"system": v2, "code": "N", "display": "in case of need"})),
        ["display Patient.contact[0].relationship[0].coding[0].display"]
    );
    assert_eq!(of(json!({"system": v2, "code": "E"})), ["binding-required Patient.contact[0].relationship[0]"]);
}

#[test]
fn one_concept_stands_for_the_codes_of_all_countries() {
    let app = open(&[profile("any", "Patient", json!([{"id": "Patient", "path": "Patient"}]))]);
    let of = |code: &str| {
        found(
            &app,
            "any",
            &json!({"resourceType": "Patient",
                "identifier": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                    "code": code}]}}]}),
        )
    };
    let unknown = "code-unknown Patient.identifier[0].type.coding[0].code".to_owned();
    assert!(!of("NNFIN").contains(&unknown));
    for code in ["NNfin", "NNFI", "PPFIN"] {
        assert!(of(code).contains(&unknown), "{code}");
    }
}

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
                "_profile": [{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element", "valueString": "Composition.section:a"}]}]}]},
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
        "global": [{"type": "Patient", "profile": "http://forms.test/StructureDefinition/named"}]});
    let named = profile("named", "Patient", json!([{"id": "Patient.name", "path": "Patient.name", "min": 1}]));
    let any = profile("any", "Patient", json!([{"id": "Patient", "path": "Patient"}]));
    let app = open(&[guide, named, any]);
    assert_eq!(found(&app, "any", &json!({"resourceType": "Patient", "gender": "female"})), ["element-min Patient"]);
    assert_eq!(found(&app, "any", &json!({"resourceType": "Patient", "name": [{"text": "a"}]})), [""; 0]);
}
