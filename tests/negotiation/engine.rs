//! Negotiation over compiled packages: relations, witnesses and bridges come from the engine.

use std::sync::Arc;

use super::found::profiles;
use fhir_accord::app::Known;
use fhir_accord::capability::agreement::ProfileStatus;
use fhir_accord::capability::relation::Validity;
use fhir_accord::capability::{Definitions, NegotiateError, NegotiateRequest, Side, negotiate};
use fhir_accord::profiles::definition::Canonical;
use fhir_accord::profiles::interrupt::{Interrupt, Signal};
use serde_json::{Value, json};

use crate::support::{client, server, to_json, validator};

const BASE: &str = "http://negotiation.test/StructureDefinition/";

/// A profile of Patient with these elements.
fn patient(name: &str, elements: &Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "id": name, "url": format!("{BASE}{name}"), "version": "1.0.0",
        "name": "P", "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
        "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "differential": {"element": elements}
    })
}

/// `tight` is stricter than `loose`.
fn known() -> (tempfile::TempDir, Known) {
    let folder = tempfile::tempdir().unwrap();
    let tight = json!([
        {"id": "Patient.identifier", "path": "Patient.identifier", "min": 1},
        {"id": "Patient.name", "path": "Patient.name", "min": 1, "max": "1"},
        {"id": "Patient.active", "path": "Patient.active", "min": 1, "fixedBoolean": true}
    ]);
    let loose = json!([{"id": "Patient.name", "path": "Patient.name", "min": 1, "max": "1"}]);
    for (name, elements) in [("tight", &tight), ("loose", &loose)] {
        let text = patient(name, elements).to_string();
        std::fs::write(folder.path().join(format!("{name}.json")), text).unwrap();
    }
    let known = Known::open(&[folder.path().display().to_string()], &[]).unwrap();
    (folder, known)
}

fn canonical(name: &str) -> Canonical {
    Canonical { url: format!("{BASE}{name}"), version: Some("1.0.0".to_owned()) }
}

#[test]
fn relations_have_witnesses_and_bridges() {
    let (_folder, known) = known();
    let session = known.session();
    let (tight, loose) = (canonical("tight"), canonical("loose"));
    assert_eq!(session.relation(&tight, &loose).validity, Validity::Proven);
    let broken = session.relation(&loose, &tight);
    assert_eq!((broken.validity, broken.witness.is_some()), (Validity::Refuted, true));
    assert_eq!(
        broken.bridge,
        ["Patient.identifier: at least 1", "Patient.active: at least 1", "Patient.active: exactly `true`"]
    );
    assert!(broken.open.contains(&"min of Patient.identifier".to_owned()), "{:?}", broken.open);
    let proof = session.proof(&loose, &tight);
    assert_eq!((proof.validity, proof.witness.is_none()), (Validity::Unknown, true));
    assert_eq!(proof.bridge, broken.bridge);
    // Nothing is known of what is not loaded.
    assert!(session.relation(&canonical("nowhere"), &tight).is_silent());
}

#[test]
fn the_directions_of_a_negotiation_are_compared() {
    let (_folder, known) = known();
    let statement = |name: &str| {
        let entry = json!([{"type": "Patient", "supportedProfile": [canonical(name).to_string()],
            "interaction": [{"code": "create"}]}]);
        (client(entry.clone()), server(entry))
    };
    let ((wants, _), (_, has)) = (statement("tight"), statement("loose"));
    let request = NegotiateRequest::new(Side::Statement(wants), Side::Statement(has));
    let first = to_json(&negotiate(&request, &known.session()).unwrap());
    assert!(validator("negotiate-result").is_valid(&first));
    let [read, write] = first["resources"][0]["profiles"].as_array().unwrap().as_slice() else { panic!("{first}") };
    assert_eq!((&read["status"], &write["status"]), (&json!("refuted"), &json!("proven")));
    assert_eq!(read["witness"]["resourceType"], "Patient");
    assert_eq!(read["bridge"][0], "Patient.identifier: at least 1");
    assert_eq!(to_json(&negotiate(&request, &known.session()).unwrap()), first, "kept answers are the same");
}

#[test]
fn versions_that_are_not_named_may_be_meant_too() {
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let known = Known::open(&["hl7.fhir.us.core#6.1.0".to_owned()], &[]).unwrap();
    let session = known.session();
    assert_eq!(session.profiles(url).len(), 1);
    assert!(session.versions(url).len() > 1);
    let entry = |profile: &str| json!([{"type": "Patient", "supportedProfile": [profile]}]);
    let sides = (client(entry(&format!("{url}|6.1.0"))), server(entry(url)));
    let request = NegotiateRequest::new(Side::Statement(sides.0), Side::Statement(sides.1));
    let found = &profiles(&negotiate(&request, &session).unwrap().resources[0])[0];
    assert_eq!((found.status, found.evidence[0].rule.id()), (ProfileStatus::Unknown, "version-unknown"));
}

/// Raised from the first look on.
struct Always;

impl Signal for Always {
    fn is_raised(&self) -> bool {
        true
    }
}

#[test]
fn what_is_broken_off_has_no_result_and_is_not_kept() {
    let (_folder, known) = known();
    let (tight, loose) = (canonical("tight"), canonical("loose"));
    let request = NegotiateRequest::new(
        Side::Statement(client(json!([{"type": "Patient"}]))),
        Side::Statement(server(json!([{"type": "Patient"}]))),
    );
    let session = known.session_under(&Interrupt::by(Arc::new(Always)));
    assert_eq!(session.relation(&tight, &loose).validity, Validity::Unknown);
    assert!(matches!(negotiate(&request, &session), Err(NegotiateError::BrokenOff)));
    let session = known.session();
    assert_eq!(session.relation(&tight, &loose).validity, Validity::Proven);
    assert!(negotiate(&request, &session).is_ok());
}
