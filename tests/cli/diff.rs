//! `accord diff`: forms of the report, exit codes.

use crate::support::accord;

const PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

#[test]
fn a_report_and_a_gate() {
    let (old, new) = (format!("{PATIENT}|6.1.0"), format!("{PATIENT}|8.0.0"));
    let run = accord(&["diff", &old, &new, "--no-witness"]).ended(0);
    assert!(run.out.starts_with(&format!("{old} -> {new}\n")), "{}", run.out);
    let data = accord(&["diff", &old, &new, "--no-witness", "--format", "json"]).ended(0).json();
    assert_eq!(data["profiles"][0]["new"], new);
    let marked = accord(&["diff", &old, &new, "--no-witness", "--format", "markdown"]).ended(0);
    assert!(marked.out.contains("| level | element | change |"), "{}", marked.out);
    accord(&["diff", &old, &new, "--no-witness", "--fail-on", "documentation"]).ended(1);
    accord(&["diff", &old, &old, "--fail-on", "documentation"]).ended(0);
}

#[test]
fn what_cannot_be_compared() {
    assert!(accord(&["diff", "http://none.test/x", PATIENT]).ended(3).err.contains("http://none.test/x"));
    accord(&["diff", "no.such.package#1.0.0", "hl7.fhir.us.core#6.1.0"]).ended(3);
    accord(&["diff", PATIENT]).ended(3);
    accord(&["diff", PATIENT, PATIENT, "--fail-on", "nobody"]).ended(3);
    // Two guides that have no profile in common.
    let run = accord(&["diff", "hl7.fhir.ca.baseline#1.2.0", "hl7.fhir.us.core#6.1.0"]).ended(3);
    assert!(run.err.contains("no profile in common"), "{}", run.err);
}
