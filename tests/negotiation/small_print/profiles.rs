//! Profiles: their direction, their derivation, their versions.

use super::super::found::profiles;
use fhir_accord::capability::PackageDefinitions;
use fhir_accord::capability::agreement::{Direction, ProfileStatus, Verdict};
use serde_json::{Value, json};

use crate::support::{client, definitions_of, expects, nothing, package, server, simple};

#[test]
fn profiles_of_an_absent_type_weigh_nothing() {
    let a = simple(
        client(json!([{"type": "Patient", "extension": expects("MAY"), "supportedProfile": ["http://x.example/p"]}])),
        server(json!([])),
        &nothing(),
    );
    let profile = &profiles(&a.resources[0])[0];
    assert_eq!(
        (profile.status, profile.why.clone(), a.resources[0].rows[0].weighs),
        (ProfileStatus::Unknown, vec!["type-absent"], None)
    );
    assert_eq!((a.counts.may.failed, a.counts.may.unknown, a.verdict), (1, 0, Verdict::Compatible));
}

#[test]
fn directions_of_profiles() {
    let wants = |code: &str, expectation: &str| {
        client(json!([{"type": "Patient", "supportedProfile": ["http://x.example/p"], "interaction": [{"code": code,
                "extension": expects(expectation)}]}]))
    };
    let directions = |statement: Value| {
        let a = simple(statement, server(json!([{"type": "Patient"}])), &nothing());
        profiles(&a.resources[0]).iter().map(|p| p.direction).collect::<Vec<_>>()
    };
    assert_eq!(directions(wants("patch", "SHOULD")), [Direction::Read, Direction::Write]);
    assert_eq!(directions(wants("create", "MAY")), [Direction::Read]);
    assert_eq!(directions(wants("read", "SHALL")), [Direction::Read]);
}

fn profile(url: &str, version: &str, base: &str) -> Value {
    json!({"resourceType": "StructureDefinition", "url": url, "version": version, "fhirVersion": "4.0.1",
        "kind": "resource", "type": "Patient", "derivation": "constraint", "baseDefinition": base})
}

/// The status of `required` where the server declares `declared`, reading or writing.
fn evidence_for(
    required: &str,
    declared: &str,
    definitions: &PackageDefinitions,
) -> (ProfileStatus, &'static str, ProfileStatus) {
    let wants =
        client(json!([{"type": "Patient", "supportedProfile": [required], "interaction": [{"code": "create"}]}]));
    let a = simple(
        wants,
        server(json!([{"type": "Patient", "interaction": [{"code": "create"}], "supportedProfile": [declared]}])),
        definitions,
    );
    let [read, write] = &profiles(&a.resources[0])[..] else { panic!() };
    (read.status, read.evidence.first().map_or_else(|| read.why[0], |e| e.rule.id()), write.status)
}

#[test]
fn derivation_has_a_direction() {
    let core = "http://hl7.org/fhir/StructureDefinition/Patient";
    let defs = definitions_of(vec![
        package("x.ca.base#1", &[profile("http://x/base", "1", core)]),
        package("x.ca.leaf#1", &[profile("http://x/leaf", "1", "http://x/base|1")]),
    ]);
    assert_eq!(
        evidence_for("http://x/base", "http://x/leaf", &defs),
        (ProfileStatus::Proven, "derivation", ProfileStatus::Unknown)
    );
    assert_eq!(
        evidence_for("http://x/base|1", "http://x/leaf", &defs),
        (ProfileStatus::Proven, "derivation", ProfileStatus::Unknown)
    );
    assert_eq!(
        evidence_for("http://x/base|2", "http://x/leaf", &defs),
        (ProfileStatus::Unknown, "derived-from-other-version", ProfileStatus::Unknown)
    );
    assert_eq!(
        evidence_for("http://x/leaf", "http://x/base", &defs),
        (ProfileStatus::Unknown, "server-wider", ProfileStatus::Proven)
    );
    assert_eq!(
        evidence_for("http://x/leaf", "http://x/leaf", &defs),
        (ProfileStatus::Claimed, "same-url", ProfileStatus::Claimed)
    );
    assert_eq!(
        evidence_for("http://x/leaf|1", "http://x/leaf", &defs),
        (ProfileStatus::Claimed, "loaded-versions", ProfileStatus::Claimed)
    );
    assert_eq!(
        evidence_for("http://x/leaf|1", "http://x/leaf/_history/1", &defs),
        (ProfileStatus::Proven, "same-version", ProfileStatus::Proven)
    );
    assert_eq!(
        evidence_for("http://x/leaf", core, &defs),
        (ProfileStatus::Unknown, "undeclared", ProfileStatus::Unknown)
    );
    assert_eq!(evidence_for("http://x/LEAF", "http://x/leaf", &defs).1, "undeclared");
}

#[test]
fn derivation_in_some_of_the_loaded_versions_proves_nothing() {
    let core = "http://hl7.org/fhir/StructureDefinition/Patient";
    let defs = definitions_of(vec![
        package("x.ca.leaf#1", &[profile("http://x/leaf", "1", core)]),
        package("x.ca.leaf#2", &[profile("http://x/leaf", "2", "http://x/base")]),
    ]);
    assert_eq!(evidence_for("http://x/base", "http://x/leaf", &defs).1, "versions-differ");
    assert_eq!(evidence_for("http://x/base", "http://x/leaf|2", &defs).1, "derivation");
    assert_eq!(evidence_for("http://x/base", "http://x/leaf|1", &defs).1, "undeclared");
}
