//! The value sets that real guides bind, beside the published expansions.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use serde_json::Value;

use super::super::*;
use super::grammar::shared;
use crate::definition::FhirVersion;
use crate::release::release;

/// The packages' resources of the kinds that terminology needs, in the order in which they are asked.
struct Library {
    packages: Vec<Vec<Arc<Value>>>,
}

fn package(package: &str) -> Option<Vec<Arc<Value>>> {
    let file = std::fs::File::open(shared(&format!("packages/{package}.tgz"))?).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut out = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().file_name().unwrap_or_default().to_string_lossy().into_owned();
        if ["ValueSet-", "CodeSystem-", "StructureDefinition-"].iter().any(|p| name.starts_with(p)) {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let mut value: Value = serde_json::from_str(&text).unwrap();
            if package == "hl7.fhir.r2.core-1.0.2" {
                let dstu2 = release(FhirVersion::Dstu2);
                out.extend(dstu2.inline_code_system(text.as_bytes()).map(Arc::new));
                dstu2.normalise(&mut value);
            }
            out.push(Arc::new(value));
        }
    }
    out.sort_by_key(|r: &Arc<Value>| r["url"].as_str().unwrap_or_default().to_owned());
    Some(out)
}

impl Library {
    fn find(&self, kind: &str, canonical: &Canonical) -> Option<Arc<Value>> {
        let fits = |r: &&Arc<Value>| {
            r["resourceType"] == kind
                && r["content"] != "supplement"
                && canonical.version.as_ref().is_none_or(|v| r["version"] == v.as_str())
        };
        self.packages.iter().find_map(|package| {
            let start = package.partition_point(|r| r["url"].as_str().unwrap_or_default() < canonical.url.as_str());
            package[start..].iter().take_while(|r| r["url"] == canonical.url.as_str()).find(fits).cloned()
        })
    }
}

impl TerminologySource for Library {
    fn value_set(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.find("ValueSet", canonical)
    }

    fn code_system(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.find("CodeSystem", canonical)
    }

    fn supplements(&self, system: &str) -> Vec<Arc<Value>> {
        self.packages.iter().flatten().filter(|r| r["supplements"] == system).cloned().collect()
    }
}

/// The value sets that definitions bind as required or extensible, with the strongest strength.
fn bound(definitions: &[Arc<Value>]) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    for element in definitions.iter().flat_map(|d| d["snapshot"]["element"].as_array().into_iter().flatten()) {
        let (strength, value_set) = (element["binding"]["strength"].as_str(), element["binding"]["valueSet"].as_str());
        match (strength, value_set) {
            (Some("required"), Some(url)) => found.insert(url.to_owned(), "required"),
            (Some("extensible"), Some(url)) => Some(*found.entry(url.to_owned()).or_insert("extensible")),
            _ => None,
        };
    }
    found
}

/// Whether every code is info, some systems are open, or a value set is missing.
fn state(expansion: &Expansion) -> &'static str {
    match expansion {
        e if !e.incomplete.is_empty() => "incomplete",
        e if !e.is_certain() => "open",
        e if !e.open.is_empty() => "grammar",
        _ => "complete",
    }
}

/// Codes of a published expansion, groupers left out.
fn published(expansion: &Value) -> BTreeSet<(String, String)> {
    let mut pending: Vec<&Value> = expansion["contains"].as_array().into_iter().flatten().collect();
    let mut out = BTreeSet::new();
    while let Some(entry) = pending.pop() {
        pending.extend(entry["contains"].as_array().into_iter().flatten());
        if let (Some(system), Some(code)) = (entry["system"].as_str(), entry["code"].as_str()) {
            out.insert((system.to_owned(), code.to_owned()));
        }
    }
    out
}

#[test]
fn bound_value_sets_of_r4_and_us_core() {
    let names = ["hl7.fhir.us.core-6.1.0", "hl7.terminology.r4-7.3.0", "hl7.fhir.r4.core-4.0.1"];
    let Some(packages) = names.iter().map(|n| package(n)).collect::<Option<Vec<_>>>() else { return };
    let library = Library { packages };
    let mut expander = Expander::new(&library);
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let started = std::time::Instant::now();
    for (url, strength) in bound(&library.packages[2]).into_iter().chain(bound(&library.packages[0])) {
        let expansion = expander.expand_canonical(&Canonical::parse(&url));
        *counts.entry((strength, state(&expansion))).or_default() += 1;
        if strength == "required" && !expansion.is_certain() {
            println!("required but not certain: {url}: {:?} {:?}", expansion.open, expansion.incomplete);
        }
    }
    println!("{counts:?} in {:?}", started.elapsed());
    assert!(counts[&("required", "complete")] > 200);
}

#[test]
fn published_expansions_of_r4() {
    let Some(core) = package("hl7.fhir.r4.core-4.0.1") else { return };
    let Some(expansions) = package("hl7.fhir.r4.expansions-4.0.1") else { return };
    let library = Library { packages: vec![core] };
    let mut expander = Expander::new(&library);
    let (mut same, mut differ) = (0, Vec::new());
    let mut seen = BTreeSet::new();
    for theirs in expansions.iter().filter(|r| r["resourceType"] == "ValueSet") {
        let url = theirs["url"].as_str().unwrap_or_default();
        if !seen.insert(url) {
            continue;
        }
        let Some(definition) = library.value_set(&Canonical::parse(url)) else { continue };
        let ours = expander.expand(&definition);
        let wanted = published(&theirs["expansion"]);
        let named: BTreeSet<(String, String)> = ours.codes.iter().map(|c| (c.system.clone(), c.code.clone())).collect();
        let missing: Vec<_> = wanted.iter().filter(|(s, c)| ours.membership(s, c) == Membership::Out).collect();
        let surplus: Vec<_> = named.iter().filter(|p| !wanted.contains(*p)).collect();
        if missing.is_empty() && (surplus.is_empty() || wanted.is_empty()) {
            same += 1;
        } else {
            differ.push(format!(
                "{url}: {} theirs, {} ours; missing {:?}; surplus {:?}",
                wanted.len(),
                named.len(),
                &missing[..missing.len().min(4)],
                &surplus[..surplus.len().min(4)]
            ));
        }
    }
    println!("{same} the same, {} differ", differ.len());
    differ.iter().for_each(|d| println!("{d}"));
    assert!(same > 400);
}

#[test]
fn value_sets_of_every_core() {
    for name in
        ["hl7.fhir.r2.core-1.0.2", "hl7.fhir.r3.core-3.0.2", "hl7.fhir.r4b.core-4.3.0", "hl7.fhir.r5.core-5.0.0"]
    {
        let Some(core) = package(name) else { continue };
        let library = Library { packages: vec![core] };
        let mut expander = Expander::new(&library);
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for value_set in library.packages[0].iter().filter(|r| r["resourceType"] == "ValueSet") {
            let expansion = expander.expand(value_set);
            *counts.entry(state(&expansion)).or_default() += 1;
            assert_eq!(expansion, Expander::new(&library).expand(value_set), "the same whatever came before");
        }
        println!("{name}: {counts:?}");
        assert!(counts["complete"] > 300, "{name}");
    }
}
