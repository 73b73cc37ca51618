//! `accord generate`.

use crate::support::{accord, accord_reading};

const US_CORE_PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0";

#[test]
fn generate_prints_instances_that_are_valid() {
    let run = accord(&["generate", US_CORE_PATIENT]).ended(0);
    assert_eq!(run.json()["resourceType"], "Patient");
    accord_reading(run.out.as_bytes(), &["validate", "-", "--profile", US_CORE_PATIENT, "--fail-on", "undetermined"])
        .ended(0);
    assert_eq!(run.out, accord(&["generate", US_CORE_PATIENT]).out);
    let full = accord(&["generate", US_CORE_PATIENT, "--kind", "full"]).ended(0);
    assert!(full.json()["address"][0]["city"].is_string());
}

#[test]
fn generate_prints_several_instances_as_lines() {
    let run = accord(&["generate", US_CORE_PATIENT, "--kind", "boundary", "--count", "5", "--seed", "3"]).ended(0);
    assert_eq!(run.lines().len(), 5);
    let array =
        accord(&["generate", US_CORE_PATIENT, "--kind", "boundary", "--count", "5", "--seed", "3", "--format", "json"]);
    assert_eq!(array.ended(0).json().as_array().map(Vec::len), Some(5));
}

#[test]
fn generate_says_what_it_cannot_build() {
    let unknown = accord(&["generate", "http://a.test/StructureDefinition/none"]).ended(3);
    assert!(unknown.err.contains("`http://a.test/StructureDefinition/none`"), "{unknown:?}");
    let none = accord(&["generate", "http://hl7.org/fhir/StructureDefinition/Resource"]).ended(3);
    assert!(none.out.is_empty() && none.err.contains("abstract"), "{none:?}");
}
