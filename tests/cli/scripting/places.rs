//! The issues of scripts: what they say, and in which resources they are.

use serde_json::{Value, json};

use super::{found, practitioner, validated};
use crate::support::{accord, verdict};

#[test]
fn issues_of_scripts_are_like_any_other() {
    let (outcome, _) = validated(&practitioner("1234567890"), "rules", &[]);
    assert_eq!(verdict(&outcome), "invalid");
    let issue = outcome["issue"]
        .as_array()
        .unwrap()
        .iter()
        .find(|i| i["details"]["coding"][0]["code"] == "npi/check-digit")
        .unwrap();
    assert_eq!(issue["code"], "value");
    assert_eq!(issue["details"]["text"], "the check digit of the NPI `1234567890` is wrong");
    assert_eq!(issue["diagnostics"], "script: rules/us-npi.rhai; check the number for a typing error");
    assert!(
        issue["extension"]
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["url"].as_str().unwrap().ends_with("issue-line") && e["valueInteger"] == 1)
    );
    assert_eq!(accord(&["validate", "examples/practitioner-npi.json", "--rules", "rules"]).code, 1);
    assert_eq!(accord(&["validate", "examples/practitioner-npi.json"]).code, 0);
    let told = accord(&["explain", "npi/check-digit", "--rules", "rules"]).ended(0);
    assert!(
        told.out.contains("the last digit of an NPI is its check digit") && told.out.contains("rules/us-npi.rhai"),
        "{}",
        told.out
    );
    accord(&["explain", "npi/check-digit"]).ended(3);
}

#[test]
fn rules_run_on_every_resource_and_say_the_same_twice() {
    let entries: Vec<Value> = (0..40)
        .map(|i| {
            json!({"fullUrl": format!("urn:uuid:00000000-0000-4000-8000-0000000000{i:02}"),
            "resource": practitioner(if i % 2 == 0 { "1234567890" } else { "1234567893" })})
        })
        .collect();
    let mut holder = json!({"resourceType": "Patient", "contained": [practitioner("1")],
        "generalPractitioner": [{"reference": "#pr"}]});
    holder["contained"][0]["id"] = "pr".into();
    let (outcome, ours) =
        validated(&json!({"resourceType": "Bundle", "type": "collection", "entry": entries}), "rules", &[]);
    assert_eq!(ours.len(), 20);
    assert_eq!(ours[1], "error npi/check-digit Bundle.entry[2].resource.identifier[1].value");
    assert_eq!(found(&holder, "rules"), ["error npi/digits Patient.contained[0].identifier[1].value"]);
    let again = validated(&json!({"resourceType": "Bundle", "type": "collection", "entry": entries}), "rules", &[]).0;
    assert_eq!(outcome.to_string(), again.to_string());
}
