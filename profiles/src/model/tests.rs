#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
use std::io::Read;

use super::*;
use crate::definition::FhirVersion;
use crate::release::{release, resource_types, versions_with};
use serde_json::{Value, json};

/// The StructureDefinitions of an embedded core package.
pub(crate) fn core(version: FhirVersion) -> Vec<Value> {
    let name = format!("{}-{}.tgz", version.core_package(), version.number());
    let file = std::fs::File::open(format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut out = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path().unwrap().file_name().is_some_and(|n| n.to_string_lossy().starts_with("StructureDefinition-")) {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let mut definition = serde_json::from_str(&text).unwrap();
            release(version).normalise(&mut definition);
            out.push(definition);
        }
    }
    out
}

#[test]
fn resource_types_are_those_of_the_core_packages() {
    for version in [FhirVersion::R4, FhirVersion::Dstu2] {
        let listed: Vec<&str> = resource_types(version).collect();
        assert_eq!(listed, build(&core(version)).resource_types(), "{}", version.name());
    }
}

#[test]
fn elements_by_version_are_those_of_the_core_packages() {
    for version in [FhirVersion::Dstu2, FhirVersion::Stu3, FhirVersion::R4] {
        let model = build(&core(version));
        let top = |resource_type: &str| -> Vec<String> {
            let type_id = model.find(resource_type).unwrap();
            let name = |child: &ChildRow| {
                let base = model.names().text(child.choice_base);
                if child.is_choice() { format!("{base}[x]") } else { model.names().text(child.name).to_owned() }
            };
            model.children(type_id).iter().map(name).collect()
        };
        let mut listed = std::collections::HashSet::new();
        for line in include_str!("../../facts/elements.tsv").lines() {
            let [resource_type, versions, names] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let Some(_) = model.find(resource_type).filter(|_| versions.split(' ').any(|v| v == version.name())) else {
                continue;
            };
            let here = top(resource_type);
            for name in names.split(' ') {
                assert!(here.iter().any(|h| h == name), "{resource_type}.{name} in {}", version.name());
                listed.insert(format!("{resource_type}.{name}"));
            }
        }
        for resource_type in model.resource_types() {
            for name in top(resource_type) {
                let versions = versions_with(resource_type, &name);
                assert!(versions.is_none_or(|v| v.contains(&version)), "{resource_type}.{name}");
                assert!(versions.is_none() || listed.contains(&format!("{resource_type}.{name}")));
            }
        }
    }
}

#[test]
fn builds_children_and_choices() {
    let el = |path: &str, max: &str, types: &[&str]| {
        let types: Vec<Value> = types.iter().map(|t| json!({"code": t})).collect();
        json!({"path": path, "min": 0, "max": max, "type": types})
    };
    let sds = [
        json!({"kind": "complex-type", "abstract": true, "snapshot": {"element": [{"path": "Element"}]}}),
        json!({"kind": "primitive-type", "baseDefinition": "http://x/Element",
            "snapshot": {"element": [{"path": "string"}, el("string.value", "1", &["x"])]}}),
        json!({"kind": "complex-type", "baseDefinition": "http://x/Element", "derivation": "specialization",
            "snapshot": {"element": [{"path": "Thing"}, el("Thing.value[x]", "1", &["string", "Thing"]),
                el("Thing.part", "*", &["Element"]), el("Thing.part.name", "1", &["string"]),
                {"path": "Thing.part.part", "max": "*", "contentReference": "#Thing.part"}]}}),
    ];
    let m = build(&sds);
    let thing = m.find("Thing").unwrap();
    let id = |n: &str| m.names().find(n.as_bytes()).unwrap();
    let value = m.child(thing, id("valueString")).unwrap();
    assert_eq!(
        (m.type_name(value.type_id), m.names().text(value.choice_base), value.is_choice()),
        ("string", "value", true)
    );
    let part = m.child(thing, id("part")).unwrap();
    assert_eq!(m.type_name(part.type_id), "Thing.part");
    assert!(part.is_list());
    assert_eq!(m.child(part.type_id, id("part")).unwrap().type_id, part.type_id);
    assert_eq!(m.children(m.find("string").unwrap()).len(), 0);
    assert!(m.is_a(thing, m.find("Element").unwrap()));
    assert!(m.child(thing, id("name")).is_none());
}
