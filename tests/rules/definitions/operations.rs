//! Operations that constrain one another.

use serde_json::json;

use super::open;

/// Operation definitions in a line, each of which constrains the next; `end` is what the last constrains.
fn line(count: usize, end: Option<&str>) -> Vec<serde_json::Value> {
    let url = |n: usize| format!("http://forms.test/OperationDefinition/o{n}");
    let operation = |n: usize| {
        let base = if n + 1 < count { Some(url(n + 1)) } else { end.map(str::to_owned) };
        let mut made = json!({"resourceType": "OperationDefinition", "url": url(n), "name": "O", "status": "draft",
            "kind": "operation", "code": "o", "system": true, "type": false, "instance": false});
        if let Some(base) = base {
            made["base"] = json!(base);
        }
        made
    };
    (0..count).map(operation).collect()
}

#[test]
fn what_lies_too_far_is_not_silent() {
    let told = |count: usize, end: Option<&str>| {
        let all = line(count, end);
        let app = open(&all);
        let report = app.check(
            &app.evaluator(),
            all[0].to_string().as_bytes(),
            &[],
            &fhir_accord::profiles::evaluate::Policies::default(),
            None,
            &mut fhir_accord::profiles::evaluate::Memory::default(),
        );
        report.issues.iter().find(|i| i.rule.as_str() == "operation-parameter").map(|i| i.text.clone())
    };
    assert_eq!(told(60, None), None);
    let own = "http://forms.test/OperationDefinition/o0";
    assert!(told(60, Some(own)).is_some_and(|m| m.contains("constrains the operation itself")));
    assert!(told(80, None).is_some_and(|m| m.starts_with("more than 64 operations lie between")));
    // A circle that does not come back here is its own fault.
    assert_eq!(told(20, Some("http://forms.test/OperationDefinition/o7")), None);
}
