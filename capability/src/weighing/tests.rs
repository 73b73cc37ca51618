//! What scripts weigh, and what happens when they fail.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fhir_accord_profiles::interrupt::Interrupt;

use super::{PolicyScript, Weighed, Weighing};
use crate::agreement::Finding;
use crate::expectation::Weight;
use crate::reason::Reason;

fn weighed(item: &str) -> Weighed<'_> {
    Weighed {
        dimension: "search",
        resource_type: Some("Patient"),
        item,
        finding: Finding::Unmet,
        expectation: None,
        why: &[Reason::Unlisted],
    }
}

#[test]
fn a_script_weighs_and_says_why() {
    let text = r#"
        fn weigh(f) {
            if f.item == "x" { return "accept"; }
            if f.item == "y" { return #{ weight: "block", because: f.why[0] + f.weight }; }
        }
    "#;
    let script = PolicyScript::compile("p.rhai", text).unwrap();
    let weighing = Weighing::new(Some(&script), &Interrupt::default());
    assert_eq!(weighing.weigh(Some(Weight::Shall), &weighed("x")), Some(Weight::May));
    assert_eq!(weighing.weigh(Some(Weight::May), &weighed("y")), Some(Weight::Shall));
    assert_eq!(weighing.weigh(Some(Weight::Should), &weighed("z")), Some(Weight::Should));
    assert_eq!(weighing.weigh(None, &weighed("y")), None);
    let (effect, failure) = weighing.effect().unwrap();
    assert_eq!((effect.file.as_str(), failure), ("p.rhai", None));
    assert_eq!(
        effect.changes.iter().map(|c| (c.item.as_str(), c.because.as_deref())).collect::<Vec<_>>(),
        [("x", None), ("y", Some("unlistedMAY"))]
    );
}

#[test]
fn a_failure_is_told_and_changes_nothing() {
    for (text, word) in [
        ("fn weigh(f) { 1 / 0 }", "zero"),
        ("fn weigh(f) { \"perhaps\" }", "`\"perhaps\"`"),
        ("fn weigh(f) { loop {} }", "operations"),
        ("fn weigh(f) { f.nope }", "nope"),
    ] {
        let script = PolicyScript::compile("p.rhai", text).unwrap();
        let weighing = Weighing::new(Some(&script), &Interrupt::default());
        assert_eq!(weighing.weigh(Some(Weight::Shall), &weighed("x")), Some(Weight::Shall));
        let failure = weighing.effect().unwrap().1.unwrap();
        assert!(failure.starts_with("p.rhai:") && failure.contains(word), "{failure}");
    }
}

#[test]
fn settings_are_those_of_a_policy() {
    let script =
        PolicyScript::compile("p.rhai", "const SETTINGS = #{ assume: #{ patientContext: true }, granted: \"a b\" };")
            .unwrap();
    assert_eq!((script.policy().granted.as_deref(), script.policy().assume.patient_context), (Some("a b"), Some(true)));
    assert!(PolicyScript::compile("p.rhai", "const SETTINGS = #{ odd: 1 };").unwrap_err().contains("odd"));
    assert!(PolicyScript::compile("p.rhai", "fn f() {}").unwrap_err().contains("weigh(finding)"));
    assert!(PolicyScript::compile("p.rhai", "fn f( {").unwrap_err().starts_with("p.rhai:1:"));
}
