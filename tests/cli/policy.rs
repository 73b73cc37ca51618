//! Policies, one option each: what the specification leaves to the caller.

use crate::support::{accord_reading, issues};

/// The issues of the rules that `of` names, with their severity.
fn severities(text: &str, of: &str, options: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> =
        ["validate", "-", "--format", "json", "--level", "information"].iter().chain(options).copied().collect();
    let outcome = accord_reading(text.as_bytes(), &arguments).json();
    let all =
        issues(&outcome).into_iter().filter_map(|i| i.split_once(' ').map(|(s, rest)| (s.to_owned(), rest.to_owned())));
    all.filter(|(_, rest)| rest.starts_with(&format!("{of} "))).map(|(severity, _)| severity).collect()
}

/// Each value of an option, and the severity that it gives the rule (`""`: no issue).
fn check(text: &str, rule: &str, option: &str, wanted: &[(&str, &str)]) {
    for (value, severity) in wanted {
        let found = severities(text, rule, &[option, value]);
        let want: &[&str] = if severity.is_empty() { &[] } else { &[severity] };
        assert_eq!(found, want, "{option} {value}");
    }
}

#[test]
fn example_urls() {
    let text = r#"{"resourceType":"Patient","extension":[{"url":"http://example.org/fhir/x","valueBoolean":true}]}"#;
    check(
        text,
        "extension-example",
        "--example-urls",
        &[("allow", "information"), ("warn", "warning"), ("error", "error")],
    );
    assert_eq!(severities(text, "extension-example", &[]), ["warning"]);
}

#[test]
fn unknown_extensions() {
    let text = r#"{"resourceType":"Patient","extension":[{"url":"http://nobody.test/x","valueBoolean":true}]}"#;
    check(
        text,
        "extension-unknown",
        "--unknown-extensions",
        &[("allow", "information"), ("warn", "warning"), ("error", "error")],
    );
    assert_eq!(severities(text, "extension-unknown", &[]), ["warning"]);
}

#[test]
fn an_unknown_modifier_extension_leaves_the_verdict_open() {
    let text = r#"{"resourceType":"Patient","modifierExtension":[{"url":"http://nobody.test/x","valueBoolean":true}]}"#;
    assert_eq!(severities(text, "extension-modifier-unknown", &[]), ["warning"]);
    assert_eq!(accord_reading(text.as_bytes(), &["validate", "-", "--fail-on", "undetermined"]).code, 2);
    assert_eq!(
        accord_reading(text.as_bytes(), &["validate", "-", "--fail-on", "undetermined", "--preset", "hl7"]).code,
        0
    );
}

#[test]
fn limits() {
    let text = r#"{"resourceType":"Patient","name":[{"given":["a","b"]}],"active":"x","birthDate":"y"}"#;
    let verdict = |limit: &str| {
        let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "ndjson", "--limit", limit]);
        run.lines()[0]["verdict"].clone()
    };
    assert_eq!(
        (verdict("visits=1"), verdict("visits=1000"), verdict("issues=1")),
        ("undetermined".into(), "invalid".into(), "invalid".into())
    );
    assert_eq!(severities(text, "limit-issues", &["--limit", "issues=1"]), ["warning"]);
    for wrong in ["visits", "visits=many", "patience=1", "trials=5000"] {
        assert_eq!(accord_reading(text.as_bytes(), &["validate", "-", "--limit", wrong]).code, 3, "{wrong}");
    }
}

#[test]
fn references() {
    let wrong_type = r#"{"resourceType":"Patient","managingOrganization":{"reference":"Patient/1"}}"#;
    check(wrong_type, "reference-target", "--references", &[("none", ""), ("type", "error"), ("exists", "error")]);
    let missing = r##"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/1"}}}]}"##;
    assert!(severities(missing, "reference-undecided", &["--references", "type"]).is_empty());
    assert_eq!(severities(missing, "reference-undecided", &["--references", "exists"]), ["warning"]);
    assert_eq!(
        accord_reading(missing.as_bytes(), &["validate", "-", "--references", "exists", "--fail-on", "undetermined"])
            .code,
        2
    );
}

#[test]
fn best_practice() {
    let text = r#"{"resourceType":"Patient","id":"p"}"#;
    check(text, "invariant", "--best-practice", &[("off", ""), ("warn", "warning"), ("error", "error")]);
    assert!(severities(text, "invariant", &[]).is_empty());
}

#[test]
fn json_comments() {
    let text = r#"{"resourceType":"Patient",/* a */"active":true // b
    }"#;
    assert_eq!(severities(text, "json-comment", &[]), ["error", "error"]);
    assert_eq!(severities(text, "json-comment", &["--json-comments"]), Vec::<String>::new());
}

#[test]
fn html() {
    let text = r#"{"resourceType":"Patient","name":[{"text":"a <b>c</b>"}]}"#;
    check(text, "html", "--html", &[("ignore", ""), ("warn", "warning"), ("error", "error")]);
}

#[test]
fn control_characters() {
    let text = |value: &str| format!(r#"{{"resourceType":"Patient","name":[{{"text":"a{value}b"}}]}}"#);
    check(
        &text(r"\u0001"),
        "primitive-format",
        "--control-characters",
        &[("ignore", ""), ("warn", "warning"), ("error", "error")],
    );
    assert_eq!(severities(&text(r"\u0001"), "primitive-format", &[]), ["error"]);
    assert_eq!(severities(&text(r"\u0001"), "primitive-format", &["--preset", "hl7"]), ["warning"]);
    assert!(severities(&text(r"\t\r\n"), "primitive-format", &[]).is_empty());
    // A uri has none at all.
    let uri = r#"{"resourceType":"Patient","implicitRules":"http://a.test/\u0001"}"#;
    check(
        uri,
        "primitive-format",
        "--control-characters",
        &[("ignore", "error"), ("warn", "error"), ("error", "error")],
    );
}

#[test]
fn control_characters_are_shown_escaped() {
    let name = r#"{"resourceType":"Patient","\u001b[31m":1,"implicitRules":"http://a.test/\u0007","gender":"\u001bmale","link":{"\u001b":{}}}"#;
    for options in [&[][..], &["--preset", "hl7"]] {
        let arguments: Vec<&str> = ["validate", "-", "--level", "information"].iter().chain(options).copied().collect();
        let shown = accord_reading(name.as_bytes(), &arguments).out;
        assert!(shown.contains(r"\u001b[31m") && shown.contains(r"\u0007"), "{shown}");
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    }
}

#[test]
fn displays() {
    let text = r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Divorced"}]}}"#;
    check(text, "display", "--display", &[("ignore", ""), ("warn", "warning"), ("error", "error")]);
    assert_eq!(severities(text, "display", &["--preset", "hl7"]), ["error"]);
}

#[test]
fn vital_signs() {
    let text = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-05-01T10:00:00Z","valueQuantity":{"value":70,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}"#;
    assert!(
        !severities(text, "slice-min", &["--vital-signs", "on"]).is_empty()
            || !severities(text, "element-min", &["--vital-signs", "on"]).is_empty()
    );
    assert!(
        severities(text, "slice-min", &["--vital-signs", "off"]).is_empty()
            && severities(text, "element-min", &["--vital-signs", "off"]).is_empty()
    );
}

#[test]
fn a_preset_is_where_options_start_from() {
    let text = r#"{"resourceType":"Patient","extension":[{"url":"http://example.org/fhir/x","valueBoolean":true}]}"#;
    assert_eq!(severities(text, "extension-example", &["--preset", "hl7"]), ["information"]);
    assert_eq!(severities(text, "extension-example", &["--preset", "hl7", "--example-urls", "error"]), ["error"]);
}
