use fhir_accord_profiles::instance::Place;
use fhir_accord_profiles::issue::{RuleId, Severity};

use super::*;

pub(in crate::render) fn issue(expression: &str, profiles: &[&str]) -> Issue {
    Issue {
        rule: RuleId::INVARIANT,
        severity: Severity::Error,
        open: false,
        code: "invariant",
        expression: expression.to_owned(),
        span: 3..9,
        place: Place { line: 1, column: 4 },
        text: "said in one way".to_owned(),
        help: None,
        profiles: profiles.iter().map(|p| (*p).to_owned()).collect(),
        element: None,
        constraint: Some("obs-6".to_owned()),
        stated_by: None,
        evidence: Vec::new(),
    }
}

#[test]
fn places_texts_and_versions_are_no_part_of_a_key() {
    let one = issue("Observation.component[0].value.ofType(Quantity)", &["http://a.test/p|1.0.0"]);
    let mut other = issue("Observation.component[17].value.ofType(Quantity)", &["http://a.test/p|2.0.0"]);
    (other.text, other.span, other.severity) = ("said in another".to_owned(), 0..1, Severity::Warning);
    assert_eq!(issue_key(&one), issue_key(&other));
    assert_eq!(issue_key(&one), "invariant:obs-6 Observation.component.value.ofType(Quantity) http://a.test/p");
}

#[test]
fn what_differs_has_another_key() {
    let one = issue("Observation.value", &["http://a.test/p"]);
    let constraint = Issue { constraint: Some("obs-7".to_owned()), ..one.clone() };
    let profile = issue("Observation.value", &["http://a.test/q"]);
    let rule = Issue { rule: RuleId::ELEMENT_MIN, ..one.clone() };
    for other in [constraint, profile, rule, issue("Observation.code", &["http://a.test/p"])] {
        assert_ne!(issue_key(&one), issue_key(&other));
    }
    assert_eq!(issue_key(&issue("", &[])), "invariant:obs-6");
}

#[test]
fn only_indices_are_taken_out() {
    assert_eq!(without_indices("A.b[0][1].c[x].d[].e["), "A.b.c[x].d[].e[");
    assert_eq!(without_indices("[3]"), "");
}
