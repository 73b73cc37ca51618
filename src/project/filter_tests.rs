use std::path::Path;

use fhir_accord_profiles::instance::Place as At;

use super::super::settings::Project;
use super::*;

fn issue(rule: RuleId, severity: Severity, at: u32) -> Issue {
    Issue {
        rule,
        severity,
        open: severity == Severity::Warning && rule == RuleId::INVARIANT_UNDECIDED,
        code: "invariant",
        expression: format!("Patient.name[{at}]"),
        span: at..at + 1,
        place: At { line: 1, column: at + 1 },
        text: format!("text {at}"),
        help: None,
        profiles: Vec::new(),
        element: None,
        constraint: None,
        stated_by: None,
        evidence: Vec::new(),
    }
}

/// The report on these issues, of which `more` errors are not listed.
fn report(issues: Vec<Issue>, more: u64) -> Report {
    let mut tally = Tally { errors: more, ..Tally::default() };
    issues.iter().for_each(|i| add(&mut tally, i));
    let verdict = match (tally.errors, tally.questions) {
        (1.., _) => Verdict::Invalid,
        (0, 1..) => Verdict::Undetermined,
        _ => Verdict::Valid,
    };
    Report { verdict, stopped: None, tally, unlisted: more, issues }
}

fn filter(text: &str) -> Filter {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("accord.toml"), text).unwrap();
    let project = Project::find(folder.path()).unwrap();
    Project::filter(project.as_ref(), None, &|_| false).unwrap().unwrap()
}

const ALL: Wanted = Wanted { level: Severity::Information, issues: 1_000 };
const MIN: RuleId = RuleId::ELEMENT_MIN;

fn applied(settings: &str, report: Report) -> Applied {
    filter(settings).apply(report, ("a.json", None), ALL)
}

#[test]
fn levels_change_verdicts_and_the_raw_one_stays() {
    let of = |level: &str| {
        let text = format!("[levels]\nelement-min = \"{level}\"");
        let found = applied(&text, report(vec![issue(MIN, Severity::Error, 1)], 0));
        (found.report.verdict, found.raw, found.report.issues.len())
    };
    assert_eq!(of("off"), (Verdict::Valid, Verdict::Invalid, 0));
    assert_eq!(of("warning"), (Verdict::Valid, Verdict::Invalid, 1));
    assert_eq!(of("error"), (Verdict::Invalid, Verdict::Invalid, 1));
    let raised = applied("[levels]\nelement-min = \"error\"", report(vec![issue(MIN, Severity::Information, 1)], 0));
    assert_eq!((raised.report.verdict, raised.raw), (Verdict::Invalid, Verdict::Valid));
    assert_eq!(raised.set, Set { levelled: 1, ..Set::default() });
}

#[test]
fn what_is_beyond_the_bound_counts() {
    let text = "[[suppressions]]\nrule = \"element-min\"\nreason = \"r\"";
    let all = vec![issue(MIN, Severity::Error, 1), issue(MIN, Severity::Error, 2)];
    let found = applied(text, report(all.clone(), 0));
    assert_eq!((found.report.verdict, found.set.suppressed), (Verdict::Valid, 2));
    let found = applied(text, report(all, 1));
    assert_eq!((found.report.verdict, found.report.tally.errors, found.set.suppressed), (Verdict::Invalid, 1, 2));
    assert!(found.remark().unwrap().contains("2 suppressed, 1 not looked at"), "{:?}", found.remark());
    assert_eq!(found.report.issues.last().map(|i| i.rule), Some(RuleId::LIMIT_ISSUES));
}

#[test]
fn open_questions_may_be_suppressed_and_are_not_decided() {
    let question = || report(vec![issue(RuleId::INVARIANT_UNDECIDED, Severity::Warning, 1)], 0);
    let found = applied("[[suppressions]]\nrule = \"invariant-undecided\"\nreason = \"r\"", question());
    assert_eq!((found.report.verdict, found.raw), (Verdict::Valid, Verdict::Undetermined));
    let found = applied("[levels]\ninvariant-undecided = \"information\"", question());
    assert_eq!((found.report.verdict, found.report.tally.questions), (Verdict::Valid, 0));
    assert_eq!(found.report.issues.first().map(|i| i.severity), Some(Severity::Information));
}

#[test]
fn a_text_that_was_not_read_to_its_end_is_never_valid() {
    for text in [
        "[levels]\nelement-min = \"off\"",
        "[levels]\nelement-min = \"information\"",
        "[[suppressions]]\nrule = \"element-min\"\nreason = \"r\"",
    ] {
        let found = applied(text, report(vec![issue(MIN, Severity::Fatal, 1)], 0));
        assert_eq!((found.report.verdict, found.raw), (Verdict::Undetermined, Verdict::Invalid), "{text}");
    }
}

#[test]
fn what_is_listed_is_what_was_asked_for() {
    let text = "[levels]\ninvariant = \"off\"";
    let issues = (0..10).map(|i| issue(MIN, if i < 5 { Severity::Warning } else { Severity::Error }, i)).collect();
    let wanted = Wanted { level: Severity::Error, issues: 3 };
    let found = filter(text).apply(report(issues, 0), ("a.json", None), wanted).report;
    assert_eq!((found.issues.len(), found.unlisted, found.tally.errors), (4, 7, 5));
    assert_eq!(found.issues.first().map(|i| &*i.text), Some("2 more issues not shown (limit 3)"));
}

fn known(folder: &Path, updates: bool) -> Filter {
    let known = Known::open(Path::new("known.json"), folder, updates).unwrap();
    Project::filter(None, Some(known), &|_| false).unwrap().unwrap()
}

#[test]
fn a_baseline_knows_as_many_as_it_has_seen() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.json"), "").unwrap();
    let two = || report(vec![issue(MIN, Severity::Error, 1), issue(MIN, Severity::Error, 2)], 0);
    let apply = |filter: &Filter, report| filter.apply(report, ("a.json", None), ALL);
    let writing = known(folder.path(), true);
    assert_eq!(apply(&writing, two()).report.verdict, Verdict::Valid);
    assert_eq!(writing.update_baseline().unwrap(), Some(2));
    let reading = known(folder.path(), false);
    assert_eq!(apply(&reading, two()).set.known, 2);
    assert!(reading.remarks().gone.is_empty());
    let mut three = two();
    three.issues.push(issue(MIN, Severity::Error, 3));
    three.tally.errors = 3;
    let found = apply(&known(folder.path(), false), three);
    assert_eq!((found.report.verdict, found.report.tally.errors, found.set.known), (Verdict::Invalid, 1, 2));
    let fewer = known(folder.path(), false);
    apply(&fewer, report(vec![issue(MIN, Severity::Error, 9)], 0));
    assert_eq!(fewer.remarks().gone.iter().map(|g| g.issues).collect::<Vec<_>>(), [1]);
    std::fs::remove_file(folder.path().join("a.json")).unwrap();
    assert_eq!(known(folder.path(), false).remarks().gone.iter().map(|g| g.issues).collect::<Vec<_>>(), [2]);
}

#[test]
fn inputs_that_were_not_looked_at_stay_known() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.json", "b.json", "lines.ndjson"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let one = || report(vec![issue(MIN, Severity::Error, 1)], 0);
    let first = known(folder.path(), true);
    first.apply(one(), ("a.json", None), ALL);
    first.apply(one(), ("b.json", None), ALL);
    first.apply(one(), ("lines.ndjson", Some("Patient/1")), ALL);
    first.apply(one(), ("lines.ndjson", Some("Patient/2")), ALL);
    assert_eq!(first.update_baseline().unwrap(), Some(4));
    let second = known(folder.path(), true);
    second.apply(report(Vec::new(), 0), ("a.json", None), ALL);
    second.apply(one(), ("lines.ndjson", Some("Patient/2")), ALL);
    assert_eq!(second.update_baseline().unwrap(), Some(2), "b.json, and the line that is left");
}
