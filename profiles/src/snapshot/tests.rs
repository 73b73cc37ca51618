//! Snapshots over a small made-up core: what differentials say, and what is wrong with them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod broken_off;

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Problem, Snapshot, SnapshotError, SnapshotFault, generate};

fn element(path: &str, min: u64, max: &str, types: &[&str]) -> Value {
    let types: Vec<Value> = types.iter().map(|code| json!({ "code": code })).collect();
    let base = json!({ "path": path, "min": min, "max": max });
    json!({ "id": path, "path": path, "min": min, "max": max, "base": base, "type": types })
}

fn core(name: &str, elements: Vec<Value>) -> Value {
    let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
    json!({ "resourceType": "StructureDefinition", "url": url, "type": name, "derivation": "specialization",
        "snapshot": { "element": elements } })
}

fn source(canonical: &str) -> Option<Arc<Value>> {
    let name = canonical.rsplit('/').next()?;
    let definition = match name {
        "Element" => core(
            name,
            vec![
                element("Element", 0, "*", &[]),
                element("Element.id", 0, "1", &["string"]),
                element("Element.extension", 0, "*", &["Extension"]),
            ],
        ),
        "Extension" => core(
            name,
            vec![
                element("Extension", 0, "*", &[]),
                element("Extension.extension", 0, "*", &["Extension"]),
                element("Extension.url", 1, "1", &["uri"]),
                element("Extension.value[x]", 0, "1", &["string", "Quantity"]),
            ],
        ),
        "Quantity" => core(
            name,
            vec![
                element("Quantity", 0, "*", &[]),
                element("Quantity.value", 0, "1", &["decimal"]),
                element("Quantity.unit", 0, "1", &["string"]),
            ],
        ),
        "Thing" => {
            let mut again = element("Thing.part.part", 0, "*", &[]);
            again["contentReference"] = json!("#Thing.part");
            again.as_object_mut().unwrap().shift_remove("type");
            let parts = vec![
                element("Thing.part", 0, "*", &["BackboneElement"]),
                element("Thing.part.name", 0, "1", &["string"]),
                again,
            ];
            let head = vec![
                element("Thing", 0, "*", &[]),
                element("Thing.extension", 0, "*", &["Extension"]),
                element("Thing.value[x]", 0, "1", &["Quantity", "string", "dateTime"]),
            ];
            core(name, [head, parts].concat())
        }
        _ => return None,
    };
    Some(Arc::new(definition))
}

fn profile(elements: Value) -> Value {
    let base = "http://hl7.org/fhir/StructureDefinition/Thing";
    json!({ "resourceType": "StructureDefinition", "url": "http://example.org/mine", "type": "Thing",
        "derivation": "constraint", "baseDefinition": base, "differential": { "element": elements } })
}

fn made(elements: Value) -> Snapshot {
    generate(&profile(elements), &source).unwrap()
}

fn ids(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.elements.iter().map(|e| e["id"].as_str().unwrap()).collect()
}

fn get<'s>(snapshot: &'s Snapshot, id: &str) -> &'s Value {
    snapshot.elements.iter().find(|e| e["id"] == id).unwrap_or_else(|| panic!("no `{id}` in {:?}", ids(snapshot)))
}

#[test]
fn shorthand_slices_a_choice_by_type() {
    let snapshot = made(json!([{ "path": "Thing.valueQuantity" }, { "path": "Thing.valueQuantity.value", "min": 1 }]));
    assert_eq!(get(&snapshot, "Thing.value[x]")["slicing"]["rules"], "open");
    assert_eq!(get(&snapshot, "Thing.value[x]:valueQuantity")["type"], json!([{ "code": "Quantity" }]));
    assert_eq!(get(&snapshot, "Thing.value[x]:valueQuantity.value")["path"], "Thing.value[x].value");
    assert_eq!(get(&snapshot, "Thing.value[x]:valueQuantity.value")["min"], 1);
    assert_eq!(snapshot.issues, []);
}

#[test]
fn a_demanded_shorthand_narrows_the_choice() {
    let snapshot = made(json!([{ "id": "Thing.valueQuantity:valueQuantity", "path": "Thing.valueQuantity",
            "sliceName": "valueQuantity", "min": 1 }]));
    let head = get(&snapshot, "Thing.value[x]");
    assert_eq!(
        (&head["slicing"]["rules"], &head["min"], &head["type"]),
        (&json!("closed"), &json!(1), &json!([{ "code": "Quantity" }]))
    );
    assert!(ids(&snapshot).contains(&"Thing.value[x]:valueQuantity"));
}

#[test]
fn extensions_are_sliced_by_url_unasked() {
    let snapshot = made(json!([{ "path": "Thing.extension", "sliceName": "a", "min": 1, "max": "1" },
            { "path": "Thing.extension.value[x]", "min": 1 }]));
    assert_eq!(
        get(&snapshot, "Thing.extension")["slicing"]["discriminator"],
        json!([{ "type": "value", "path": "url" }])
    );
    assert_eq!(get(&snapshot, "Thing.extension")["min"], 1);
    assert_eq!(get(&snapshot, "Thing.extension:a.value[x]")["min"], 1);
}

#[test]
fn slices_and_reslices_stand_in_order() {
    let slicing = json!({ "discriminator": [{ "type": "value", "path": "name" }], "rules": "open" });
    let snapshot = made(json!([
        { "path": "Thing.part", "slicing": slicing },
        { "path": "Thing.part.name", "min": 1 },
        { "path": "Thing.part", "sliceName": "a" },
        { "path": "Thing.part", "sliceName": "b" },
        { "path": "Thing.part", "sliceName": "a/x", "max": "1" },
        { "path": "Thing.part.name", "fixedString": "x" },
    ]));
    let heads: Vec<&str> =
        ids(&snapshot).into_iter().filter(|id| id.starts_with("Thing.part") && id.matches('.').count() == 1).collect();
    assert_eq!(heads, ["Thing.part", "Thing.part:a", "Thing.part:a/x", "Thing.part:b"]);
    assert_eq!(get(&snapshot, "Thing.part:b.name")["min"], 1, "slices have what is said below the sliced element");
    assert_eq!(get(&snapshot, "Thing.part:a/x.name")["fixedString"], "x");
    assert_eq!(get(&snapshot, "Thing.part:a.name").get("fixedString"), None);
}

#[test]
fn content_references_are_entered() {
    let snapshot = made(json!([{ "path": "Thing.part.part.part.name", "max": "0" }]));
    assert_eq!(get(&snapshot, "Thing.part.part.part.name")["max"], "0");
    assert_eq!(get(&snapshot, "Thing.part.part")["type"], json!([{ "code": "BackboneElement" }]));
    assert_eq!(
        get(&snapshot, "Thing.part.part.part.part")["contentReference"],
        "http://hl7.org/fhir/StructureDefinition/Thing#Thing.part"
    );
}

#[test]
fn texts_and_constraints_add_up() {
    let constraint = json!([{ "key": "c-1", "severity": "error", "human": "x", "expression": "true" }]);
    let snapshot = made(json!([{ "path": "Thing", "definition": "...more", "constraint": constraint }]));
    assert_eq!(get(&snapshot, "Thing")["definition"], "more");
    assert_eq!(get(&snapshot, "Thing")["constraint"][0]["source"], "http://example.org/mine");
}

#[test]
fn faults_name_profile_and_element() {
    let snapshot = made(json!([
        { "id": "Thing.nothing", "path": "Thing.nothing" },
        { "path": "Thing.part", "max": "1" },
        { "path": "Thing.part.name", "max": "2" },
        { "path": "Thing.value[x]", "type": [{ "code": "Quantity" }], "patternUri": "x" },
        { "path": "Other.thing" },
        7,
    ]));
    let met: Vec<(&str, &str, Problem)> =
        snapshot.issues.iter().map(|i| (i.profile.as_str(), i.element.as_str(), i.problem)).collect();
    let mine = "http://example.org/mine";
    let wanted = [
        (mine, "Other.thing", Problem::Path),
        (mine, "", Problem::Path),
        (mine, "Thing.nothing", Problem::UnknownElement),
        (mine, "Thing.value[x]", Problem::Order),
    ];
    assert_eq!(met[..4], wanted);
    assert_eq!(met[4..], [(mine, "Thing.part.name", Problem::Loosened), (mine, "Thing.value[x]", Problem::Type)]);
    assert_eq!(get(&snapshot, "Thing.part.name")["max"], "1", "a maximum above the base's changes nothing");
}

#[test]
fn absent_and_circular_bases_are_errors() {
    let mut lost = profile(json!([]));
    lost["baseDefinition"] = json!("http://example.org/nowhere");
    assert!(matches!(
        generate(&lost, &source),
        Err(SnapshotError::Unusable { fault: SnapshotFault::BaseAbsent { .. }, .. })
    ));
    lost["baseDefinition"] = lost["url"].clone();
    let own = Arc::new(lost.clone());
    let circle = |_: &str| Some(Arc::clone(&own));
    assert!(matches!(
        generate(&lost, &circle),
        Err(SnapshotError::Unusable { fault: SnapshotFault::Circular { .. }, .. })
    ));
    assert_eq!(generate(&json!([1]), &source), Err(SnapshotError::NotAStructureDefinition));
}

/// A source that has these definitions, and the made-up core.
fn with(definitions: Vec<Value>) -> impl Fn(&str) -> Option<Arc<Value>> {
    move |canonical| {
        let found = definitions.iter().find(|d| d["url"] == canonical).cloned().map(Arc::new);
        found.or_else(|| source(canonical))
    }
}

#[test]
fn a_demanded_alternative_prohibits_the_others() {
    let mut model = core("Choice", vec![element("Choice", 0, "*", &[]), element("Choice.a", 0, "1", &["string"])]);
    let url = "http://hl7.org/fhir/StructureDefinition/Choice";
    let elements = model["snapshot"]["element"].as_array_mut().unwrap();
    elements.push(element("Choice.b", 0, "1", &["string"]));
    elements[0]["constraint"] = json!([{ "key": "one", "severity": "error", "expression": "(a | b).count() = 1" }]);
    let demanding = |paths: &[&str]| {
        let elements: Vec<Value> = paths.iter().map(|path| json!({ "id": path, "path": path, "min": 1 })).collect();
        json!({ "resourceType": "StructureDefinition", "url": "http://example.org/mine", "type": "Choice",
            "derivation": "constraint", "baseDefinition": url, "differential": { "element": elements } })
    };
    let plain = generate(&demanding(&["Choice.a"]), &with(vec![model.clone()])).unwrap();
    assert_eq!(get(&plain, "Choice.b")["max"], "1", "in a resource equal members are one in a union");
    model["kind"] = "logical".into();
    let logical = generate(&demanding(&["Choice.a"]), &with(vec![model.clone()])).unwrap();
    assert_eq!((&get(&logical, "Choice.a")["max"], &get(&logical, "Choice.b")["max"]), (&json!("1"), &json!("0")));
    let both = generate(&demanding(&["Choice.a", "Choice.b"]), &with(vec![model])).unwrap();
    assert_eq!(both.issues.iter().map(|i| i.problem).collect::<Vec<_>>(), [Problem::Cardinality]);
}

#[test]
fn obligations_of_other_profiles_are_drawn_in() {
    const OBLIGATION: &str = "http://hl7.org/fhir/StructureDefinition/obligation";
    let mut other = profile(json!([{ "id": "Thing.part.name", "path": "Thing.part.name", "mustSupport": true,
        "extension": [{ "url": OBLIGATION }], "min": 1 }]));
    other["url"] = "http://example.org/obligations".into();
    let mut mine = profile(json!([{ "id": "Thing.part", "path": "Thing.part", "max": "1" }]));
    mine["extension"] = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/inherit-obligations",
        "valueCanonical": "http://example.org/obligations" }]);
    let snapshot = generate(&mine, &with(vec![other])).unwrap();
    let name = get(&snapshot, "Thing.part.name");
    assert_eq!((&name["mustSupport"], &name["extension"][0]["url"]), (&json!(true), &json!(OBLIGATION)));
    assert_eq!(name["min"], 0, "an obligation profile demands nothing of an instance");
}

#[test]
fn slicings_and_slices_of_odd_form_are_told() {
    let slicing = json!({ "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" });
    let problems = |elements: Value| made(elements).issues.iter().map(|i| i.problem).collect::<Vec<_>>();
    let once = |max: Value| json!([{ "path": "Thing.part.name", "slicing": slicing, "max": max }]);
    assert_eq!(problems(once(json!("*")))[..1], [Problem::Loosened]);
    assert!(problems(once(Value::Null)).contains(&Problem::Unrepeated));
    assert_eq!(problems(once(json!("1"))), []);
    assert_eq!(problems(json!([{ "path": "Thing.value[x]", "slicing": slicing }])), []);
    let unnamed = json!([{ "id": "Thing.part:a", "path": "Thing.part", "max": "1" }]);
    assert_eq!(problems(unnamed), [Problem::SliceName]);
}

#[test]
fn a_model_adds_to_the_groups_of_the_one_that_it_specializes() {
    let mut model = core("Model", vec![element("Model", 0, "*", &[]), element("Model.head", 1, "1", &["Base"])]);
    model["kind"] = "logical".into();
    model["snapshot"]["element"].as_array_mut().unwrap().push(element("Model.head.date", 0, "1", &["string"]));
    let number = element("More.head.number", 0, "*", &["string"]);
    let said = json!([{ "id": "More.head.date", "path": "More.head.date", "min": 1 }, number]);
    let more = json!({ "resourceType": "StructureDefinition", "url": "http://example.org/More", "type": "More",
        "kind": "logical", "derivation": "specialization", "baseDefinition": model["url"],
        "differential": { "element": said } });
    let snapshot = generate(&more, &with(vec![model])).unwrap();
    assert_eq!(ids(&snapshot), ["More", "More.head", "More.head.date", "More.head.number"]);
    assert_eq!((&get(&snapshot, "More.head.date")["min"], snapshot.issues.len()), (&json!(1), 0));
}

#[test]
fn a_base_without_its_own_base_members_is_the_base() {
    let bare = |canonical: &str| {
        let mut definition = Value::clone(&*source(canonical)?);
        for element in definition["snapshot"]["element"].as_array_mut().unwrap() {
            element.as_object_mut().unwrap().shift_remove("base");
        }
        Some(Arc::new(definition))
    };
    let elements = json!([{ "path": "Thing.part", "min": 1 }, { "path": "Thing.valueQuantity.value", "min": 1 }]);
    let snapshot = generate(&profile(elements), &bare).unwrap();
    let base = |path: &str| json!({ "path": path, "min": 0, "max": "1" });
    assert_eq!(get(&snapshot, "Thing.part")["base"], json!({ "path": "Thing.part", "min": 0, "max": "*" }));
    assert_eq!(get(&snapshot, "Thing.value[x]:valueQuantity.value")["base"], base("Quantity.value"));
    assert_eq!(get(&snapshot, "Thing.value[x]:valueQuantity.unit")["base"], base("Quantity.unit"));
}

#[test]
fn hostile_differentials_end() {
    let deep = format!("Thing{}", ".part".repeat(100_000));
    assert_eq!(made(json!([{ "path": deep }])).issues[0].problem, Problem::Path);
    // Each level doubles what lies below it.
    let slicing = json!({ "discriminator": [], "rules": "open" });
    let mut elements = Vec::new();
    let mut path = "Thing".to_owned();
    let paths: Vec<String> = (0..40)
        .map(|_| {
            path.push_str(".part");
            path.clone()
        })
        .collect();
    for path in paths.iter().rev() {
        elements.push(json!({ "path": path, "slicing": slicing }));
        elements.extend(
            (0..8).map(|n| json!({ "id": format!("{path}:s{n}"), "path": path, "sliceName": format!("s{n}") })),
        );
    }
    let outcome = generate(&profile(Value::Array(elements)), &source);
    assert!(
        matches!(outcome, Err(SnapshotError::Unusable { fault: SnapshotFault::TooLarge { .. }, .. })),
        "{:?}",
        outcome.map(|s| s.elements.len())
    );
    let many: Vec<Value> = (0..30_000).map(|n| json!({ "path": "Thing.part", "sliceName": n.to_string() })).collect();
    assert!(matches!(
        generate(&profile(Value::Array(many)), &source),
        Err(SnapshotError::Unusable { fault: SnapshotFault::TooLarge { .. }, .. })
    ));
    for odd in [
        json!(null),
        json!("x"),
        json!({ "path": 3 }),
        json!({ "path": "Thing.é[x]", "id": "é:é.é" }),
        json!({ "path": "Thing.", "min": -1 }),
        json!({ "path": "Thing.part", "min": 1e300, "max": "-", "type": 4, "constraint": {}, "slicing": [] }),
    ] {
        made(json!([odd]));
    }
}
