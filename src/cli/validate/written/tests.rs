use fhir_accord_profiles::issue::{Report, Tally, Verdict};
use serde_json::{Value, json};

use super::super::summary::Count;
use super::*;
use crate::project::Applied;
use crate::render::Origin;

/// What is written of valid inputs without an issue.
fn written(sources: &[&str], format: Format) -> String {
    let report =
        Report { verdict: Verdict::Valid, stopped: None, tally: Tally::default(), unlisted: 0, issues: Vec::new() };
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, format);
    for source in sources {
        let mut told = Told::default();
        told.add(&Applied::plain(report.clone()), &Origin::whole(source), b"", (format, false));
        writer.add(told);
    }
    writer.finish(&Count::default().run(1, &["`x` is not there".to_owned()], 3));
    String::from_utf8(out).unwrap()
}

#[test]
fn json_is_an_outcome_or_a_bundle() {
    let one: Value = serde_json::from_str(&written(&["a"], Format::Json)).unwrap();
    assert_eq!(one["resourceType"], "OperationOutcome");
    for sources in [&["a", "b\u{9b}\""][..], &["a", "b", "c"], &[]] {
        let entries: Vec<Value> = sources.iter().map(|s| json!({"fullUrl": s, "resource": one})).collect();
        let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
        let expected = serde_json::to_string_pretty(&bundle).unwrap().replace('\u{9b}', "\\u009b") + "\n";
        assert_eq!(written(sources, Format::Json), expected);
    }
}

#[test]
fn each_form_tells_what_could_not_be_read() {
    for format in [Format::Sarif, Format::Junit, Format::Github, Format::Csv, Format::Html] {
        let text = written(&[], format);
        assert!(text.contains("is not there"), "{format:?}: {text}");
    }
}
