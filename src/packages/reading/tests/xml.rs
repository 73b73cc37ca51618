//! Definitions in XML.

use super::*;

const PATIENT_XML: &str = concat!(
    r#"<StructureDefinition xmlns="http://hl7.org/fhir"><id value="p"/><url value="http://x/p"/><version "#,
    r#"value="2.0"/><fhirVersion value="4.0.1"/></StructureDefinition>"#,
);

#[test]
fn definitions_in_xml_are_named_as_those_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.xml", PATIENT_XML),
        ("b.json", PATIENT),
        ("b.xml", PATIENT_XML),
        ("list.xml", "<list/>"),
        ("page.xml", "<!DOCTYPE html><html/>"),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let loose = Loose::read(folder.path(), &Limits::default()).unwrap();
    assert_eq!(loose.manifest.fhir_version, Some(fhir_accord_profiles::definition::FhirVersion::R4));
    let written = in_json(&loose.files, &fhir_accord_profiles::model::Model::default()).unwrap();
    assert!(has_xml(&loose.files) && !has_xml(&written));
    let package = loose.package(&written, String::new());
    let told: Vec<_> = package
        .definitions
        .iter()
        .map(|d| (d.file.as_str(), d.resource_type.as_str(), d.id.as_str(), d.url.as_str(), d.version.as_deref()))
        .collect();
    let both = |file| (file, "StructureDefinition", "p", "http://x/p", Some("2.0"));
    assert_eq!(told, [both("a.xml"), both("b.json")], "of two copies the JSON one is read");
    assert_eq!(package.definitions[0].value()["url"], "http://x/p");
}

#[test]
fn a_damaged_definition_in_xml_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.json"), PATIENT).unwrap();
    let file = folder.path().join("bad.xml");
    for (text, says) in [
        (
            "<StructureDefinition xmlns=\"http://hl7.org/fhir\">\n  <url value=\"x\"></uri>\n</StructureDefinition>",
            "`bad.xml`, line 2, column 18: end tag `uri` does not match the open element",
        ),
        (
            "<StructureDefinition xmlns=\"http://hl7.org/fhir\"><url value=\"x\"/>",
            "`bad.xml`, line 1, column 66: the text ends inside an element",
        ),
        (
            "<StructureDefinition xmlns=\"http://hl7.org/fhir\">\nstray<url value=\"x\"/></StructureDefinition>",
            "`bad.xml`, line 2, column 1: there is text between elements: `stray`",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        for path in [&file, folder.path()] {
            assert_eq!(Loose::read(path, &Limits::default()).unwrap_err().to_string(), says);
        }
    }
}
