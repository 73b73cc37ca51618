//! Instances that validators often judge wrongly, each valid one beside invalid ones.

mod constraints;
mod slices;
mod values;
mod wholes;

use fhir_accord::app::App;
use fhir_accord::profiles::issue::Verdict;
use serde_json::{Value, json};

use crate::support::verdict;

/// The verdicts on instances under one profile.
fn verdicts(app: &App, name: &str, instances: &[Value]) -> Vec<Verdict> {
    instances.iter().map(|i| verdict(app, i, &[name])).collect()
}

fn patient(members: Value) -> Value {
    let mut patient = json!({"resourceType": "Patient"});
    patient.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    patient
}
