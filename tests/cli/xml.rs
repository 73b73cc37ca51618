//! Instances in XML: the same findings as in JSON, and the faults that only XML has.

use crate::support::{accord, accord_reading, folder, issues, path, verdict};

fn found(inner: &str) -> Vec<String> {
    let text = format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>");
    let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]);
    issues(&run.json()).into_iter().map(|i| i.strip_prefix("error ").or(i.strip_prefix("fatal ")).unwrap_or(&i).to_owned()).collect()
}

#[test]
fn a_patient() {
    let text = r#"<Patient xmlns="http://hl7.org/fhir">
  <id value="p"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>A &amp; B</p></div></text>
  <active value="true"/>
  <name id="n"><family value="Doe"/><given value="J"/></name>
  <gender value="male"/>
  <birthDate value="2000-01-01"><extension url="http://hl7.org/fhir/StructureDefinition/patient-birthTime"><valueDateTime value="2000-01-01T10:00:00Z"/></extension></birthDate>
  <multipleBirthInteger value="2"/>
</Patient>"#;
    let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]).ended(0);
    assert_eq!((verdict(&run.json()), issues(&run.json())), ("valid", vec!["information  ".to_owned()]));
}

#[test]
fn faults_of_the_content_have_the_rules_and_places_of_json() {
    assert_eq!(found(r#"<active value="yes"/>"#), ["primitive-format Patient.active"]);
    assert_eq!(found(r#"<name><use value="no"/></name>"#), ["binding-required Patient.name[0].use"]);
    assert_eq!(found(r#"<gender value="male"/><gender value="female"/>"#), ["element-max Patient"]);
    assert_eq!(found("<active/>"), ["element-empty Patient.active", "invariant Patient.active"]);
    assert_eq!(found(r#"<multipleBirthInteger value="x"/>"#), ["primitive-format Patient.multipleBirth.ofType(integer)"]);
    assert_eq!(found(r#"<nonsense value="x"/>"#), ["element-unknown Patient"]);
}

#[test]
fn faults_of_xml_have_their_own() {
    assert_eq!(found(r#"<gender value="male"/><active value="true"/>"#), ["xml-order Patient.active"]);
    assert_eq!(found(r#"<name><given value="a"/><family value="b"/></name>"#), ["xml-order Patient.name[0].family"]);
    assert_eq!(found(r#"<name family="b"><given value="a"/></name>"#), ["xml-attribute Patient.name[0]"]);
    assert_eq!(found(r#"<name><id value="b"/><given value="a"/></name>"#), ["xml-as-attribute Patient.name[0]"]);
    assert_eq!(found(r#"<active value="true"/>text"#), ["xml-text Patient"]);
    assert_eq!(found(r#"<active value="true" value="false"/>"#), ["xml-duplicate-attribute Patient"]);
    assert_eq!(found(r#"<x:active value="true"/>"#), ["xml-namespace Patient"]);
    assert_eq!(found("<name></nam>"), ["xml-end-tag Patient.name[0]"]);
    assert_eq!(found(r#"<id value="&nbsp;"/>"#), ["xml-reference Patient"]);
    let doctype = accord_reading(br#"<!DOCTYPE Patient [<!ENTITY x SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"/>"#, &["validate", "-", "--format", "json"]).ended(1);
    assert_eq!(issues(&doctype.json()), ["fatal xml-doctype "]);
}

#[test]
fn folders_hold_xml_too() {
    let files = folder(&[("a.xml", br#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#), ("b.json", br#"{"resourceType":"Patient","active":true}"#)]);
    let run = accord(&["validate", files.path().to_str().unwrap(), "--format", "ndjson"]).ended(0);
    assert_eq!(run.out.lines().count(), 2);
    let bad = folder(&[("c.xml", b"<Patient xmlns=\"http://hl7.org/fhir\">\n  <gender value=\"x\"/>\n</Patient>")]);
    let place = accord(&["validate", &path(&bad, "c.xml")]).ended(1);
    assert!(place.out.contains("c.xml:2:18  Patient.gender\n2 |   <gender value=\"x\"/>"), "{}", place.out);
}
