//! Relations between profiles: the suite's own pairs, and proofs beside real instances.

use std::collections::BTreeMap;
use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::generate::{Judge, Verdict};
use fhir_accord::profiles::plan::Handle;
use fhir_accord::profiles::relation::{Relations, Validity};
use serde_json::Value;

use crate::harness::{Test, shared, suites, tests};

pub const TESTS: &[Test] = tests! {
    "fhir-test-cases/complies-with" => the_suites_pairs_are_decided;
    "packages" => no_official_example_refutes_a_proof;
};

fn open(packages: Vec<String>) -> App {
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("relation"));
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// `complies-with/expected.json`: true is proven, false is refuted.
fn the_suites_pairs_are_decided() {
    let folder = suites().0.join("complies-with");
    let read = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap()
    };
    let app = open(vec!["hl7.fhir.r4.core#4.0.1".to_owned(), folder.display().to_string()]);
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let mut wrong = Vec::new();
    for (name, expected) in read("expected")["expected"].as_object().unwrap() {
        let root = |name: &str| app.profiles(&[read(name)["url"].as_str().unwrap().to_owned()]).unwrap()[0];
        let found = relations.compare(root(name), root(&format!("{name}-base"))).unwrap();
        let wanted = if expected.as_bool().unwrap() { Validity::Proven } else { Validity::Refuted };
        if found.validity != wanted {
            wrong.push(format!("{name}: {} instead of {}", found.validity.name(), wanted.name()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The examples of a package, as text, by type.
fn examples(archive: &Path, out: &mut BTreeMap<String, Vec<String>>) {
    let file = flate2::read::GzDecoder::new(std::fs::File::open(archive).unwrap());
    for entry in tar::Archive::new(file).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        if !path.starts_with("package/example/") || !path.ends_with(".json") {
            continue;
        }
        let mut text = String::new();
        std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
        let parsed: Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(type_name) = parsed["resourceType"].as_str() {
            out.entry(type_name.to_owned()).or_default().push(text);
        }
    }
}

/// What is valid for A, where A is proven to satisfy B, is not invalid for B.
fn no_official_example_refutes_a_proof() {
    let app = open(Vec::new());
    let set = app.set();
    let mut texts = BTreeMap::new();
    for id in ["hl7.fhir.us.core-6.1.0", "hl7.fhir.us.core-7.0.0", "hl7.fhir.ca.baseline-1.2.0"] {
        examples(&shared().join(format!("packages/{id}.tgz")), &mut texts);
    }
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let mut judge = ProfileJudge::new(app.plans());
    let mut roots: BTreeMap<&str, Vec<Handle>> = BTreeMap::new();
    for root in (0..set.layers().len()).flat_map(|l| set.resource_profiles(l)) {
        roots.entry(set.type_name_of(root).unwrap()).or_default().push(root);
    }
    let mut checked = 0;
    for (type_name, instances) in &texts {
        let all = roots.get(type_name.as_str()).map_or(&[][..], Vec::as_slice);
        for a in all {
            let mut is_proven = |b: &&Handle| *b != a && relations.prove(*a, **b).is_some_and(|p| p.holds);
            let wider: Vec<&Handle> = all.iter().filter(|b| is_proven(b)).collect();
            if wider.is_empty() {
                continue;
            }
            for text in instances.iter().filter(|t| judge.judge(t, *a).verdict == Verdict::Valid).collect::<Vec<_>>() {
                for b in &wider {
                    checked += 1;
                    let told = judge.judge(text, **b);
                    let (a, b) = (set.canonical_of(*a), set.canonical_of(**b));
                    assert_ne!(told.verdict, Verdict::Invalid, "{a} satisfies {b}, but not {text}: {told:?}");
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}
