use fhir_accord_profiles::instance::Place;
use fhir_accord_profiles::issue::Tally;
use serde_json::{Value, json};

use super::*;

fn issue(rule: RuleId, severity: Severity, open: bool) -> Issue {
    Issue {
        rule,
        severity,
        open,
        code: "code-invalid",
        expression: "Patient.gender".to_owned(),
        span: 0..1,
        place: Place { line: 3, column: 5 },
        text: "`<b>` is not known".to_owned(),
        help: None,
        profiles: vec!["http://a.test/p|1.0".to_owned()],
        element: None,
        constraint: None,
        stated_by: None,
        evidence: Vec::new(),
    }
}

fn report(stopped: Option<RuleId>, issues: Vec<Issue>) -> Report {
    Report { verdict: Verdict::Invalid, stopped, tally: Tally::default(), unlisted: 0, issues }
}

fn written(report: &Report, chosen: &Chosen) -> Value {
    serde_json::to_value(messages(report, chosen)).unwrap()
}

#[test]
fn members_are_those_of_the_official_validator() {
    let mut broken = issue(RuleId::INVARIANT, Severity::Error, false);
    broken.constraint = Some("dom-6".to_owned());
    let message = &written(&report(None, vec![broken]), &Chosen::default())[0];
    let expected = json!({
        "source": "InstanceValidator", "line": 3, "col": 5, "location": "Patient.gender",
        "message": "`<b>` is not known", "messageId": "http://a.test/p#dom-6", "type": "CODEINVALID",
        "level": "ERROR", "html": "`&lt;b&gt;` is not known", "slicingHint": false, "signpost": false,
        "criticalSignpost": false, "matched": false, "ignorableError": false, "invId": "http://a.test/p#dom-6",
        "count": 0, "diagnostics": "demanded by http://a.test/p|1.0"
    });
    assert_eq!(*message, expected);
}

#[test]
fn what_is_open_is_told_and_what_was_not_examined_fails() {
    let open = issue(RuleId::BINDING_UNDECIDED, Severity::Warning, true);
    let strict = Chosen { open_errors: true, ..Chosen::default() };
    assert_eq!(written(&report(None, vec![open.clone()]), &strict)[0]["level"], "ERROR");
    let work = issue(RuleId::LIMIT_VISITS, Severity::Warning, true);
    let intake = issue(RuleId::LIMIT_BYTES, Severity::Warning, true);
    let told = written(&report(Some(RuleId::LIMIT_BYTES), vec![open, work, intake]), &Chosen::default());
    let levels: Vec<&str> = (0..3).filter_map(|i| told[i]["level"].as_str()).collect();
    assert_eq!(levels, ["WARNING", "ERROR", "FATAL"]);
    assert_eq!(told[0]["message"], "undetermined: `<b>` is not known");
}

#[test]
fn that_something_is_open_is_told_at_any_level() {
    let chosen = Chosen { least: Least::Errors, ..Chosen::default() };
    let open = issue(RuleId::BINDING_UNDECIDED, Severity::Warning, true);
    let mut told = report(None, vec![open, issue(RuleId::BINDING_EXTENSIBLE, Severity::Warning, false)]);
    assert_eq!(messages(&told, &chosen).len(), 0, "what is invalid for another reason is");
    told.verdict = Verdict::Undetermined;
    told.tally.questions = 1;
    let all = messages(&told, &chosen);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].level, &*all[0].message), (Level::Warning, "undetermined: open questions are not listed (1)"));
    told.issues.push(issue(RuleId::LIMIT_VISITS, Severity::Warning, true));
    assert_eq!(messages(&told, &chosen)[0].level, Level::Error);
}

#[test]
fn errors_that_are_not_listed_fail_too() {
    let hidden = |errors| {
        let mut told = report(None, vec![issue(RuleId::LIMIT_ISSUES, Severity::Warning, false)]);
        told.tally.errors = errors;
        messages(&told, &Chosen::default())[0].level
    };
    assert_eq!((hidden(0), hidden(1)), (Level::Warning, Level::Error));
}

#[test]
fn extensible_bindings_can_be_left_out_and_errors_cannot() {
    let chosen = Chosen { no_extensible: true, ..Chosen::default() };
    let warning = issue(RuleId::BINDING_EXTENSIBLE, Severity::Warning, false);
    let error = issue(RuleId::BINDING_REQUIRED, Severity::Error, false);
    assert_eq!(messages(&report(None, vec![warning, error]), &chosen).len(), 1);
}
