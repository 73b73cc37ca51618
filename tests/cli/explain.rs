//! `accord explain`.

use fhir_accord::capability::rules::rules;
use fhir_accord::profiles::issue::RULES;

use crate::support::accord;

#[test]
fn explain_tells_of_every_rule() {
    let all = accord(&["explain"]).ended(0);
    assert_eq!(all.out.lines().count(), RULES.len() + rules().count());
    for rule in RULES.iter().step_by(17) {
        let one = accord(&["explain", rule.id.as_str()]).ended(0);
        assert!(one.out.starts_with(rule.id.as_str()) && one.out.contains(rule.meaning), "{}", one.out);
    }
}

#[test]
fn explain_tells_of_the_rules_of_negotiation() {
    for rule in rules().step_by(13) {
        let one = accord(&["explain", rule.id]).ended(0);
        assert!(one.out.starts_with(&format!("{}\n\n  means    {}\n", rule.id, rule.meaning)), "{}", one.out);
        assert!([rule.when, rule.help, rule.spec].iter().all(|text| one.out.contains(text)), "{}", one.out);
    }
}

#[test]
fn explain_helps_with_an_id_that_is_nearly_right() {
    let run = accord(&["explain", "slice"]).ended(3);
    assert!(run.err.contains("unknown rule `slice`") && run.err.contains("`slice-min`"), "{}", run.err);
    for (typo, meant) in [("elemnt-min", "`element-min`"), ("Invariant", "`invariant`"), ("us-core-6", "lists all")] {
        let run = accord(&["explain", typo]).ended(3);
        assert!(run.err.contains(meant), "{}", run.err);
    }
}
