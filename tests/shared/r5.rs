//! What only instances of R5 have.

use std::path::PathBuf;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::evaluate::{Policies, References};
use serde_json::{Value, json};

use crate::harness::{Test, shared, tests};
use crate::judged::both;

pub const TESTS: &[Test] = tests! {
    "packages/hl7.fhir.r5.core-5.0.0.tgz" =>
        parts_of_a_report_are_found_by_link_id, a_codeable_reference_is_bound_and_leads,
        entries_are_sliced_by_position, a_constraint_names_its_profile;
};

/// The engine over R5, and what a folder has beside it.
fn open(beside: &[String]) -> App {
    let core = shared().join("packages/hl7.fhir.r5.core-5.0.0.tgz").display().to_string();
    let settings = Settings {
        fhir_version: Some(FhirVersion::R5),
        packages: std::iter::once(core).chain(beside.iter().cloned()).collect(),
        images: Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("r5")),
        ..Settings::default()
    };
    App::open(&settings).unwrap()
}

/// A report with these groups on a contained measure with those: the places at which a part has no pair.
fn unpaired(app: &App, measured: &Value, reported: &Value) -> Vec<String> {
    let report = json!({"resourceType": "MeasureReport", "status": "complete", "type": "summary",
        "period": {"start": "2020"}, "measure": "#m", "group": reported,
        "contained": [{"resourceType": "Measure", "id": "m", "status": "active", "group": measured}]});
    let report = app.validate(report.to_string().as_bytes(), &Request::default()).unwrap();
    let parts = report.issues.iter().filter(|i| i.rule.as_str().starts_with("measure-part"));
    parts.map(|i| format!("{} {}", i.rule.as_str(), i.expression)).collect()
}

fn parts_of_a_report_are_found_by_link_id() {
    let app = open(&[]);
    let two = json!([{"linkId": "a", "population": [{"linkId": "p"}, {"linkId": "q"}]},
        {"linkId": "b", "code": {"text": "B"}, "stratifier": [{"linkId": "s"}, {"linkId": "t"}]}]);
    let turned = json!([{"linkId": "b", "stratifier": [{"linkId": "t"}, {"linkId": "s"}]},
        {"linkId": "a", "population": [{"linkId": "q", "count": 1}, {"linkId": "p", "count": 2}]}]);
    assert_eq!(unpaired(&app, &two, &turned), [""; 0]);
    let populations = json!([{"linkId": "p"}, {"linkId": "q"}]);
    let coded = json!([{"linkId": "a", "population": populations},
        {"code": {"text": "B"}, "stratifier": [{"linkId": "s"}, {"linkId": "t"}]}]);
    assert_eq!(unpaired(&app, &two, &coded), [""; 0]);
    let other = json!([{"linkId": "a", "population": [{"linkId": "s"}, {"linkId": "q"}]}, {"linkId": "c"}]);
    assert_eq!(
        unpaired(&app, &two, &other),
        [
            "measure-part-missing MeasureReport",
            "measure-part-missing MeasureReport.group[0]",
            "measure-part MeasureReport.group[0].population[0]",
            "measure-part MeasureReport.group[1]"
        ]
    );
}

/// The engine over R5 and these definitions.
fn beside(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    open(&[folder.path().display().to_string()])
}

/// A profile with these elements.
fn profile(of: &str, elements: &Value) -> Value {
    json!({"resourceType": "StructureDefinition", "url": "http://x.test/StructureDefinition/own", "name": "Own",
        "status": "active", "fhirVersion": "5.0.0", "kind": "resource", "abstract": false, "type": of,
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"), "derivation": "constraint",
        "differential": {"element": elements}})
}

/// The errors of a Patient with these members by the profile, and what is open, in JSON and in XML.
fn of_patient(app: &App, members: &Value) -> [Vec<String>; 2] {
    let mut patient = json!({"resourceType": "Patient",
        "meta": {"profile": ["http://x.test/StructureDefinition/own"]}});
    patient.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    both(app, &patient, &Policies::default()).map(|report| {
        let told = report.issues.iter().filter(|i| i.severity.is_error() || i.open);
        told.map(|i| format!("{} {}", i.constraint.as_deref().unwrap_or(i.rule.as_str()), i.expression)).collect()
    })
}

/// A CodeSystem with two codes, a ValueSet of one of them, and a profile of Procedure whose `reason` is bound to it
/// and leads to a Condition.
fn definitions() -> [Value; 3] {
    let reason = json!({"id": "Procedure.reason", "path": "Procedure.reason",
        "type": [{"code": "CodeableReference",
            "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Condition"]}],
        "binding": {"strength": "required", "valueSet": "http://x.test/ValueSet/one"}});
    [
        json!({"resourceType": "CodeSystem", "url": "http://x.test/codes", "status": "active", "content": "complete",
            "concept": [{"code": "x"}, {"code": "y"}]}),
        json!({"resourceType": "ValueSet", "url": "http://x.test/ValueSet/one", "status": "active",
            "compose": {"include": [{"system": "http://x.test/codes", "concept": [{"code": "x"}]}]}}),
        profile("Procedure", &json!([{"id": "Procedure", "path": "Procedure"}, reason])),
    ]
}

fn a_codeable_reference_is_bound_and_leads() {
    let app = beside(&definitions());
    let coded = |code: &str| json!({"coding": [{"system": "http://x.test/codes", "code": code}]});
    let told = |profiles: Value, reasons: Value| -> [Vec<String>; 2] {
        let procedure = json!({"resourceType": "Procedure", "meta": {"profile": profiles}, "status": "completed",
            "subject": {"reference": "Patient/p"}, "reason": reasons});
        both(&app, &procedure, &Policies { references: References::Type, ..Policies::default() }).map(|report| {
            let errors = report.issues.iter().filter(|i| i.severity.is_error());
            errors.map(|i| format!("{} {}", i.rule.as_str(), i.expression)).collect()
        })
    };
    let reasoned = json!(["http://x.test/StructureDefinition/own"]);
    let right = json!([{"concept": coded("x")}, {"reference": {"reference": "Condition/c"}},
        {"concept": coded("x"), "reference": {"reference": "http://x.test/fhir/Condition/c"}}]);
    assert_eq!(told(reasoned.clone(), right), [const { Vec::<String>::new() }; 2]);
    let wrong = json!([{"concept": coded("y")}, {"reference": {"reference": "Observation/o"}}]);
    let faults = ["binding-required Procedure.reason[0].concept", "reference-target Procedure.reason[1].reference"];
    assert_eq!(told(reasoned, wrong.clone()), [faults; 2]);
    // The base binds to an example, and allows Observations.
    let base = json!(["http://hl7.org/fhir/StructureDefinition/Procedure"]);
    assert_eq!(told(base.clone(), wrong), [const { Vec::<String>::new() }; 2]);
    let patient = json!([{"reference": {"reference": "Patient/p"}}]);
    assert_eq!(told(base, patient), [["reference-target Procedure.reason[0].reference"]; 2]);
}

fn entries_are_sliced_by_position() {
    let app = beside(&[profile(
        "Patient",
        &json!([{"id": "Patient.name", "path": "Patient.name", "min": 1,
                "slicing": {"discriminator": [{"type": "position", "path": "$this"}], "rules": "closed"}},
            {"id": "Patient.name:first", "path": "Patient.name", "sliceName": "first", "min": 1, "max": "1"},
            {"id": "Patient.name:first.use", "path": "Patient.name.use", "min": 1, "fixedCode": "official"},
            {"id": "Patient.name:rest", "path": "Patient.name", "sliceName": "rest", "min": 0, "max": "1"}]),
    )]);
    let named = |uses: &[&str]| {
        let names: Vec<Value> = uses.iter().map(|u| json!({"use": u, "text": "a"})).collect();
        of_patient(&app, &json!({"name": names}))
    };
    assert_eq!(named(&["official"]), [[""; 0]; 2]);
    assert_eq!(named(&["official", "usual"]), [[""; 0]; 2]);
    assert_eq!(named(&["usual", "official"]), [["fixed Patient.name[0].use"]; 2]);
    assert_eq!(named(&["official", "usual", "old"]), [["slice-closed Patient.name[2]"]; 2]);
}

fn a_constraint_names_its_profile() {
    let app = beside(&[profile(
        "Patient",
        &json!([{"id": "Patient.telecom", "path": "Patient.telecom",
                "slicing": {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"},
                "constraint": [{"key": "own-1", "severity": "error", "human": "a phone has a use",
                    "expression": "slice(%profile, 'phone').all(use.exists())"}]},
            {"id": "Patient.telecom:phone", "path": "Patient.telecom", "sliceName": "phone"},
            {"id": "Patient.telecom:phone.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "phone"}]),
    )]);
    let telecom = json!([{"system": "phone", "value": "1", "use": "home"}, {"system": "email", "value": "a@x.test"}]);
    assert_eq!(of_patient(&app, &json!({"telecom": telecom})), [[""; 0]; 2]);
    let telecom = json!([{"system": "email", "value": "a@x.test"}, {"system": "phone", "value": "1"}]);
    assert_eq!(of_patient(&app, &json!({"telecom": telecom})), [["own-1 Patient.telecom[1]"]; 2]);
}
