//! Values that several rules look at are read alike by all of them: absolute uris, base64.

use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::Policies;
use serde_json::{Value, json};

use super::support::{open, report, rules};

fn fires(app: &App, instance: &Value, rule: &str) -> bool {
    rules(&report(app, instance, &[], &Policies::default())).contains(&rule)
}

/// Instances with this uri, and the rules that ask for an absolute one.
fn with_uri(uri: &str) -> Vec<(Value, &'static str)> {
    let patient = |name: &str, value: Value| json!({"resourceType": "Patient", name: value});
    vec![
        (patient("identifier", json!([{"system": uri, "value": "1"}])), "identifier-system-absolute"),
        (patient("identifier", json!([{"system": "urn:ietf:rfc:3986", "value": uri}])), "identifier-uri"),
        (patient("meta", json!({"tag": [{"system": uri, "code": "a"}]})), "coding-system-absolute"),
        (patient("extension", json!([{"url": uri, "valueString": "a"}])), "extension-url-absolute"),
        (json!({"resourceType": "ValueSet", "status": "draft", "url": uri}), "canonical-absolute"),
        (
            json!({"resourceType": "ValueSet", "status": "draft", "compose": {"include": [{"system": uri}]}}),
            "coding-system-absolute",
        ),
        (
            json!({"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": uri}),
            "canonical-absolute",
        ),
        (
            json!({"resourceType": "Bundle", "type": "collection", "entry": [
                {"fullUrl": uri, "resource": {"resourceType": "Patient", "active": true}}
            ]}),
            "bundle-full-url",
        ),
    ]
}

#[test]
fn absolute_uris_have_a_scheme_and_something_behind_it() {
    let app = open(&[]);
    for (uri, absolute) in [
        ("http://a.test", true),
        ("urn:x:1.2.3", true),
        ("a+b-c.1:x", true),
        ("a", false),
        (":x", false),
        ("http:", false),
        ("1:x", false),
        ("1.2.3:4", false),
        ("a/b:c", false),
        ("a_b:c", false),
        ("é:x", false),
    ] {
        for (instance, rule) in with_uri(uri) {
            assert_eq!(fires(&app, &instance, rule), !absolute, "{uri}: {instance}");
        }
    }
}

#[test]
fn a_search_with_a_uri_in_it_is_a_relative_reference() {
    let app = open(&[]);
    let bundle = |kind: &str, reference: &str| {
        json!({"resourceType": "Bundle", "type": kind, "entry": [{
            "fullUrl": "http://a.test/Observation/o",
            "resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "a"},
                "subject": {"reference": reference}}
        }]})
    };
    for reference in ["Patient?identifier=1", "Patient?identifier=http://a.test|1"] {
        assert!(fires(&app, &bundle("collection", reference), "reference-format"), "{reference}");
        assert!(!fires(&app, &bundle("transaction", reference), "reference-format"), "{reference}");
    }
    assert!(fires(&app, &bundle("collection", "x/y/z:1"), "reference-format"));
    assert!(!fires(&app, &bundle("collection", "http://b.test/x/y/z:1"), "reference-format"));
}

#[test]
fn line_breaks_in_base64_hide_no_wrong_size_or_hash() {
    let app = open(&[]);
    let attachment = |data: &str, size: u32, hash: &str| {
        let photo = json!([{"contentType": "image/png", "data": data, "size": size, "hash": hash}]);
        json!({"resourceType": "Patient", "photo": photo})
    };
    let hash = "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=";
    for data in ["YWJj", "YW\nJj", "YWJj\r\n"] {
        let right = attachment(data, 3, hash);
        assert!(!fires(&app, &right, "attachment-size") && !fires(&app, &right, "attachment-hash"), "{data:?}");
        assert!(fires(&app, &attachment(data, 4, hash), "attachment-size"), "{data:?}");
        assert!(fires(&app, &attachment(data, 3, "YWJj"), "attachment-hash"), "{data:?}");
    }
    // What is not base64 has no size.
    assert!(!fires(&app, &attachment("YW-j", 4, hash), "attachment-size"));
}
