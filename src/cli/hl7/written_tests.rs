use fhir_accord_profiles::instance::Place;
use fhir_accord_profiles::issue::{Issue, RuleId, Severity, Tally, Verdict};
use fhir_accord_profiles::model::Model;

use super::*;

fn report(severity: Severity) -> Report {
    let issue = Issue {
        rule: RuleId::ELEMENT_MIN,
        severity,
        open: false,
        code: "required",
        expression: "Patient.name[0]".to_owned(),
        span: 0..1,
        place: Place { line: 3, column: 5 },
        text: "`a\"b` is\nmissing".to_owned(),
        help: None,
        profiles: Vec::new(),
        element: None,
        constraint: None,
        stated_by: None,
        evidence: Vec::new(),
    };
    Report { verdict: Verdict::Invalid, stopped: None, tally: Tally::default(), unlisted: 0, issues: vec![issue] }
}

fn written(style: Style, inputs: &[(&str, Severity)]) -> String {
    let mut page = Page::new(style, style == Style::Text, Chosen::default());
    inputs.iter().for_each(|(source, severity)| page.add(source, &report(*severity), None));
    String::from_utf8(page.finish(&Model::default()).unwrap()).unwrap()
}

#[test]
fn one_input_is_summed_up() {
    let told = written(Style::Text, &[("a.json", Severity::Error)]);
    assert_eq!(
        told,
        "*FAILURE*: 1 errors, 0 warnings, 0 notes\n  Error @ Patient.name[0] (line 3, col5): `a\"b` is\\nmissing \
         {Validation_VAL_Profile_Minimum}\n"
    );
}

#[test]
fn each_of_several_has_its_frame() {
    let told = written(Style::Text, &[("a.json", Severity::Warning), ("b.json", Severity::Error)]);
    let head = format!("-- a.json --{}\nSuccess: 0 errors, 1 warnings, 0 notes\n", "-".repeat(38));
    assert!(told.starts_with(&head), "{told}");
    assert!(told.contains(&format!("\n{}\n\n-- b.json --", "-".repeat(50))), "{told}");
}

#[test]
fn other_styles_have_a_line_for_each_message() {
    let inputs = [("a.json", Severity::Error)];
    assert_eq!(
        written(Style::Csv, &inputs),
        "file, line, col, level, message\na.json, 3, 5, Error, \"`a\"\"b` is\\nmissing\"\n"
    );
    assert_eq!(written(Style::EsLint, &inputs), "a.json: line 3, col5, Error - `a\"b` is\\nmissing\n");
    assert!(
        written(Style::Compact, &inputs).ends_with("\na.json\n[3, 5] Patient.name[0]: Error - `a\"b` is\\nmissing\n\n")
    );
}

#[test]
fn resources_are_an_outcome_or_a_bundle() {
    let json = |inputs: &[(&str, Severity)]| {
        let value: Value = serde_json::from_str(&written(Style::Json, inputs)).unwrap();
        value
    };
    let one = json(&[("a.json", Severity::Error)]);
    assert_eq!(
        (&one["resourceType"], &one["extension"][0]["valueString"]),
        (&"OperationOutcome".into(), &"a.json".into())
    );
    assert_eq!(one["issue"][0]["extension"][3]["valueCode"], "Validation_VAL_Profile_Minimum");
    let two = json(&[("a.json", Severity::Error), ("b.json", Severity::Warning)]);
    assert_eq!(
        (&two["type"], &two["entry"][1]["resource"]["extension"][0]["valueString"]),
        (&"collection".into(), &"b.json".into())
    );
}

#[test]
fn an_input_without_messages_is_all_ok() {
    let told = |style| {
        let mut page = Page::new(style, false, Chosen::default());
        page.add("a.json", &Report { issues: Vec::new(), ..report(Severity::Warning) }, None);
        String::from_utf8(page.finish(&Model::default()).unwrap()).unwrap()
    };
    assert_eq!(told(Style::Text), "Success: 0 errors, 0 warnings, 1 notes\n  Information: All OK\n");
    assert!(told(Style::Csv).ends_with("\na.json, , , Information, \"All OK\"\n"));
    assert!(told(Style::EsLint).contains("All OK") && told(Style::Compact).contains("All OK"));
    assert!(told(Style::Json).contains("\"All OK\""));
}
