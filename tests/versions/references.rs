//! Constraints of STU3 about what a reference leads to: a literal one tells the type, at hand or not.

use fhir_accord::profiles::evaluate::Policies;
use serde_json::{Value, json};

use crate::judged::both;
use crate::open;

/// Resources by the constraint about what `to` leads to.
fn about(to: &str) -> [(&'static str, Value); 4] {
    let party = json!({"agent": {"reference": to}, "onBehalfOf": {"reference": "Organization/o"}});
    let patient = json!({"reference": "Patient/p"});
    [
        (
            "mps-1",
            json!({"resourceType": "MedicationRequest", "intent": "order", "subject": patient, "requester": party,
                "medicationCodeableConcept": {"text": "m"}}),
        ),
        (
            "rfr-1",
            json!({"resourceType": "ReferralRequest", "status": "active", "intent": "order", "subject": patient,
                "requester": party}),
        ),
        ("cmr-1", json!({"resourceType": "CommunicationRequest", "status": "active", "requester": party})),
        (
            "ctm-1",
            json!({"resourceType": "CareTeam", "participant": [
                {"member": {"reference": to}, "onBehalfOf": {"reference": "Organization/o"}}]}),
        ),
    ]
}

/// Whether the constraint is broken (`Some(true)`), open (`Some(false)`) or holds, in JSON and in XML.
fn told(key: &str, resource: &Value) -> [Option<bool>; 2] {
    let app = open(&["hl7.fhir.r3.core#3.0.2".to_owned()]);
    both(&app, resource, &Policies::default()).map(|report| {
        let issue = report.issues.iter().find(|i| i.constraint.as_deref() == Some(key));
        issue.map(|i| !i.open)
    })
}

#[test]
fn a_literal_reference_tells_its_type() {
    for to in ["Practitioner/x", "http://x.org/fhir/Practitioner/x/_history/2"] {
        for (key, resource) in about(to) {
            assert_eq!(told(key, &resource), [None; 2], "{key} {to}");
        }
    }
    for (key, resource) in about("Patient/x") {
        // mps-1 admits what does not resolve, and whether this does is open.
        assert_eq!(told(key, &resource), [Some(key != "mps-1"); 2], "{key}");
    }
    for (key, resource) in about("http://x.org/Practitioner") {
        assert_eq!(told(key, &resource), [Some(false); 2], "{key}: no type and id");
    }
}
