//! Real answers as evidence, on the bulk data: counts beside those of a second way to count, places, and silence.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fhir_accord::app::Known;
use fhir_accord::capability::issue::Party;
use fhir_accord::capability::{NegotiateRequest, Prepared, Side, negotiate};
use fhir_accord::observed::observe;
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::harness::{Test, shared, tests};
use crate::leak;

pub const TESTS: &[Test] = tests! {
    "bulk/synthea-r4-150.tgz" => counts_places_and_silence;
};

/// How many files there are.
const FILES: usize = 150;

/// The resources of the Bundles in a folder, file by file in the order of their names.
fn resources(folder: &Path) -> Vec<Vec<Value>> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| -> Vec<Value> {
        let bundle: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        bundle["entry"].as_array().unwrap().iter().map(|e| e["resource"].clone()).collect()
    };
    files.iter().map(read).collect()
}

fn has_code(concept: &Value, code: &str) -> bool {
    concept["coding"].as_array().is_some_and(|all| all.iter().any(|c| c["code"] == code))
}

/// Every string with a capital letter, a digit or a space, of at least five characters.
fn telling(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.len() > 4 && text.contains(|c: char| !c.is_ascii_lowercase()) => {
            out.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|v| telling(v, out)),
        Value::Object(members) => members.values().for_each(|v| telling(v, out)),
        _ => {}
    }
}

fn counts_places_and_silence() {
    let folder = tempfile::tempdir().unwrap();
    let archive = fs::File::open(shared().join("bulk/synthea-r4-150.tgz")).unwrap();
    let mut taken = 0;
    for entry in tar::Archive::new(GzDecoder::new(archive)).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().file_name().unwrap().to_owned();
        if entry.header().entry_type().is_file() && name.to_string_lossy().ends_with(".json") && taken < FILES {
            entry.unpack(folder.path().join(name)).unwrap();
            taken += 1;
        }
    }
    assert_eq!(taken, FILES);
    let [client, server] =
        ["ig:hl7.fhir.us.core#6.1.0", "ig:hl7.fhir.us.core#6.1.0"].map(|g| Side::parse_guide(g).unwrap());
    let known = Known::open(&[], &[]).unwrap();
    let session = known.session();
    let prepared = Prepared::new(&client, Party::Client, None, &session).unwrap();
    let observed = observe(folder.path(), &prepared, &known).unwrap().observed;
    let all = resources(folder.path());
    let every = || all.iter().flatten();
    assert_eq!((observed.totals.files, observed.totals.unread), (FILES, 0));
    assert_eq!(observed.totals.instances, every().count());

    // What speaks, counted by hand: nothing claims a profile, so the codes of each profile decide.
    let of = |name: &str| {
        observed.profiles.iter().find(|(url, _)| url.ends_with(&format!("/{name}|6.1.0"))).map(|(_, p)| p).unwrap()
    };
    let observations = || every().filter(|r| r["resourceType"] == "Observation");
    let in_category =
        |r: &Value, code: &str| r["category"].as_array().is_some_and(|all| all.iter().any(|c| has_code(c, code)));
    let labs = observations().filter(|r| in_category(r, "laboratory")).count();
    let heights = observations().filter(|r| in_category(r, "vital-signs") && has_code(&r["code"], "8302-2")).count();
    let (lab, height) = (of("us-core-observation-lab"), of("us-core-body-height"));
    assert!(labs > 100 && heights > 100);
    assert_eq!((lab.speaking, lab.outside), (labs, observations().count() - labs));
    assert_eq!((height.speaking, height.outside), (heights, observations().count() - heights));
    // No code selects patients, and none claims its profile.
    assert_eq!(of("us-core-patient").speaking, 0);

    // The line of each witness is inside a resource of its type, at the element that is named.
    let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut witnesses = BTreeSet::new();
    for witness in observed.profiles.values().filter_map(|p| p.witness.as_ref()) {
        witnesses.insert(witness.file - 1);
        let text = fs::read_to_string(&files[witness.file - 1]).unwrap();
        // The line of what is wrong may be within the element.
        let near: Vec<&str> = text.lines().skip(witness.line.saturating_sub(8)).take(8.min(witness.line)).collect();
        let element = witness.paths[0].split('.').nth(1).unwrap_or_default().split('[').next().unwrap();
        let is_there = near.iter().any(|line| line.contains(&format!("\"{element}")));
        assert!(element.is_empty() || is_there, "{witness:?}: {near:?}");
    }
    assert!(!witnesses.is_empty());

    // Nothing of the answers is in the result or on its page, but what is there without them.
    let base = NegotiateRequest::new(client, server);
    let told = |request: &NegotiateRequest| {
        let agreement = negotiate(request, &session).unwrap();
        let mut page = Vec::new();
        fhir_accord::page::agreement(&agreement, &mut page).unwrap();
        serde_json::to_string(&agreement).unwrap() + std::str::from_utf8(&page).unwrap()
    };
    let plain = told(&base);
    let result = told(&NegotiateRequest { observed: Some(observed.into()), ..base });
    let mut strings = BTreeSet::new();
    every().for_each(|r| telling(r, &mut strings));
    assert!(strings.len() > 10_000, "{}", strings.len());
    let finder = |text: &str, of: &str| memchr::memmem::find(text.as_bytes(), of.as_bytes()).is_some();
    let leaked: Vec<&String> = strings.iter().filter(|s| finder(&result, s) && !finder(&plain, s)).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    // Nor is a word of their values, in lower case or not.
    let (sought, found) = leak::leaked(every(), &result, &plain);
    assert!(sought > 5_000, "{sought}");
    assert!(found.is_empty(), "{found:?}");
}
