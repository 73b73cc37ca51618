//! `accord negotiate` with a CDS Hooks discovery document.

use crate::support::accord;

const SIDES: [&str; 5] = ["negotiate", "--client", "examples/cds-services.json", "--server", "examples/server.json"];

#[test]
fn each_prefetch_has_a_line() {
    let scope = "patient/Patient.r patient/Observation.r";
    let run = accord(&[&SIDES[..], &["--scope", scope]].concat()).ended(0);
    let at = |word: &str| run.out.lines().find(|l| l.contains(word)).unwrap_or_else(|| panic!("{}", run.out));
    assert!(at("patient = Patient/{{context.patientId}}").starts_with("  yes      overdue-screening (patient-view)"));
    assert!(at("bloodPressure = Observation?").starts_with("  no "));
    assert!(at("medications = Medication/").starts_with("  no       order-check (order-sign)"));
    let whole = accord(&[&SIDES[..], &["--format", "json"]].concat()).ended(0).json();
    let hooks = whole["hooks"].as_array().unwrap();
    assert_eq!(hooks.len(), 5);
    for hook in hooks {
        for pointer in hook["rows"].as_array().unwrap() {
            assert!(whole.pointer(pointer.as_str().unwrap()).is_some(), "{pointer}");
        }
    }
}
