//! A published guide that is uploaded to the service.

use crate::harness::{Test, shared, tests};
use crate::program::Process;
use crate::wire::{PATIENT, ask};

const IPA: &str = "packages/hl7.fhir.uv.ipa-1.1.0.tgz";

pub const TESTS: &[Test] = tests! { IPA => an_uploaded_guide_is_validated_against; };

fn an_uploaded_guide_is_validated_against() {
    let archive = std::fs::read(shared().join(IPA)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = "/$validate?profile=http://hl7.org/fhir/uv/ipa/StructureDefinition/ipa-patient";
    let process = Process::start(folder.path());
    assert_eq!(process.post(path, PATIENT).status, 422);
    let answer = ask(
        process.address,
        "POST",
        "/packages",
        &[("content-type", "application/gzip"), ("authorization", "Bearer secret")],
        &archive,
    );
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(process.post(path, PATIENT).verdict(), "invalid");
    process.kill();
    let process = Process::start(folder.path());
    assert_eq!(process.post(path, PATIENT).verdict(), "invalid");
    assert_eq!(
        process.get("/StructureDefinition/ipa-patient").json()["url"],
        "http://hl7.org/fhir/uv/ipa/StructureDefinition/ipa-patient"
    );
}
