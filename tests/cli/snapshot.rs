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

#[test]
fn snapshot_of_a_definition_of_dstu2() {
    let daf = r#"{"resourceType":"StructureDefinition","url":"http://example.org/mine","name":"Mine","status":"draft",
        "fhirVersion":"1.0.2","kind":"resource","abstract":false,"constrainedType":"Patient",
        "base":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"path":"Patient"},
        {"path":"Patient.contact.organization","type":[{"code":"Reference","profile":[
        "http://hl7.org/fhir/StructureDefinition/daf-organization"]}]}]}}"#;
    let xml = r#"<StructureDefinition xmlns="http://hl7.org/fhir"><url value="http://example.org/mine"/>
        <name value="Mine"/><status value="draft"/><fhirVersion value="1.0.2"/><kind value="resource"/>
        <constrainedType value="Patient"/><abstract value="false"/>
        <base value="http://hl7.org/fhir/StructureDefinition/Patient"/><differential><element><path value="Patient"/>
        </element><element><path value="Patient.contact.organization"/><type><code value="Reference"/>
        <profile value="http://hl7.org/fhir/StructureDefinition/daf-organization"/></type></element>
        </differential></StructureDefinition>"#;
    for text in [daf, xml] {
        let run = accord_reading(text.as_bytes(), &["snapshot", "-"]).ended(0);
        assert!(run.err.contains("FHIR DSTU2") && run.err.contains("form of R4"), "{}", run.err);
        let elements = run.json()["snapshot"]["element"].as_array().cloned().unwrap();
        let one = elements.iter().find(|e| e["id"] == "Patient.contact.organization").unwrap();
        let target = "http://hl7.org/fhir/StructureDefinition/daf-organization";
        assert_eq!(one["type"][0]["targetProfile"], serde_json::json!([target]));
        assert!(elements.iter().any(|e| e["id"] == "Patient.careProvider"));
    }
}
