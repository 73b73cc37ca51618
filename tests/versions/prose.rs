//! What DSTU2 and STU3 ask for in prose only.

use fhir_accord::app::Request;
use fhir_accord::profiles::evaluate::Policies;
use serde_json::{Value, json};

use crate::judged::both;
use crate::open;

const CORES: [&str; 2] = ["hl7.fhir.r2.core#1.0.2", "hl7.fhir.r3.core#3.0.2"];

/// Where the constraint is broken, in JSON and in XML.
fn broken(core: &str, key: &str, resource: &Value) -> [Vec<String>; 2] {
    both(&open(&[core.to_owned()]), resource, &Policies::default()).map(|report| {
        let found = report.issues.iter().filter(|i| !i.open && i.constraint.as_deref() == Some(key));
        found.map(|i| i.expression.clone()).collect()
    })
}

#[test]
fn a_document_has_a_date() {
    for core in CORES {
        let bundle = |kind: &str, meta: Value| json!({"resourceType": "Bundle", "meta": meta, "type": kind});
        let dated = json!({"lastUpdated": "2015-01-01T00:00:00Z"});
        let undated = json!({"versionId": "1"});
        for (kind, meta, wanted) in [
            ("document", &dated, vec![]),
            ("document", &undated, vec!["Bundle"]),
            ("collection", &undated, vec![]),
            ("message", &undated, vec![]),
        ] {
            assert_eq!(broken(core, "bdl-10", &bundle(kind, meta.clone())), [wanted.clone(), wanted], "{core} {kind}");
        }
        let nested = json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": bundle("document", undated)}]});
        let place = vec!["Bundle.entry[0].resource"];
        assert_eq!(broken(core, "bdl-10", &nested), [place.clone(), place], "{core}");
    }
}

#[test]
fn an_extension_has_either_a_value_or_extensions() {
    for core in CORES {
        let with = |extension: Value| json!({"resourceType": "Patient", "name": [{"extension": [extension]}]});
        let both_kinds = with(json!({"url": "http://x.test/e", "valueString": "a",
            "extension": [{"url": "b", "valueString": "c"}]}));
        let neither = with(json!({"url": "http://x.test/e"}));
        let inner = with(json!({"url": "http://x.test/e", "extension": [{"url": "b"}]}));
        let right = with(json!({"url": "http://x.test/e", "extension": [{"url": "b", "valueString": "c"}]}));
        for (resource, wanted) in [
            (both_kinds, vec!["Patient.name[0].extension[0]"]),
            (neither, vec!["Patient.name[0].extension[0]"]),
            (inner, vec!["Patient.name[0].extension[0].extension[0]"]),
            (right, vec![]),
        ] {
            assert_eq!(broken(core, "ext-1", &resource), [wanted.clone(), wanted], "{core} {resource}");
        }
    }
}

#[test]
fn a_narrative_of_dstu2_may_leave_its_namespace_out_in_json() {
    let app = open(&[CORES[0].to_owned()]);
    let told = |text: &str| -> Vec<String> {
        let report = app.validate(text.as_bytes(), &Request::default()).unwrap();
        let errors = report.issues.iter().filter(|i| i.severity.is_error());
        errors.map(|i| format!("{} {}", i.rule.as_str(), i.expression)).collect()
    };
    let json = r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div>x</div>"}}"#;
    assert_eq!(told(json), [""; 0]);
    let xml = |attribute: &str| {
        format!(
            r#"<Patient xmlns="http://hl7.org/fhir"><text><status value="generated"/><div{attribute}>x</div></text>
            </Patient>"#
        )
    };
    assert_eq!(told(&xml("")), ["narrative-content Patient.text.div"]);
    assert_eq!(told(&xml(r#" xmlns="http://www.w3.org/1999/xhtml""#)), [""; 0]);
}
