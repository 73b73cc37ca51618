//! XML: instances with the findings of JSON and the faults that only XML has; definitions with the demands of the same
//! in JSON.

use crate::support::{accord, accord_reading, folder, issues, path, verdict};

fn found(inner: &str) -> Vec<String> {
    let text = format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>");
    let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]);
    issues(&run.json())
        .into_iter()
        .map(|i| i.strip_prefix("error ").or(i.strip_prefix("fatal ")).unwrap_or(&i).to_owned())
        .collect()
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
    assert_eq!(
        found(r#"<multipleBirthInteger value="x"/>"#),
        ["primitive-format Patient.multipleBirth.ofType(integer)"]
    );
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
    let doctype = accord_reading(
        br#"<!DOCTYPE Patient [<!ENTITY x SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"/>"#,
        &["validate", "-", "--format", "json"],
    )
    .ended(1);
    assert_eq!(issues(&doctype.json()), ["fatal xml-doctype "]);
}

#[test]
fn a_document_of_another_kind_is_told_once_at_its_root() {
    let told = |text: &str| {
        let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]).ended(1);
        assert_eq!(verdict(&run.json()), "invalid");
        issues(&run.json())
    };
    let two = |name: &str| vec![format!("error resource-type {name}"), format!("error xml-namespace {name}")];
    let authors = r#"<author at="1"><id root="2"/>B</author>"#.repeat(500);
    let document = r#"<?xml-stylesheet href="a"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>A</title>"#;
    assert_eq!(told(&format!("{document}{authors}</ClinicalDocument>")), two("ClinicalDocument"));
    assert_eq!(told(r#"<html xmlns="http://www.w3.org/1999/xhtml"><body lang="en">A</body></html>"#), two("html"));
    assert_eq!(told(r#"<a:order xmlns:a="urn:a" n="1"><a:id>1</a:id></a:order>"#), two("order"));
    // What is no XML is told all the same.
    let broken = told(r#"<order><id a="1" a="2"/><b></order>"#);
    assert_eq!(broken[1..], ["error xml-duplicate-attribute order", "fatal xml-end-tag order.b"]);
    // A resource in another namespace is meant as one.
    assert_eq!(
        told(r#"<Patient xmlns="urn:a"><active value="true" at="1"/></Patient>"#),
        ["error xml-namespace Patient", "error xml-attribute Patient.active"]
    );
}

#[test]
fn text_in_utf_16_is_told_under_its_format() {
    let told = |text: &str, bytes: fn(u16) -> [u8; 2]| {
        let text: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
        issues(&accord_reading(&text, &["validate", "-", "--format", "json"]).ended(1).json())
    };
    let xml = r#"<Patient xmlns="http://hl7.org/fhir"/>"#;
    assert_eq!(told(&format!("\u{feff}{xml}"), u16::to_le_bytes), ["fatal xml-utf8 "]);
    assert_eq!(told(&format!("\u{feff}{xml}"), u16::to_be_bytes), ["fatal xml-utf8 "]);
    assert!(told(xml, u16::to_be_bytes)[0].contains(" xml-"));
    let json = told("\u{feff}{}", u16::to_le_bytes);
    assert!(json.iter().all(|i| i.contains(" json-")), "{json:?}");
}

#[test]
fn folders_hold_xml_too() {
    let files = folder(&[
        ("a.xml", br#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#),
        ("b.json", br#"{"resourceType":"Patient","active":true}"#),
    ]);
    let run = accord(&["validate", files.path().to_str().unwrap(), "--format", "ndjson"]).ended(0);
    assert_eq!(run.out.lines().count(), 2);
    let bad = folder(&[("c.xml", b"<Patient xmlns=\"http://hl7.org/fhir\">\n  <gender value=\"x\"/>\n</Patient>")]);
    let place = accord(&["validate", &path(&bad, "c.xml")]).ended(1);
    assert!(place.out.contains("c.xml:2:18  Patient.gender\n2 |   <gender value=\"x\"/>"), "{}", place.out);
}

/// A profile with a value of each kind that XML writes alike, and two value sets, one of them in JSON.
const PROFILE_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<StructureDefinition xmlns="http://hl7.org/fhir">
  <id value="x"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">A &amp; B</div></text>
  <url value="http://guide.test/x"/>
  <version value="1.0.0"/>
  <name value="X"/>
  <status value="draft"><extension url="http://guide.test/why"><valueString value="&lt;open&gt;"/></extension></status>
  <fhirVersion value="4.0.1"/>
  <kind value="resource"/>
  <abstract value="false"/>
  <type value="Patient"/>
  <baseDefinition value="http://hl7.org/fhir/StructureDefinition/Patient"/>
  <derivation value="constraint"/>
  <differential>
    <element id="Patient"><path value="Patient"/>
      <constraint><key value="x-1"/><severity value="error"/><human value="has a name"/><expression value="name.exists()"/></constraint>
    </element>
    <element id="Patient.birthDate"><path value="Patient.birthDate"/><min value="1"/></element>
    <element id="Patient.maritalStatus"><path value="Patient.maritalStatus"/>
      <binding><strength value="required"/><valueSet value="http://guide.test/v"/></binding>
    </element>
    <element id="Patient.multipleBirth[x]"><path value="Patient.multipleBirth[x]"/><fixedInteger value="2"/></element>
  </differential>
</StructureDefinition>"#;

const PROFILE_JSON: &str = r#"{"resourceType":"StructureDefinition","id":"x","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">A &amp; B</div>"},
  "url":"http://guide.test/x","version":"1.0.0","name":"X","status":"draft","_status":{"extension":[{"url":"http://guide.test/why","valueString":"<open>"}]},
  "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
  "differential":{"element":[
    {"id":"Patient","path":"Patient","constraint":[{"key":"x-1","severity":"error","human":"has a name","expression":"name.exists()"}]},
    {"id":"Patient.birthDate","path":"Patient.birthDate","min":1},
    {"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://guide.test/v"}},
    {"id":"Patient.multipleBirth[x]","path":"Patient.multipleBirth[x]","fixedInteger":2}]}}"#;

const VALUE_SET_XML: &str = r#"<ValueSet xmlns="http://hl7.org/fhir"><url value="http://guide.test/v"/><status value="draft"/>
  <compose><include><system value="http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"/><concept><code value="M"/></concept><concept><code value="S"/></concept></include></compose></ValueSet>"#;

const VALUE_SET_JSON: &str = r#"{"resourceType":"ValueSet","url":"http://guide.test/v","status":"draft",
  "compose":{"include":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M"},{"code":"S"}]}]}}"#;

const WIDOWED: &[u8] = br#"{"resourceType":"Patient","multipleBirthInteger":3,
  "maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"W"}]}}"#;

#[test]
fn a_profile_in_xml_asks_what_the_same_in_json_asks() {
    let manifest = br#"{"name":"test.x","version":"1.0.0","fhirVersions":["4.0.1"]}"#;
    let files = folder(&[
        ("p.json", WIDOWED),
        ("one/profile.xml", PROFILE_XML.as_bytes()),
        ("xml/profile.xml", PROFILE_XML.as_bytes()),
        ("xml/set.xml", VALUE_SET_XML.as_bytes()),
        ("json/profile.json", PROFILE_JSON.as_bytes()),
        ("json/set.json", VALUE_SET_JSON.as_bytes()),
        ("both/profile.xml", PROFILE_XML.as_bytes()),
        ("both/set.json", VALUE_SET_JSON.as_bytes()),
        ("guide/package.json", manifest),
        ("guide/profile.xml", PROFILE_XML.as_bytes()),
        ("guide/set.xml", VALUE_SET_XML.as_bytes()),
    ]);
    let found = |package: &str| {
        let run = accord(&[
            "validate",
            &path(&files, "p.json"),
            "--package",
            &path(&files, package),
            "--profile",
            "http://guide.test/x",
            "--format",
            "json",
        ]);
        run.ended(1).json()["issue"].clone()
    };
    let wanted = found("json");
    let rules = issues(&serde_json::json!({"issue": wanted}));
    for rule in ["binding-required", "element-min", "fixed", "invariant"] {
        assert!(rules.iter().any(|r| r.starts_with(&format!("error {rule} "))), "{rule}: {rules:?}");
    }
    for package in ["xml", "both", "guide"] {
        assert_eq!(found(package), wanted, "{package}");
    }
    assert!(found("one/profile.xml").to_string().contains("birthDate"));
}

#[test]
fn a_snapshot_of_a_profile_in_xml() {
    let files = folder(&[
        ("p.xml", PROFILE_XML.as_bytes()),
        ("p.json", PROFILE_JSON.as_bytes()),
        ("bad.xml", b"<StructureDefinition xmlns=\"http://hl7.org/fhir\">\n  <url></uri>"),
    ]);
    let of = |name: &str| accord(&["snapshot", &path(&files, name)]).ended(0).json();
    assert_eq!(of("p.xml"), of("p.json"));
    let bad = accord(&["snapshot", &path(&files, "bad.xml")]).ended(3);
    assert!(
        bad.err.contains("bad.xml`, line 2, column 8: end tag `uri` does not match the open element"),
        "{}",
        bad.err
    );
}

#[test]
fn a_damaged_definition_in_xml_is_named_with_its_place() {
    let damaged = PROFILE_XML.replace("<kind value=\"resource\"/>", "<kind value=\"resource\">");
    let files = folder(&[
        ("p.json", WIDOWED),
        ("defs/good.json", PROFILE_JSON.as_bytes()),
        ("defs/bad.xml", damaged.as_bytes()),
    ]);
    for package in ["defs", "defs/bad.xml"] {
        let run = accord(&["validate", &path(&files, "p.json"), "--package", &path(&files, package)]).ended(3);
        assert!(
            run.err.contains(
                "`bad.xml`, line 25, column 1: end tag `StructureDefinition` does not match the open element"
            ),
            "{}",
            run.err
        );
    }
}
