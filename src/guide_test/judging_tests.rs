use super::super::expectation::Entry;
use super::*;

fn error(rule: &'static str, path: &str) -> Seen {
    Seen {
        path: path.to_owned(),
        rule,
        element: String::new(),
        constraint: String::new(),
        profiles: Vec::new(),
        is_error: true,
        is_open: false,
        text: "wrong".to_owned(),
    }
}

fn expectation(must: &[&str], must_not: &[&str]) -> Expectation {
    let entry = |rule: &&str| Entry { rule: (*rule).to_owned(), ..Entry::default() };
    Expectation {
        schema: String::new(),
        comment: String::new(),
        verdict: Expected::Invalid,
        profiles: Vec::new(),
        others: Others::Refuse,
        must: must.iter().map(entry).collect(),
        must_not: must_not.iter().map(entry).collect(),
    }
}

#[test]
fn what_must_come_comes_and_nothing_else() {
    let seen = [error("element-min", "Patient"), error("element-max", "Patient.name[0]")];
    let of = |must: &[&str], must_not: &[&str]| held_against(&expectation(must, must_not), Verdict::Invalid, &seen);
    assert_eq!(of(&["element-min", "element-max"], &["fixed"]).0, Ended::Passed);
    let (ended, why, named) = of(&["element-min", "pattern"], &["element-max"]);
    assert_eq!((ended, named), (Ended::Failed, vec![0]));
    assert_eq!(why.len(), 3, "{why:?}");
    let lax = Expectation { others: Others::Allow, ..expectation(&["element-min"], &[]) };
    assert_eq!(held_against(&lax, Verdict::Invalid, &seen).0, Ended::Passed);
    assert_eq!(held_against(&lax, Verdict::Undetermined, &seen).0, Ended::Failed);
}

#[test]
fn undetermined_is_neither_passed_nor_failed() {
    let instance = |name: &str| Instance {
        name: name.to_owned(),
        path: None,
        text: Vec::new(),
        kind: "Patient".to_owned(),
        example_of: None,
    };
    let of = |name: &str, verdict| without(&instance(name), verdict, &[]).0;
    assert_eq!(of("a.json", Verdict::Undetermined), Ended::Undetermined);
    assert_eq!(of("invalid-a.json", Verdict::Undetermined), Ended::Undetermined);
    assert_eq!(of("invalid-a.json", Verdict::Valid), Ended::Failed);
    assert_eq!(of("a.json", Verdict::Invalid), Ended::Failed);
}
