use super::*;
use crate::profiles::instance::Place;
use crate::profiles::issue::{Report, Severity};

/// An issue of a rule at what the text has there first, from `skip` bytes into it.
fn issue(rule: RuleId, text: &str, at: &str, inside: std::ops::Range<usize>) -> Issue {
    let start = text.find(at).unwrap();
    Issue {
        rule,
        severity: Severity::Error,
        open: false,
        code: "structure",
        expression: String::new(),
        span: (start + inside.start) as u32..(start + inside.end) as u32,
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

/// The text once the first safe fix is applied; `None` where there is none.
fn fixed(rule: RuleId, text: &str, at: &str, inside: std::ops::Range<usize>) -> Option<String> {
    let ground = Ground { definitions: None, asked: &[], only_safe: true };
    let found = fixes(text, &[&issue(rule, text, at, inside)], ground).remove(0);
    apply(text, &found.first()?.edits)
}

#[test]
fn syntax_is_mended_where_it_is_sure() {
    let of = |rule, text: &str, at: &str| fixed(rule, text, at, 0..at.len());
    assert_eq!(of(RuleId::JSON_TRAILING_COMMA, "{\"a\":1 , }", ",").unwrap(), "{\"a\":1  }");
    assert_eq!(of(RuleId::JSON_SINGLE_QUOTES, "{'a':1}", "'a'").unwrap(), "{\"a\":1}");
    assert_eq!(of(RuleId::JSON_SINGLE_QUOTES, "{'a\"':1}", "'a\"'"), None);
    assert_eq!(of(RuleId::JSON_UNQUOTED, "{a:1}", "a").unwrap(), "{\"a\":1}");
    assert_eq!(of(RuleId::JSON_CONTROL_CHARACTER, "{\"a\":\"x\ty\"}", "\t").unwrap(), "{\"a\":\"x\\ty\"}");
    let comma = fixed(RuleId::JSON_MISSING_COMMA, "{\"a\":1\n \"b\":2}", "\"b\"", 0..0);
    assert_eq!(comma.unwrap(), "{\"a\":1,\n \"b\":2}");
    let bom = "\u{feff}{}";
    assert_eq!(of(RuleId::JSON_BOM, bom, "\u{feff}").unwrap(), "{}");
}

#[test]
fn brackets_come_and_go_around_one_value() {
    let array = |text: &str, at: &str, inside| fixed(RuleId::ELEMENT_ARRAY, text, at, inside);
    assert_eq!(array(r#"{"a": {"b":[1]} }"#, r#"{"b""#, 0..1).unwrap(), r#"{"a": [{"b":[1]}] }"#);
    assert_eq!(array(r#"{"a":"x"}"#, r#""x""#, 1..2).unwrap(), r#"{"a":["x"]}"#);
    assert_eq!(array(r#"{"a":[ "x" ],"b":1}"#, r#""x""#, 1..2).unwrap(), r#"{"a":"x","b":1}"#);
    assert_eq!(array(r#"{"a":["x","y"]}"#, r#""x""#, 1..2), None);
}

#[test]
fn empty_members_go_with_their_comma() {
    let empty = |text: &str, at: &str| fixed(RuleId::ELEMENT_EMPTY, text, at, 0..at.len());
    assert_eq!(empty("{\"a\":1,\n  \"b\":[],\n  \"c\":2}", "[]").unwrap(), "{\"a\":1,\n  \"c\":2}");
    assert_eq!(empty(r#"{"b":{}, "c":2}"#, "{}").unwrap(), r#"{"c":2}"#);
    assert_eq!(empty(r#"{"a":1,"b":null}"#, "null").unwrap(), r#"{"a":1}"#);
    assert_eq!(empty(r#"{"b":{}}"#, "{}"), None);
    assert_eq!(empty(r#"{"a":1,"b":[{},{}]}"#, "{}"), None);
    assert_eq!(empty(r#"{"b":null,"_b":{"id":"x"}}"#, "null"), None);
}

#[test]
fn edits_that_do_not_fit_change_nothing() {
    let edits = |ranges: &[(usize, usize)]| -> Vec<Edit> {
        ranges.iter().map(|(start, end)| Edit::new(*start..*end, "x")).collect()
    };
    assert_eq!(apply("abcd", &edits(&[(3, 4), (0, 1), (1, 1)])).unwrap(), "xxbcx");
    assert_eq!(apply("abcd", &edits(&[(0, 2), (1, 3)])), None);
    assert_eq!(apply("abcd", &edits(&[(0, 9)])), None);
    assert_eq!(apply("\u{e4}", &edits(&[(1, 2)])), None);
}

#[test]
fn a_fix_that_makes_nothing_better_is_left_out() {
    let text = r#"{"a":[],"b":[],"c":1}"#.to_owned();
    // Whoever validates finds both empty, and without `a` something worse.
    let mut check = |text: &[u8]| {
        let text = std::str::from_utf8(text).unwrap();
        let mut issues: Vec<Issue> =
            text.match_indices("[]").map(|(at, _)| issue(RuleId::ELEMENT_EMPTY, text, &text[at - 4..], 4..6)).collect();
        if !text.contains("\"a\"") {
            issues.extend([0, 1].map(|_| issue(RuleId::ELEMENT_MIN, text, "{", 0..1)));
        }
        let errors = issues.len() as u64;
        let tally = crate::profiles::issue::Tally { errors, ..Default::default() };
        Report { verdict: crate::profiles::issue::Verdict::Invalid, stopped: None, tally, unlisted: 0, issues }
    };
    let mended = mend(text, &mut check, None, &[]);
    assert_eq!(mended.text, r#"{"a":[],"c":1}"#);
    assert_eq!((mended.applied.len(), mended.left_out, mended.is_done), (1, 1, true));
}

#[test]
fn what_is_not_listed_keeps_nothing_from_being_fixed() {
    // Of all that is found two issues are listed, and that there are more.
    let mut check = |text: &[u8]| {
        let text = std::str::from_utf8(text).unwrap();
        let all: Vec<usize> = text.match_indices("[]").map(|(at, _)| at).collect();
        let mut issues: Vec<Issue> =
            all.iter().take(2).map(|at| issue(RuleId::ELEMENT_EMPTY, text, &text[*at..], 0..2)).collect();
        if all.len() > 2 {
            issues.push(issue(RuleId::LIMIT_ISSUES, text, "{", 0..0));
        }
        let tally = crate::profiles::issue::Tally { errors: all.len() as u64, ..Default::default() };
        Report { verdict: crate::profiles::issue::Verdict::Invalid, stopped: None, tally, unlisted: 0, issues }
    };
    let members: String = (0..7).map(|i| format!("\"a{i}\":[],")).collect();
    let mended = mend(format!("{{{members}\"b\":1}}"), &mut check, None, &[]);
    assert_eq!((&*mended.text, mended.applied.len(), mended.is_done), (r#"{"b":1}"#, 7, true));
}
