//! Definitions given as instances, and codes in versions of their systems.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::issue::{Report, Verdict};
use serde_json::{Value, json};

const BASE: &str = "http://definitions.test";

/// The engine over the core and these definitions.
fn open(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("definitions"));
    let mut packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    packages.extend((!definitions.is_empty()).then(|| folder.path().display().to_string()));
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

fn validate(app: &App, instance: &Value) -> Report {
    app.validate(instance.to_string().as_bytes(), &Request::default()).unwrap()
}

/// The issues that are errors or leave the verdict open, as rule and place.
fn issues(report: &Report) -> Vec<String> {
    let told = report.issues.iter().filter(|i| i.severity.is_error() || i.open);
    told.map(|i| {
        format!(
            "{}{} {}",
            if i.open { "?" } else { "" },
            i.rule.as_str(),
            i.expression.trim_start_matches("StructureDefinition.").trim_start_matches("differential.")
        )
    })
    .collect()
}

/// A profile of a type, or of another profile, with these elements.
fn profile(name: &str, of: &str, base: &str, elements: &Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "id": name, "url": format!("{BASE}/StructureDefinition/{name}"),
            "name": "P", "status": "draft", "fhirVersion": "4.0.1",
        "kind": "resource", "abstract": false, "type": of, "derivation": "constraint", "baseDefinition": base,
            "differential": {"element": elements}
    })
}

fn core(name: &str) -> String {
    format!("http://hl7.org/fhir/StructureDefinition/{name}")
}

/// What is said of a profile of a core type with these elements.
fn said(app: &App, of: &str, elements: Value) -> Vec<String> {
    issues(&validate(app, &profile("p", of, &core(of), &elements)))
}

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

#[test]
fn what_is_not_loaded_leaves_a_question() {
    let app = open(&[]);
    let unknown =
        profile("p", "Patient", "http://nobody.test/base", &json!([{"id": "Patient.nmae", "path": "Patient.nmae"}]));
    assert_eq!(issues(&validate(&app, &unknown)), ["?structure-base baseDefinition"]);
    let typed = |of: Value| {
        json!([{"id": "Patient.managingOrganization", "path": "Patient.managingOrganization",
        "type": [of]}])
    };
    assert_eq!(
        said(&app, "Patient", typed(json!({"code": "Reference", "targetProfile": ["http://nobody.test/p"]}))),
        ["?structure-type element[0].type[0].targetProfile[0]"]
    );
    assert_eq!(
        said(&app, "Patient", typed(json!({"code": "Reference", "profile": ["http://nobody.test/p"]}))),
        ["?structure-type element[0].type[0].profile[0]"]
    );
    // A definition of another FHIR version is not held against the base of this one.
    let mut other = profile("p", "Patient", &core("Patient"), &json!([{"id": "Patient.nmae", "path": "Patient.nmae"}]));
    other["fhirVersion"] = json!("4.3.0");
    assert!(issues(&validate(&app, &other)).contains(&"?structure-base baseDefinition".to_owned()));
}

#[test]
fn values_are_of_the_types_of_their_elements() {
    let app = open(&[]);
    let value = |path: &str, name: &str, value: Value| {
        said(&app, path.split('.').next().unwrap(), json!([{"id": path, "path": path, name: value}]))
    };
    for (path, name, good) in [
        ("Patient.gender", "fixedCode", json!("male")),
        ("Patient.deceased[x]", "fixedBoolean", json!(true)),
        ("Patient.deceasedBoolean", "fixedBoolean", json!(true)),
        ("Observation.value[x]", "patternQuantity", json!({"unit": "kg"})),
        ("Patient.birthDate", "minValueDate", json!("1900-01-01")),
        ("Patient.id", "fixedString", json!("a")),
    ] {
        assert_eq!(value(path, name, good), Vec::<String>::new(), "{path} {name}");
    }
    for (path, name, bad) in [
        ("Patient.gender", "fixedString", json!("male")),
        ("Patient.deceased[x]", "fixedInteger", json!(1)),
        ("Patient.deceasedBoolean", "fixedDateTime", json!("2020")),
        ("Patient.maritalStatus", "patternCoding", json!({"code": "M"})),
        ("Patient.gender", "maxValueInteger", json!(1)),
    ] {
        let said = value(path, name, bad);
        assert!(said.len() == 1 && said[0].starts_with("structure-value element[0]."), "{path} {name}: {said:?}");
    }
}

#[test]
fn large_and_deep_definitions_come_to_an_end() {
    let app = open(&[]);
    let many: Vec<Value> = (0..10_000)
        .map(|i| json!({"id": format!("Patient.name:s{i}"), "path": "Patient.name", "sliceName": format!("s{i}")}))
        .collect();
    assert!(said(&app, "Patient", Value::Array(many)).iter().all(|i| i.starts_with("structure-slicing")));
    let deep = format!("Questionnaire{}", ".item".repeat(20_000));
    assert_eq!(said(&app, "Questionnaire", json!([{"id": deep, "path": deep}])), ["?structure-path element[0]"]);
}

/// Two versions of one code system, and value sets over them.
fn versions() -> App {
    let system = |version: &str, codes: [&str; 2]| {
        let concepts = codes.map(|c| json!({"code": c}));
        json!({"resourceType": "CodeSystem", "id": format!("s{version}"), "url": format!("{BASE}/s"),
            "version": version, "status": "active", "content": "complete", "caseSensitive": true, "concept": concepts})
    };
    let mut definitions = vec![system("1.0.0", ["a", "b"]), system("2.0.0", ["a", "c"])];
    let url = format!("{BASE}/s");
    let sets = [
        ("first", json!([{"system": url, "version": "1.0.0"}])),
        ("none", json!([{"system": url}])),
        ("listed", json!([{"system": url, "concept": [{"code": "b"}, {"code": "c"}]}])),
        ("both", json!([{"system": url, "version": "1.0.0"}, {"system": url, "version": "2.0.0"}])),
        ("ninth", json!([{"system": url, "version": "9.0.0"}])),
        ("imported", json!([{"valueSet": [format!("{BASE}/none|7.0.0")]}])),
        (
            "edition",
            json!([{"system": "http://snomed.info/sct", "version": "http://snomed.info/sct/900000000000207008",
                "concept": [{"code": "1"}]}]),
        ),
        ("filtered", json!([{"system": url, "filter": [{"property": "code", "op": "regex", "value": "[abc]"}]}])),
    ];
    for (name, include) in sets {
        definitions.push(json!({"resourceType": "ValueSet", "id": name, "url": format!("{BASE}/{name}"),
            "status": "active", "compose": {"include": include}}));
        let binding = json!({"strength": "required", "valueSet": format!("{BASE}/{name}")});
        definitions.push(profile(
            name,
            "Patient",
            &core("Patient"),
            &json!([{"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": binding}]),
        ));
    }
    open(&definitions)
}

#[test]
fn the_right_version_of_a_code_system_judges() {
    use Verdict::{Invalid, Undetermined, Valid};
    let app = versions();
    let rows = [
        ("first", "b", "", Valid),
        ("first", "c", "", Invalid),
        ("first", "a", "1.0.0", Valid),
        ("first", "a", "1.0", Valid),
        ("first", "a", "2.0.0", Invalid),
        ("first", "a", "9.0.0", Invalid),
        ("none", "c", "", Valid),
        ("none", "b", "", Invalid),
        ("none", "b", "1.0.0", Valid),
        ("none", "c", "1.0.0", Invalid),
        ("none", "a", "9.0.0", Undetermined),
        ("none", "z", "9.0.0", Undetermined),
        ("listed", "b", "1.0.0", Valid),
        ("listed", "c", "2.0.0", Valid),
        ("listed", "b", "2.0.0", Invalid),
        ("listed", "a", "1.0.0", Invalid),
        ("both", "b", "", Valid),
        ("both", "z", "", Invalid),
        ("both", "b", "1.0.0", Undetermined),
        ("both", "a", "9.0.0", Invalid),
        ("ninth", "a", "", Undetermined),
        ("ninth", "a", "9.0.0", Undetermined),
        ("ninth", "a", "1.0.0", Invalid),
        ("imported", "a", "", Undetermined),
        ("filtered", "a", "", Valid),
        ("filtered", "a", "2.0.0", Valid),
        ("filtered", "a", "1.0.0", Undetermined),
    ];
    for (set, code, version, wanted) in rows {
        let mut coding = json!({"system": format!("{BASE}/s"), "code": code});
        if !version.is_empty() {
            coding["version"] = json!(version);
        }
        let instance = json!({"resourceType": "Patient",
            "meta": {"profile": [format!("{BASE}/StructureDefinition/{set}")]}, "maritalStatus": {"coding": [coding]}});
        let report = validate(&app, &instance);
        assert_eq!(report.verdict, wanted, "{set} {code} {version}: {:?}", issues(&report));
    }
}

#[test]
fn versions_of_systems_that_are_not_loaded_are_compared_by_their_names() {
    use Verdict::{Invalid, Undetermined, Valid};
    let app = versions();
    let edition = "http://snomed.info/sct/900000000000207008";
    for (code, version, wanted) in [
        ("1", edition.to_owned(), Valid),
        ("1", format!("{edition}/version/20230131"), Valid),
        ("1", "http://snomed.info/sct/731000124108".to_owned(), Undetermined),
        ("2", edition.to_owned(), Invalid),
    ] {
        let coding = json!({"system": "http://snomed.info/sct", "code": code, "version": version});
        let instance = json!({"resourceType": "Patient",
            "meta": {"profile": [format!("{BASE}/StructureDefinition/edition")]},
                "maritalStatus": {"coding": [coding]}});
        let report = validate(&app, &instance);
        assert_eq!(report.verdict, wanted, "{code} {version}: {:?}", issues(&report));
    }
}

#[test]
fn a_code_without_a_binding_is_held_against_the_version_it_names() {
    let app = versions();
    let coded = |code: &str, version: &str| {
        let instance = json!({"resourceType": "Patient", "meta": {"tag": [{"system": format!("{BASE}/s"),
            "version": version, "code": code}]}});
        issues(&validate(&app, &instance))
    };
    assert_eq!(coded("b", "1.0.0"), Vec::<String>::new());
    assert_eq!(coded("b", "2.0.0"), ["code-unknown Patient.meta.tag[0].code"]);
    assert_eq!(coded("b", "3.0.0"), ["?code-system-version Patient.meta.tag[0].version"]);
}

#[test]
fn questionnaires_ask_for_answers_of_their_questions() {
    let app = open(&[]);
    let items = |items: Value| {
        issues(&validate(&app, &json!({"resourceType": "Questionnaire", "status": "draft", "item": items})))
    };
    let initial = |kind: &str, value: Value| items(json!([{"linkId": "a", "type": kind, "initial": [value]}]));
    assert_eq!(initial("decimal", json!({"valueDecimal": 1.5})), Vec::<String>::new());
    assert_eq!(initial("open-choice", json!({"valueString": "x"})), Vec::<String>::new());
    assert_eq!(
        initial("date", json!({"valueDateTime": "2020"})),
        ["questionnaire-value Questionnaire.item[0].initial[0].value.ofType(dateTime)"]
    );
    let when = |kind: &str, operator: &str, answer: Value| {
        let mut condition = json!({"question": "a", "operator": operator});
        condition.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
        items(json!([{"linkId": "a", "type": kind}, {"linkId": "g", "type": "group", "item": [{"linkId": "b",
                "type": "string", "enableWhen": [condition]}]}]))
    };
    assert_eq!(when("integer", ">", json!({"answerInteger": 1})), Vec::<String>::new());
    assert_eq!(when("integer", "exists", json!({"answerBoolean": true})), Vec::<String>::new());
    assert_eq!(
        when("integer", "=", json!({"answerString": "1"})),
        ["questionnaire-value Questionnaire.item[1].item[0].enableWhen[0].answer.ofType(string)"]
    );
}

#[test]
fn codes_of_grammars_need_no_binding() {
    let app = open(&[]);
    let coded = |system: &str, code: &str| {
        issues(&validate(
            &app,
            &json!({"resourceType": "Patient", "meta": {"tag": [{"system": system, "code": code}]}}),
        ))
    };
    for (system, good, bad) in [
        ("urn:ietf:bcp:47", ["en", "zh-Hant-TW", "EN-us"], ["en_US", "english", "xx"]),
        (
            "urn:ietf:bcp:13",
            ["application/pdf", "image/svg+xml", "text/plain; charset=utf-8"],
            ["pdf", "application/", "a b/c"],
        ),
        ("http://unitsofmeasure.org", ["Cel", "10*3/uL", "mL/min/{1.73_m2}"], ["celsius", "kk", "mg/"]),
    ] {
        for code in good {
            assert_eq!(coded(system, code), Vec::<String>::new(), "{code}");
        }
        for code in bad {
            assert_eq!(coded(system, code), ["code-unknown Patient.meta.tag[0].code"], "{code}");
        }
    }
}
