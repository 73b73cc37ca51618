//! Two versions of a profile: what is told of each kind of change, whom it breaks, and whether that is confirmed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "difference/elements.rs"]
mod elements;
#[path = "difference/value_sets.rs"]
mod value_sets;

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::difference::{Ask, Report, Status, compare};
use fhir_accord::relations::{Operand, Until};
use serde_json::{Value, json};

const URL: &str = "http://difference.test/StructureDefinition/p";

/// A version of a profile of Observation with these elements.
fn version(version: &str, elements: &Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "id": format!("p{version}"), "url": URL, "version": version, "name": "P",
        "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Observation",
        "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
        "differential": {"element": elements}
    })
}

/// The report on two versions of a profile, with witnesses.
fn report_with(old: &Value, new: &Value, more: &[Value]) -> Report {
    let mut all = vec![version("1.0.0", old), version("2.0.0", new)];
    all.extend_from_slice(more);
    report_of(&all)
}

/// The report on two versions of a profile, which are among these definitions.
fn report_of(definitions: &[Value]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("difference"));
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), folder.path().display().to_string()];
    let app = App::open(&Settings { packages, images, ..Settings::default() }).unwrap();
    let side = |v: &str| Operand::Canonical(format!("{URL}|{v}")).find_all(&app).unwrap();
    compare(&app, &side("1.0.0"), &side("2.0.0"), Ask { witnesses: true, until: Until::default() }).unwrap()
}

fn report(old: &Value, new: &Value) -> Report {
    report_with(old, new, &[])
}

/// The changes of the profile, one line each: level, element, facet, effect.
fn told(report: &Report) -> Vec<String> {
    let changes = report.profiles.iter().flat_map(|p| &p.changes);
    changes.map(|c| format!("{} {} {} {}", c.level, c.element, c.facet, c.effect)).collect()
}

/// What is known of the breaks of writers and of readers.
fn breaks(report: &Report) -> [Status; 2] {
    let p = &report.profiles[0];
    [p.writer.status, p.reader.status]
}

/// One element of Observation.
fn one(name: &str, members: &Value) -> Value {
    let mut element = json!({"id": format!("Observation.{name}"), "path": format!("Observation.{name}")});
    for (key, value) in members.as_object().unwrap() {
        element[key] = value.clone();
    }
    json!([element])
}

/// What is told of a change of one element, and of the same change backwards.
fn both(name: &str, loose: &Value, tight: &Value) -> [Report; 2] {
    let (loose, tight) = (one(name, loose), one(name, tight));
    [report(&loose, &tight), report(&tight, &loose)]
}

#[test]
fn the_same_gives_nothing() {
    let [there, _] = both("code", &json!({"min": 1}), &json!({"min": 1}));
    assert_eq!((there.profiles.len(), there.unchanged, there.worst), (0, 1, None));
}

#[test]
fn cardinalities() {
    let [there, back] = both("bodySite", &json!({}), &json!({"min": 1}));
    assert_eq!(told(&there), ["writer Observation.bodySite min tightened"]);
    assert_eq!(breaks(&there), [Status::Confirmed, Status::None]);
    assert_eq!(there.profiles[0].writer.witness.as_ref().unwrap().instance["bodySite"], Value::Null);
    assert_eq!(told(&back), ["reader Observation.bodySite min loosened"]);
    assert_eq!(breaks(&back), [Status::None, Status::Confirmed]);
    let [there, back] = both("note", &json!({}), &json!({"max": "0"}));
    assert_eq!(told(&there), ["writer Observation.note max tightened"]);
    assert_eq!(told(&back), ["reader Observation.note max loosened"]);
}

#[test]
fn types_and_targets() {
    let types = |codes: &[&str]| json!({"type": codes.iter().map(|c| json!({"code": c})).collect::<Vec<_>>()});
    let [there, back] = both("value[x]", &types(&["Quantity", "string"]), &types(&["Quantity"]));
    assert_eq!(told(&there), ["writer Observation.value[x] type tightened"]);
    assert_eq!(there.profiles[0].changes[0].old, "string");
    assert_eq!(told(&back), ["reader Observation.value[x] type loosened"]);
    assert_eq!(breaks(&back), [Status::None, Status::Confirmed]);
    let base = "http://hl7.org/fhir/StructureDefinition/";
    let targets = |names: &[&str]| {
        let urls: Vec<String> = names.iter().map(|n| format!("{base}{n}")).collect();
        json!({"type": [{"code": "Reference", "targetProfile": urls}]})
    };
    let [there, back] = both("subject", &targets(&["Patient", "Group"]), &targets(&["Patient"]));
    assert_eq!(told(&there), ["writer Observation.subject target tightened"]);
    assert_eq!(told(&back), ["reader Observation.subject target loosened"]);
}

#[test]
fn a_target_may_be_narrowed_to_a_profile_of_it() {
    let mut patient = version("1.0.0", &json!([]));
    patient["url"] = "http://difference.test/StructureDefinition/patient".into();
    patient["type"] = "Patient".into();
    patient["baseDefinition"] = "http://hl7.org/fhir/StructureDefinition/Patient".into();
    let target = |url: &str| one("subject", &json!({"type": [{"code": "Reference", "targetProfile": [url]}]}));
    let loose = target("http://hl7.org/fhir/StructureDefinition/Patient");
    let tight = target("http://difference.test/StructureDefinition/patient");
    let there = report_with(&loose, &tight, std::slice::from_ref(&patient));
    assert_eq!(told(&there), ["writer Observation.subject target tightened"]);
    // The profile demands nothing more than its type.
    assert_eq!((breaks(&there)[0], there.worst), (Status::Harmless, Some("documentation")));
    assert!(there.profiles[0].changes[0].harmless);
    assert_eq!(there.counts.harmless, 1);
}

#[test]
fn fixed_values_and_patterns() {
    let pattern =
        |code: &str| json!({"patternCodeableConcept": {"coding": [{"system": "http://s.test", "code": code}]}});
    let [there, back] = both("code", &json!({}), &pattern("a"));
    assert_eq!(told(&there), ["writer Observation.code pattern tightened"]);
    assert_eq!(told(&back), ["reader Observation.code pattern loosened"]);
    let [there, _] = both("code", &pattern("a"), &pattern("b"));
    assert_eq!(told(&there), ["writer Observation.code pattern changed"]);
    assert_eq!(breaks(&there), [Status::Confirmed, Status::Confirmed]);
    let more = json!({"patternCodeableConcept": {"coding": [{"system": "http://s.test", "code": "a"}], "text": "t"}});
    let [there, back] = both("code", &pattern("a"), &more);
    assert_eq!(told(&there), ["writer Observation.code pattern tightened"]);
    assert_eq!(told(&back), ["reader Observation.code pattern loosened"]);
    let [there, _] = both("status", &json!({"patternCode": "final"}), &json!({"fixedCode": "final"}));
    assert_eq!(told(&there), [""; 0]);
}

#[test]
fn bounds_and_lengths() {
    let integer = |max: i64| json!({"type": [{"code": "integer"}], "maxValueInteger": max});
    let [there, back] = both("value[x]", &integer(20), &integer(10));
    assert_eq!(told(&there), ["writer Observation.value[x] max-value tightened"]);
    assert_eq!(told(&back), ["reader Observation.value[x] max-value loosened"]);
    let length = |max: u32| json!({"type": [{"code": "string"}], "maxLength": max});
    let [there, back] = both("value[x]", &length(20), &length(10));
    assert_eq!(told(&there), ["writer Observation.value[x] max-length tightened"]);
    assert_eq!(told(&back), ["reader Observation.value[x] max-length loosened"]);
}

/// A value set of these codes.
fn value_set(name: &str, codes: &[&str]) -> Value {
    let concepts: Vec<Value> = codes.iter().map(|c| json!({"code": c})).collect();
    json!({
        "resourceType": "ValueSet", "id": name, "url": format!("http://difference.test/ValueSet/{name}"),
        "version": "1", "status": "draft",
        "compose": {"include": [{"system": "http://difference.test/codes", "concept": concepts}]}
    })
}

#[test]
fn bindings() {
    let sets = [value_set("small", &["a"]), value_set("large", &["a", "b"]), value_set("same", &["a", "b"])];
    let bound = |strength: &str, set: &str| {
        let url = format!("http://difference.test/ValueSet/{set}");
        one("method", &json!({"binding": {"strength": strength, "valueSet": url}}))
    };
    let of = |old: (&str, &str), new: (&str, &str)| report_with(&bound(old.0, old.1), &bound(new.0, new.1), &sets);
    let there = of(("required", "large"), ("required", "small"));
    assert_eq!(told(&there), ["writer Observation.method value-set tightened"]);
    assert_eq!(there.profiles[0].changes[0].note, "no longer: http://difference.test/codes|b");
    assert_eq!(breaks(&there), [Status::Confirmed, Status::None]);
    let there = of(("required", "small"), ("required", "large"));
    assert_eq!(told(&there), ["reader Observation.method value-set loosened"]);
    assert_eq!(breaks(&there), [Status::None, Status::Confirmed]);
    let there = of(("required", "same"), ("required", "large"));
    assert_eq!(told(&there), ["documentation Observation.method value-set changed"]);
    let there = of(("extensible", "large"), ("required", "large"));
    assert_eq!(told(&there), ["writer Observation.method binding-strength tightened"]);
    let there = of(("required", "large"), ("preferred", "large"));
    assert_eq!(told(&there), ["reader Observation.method binding-strength loosened"]);
    let there = of(("preferred", "large"), ("example", "small"));
    assert_eq!(
        told(&there),
        [
            "documentation Observation.method binding-strength loosened",
            "documentation Observation.method value-set changed"
        ]
    );
    // A tighter extensible binding makes no instance invalid; it counts as a break of writers all the same.
    let there = of(("extensible", "large"), ("extensible", "small"));
    assert_eq!(told(&there), ["writer Observation.method value-set tightened"]);
    assert_eq!((there.worst, there.counts.harmless), (Some("writer"), 0));
}
