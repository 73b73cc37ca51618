//! What holds of every snapshot, for the packages that publish none too.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use fhir_accord_profiles::snapshot::{DefinitionSource, Generator, generate};
use serde_json::{Value, json};

use crate::harness::{Test, tests};
use crate::packages::graph;

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Ids once, parents before children, cardinalities and bases there.
fn check_elements(name: &str, elements: &[Value]) {
    let mut ids = HashSet::new();
    for (place, element) in elements.iter().enumerate() {
        let (id, path) = (text(element, "id"), text(element, "path"));
        assert!(ids.insert(id), "{name}: `{id}` stands twice");
        match id.rsplit_once('.') {
            Some((parent, _)) => assert!(ids.contains(parent), "{name}: `{id}` comes without its parent"),
            None => assert_eq!(place, 0, "{name}: `{id}` is a second root"),
        }
        if let Some((head, slice)) = id.rsplit('.').next().unwrap_or_default().split_once(':') {
            assert_eq!(text(element, "sliceName"), slice, "{name}: `{id}`");
            assert!(!head.is_empty());
        }
        let bare: Vec<&str> = id.split('.').map(|s| s.split(':').next().unwrap_or_default()).collect();
        assert_eq!(bare.join("."), path, "{name}: `{id}`");
        assert!(element["min"].is_u64() && element["max"].is_string(), "{name}: `{id}` has no cardinality");
        assert!(element["base"]["path"].is_string(), "{name}: `{id}` has no base");
    }
}

/// A profile that says nothing of a snapshot has that snapshot.
fn check_again(name: &str, definition: &Value, elements: &[Value], source: &dyn DefinitionSource) {
    let mut published = definition.clone();
    published["snapshot"] = json!({ "element": elements });
    let published = Arc::new(published);
    let url = text(definition, "url").to_owned();
    let with =
        |canonical: &str| if canonical == url { Some(Arc::clone(&published)) } else { source.structure(canonical) };
    let empty = json!({ "resourceType": "StructureDefinition", "url": "http://example.org/empty",
        "derivation": "constraint", "baseDefinition": url, "differential": { "element": [] } });
    let again = generate(&empty, &with).unwrap();
    for (first, second) in elements.iter().zip(&again.elements) {
        assert_eq!(
            without_remarks(first),
            without_remarks(second),
            "{name} `{}`, in an heir that says nothing",
            first["id"]
        );
    }
    assert_eq!(again.elements.len(), elements.len(), "{name}");
    // The same differential over its own snapshot.
    let twice = json!({ "resourceType": "StructureDefinition", "url": url, "derivation": "constraint",
        "baseDefinition": format!("{url}#own"), "differential": definition["differential"] });
    let own = format!("{url}#own");
    let with =
        |canonical: &str| if canonical == own { Some(Arc::clone(&published)) } else { source.structure(canonical) };
    let again = generate(&twice, &with).unwrap();
    let ids = |elements: &[Value]| elements.iter().map(|e| text(e, "id").to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&again.elements), ids(elements), "{name}, its differential laid over it again");
    for (first, second) in elements.iter().zip(&again.elements) {
        assert_eq!(
            without_texts(first),
            without_texts(second),
            "{name} `{}`, its differential laid over it again",
            first["id"]
        );
    }
}

/// Without extensions: some are a definition's own remarks, which heirs do not have.
fn without_remarks(element: &Value) -> Value {
    let mut element = element.clone();
    let members = element.as_object_mut().unwrap();
    members.shift_remove("extension");
    if let Some(binding) = members.get_mut("binding").and_then(Value::as_object_mut) {
        binding.shift_remove("extension");
    }
    element
}

/// Without what a differential may append to at every time.
fn without_texts(element: &Value) -> Value {
    let texts = ["short", "definition", "comment", "requirements"];
    element
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(k, _)| !texts.contains(&k.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// Generates all snapshots of the first package and prints the issues.
fn check(names: &[&str]) {
    let graph = graph(names);
    let source = (&graph, Some(0));
    let definitions: Vec<_> = graph.packages()[0].definitions.iter().map(|d| d.value()).collect();
    let started = Instant::now();
    let generator = Generator::new(&source);
    let snapshots: Vec<_> = definitions
        .iter()
        .filter_map(|d| Some((d, generator.generate(d).map_err(|e| println!("{}: {e}", names[0])).ok()?)))
        .collect();
    println!("{}: {} snapshots in {} ms", names[0], snapshots.len(), started.elapsed().as_millis());
    for (definition, snapshot) in &snapshots {
        let name = text(definition, "url");
        check_elements(name, &snapshot.elements);
        if definition["derivation"] == "constraint" && snapshot.issues.is_empty() {
            check_again(name, definition, &snapshot.elements, &source);
        }
        for issue in &snapshot.issues {
            println!("{issue}");
        }
    }
}

const R4: &str = "hl7.fhir.r4.core-4.0.1";
const EXTENSIONS: &str = "hl7.fhir.uv.extensions.r4-5.3.0";

pub const TESTS: &[Test] = tests! {
    "packages" => ca_baseline, extensions, ipa, smart, us_core_invariants, ips_invariants, core_invariants,
        odd_ids_of_ca_baseline;
};

fn ca_baseline() {
    check(&["hl7.fhir.ca.baseline-1.2.0", R4, EXTENSIONS]);
}

fn extensions() {
    check(&[EXTENSIONS, R4]);
}

fn ipa() {
    check(&["hl7.fhir.uv.ipa-1.1.0", R4, EXTENSIONS]);
}

fn smart() {
    check(&["hl7.fhir.uv.smart-app-launch-2.2.0", R4, EXTENSIONS]);
}

fn us_core_invariants() {
    for version in ["3.1.1", "6.1.0", "7.0.0", "8.0.0"] {
        check(&[&format!("hl7.fhir.us.core-{version}"), R4, EXTENSIONS]);
    }
}

fn ips_invariants() {
    check(&["hl7.fhir.uv.ips-1.1.0", R4, EXTENSIONS]);
}

fn core_invariants() {
    check(&[R4]);
    check(&["hl7.fhir.r5.core-5.0.0"]);
    check(&["hl7.fhir.r4b.core-4.3.0"]);
    check(&["hl7.fhir.r3.core-3.0.2"]);
}

/// A differential with the id `AllergyIntolerance.onsetDateTime:onsetDateTime` means the slice of that type.
fn odd_ids_of_ca_baseline() {
    let graph = graph(&["hl7.fhir.ca.baseline-1.2.0", R4, EXTENSIONS]);
    let found = graph.packages()[0]
        .by_url("http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-allergyintolerance")
        .next()
        .unwrap();
    let snapshot = generate(found.value(), &(&graph, Some(0))).unwrap();
    let ids: Vec<&str> = snapshot.elements.iter().map(|e| text(e, "id")).filter(|id| id.contains("onset[x]")).collect();
    println!("{ids:?}");
    assert!(ids.contains(&"AllergyIntolerance.onset[x]:onsetDateTime"), "{ids:?}");
    assert!(snapshot.issues.iter().all(|i| i.problem.is_harmless()), "{:?}", snapshot.issues);
}
