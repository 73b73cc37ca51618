//! The published snapshots, generated again and compared.

use std::collections::BTreeMap;

use fhir_accord_profiles::snapshot::Generator;
use serde_json::Value;

use crate::compare::{Difference, compare};
use crate::packages::graph;

/// Generates every snapshot of the first package again; the disagreements by definition.
fn regenerate(names: &[&str]) -> Option<BTreeMap<String, Vec<Difference>>> {
    let graph = graph(names)?;
    let source = (&graph, Some(0));
    let generator = Generator::new(&source);
    let mut all = BTreeMap::new();
    for definition in &graph.packages()[0].definitions {
        let value = definition.value();
        if value["derivation"] != "constraint" && std::env::var_os("SNAPSHOT_ALL").is_none() {
            continue;
        }
        let Some(published) = value["snapshot"]["element"].as_array() else { continue };
        let snapshot = match generator.generate(value) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                all.insert(definition.id.clone(), vec![(definition.id.clone(), "error", String::new(), error.to_string())]);
                continue;
            }
        };
        let mut differences = compare(published, &snapshot.elements);
        differences.extend(snapshot.issues.iter().map(|i| (i.element.clone(), "issue", String::new(), i.message.clone())));
        if !differences.is_empty() {
            all.insert(definition.id.clone(), differences);
        }
    }
    Some(all)
}

fn count(names: &[&str]) {
    let Some(all) = regenerate(names) else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (definition, differences) in &all {
        for (id, facet, wanted, got) in differences {
            *counts.entry(facet).or_default() += 1;
            println!("{} {definition} {id} {facet}: wanted `{wanted}` got `{got}`", names[0]);
        }
    }
    println!("{}: {} definitions differ: {counts:?}", names[0], all.len());
    let _ = Value::Null;
}

const R4: &str = "hl7.fhir.r4.core-4.0.1";
const EXT: &str = "hl7.fhir.uv.extensions.r4-5.3.0";

#[test]
fn us_core_3() {
    count(&["hl7.fhir.us.core-3.1.1", R4]);
}
#[test]
fn us_core_6() {
    count(&["hl7.fhir.us.core-6.1.0", R4, EXT]);
}
#[test]
fn us_core_7() {
    count(&["hl7.fhir.us.core-7.0.0", R4, EXT]);
}
#[test]
fn us_core_8() {
    count(&["hl7.fhir.us.core-8.0.0", R4, EXT]);
}
#[test]
fn ips() {
    count(&["hl7.fhir.uv.ips-1.1.0", R4, EXT]);
}
#[test]
fn r4_core() {
    count(&[R4]);
}
