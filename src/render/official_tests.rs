use std::collections::BTreeSet;

use fhir_accord_profiles::issue::RULES;

use super::*;

/// Every rule with each of the messages that it stands for, as the table of the documentation has them.
fn documented() -> BTreeSet<(String, String)> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/official-messages.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[1] == "have");
    // The plain form of a key that has a form for each grammatical number.
    let key = |key: &str| key.strip_suffix("_one").unwrap_or(key).to_owned();
    rows.flat_map(|row| row[2].split(' ').map(move |rule| (rule.to_owned(), key(row[0]))).collect::<Vec<_>>()).collect()
}

#[test]
fn the_table_agrees_with_the_documented_one() {
    let all = documented();
    for (rule, message) in MESSAGES {
        assert!(all.contains(&((*rule).to_owned(), (*message).to_owned())), "{rule}: not `{message}`");
    }
}

#[test]
fn each_row_is_found() {
    assert!(MESSAGES.is_sorted_by(|a, b| a.0 < b.0), "the rows are sorted by rule");
    let found: Vec<&str> = RULES.iter().filter_map(|rule| message_id(rule.id)).collect();
    assert_eq!(found.len(), MESSAGES.len(), "every rule of the table is one of the catalogue");
    assert_eq!(message_id(RuleId::ELEMENT_MIN), Some("Validation_VAL_Profile_Minimum"));
    assert_eq!(message_id(RuleId::INVARIANT), None);
}

#[test]
fn a_constraint_is_named_by_who_states_it() {
    let mut issue: Issue = crate::render::issue_key::tests::issue("Patient", &["http://a.test/p|1.0"]);
    assert_eq!(message_of(&issue).as_deref(), Some("http://a.test/p#obs-6"));
    issue.stated_by = Some("http://a.test/base|2".to_owned());
    assert_eq!(message_of(&issue).as_deref(), Some("http://a.test/base#obs-6"));
    issue.rule = RuleId::ELEMENT_MIN;
    assert_eq!(message_of(&issue).as_deref(), Some("Validation_VAL_Profile_Minimum"));
}
