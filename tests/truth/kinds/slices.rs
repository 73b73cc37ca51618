//! Slices and extensions.

use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::issue::Verdict;
use fhir_accord::profiles::issue::Verdict::{Invalid, Undetermined, Valid};
use serde_json::{Value, json};

use super::patient;
use crate::support::{BASE, open, profile, report, rules, verdict};

#[test]
fn slices_are_divided_at_every_depth() {
    let slice = |name: &str, min: u32, more: Value| {
        let mut element = json!({"id": format!("Observation.component:{name}"), "path": "Observation.component",
            "sliceName": name, "min": min});
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        element
    };
    let within = |name: &str, member: &str, more: Value| {
        let mut element = json!({"id": format!("Observation.component:{name}.{member}"),
            "path": format!("Observation.component.{member}")});
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        element
    };
    let by = |kind: &str, path: &str, rules: &str, ordered: bool| {
        json!({"slicing": {"discriminator": [{"type": kind,
        "path": path}], "rules": rules, "ordered": ordered}})
    };
    let elements = |rules: &str, ordered: bool| {
        json!([
            {"id": "Observation.component", "path": "Observation.component",
                "slicing": {"discriminator": [{"type": "pattern", "path": "code"}], "rules": "open"}},
            slice("a", 0, by("value", "value", rules, ordered)), within("a", "code",
                json!({"patternCodeableConcept": {"text": "a"}})),
            slice("a/x", 0, by("exists", "dataAbsentReason", "open", false)), within("a/x", "value[x]",
                json!({"fixedString": "x", "min": 1})),
            slice("a/x/plain", 1, json!({"max": "1"})), within("a/x/plain", "dataAbsentReason", json!({"max": "0"})),
                within("a/x/plain", "interpretation", json!({"min": 1})),
            slice("a/y", 0, json!({})), within("a/y", "value[x]", json!({"fixedString": "y", "min": 1})),
        ])
    };
    let app = open(&[
        profile("closed", "Observation", elements("closed", false)),
        profile("ordered", "Observation", elements("open", true)),
        profile("at-end", "Observation", elements("openAtEnd", false)),
    ]);
    let observed = |values: &[&str]| {
        let component = |v: &&str| match *v {
            "x+" => json!({"code": {"text": "a"}, "valueString": "x", "interpretation": [{"text": "i"}]}),
            "other" => json!({"code": {"text": "b"}, "valueString": "z"}),
            v => json!({"code": {"text": "a"}, "valueString": v}),
        };
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "a"},
            "component": values.iter().map(component).collect::<Vec<_>>()})
    };
    let of = |name: &str, values: &[&str]| verdict(&app, &observed(values), &[name]);
    assert_eq!(
        [
            of("closed", &["x+", "y", "other"]),
            of("closed", &["x+", "z"]),
            of("closed", &["x"]),
            of("closed", &["x+", "x+"])
        ],
        [Valid, Invalid, Invalid, Invalid]
    );
    assert_eq!(
        [of("ordered", &["x+", "y"]), of("ordered", &["x+", "other", "z", "y"]), of("ordered", &["y", "x+"])],
        [Valid, Valid, Invalid]
    );
    assert_eq!(
        [of("at-end", &["y", "x+", "z"]), of("at-end", &["z", "y"]), of("at-end", &["other", "y"])],
        [Valid, Invalid, Valid]
    );
}

#[test]
fn the_entry_that_comes_nearest_is_told_of() {
    let about = profile(
        "about",
        "Composition",
        json!([{"id": "Composition.section", "path": "Composition.section", "min": 1}, {"id": "Composition.custodian",
            "path": "Composition.custodian", "min": 1}]),
    );
    let entries = json!([
        {"id": "Bundle.entry", "path": "Bundle.entry", "slicing": {"discriminator": [{"type": "profile",
            "path": "resource"}], "rules": "open"}},
        {"id": "Bundle.entry:about", "path": "Bundle.entry", "sliceName": "about", "min": 1},
        {"id": "Bundle.entry:about.resource", "path": "Bundle.entry.resource", "min": 1,
            "type": [{"code": "Composition", "profile": [format!("{BASE}/about")]}]}
    ]);
    let app = open(&[about, profile("bundle", "Bundle", entries)]);
    let composition = |custodian: Value| {
        json!({"resourceType": "Composition", "id": "c", "status": "final",
        "type": {"text": "t"}, "date": "2020", "title": "t", "author": [{"display": "a"}], "custodian": custodian})
    };
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1a", "resource": {"resourceType": "Patient"}},
        {"fullUrl": "urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b", "resource": composition(json!({"display": "o"}))}
    ]});
    let report = report(&app, &bundle, &["bundle"], &Policies::default());
    assert_eq!(rules(&report), ["slice-min"]);
    let near: Vec<String> = report.issues[0]
        .evidence
        .iter()
        .filter(|e| e.about.contains("nearest"))
        .map(|e| format!("{}: {}", e.about, e.says))
        .collect();
    assert_eq!(
        near,
        ["the nearest entry, at Bundle.entry[1].resource: [element-min] `section` is missing: expected at least 1, \
                found 0"]
    );
}

#[test]
fn an_extension_keeps_to_its_own_rules_of_use() {
    let extension = |name: &str, rules: Value| {
        let mut sd = profile(
            name,
            "Extension",
            json!([{"id": "Extension.url", "path": "Extension.url", "fixedUri": format!("{BASE}/{name}")}]),
        );
        sd["context"] = json!([{"type": "element", "expression": "Element"}]);
        sd["contextInvariant"] = rules;
        sd
    };
    let app = open(&[
        extension("once", json!(["extension.count() = 1"])),
        extension("open", json!(["memberOf('http://truth.test/ValueSet/none')"])),
        extension("itself", json!(["%extension.value = 'a'", "true"])),
    ]);
    let with = |name: &str, value: &str, more: Value| {
        let mut all = vec![json!({"url": format!("{BASE}/{name}"), "valueString": value})];
        all.extend(more.as_array().unwrap().iter().cloned());
        patient(json!({"name": [{"text": "a", "extension": all}]}))
    };
    let another = json!([{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-use", "valueCode": "L"}]);
    let found = [
        with("once", "a", json!([])),
        with("once", "a", another),
        with("itself", "a", json!([])),
        with("itself", "b", json!([])),
        with("open", "a", json!([])),
    ];
    let verdicts: Vec<Verdict> = found.iter().map(|i| verdict(&app, i, &[])).collect();
    assert_eq!(verdicts, [Valid, Invalid, Valid, Invalid, Undetermined]);
}
