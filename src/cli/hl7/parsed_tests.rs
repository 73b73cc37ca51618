use super::*;
use crate::cli::hl7::asked::Style;
use crate::hl7::{BestPractice, Html, Least};

fn parsed(line: &str) -> Result<Asked, String> {
    parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
}

#[test]
fn options_and_files_come_in_any_order_and_capitals() {
    let asked = parsed(
        "a.json -Version 4.0 -IG hl7.fhir.us.core#6.1.0 -profile http://a.test/p b.xml -tx n/a -level Errors \
         -best-practice i -Extension any -allow-example-urls true -output o.json -recurse",
    )
    .unwrap();
    assert_eq!(asked.sources, ["a.json", "b.xml"]);
    assert_eq!((asked.version.as_deref(), asked.style()), (Some("4.0"), Style::Json));
    assert_eq!((asked.packages.len(), asked.profiles.len(), asked.recurse), (1, 1, true));
    assert_eq!((asked.chosen.least, asked.chosen.best_practice), (Least::Errors, BestPractice::Ignore));
    assert!(asked.chosen.any_extension && asked.chosen.example_urls && asked.notes.is_empty());
}

#[test]
fn the_value_of_example_urls_may_be_left_out() {
    assert!(parsed("-allow-example-urls a.json -tx n/a").unwrap().chosen.example_urls);
    assert!(!parsed("-allow-example-urls false a.json").unwrap().chosen.example_urls);
    assert_eq!(parsed("-security-checks a.json").unwrap().chosen.html, Html::Error);
}

#[test]
fn what_has_no_effect_is_told_once() {
    let asked = parsed("a.json -txLog x -txlog y -tx https://tx.example.org/r4").unwrap();
    assert_eq!(asked.notes.len(), 2, "{:?}", asked.notes);
    assert_eq!(asked.tx.as_deref(), Some("https://tx.example.org/r4"));
    assert!(parsed("a.json").unwrap().notes[0].contains("no terminology server is asked"));
}

#[test]
fn what_is_not_known_or_could_change_a_verdict_is_refused_by_name() {
    for (line, says) in [
        ("a.json -no-invariants", "`-no-invariants` is not supported"),
        ("a.json -strictness high", "`-strictness` is no option"),
        ("a.json -version", "`-version` needs a value"),
        ("a.json -level all", "expected hints, warnings or errors"),
        ("a.json -extension http://", "is no domain"),
        ("a.json -bundle Pateint http://a.test/p", "no resource type"),
        ("a.json -bundle Patient", "needs a value"),
        ("a.json r5-bundle-relative-reference-policy always", "the FHIR version decides"),
        ("a.json -ig https://a.test/guide", "not fetched"),
        ("a.json -ig [4.0]guide#1", "FHIR version before a package"),
        ("a.json -output-style compact-split", "use `compact`"),
        ("a.json -questionnaire none", "`none` is not supported"),
        ("-transform http://a.test/map", "maps are not executed"),
        ("snapshot p.json", "accord snapshot"),
        ("a.json -snapshot", "accord snapshot"),
        ("-fhirpath name a.json", "accord fhirpath"),
    ] {
        let refused = parsed(line).unwrap_err();
        assert!(refused.contains(says), "{line}: {refused}");
    }
}
