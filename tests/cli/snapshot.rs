//! `accord snapshot`.

use crate::support::{PROFILE, accord_reading};

#[test]
fn snapshot_of_a_differential() {
    let run = accord_reading(PROFILE.as_bytes(), &["snapshot", "-"]).ended(0);
    let elements = run.json()["snapshot"]["element"].as_array().cloned().unwrap();
    let of = |id: &str| elements.iter().find(|e| e["id"] == id).cloned().unwrap();
    assert_eq!((of("Patient.birthDate")["min"].as_i64(), of("Patient.gender")["min"].as_i64()), (Some(1), Some(0)));
    assert_eq!(run.out, accord_reading(PROFILE.as_bytes(), &["snapshot", "-"]).out);
}

#[test]
fn snapshot_without_a_base_or_with_a_fault() {
    let orphan = PROFILE.replace("http://hl7.org/fhir/StructureDefinition/Patient\"", "http://nobody.test/base\"");
    let run = accord_reading(orphan.as_bytes(), &["snapshot", "-"]).ended(3);
    assert!(run.err.contains("http://nobody.test/base"), "{}", run.err);
    let wrong = PROFILE.replace("Patient.birthDate", "Patient.birthDat");
    let run = accord_reading(wrong.as_bytes(), &["snapshot", "-"]).ended(1);
    assert!(run.err.contains("Patient.birthDat"), "{}", run.err);
    accord_reading(b"{", &["snapshot", "-"]).ended(3);
}
