use fhir_accord_profiles::instance::Place;
use fhir_accord_profiles::issue::Severity;

use super::super::element::parts;
use super::*;

fn row(line: u32, rule: RuleId, element: Option<&str>, path: Option<&str>) -> Row {
    let element = element.map(|e| parts(e).unwrap());
    Row { rule, element, path: path.map(str::to_owned), reason: Arc::from(format!("reason {line}")), line }
}

fn all(rows: Vec<Row>) -> Suppressions {
    let globs = Patterns::new(rows.iter().filter_map(|r| r.path.as_deref())).unwrap();
    Suppressions::new(rows, globs)
}

fn issue(rule: RuleId, expression: &str) -> Issue {
    Issue {
        rule,
        severity: Severity::Error,
        open: false,
        code: "invariant",
        expression: expression.to_owned(),
        span: 0..1,
        place: Place { line: 1, column: 1 },
        text: String::new(),
        help: None,
        profiles: Vec::new(),
        element: None,
        constraint: None,
        stated_by: None,
        evidence: Vec::new(),
    }
}

#[test]
fn rule_element_and_path_have_to_match() {
    let rows = vec![
        row(1, RuleId::ELEMENT_MIN, Some("Patient.name"), None),
        row(2, RuleId::ELEMENT_MIN, None, Some("old/**")),
        row(3, RuleId::INVARIANT, Some("Patient.**"), Some("old/*.json")),
    ];
    let all = all(rows);
    let line =
        |path: &str, rule, expression: &str| all.of(&issue(rule, expression), &all.here(path)).map(|row| row.line);
    assert_eq!(line("new/a.json", RuleId::ELEMENT_MIN, "Patient.name[3]"), Some(1));
    assert_eq!(line("new/a.json", RuleId::ELEMENT_MIN, "Patient.photo"), None);
    assert_eq!(line("old/a.json", RuleId::ELEMENT_MIN, "Patient.photo"), Some(2));
    assert_eq!(line("old/a.json", RuleId::ELEMENT_MIN, "Patient.name"), Some(1), "the first one gives the reason");
    assert_eq!(line("old/b/a.json", RuleId::INVARIANT, "Patient.name"), None);
    assert_eq!(line("old/a.json", RuleId::INVARIANT, "Patient.contact[0].name"), Some(3));
    assert_eq!(line("old/a.json", RuleId::ELEMENT_UNKNOWN, "Patient.name"), None);
}

#[test]
fn what_matched_nothing_is_told() {
    let all = all(vec![
        row(1, RuleId::ELEMENT_MIN, None, None),
        row(2, RuleId::ELEMENT_MIN, Some("Patient.photo"), None),
        row(3, RuleId::ELEMENT_MIN, None, Some("a.json")),
        row(4, RuleId::INVARIANT, None, Some("a.json")),
        row(5, RuleId::INVARIANT, None, Some("b.json")),
    ]);
    all.of(&issue(RuleId::ELEMENT_MIN, "Patient.name"), &all.here("a.json"));
    let (concerned, others) = all.unused();
    let lines = |rows: Vec<&Row>| rows.iter().map(|r| r.line).collect::<Vec<_>>();
    assert_eq!((lines(concerned), lines(others)), (vec![2, 4], vec![5]));
}

#[test]
fn ten_thousand_suppressions_and_issues_are_quick() {
    let rows = (0..10_000).map(|i| {
        let element = format!("Patient.element{}", i % 5_000);
        let path = format!("folder-{i}/*.json");
        row(i, RuleId::ELEMENT_MIN, (i % 2 == 0).then_some(&*element), (i % 3 == 0).then_some(&*path))
    });
    let rows: Vec<Row> = rows.collect();
    let globs = Patterns::new(rows.iter().filter_map(|r| r.path.as_deref()));
    // So many globs with stars may be too much together; then that is said.
    let Ok(globs) = globs else { return assert!(globs.unwrap_err().1.contains("too much together")) };
    let all = Suppressions::new(rows, globs);
    let here = all.here("folder-9/a.json");
    let found = (0..10_000).filter(|i| all.of(&issue(RuleId::ELEMENT_MIN, &format!("Patient.x{i}")), &here).is_some());
    assert_eq!(found.count(), 10_000, "one of them is for any element and path");
}
