//! Profiles beside each other: what is proven holds of generated instances, and what is refuted has a witness.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "relation/answers.rs"]
mod answers;
#[path = "relation/broken_off.rs"]
mod broken_off;

use std::collections::HashMap;
use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::generate::{Generator, Judge, Kind, Verdict};
use fhir_accord::profiles::plan::Handle;
use fhir_accord::profiles::relation::{Relations, Validity};
use serde_json::{Value, json};

const BASE: &str = "http://relation.test/StructureDefinition/";

/// The engine over the core and these definitions.
fn open(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("relation"));
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), folder.path().display().to_string()];
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// A profile of a type with these elements.
fn profile(type_name: &str, name: &str, elements: &Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "id": name, "url": format!("{BASE}{name}"), "name": "P",
        "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": type_name,
        "derivation": "constraint", "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{type_name}"),
        "differential": {"element": elements}
    })
}

/// A profile of Patient with these elements.
fn patient(name: &str, elements: &Value) -> Value {
    profile("Patient", name, elements)
}

fn root(app: &App, name: &str) -> Handle {
    app.profiles(&[format!("{BASE}{name}")]).unwrap()[0]
}

/// Whether every instance of the first profile of Patient is valid for the second, and the other way round.
fn both(left: &Value, right: &Value) -> [Validity; 2] {
    let app = open(&[patient("left", left), patient("right", right)]);
    let roots = [root(&app, "left"), root(&app, "right")];
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let mut one = |a: Handle, b: Handle| {
        let found = relations.compare(a, b).unwrap();
        assert_eq!(found.validity == Validity::Refuted, found.witness.is_some());
        if let Some(w) = found.witness {
            let mut judge = ProfileJudge::new(app.plans());
            let text = w.instance.to_string();
            assert_eq!(judge.judge(&text, a).verdict, Verdict::Valid, "{text}");
            assert_eq!(judge.judge(&text, b).verdict, Verdict::Invalid, "{text}");
        }
        found.validity
    };
    [one(roots[0], roots[1]), one(roots[1], roots[0])]
}

#[test]
fn tighter_cardinalities_are_proven_one_way() {
    let tight = json!([{"id": "Patient.name", "path": "Patient.name", "min": 1, "max": "1"}]);
    let loose = json!([{"id": "Patient.name", "path": "Patient.name", "min": 0, "max": "3"}]);
    assert_eq!(both(&tight, &loose), [Validity::Proven, Validity::Refuted]);
}

#[test]
fn a_fixed_value_meets_a_pattern() {
    let fixed = json!([{"id": "Patient.active", "path": "Patient.active", "min": 1, "fixedBoolean": true}]);
    let pattern = json!([{"id": "Patient.active", "path": "Patient.active", "patternBoolean": true}]);
    assert_eq!(both(&fixed, &pattern), [Validity::Proven, Validity::Refuted]);
}

#[test]
fn constraints_are_compared_by_their_parts() {
    let name = |expression: &str| {
        json!([{"id": "Patient.name", "path": "Patient.name", "constraint": [
            {"key": "t-1", "severity": "error", "human": "h", "expression": expression}]}])
    };
    let (narrow, wide) = (name("family.exists() and given.exists()"), name("text.exists() or given.exists()"));
    assert_eq!(both(&narrow, &wide)[0], Validity::Proven);
    assert_eq!(both(&name("family.exists()"), &name("family.exists()")), [Validity::Proven; 2]);
}

#[test]
fn slices_are_matched_by_what_tells_them() {
    let sliced = |min: u32, max: &str| {
        json!([
            {"id": "Patient.identifier", "path": "Patient.identifier",
             "slicing": {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}},
            {"id": "Patient.identifier:mrn", "path": "Patient.identifier", "sliceName": "mrn", "min": min, "max": max},
            {"id": "Patient.identifier:mrn.system", "path": "Patient.identifier.system", "min": 1,
             "patternUri": "http://hospital.test/mrn"}
        ])
    };
    assert_eq!(both(&sliced(1, "1"), &sliced(0, "*")), [Validity::Proven, Validity::Refuted]);
}

/// The profiles of the embedded guides of a type.
fn embedded(app: &App, type_name: &str) -> Vec<Handle> {
    let set = app.set();
    let all = (0..set.layers().len()).flat_map(|l| set.resource_profiles(l).collect::<Vec<_>>());
    all.filter(|root| set.type_name_of(*root) == Some(type_name)).collect()
}

#[test]
fn no_proven_pair_is_refuted_by_generated_instances() {
    let app = App::open(&Settings::default()).unwrap();
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let mut judge = ProfileJudge::new(app.plans());
    let generator = Generator::new(app.plans());
    let (mut proven, mut refuted) = (0, 0);
    for type_name in ["Patient", "Immunization", "Condition", "Organization", "MedicationRequest"] {
        let roots = embedded(&app, type_name);
        let mut answers = HashMap::new();
        for a in &roots {
            let mut instances = generator.instances(*a, Kind::Minimal, 1, 7, &mut judge).instances;
            instances.extend(generator.instances(*a, Kind::Full, 1, 7, &mut judge).instances);
            instances.extend(generator.instances(*a, Kind::Boundary, 48, 7, &mut judge).instances);
            for b in &roots {
                let found = relations.compare(*a, *b).unwrap();
                answers.insert((*a, *b), found.validity);
                assert!(a != b || found.validity == Validity::Proven, "{} itself", app.set().canonical_of(*a));
                refuted += usize::from(found.validity == Validity::Refuted);
                if found.validity != Validity::Proven {
                    continue;
                }
                proven += 1;
                for i in instances.iter().filter(|i| i.judged.verdict == Verdict::Valid) {
                    let told = judge.judge(&i.value.to_string(), *b).verdict;
                    let (a, b) = (app.set().canonical_of(*a), app.set().canonical_of(*b));
                    assert_ne!(told, Verdict::Invalid, "{a} satisfies {b}, but not {}", i.value);
                }
            }
        }
        for ((a, b), _) in answers.iter().filter(|(_, v)| **v == Validity::Proven) {
            for c in roots.iter().filter(|c| answers[&(*b, **c)] == Validity::Proven) {
                let chain = [*a, *b, *c].map(|h| app.set().canonical_of(h));
                assert!(!matches!(answers[&(*a, *c)], Validity::Refuted | Validity::Partial), "{chain:?}");
            }
        }
    }
    assert!(proven > 20 && refuted > 20, "{proven} proven, {refuted} refuted");
}
