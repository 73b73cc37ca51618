use fhir_accord_profiles::issue::{Tally, Verdict};

use super::*;

fn report(unlisted: u64) -> Report {
    Report { verdict: Verdict::Valid, stopped: None, tally: Tally::default(), unlisted, issues: Vec::new() }
}

fn row_of(source: &str, unlisted: u64) -> String {
    let mut out = Vec::new();
    csv(&report(unlisted), &Origin::whole(source), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn no_cell_begins_a_formula() {
    for text in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "'=1"] {
        assert_eq!(cell(text), format!("'{text}"));
    }
    for text in ["", "a=1", "1", "`=1`"] {
        assert_eq!(cell(text), text);
    }
}

#[test]
fn a_row_is_one_line() {
    assert_eq!(written("a\n::error::b\r\t\u{1b}").unwrap(), b"a\\n::error::b\\r\\t\\u001b");
}

#[test]
fn an_input_without_an_issue_has_a_row() {
    assert_eq!(row_of("a.json", 0), "a.json,valid,0,a.json,,,,,,no issues,,,,,,\r\n");
    assert_eq!(
        row_of("=a,\"b\".json", 2),
        "\"'=a,\"\"b\"\".json\",valid,2,\"'=a,\"\"b\"\".json\",,,,,,\
         no issues listed; 2 of lower severity not listed,,,,,,\r\n"
    );
}
