//! Profiles whose definitions are compared: validity and coverage, versions, directions.

use super::found::{Found, profiles};
use fhir_accord::capability::agreement::{Agreement, ProfileStatus};
use fhir_accord::capability::relation::{Coverage, Relation, Validity};
use fhir_accord::capability::{NegotiateRequest, Side, negotiate};
use serde_json::{Value, json};

use crate::support::{client, definitions_of, package, server, to_json, validator};
use crate::told::{Told, open, refuted, valid};

const CORE: &str = "http://hl7.org/fhir/StructureDefinition/Patient";

/// Profiles of Patient at `http://x/NAME`, each as `NAME#VERSION`, or `NAME#` for one without a version.
fn heads(profiles: &[&str]) -> Told {
    let made = profiles.iter().map(|p| {
        let (name, version) = p.split_once('#').unwrap();
        let mut one = json!({"resourceType": "StructureDefinition", "url": format!("http://x/{name}"),
            "fhirVersion": "4.0.1", "kind": "resource", "type": "Patient", "derivation": "constraint",
            "baseDefinition": CORE});
        if !version.is_empty() {
            one["version"] = version.into();
        }
        package(&format!("x.{name}#{version}"), &[one])
    });
    Told::new(definitions_of(made.collect()))
}

fn negotiated(required: &str, entry: Value, definitions: &Told) -> Agreement {
    let wants =
        client(json!([{"type": "Patient", "supportedProfile": [required], "interaction": [{"code": "create"}]}]));
    let mut has = json!({"type": "Patient", "interaction": [{"code": "create"}]});
    for (name, value) in entry.as_object().unwrap() {
        has[name] = value.clone();
    }
    let sides = (Side::Statement(wants), Side::Statement(server(json!([has]))));
    let agreement = negotiate(&NegotiateRequest::new(sides.0, sides.1), definitions).unwrap();
    assert!(validator("negotiate-result").is_valid(&to_json(&agreement)));
    agreement
}

/// What is found for a required profile beside declared ones: reading and writing.
fn found(required: &str, declared: &[&str], definitions: &Told) -> [Found; 2] {
    let a = negotiated(required, json!({ "supportedProfile": declared }), definitions);
    profiles(&a.resources[0]).try_into().unwrap()
}

#[test]
fn a_proof_needs_validity_and_the_whole_use() {
    let all = heads(&["a#1", "b#1"]).with("http://x/b|1", "http://x/a|1", valid(Coverage::All));
    let [read, write] = found("http://x/a|1", &["http://x/b|1"], &all);
    assert_eq!((read.status, read.evidence[0].rule.id()), (ProfileStatus::Proven, "structure"));
    assert_eq!((read.evidence[0].validity, read.evidence[0].coverage), (Some(Validity::Proven), Some(Coverage::All)));
    assert_eq!(read.satisfied_by.as_deref(), Some("http://x/b|1"));
    assert_eq!((write.status, write.why[0]), (ProfileStatus::Unknown, "undeclared"));

    let part = heads(&["a#1", "b#1"]).with("http://x/b|1", "http://x/a|1", valid(Coverage::Part));
    let [read, _] = found("http://x/a|1", &["http://x/b|1"], &part);
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Partial, vec!["partial-use"]));
    assert_eq!(read.conditions, ["code is a"]);

    let unknown = heads(&["a#1", "b#1"]).with("http://x/b|1", "http://x/a|1", valid(Coverage::Unknown));
    let [read, _] = found("http://x/a|1", &["http://x/b|1"], &unknown);
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Unknown, vec!["undeclared", "use-unknown"]));
}

#[test]
fn validity_alone_decides_about_writing() {
    let told = heads(&["a#1", "b#1"]).with("http://x/a|1", "http://x/b|1", valid(Coverage::Part));
    let [read, write] = found("http://x/a|1", &["http://x/b|1"], &told);
    assert_eq!((read.status, write.status), (ProfileStatus::Unknown, ProfileStatus::Proven));
    assert_eq!((write.evidence[0].validity, write.evidence[0].coverage), (Some(Validity::Proven), None));
    let told = heads(&["a#1", "b#1"]).with("http://x/a|1", "http://x/b|1", refuted(Coverage::All));
    let [_, write] = found("http://x/a|1", &["http://x/b|1"], &told);
    assert_eq!((write.status, write.witness.is_some()), (ProfileStatus::Refuted, true));
}

#[test]
fn a_refuted_candidate_refutes_only_itself() {
    let told = |b: Relation, c: Relation| {
        heads(&["a#1", "b#1", "c#1"]).with("http://x/b|1", "http://x/a|1", b).with("http://x/c|1", "http://x/a|1", c)
    };
    let both = ["http://x/b|1", "http://x/c|1"];
    let [read, _] = found("http://x/a|1", &both, &told(refuted(Coverage::All), refuted(Coverage::Part)));
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Refuted, vec!["counterexample"]));
    assert_eq!(read.satisfied_by.as_deref(), Some("http://x/b|1"), "the one that serves most");
    assert_eq!(read.witness, Some(json!({"resourceType": "Patient"})));
    assert_eq!(read.bridge, ["Patient.identifier: at least 1"]);

    let [read, _] = found("http://x/a|1", &both, &told(refuted(Coverage::All), open(2)));
    assert_eq!((read.status, read.satisfied_by.as_deref()), (ProfileStatus::Unknown, Some("http://x/c|1")));
    assert_eq!((read.why.clone(), read.witness.clone()), (vec!["undeclared", "open-demands"], None));
    assert_eq!((read.evidence[0].open.len(), read.evidence[0].open_count, read.bridge_count), (1, 2, 2));

    let [read, _] = found("http://x/a|1", &both, &told(refuted(Coverage::All), Relation::default()));
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Unknown, vec!["undeclared"]));
    // What serves another use speaks neither for nor against it.
    let [read, _] = found("http://x/a|1", &both, &told(refuted(Coverage::None), refuted(Coverage::None)));
    assert_eq!((read.status, read.satisfied_by.clone()), (ProfileStatus::Unknown, None));
}

#[test]
fn what_holds_for_all_instances_refutes_the_finding() {
    let told = heads(&["a#1", "b#1", "c#1"]).with("http://x/b|1", "http://x/a|1", refuted(Coverage::All)).with(
        "http://x/c|1",
        "http://x/a|1",
        open(1),
    );
    let entry = json!({"profile": "http://x/b|1", "supportedProfile": ["http://x/c|1"]});
    let a = negotiated("http://x/a|1", entry, &told);
    let read = &profiles(&a.resources[0])[0];
    assert_eq!((read.status, read.satisfied_by.as_deref()), (ProfileStatus::Refuted, Some("http://x/b|1")));
}

#[test]
fn what_was_not_searched_is_not_refuted() {
    let names: Vec<String> = (0..257).map(|i| format!("http://x/c{i}|1")).collect();
    let told = names.iter().fold(heads(&["a#1"]), |told, name| told.with(name, "http://x/a|1", refuted(Coverage::All)));
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let [read, _] = found("http://x/a|1", &all[..256], &told);
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Refuted, vec!["counterexample"]));
    let [read, _] = found("http://x/a|1", &all, &told);
    assert_eq!((read.status, read.satisfied_by.as_deref()), (ProfileStatus::Unknown, Some("http://x/c256|1")));
    assert_eq!(read.why, ["undeclared", "open-demands", "pairs-limit"]);
}

#[test]
fn of_partial_candidates_the_widest_is_named() {
    let told = heads(&["a#1", "b#1", "c#1", "d#1"])
        .with("http://x/b|1", "http://x/a|1", valid(Coverage::Part))
        .with("http://x/c|1", "http://x/a|1", valid(Coverage::Part))
        .with("http://x/b|1", "http://x/c|1", valid(Coverage::Part));
    for declared in [["http://x/b|1", "http://x/c|1"], ["http://x/c|1", "http://x/b|1"]] {
        let [read, _] = found("http://x/a|1", &declared, &told);
        assert_eq!((read.status, read.satisfied_by.as_deref()), (ProfileStatus::Partial, Some("http://x/c|1")));
    }
}

#[test]
fn a_url_without_a_version_is_as_good_as_its_weakest_version() {
    let told = |second: Relation| {
        heads(&["a#1", "b#1", "b#2"]).with("http://x/b|1", "http://x/a|1", valid(Coverage::All)).with(
            "http://x/b|2",
            "http://x/a|1",
            second,
        )
    };
    let of = |second: Relation, declared: &str| {
        let [read, _] = found("http://x/a|1", &[declared], &told(second));
        (read.status, *read.why.last().unwrap_or(&""))
    };
    assert_eq!(of(valid(Coverage::All), "http://x/b"), (ProfileStatus::Claimed, "any-version"));
    assert_eq!(of(valid(Coverage::Part), "http://x/b"), (ProfileStatus::Partial, "partial-use"));
    assert_eq!(of(open(1), "http://x/b"), (ProfileStatus::Unknown, "open-demands"));
    assert_eq!(of(refuted(Coverage::All), "http://x/b"), (ProfileStatus::Unknown, "versions-differ"));
    assert_eq!(of(refuted(Coverage::All), "http://x/b|1"), (ProfileStatus::Proven, ""));
    assert_eq!(of(refuted(Coverage::All), "http://x/b|2"), (ProfileStatus::Refuted, "counterexample"));
}

#[test]
fn what_holds_under_a_condition_and_what_is_refuted_agree_that_not_all_is_valid() {
    let conditional = || Relation { validity: Validity::Partial, ..refuted(Coverage::All) };
    for (first, second) in [(conditional(), refuted(Coverage::All)), (refuted(Coverage::All), conditional())] {
        let told = heads(&["a#1", "b#1", "b#2"]).with("http://x/b|1", "http://x/a|1", first).with(
            "http://x/b|2",
            "http://x/a|1",
            second,
        );
        let [read, _] = found("http://x/a|1", &["http://x/b"], &told);
        assert_eq!((read.status, read.why.clone()), (ProfileStatus::Refuted, vec!["counterexample"]));
    }
    let told = heads(&["a#1", "b#1", "b#2"]).with("http://x/b|1", "http://x/a|1", valid(Coverage::Part)).with(
        "http://x/b|2",
        "http://x/a|1",
        refuted(Coverage::All),
    );
    let [read, _] = found("http://x/a|1", &["http://x/b"], &told);
    assert_eq!(
        (read.status, read.why.clone()),
        (ProfileStatus::Unknown, vec!["undeclared", "versions-differ", "partial-use"])
    );
}

#[test]
fn definitions_without_a_version_are_compared_too() {
    let told = |second: Relation| {
        heads(&["a#", "b#", "b#2"]).with("http://x/b", "http://x/a", valid(Coverage::All)).with(
            "http://x/b|2",
            "http://x/a",
            second,
        )
    };
    let [read, _] = found("http://x/a", &["http://x/b"], &told(valid(Coverage::All)));
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Claimed, vec!["any-version"]));
    let [read, _] = found("http://x/a", &["http://x/b"], &told(refuted(Coverage::All)));
    assert_eq!((read.status, read.why[0]), (ProfileStatus::Unknown, "undeclared"));
}

#[test]
fn the_same_url_in_another_version_is_compared() {
    let told = heads(&["a#1", "a#2"]).with("http://x/a|2", "http://x/a|1", valid(Coverage::All));
    let [read, write] = found("http://x/a|1", &["http://x/a|2"], &told);
    assert_eq!((read.status, read.evidence[0].rule.id()), (ProfileStatus::Proven, "structure"));
    assert_eq!((write.status, write.evidence[0].rule.id()), (ProfileStatus::Unknown, "other-version"));
    // Without a version, both may be meant.
    let [read, _] = found("http://x/a|1", &["http://x/a"], &told);
    assert_eq!((read.status, read.why.clone()), (ProfileStatus::Claimed, vec!["any-version"]));
    let [read, _] = found("http://x/a|2", &["http://x/a"], &told);
    assert_eq!((read.status, read.why[0]), (ProfileStatus::Unknown, "version-unknown"));
}
