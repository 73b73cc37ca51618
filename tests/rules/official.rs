//! The official validator's messages: what stands in `docs/official-messages.tsv` is true of the rules here, and the
//! instances of `tests/rules/official/` are found wrong where the table says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Memory, Policies};
use fhir_accord::profiles::fhirpath::Temporal;
use fhir_accord::profiles::issue::{Severity, find_rule};
use serde_json::Value;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The rows of the table: key, status, rules or reason or what triggers it.
fn table() -> Vec<[String; 3]> {
    let text = read("docs/official-messages.tsv");
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        <[String; 3]>::try_from(cells).unwrap_or_else(|cells| panic!("not three columns: {cells:?}"))
    };
    text.lines().map(row).collect()
}

#[test]
fn the_table_names_rules_and_reasons_that_exist() {
    let page = read("docs/official-messages.md");
    let mut keys = BTreeSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for [key, status, what] in table() {
        assert!(keys.insert(key.clone()), "{key} stands twice");
        *counts.entry(status.clone()).or_default() += 1;
        match &*status {
            "have" => what.split(' ').for_each(|id| assert!(find_rule(id).is_some(), "{key}: no rule `{id}`")),
            "not-ours" => assert!(page.contains(&format!("| `{what}` |")), "{key}: no reason `{what}` on the page"),
            "build" => assert!(!what.is_empty(), "{key}: does not say what triggers it"),
            other => panic!("{key}: unknown status `{other}`"),
        }
    }
    for (status, count) in counts {
        let stated = format!("| `{status}` | {count} |");
        assert!(page.contains(&stated), "docs/official-messages.md does not say: {stated}");
    }
}

/// A place without the types of choices.
fn plain(expression: &str) -> String {
    let mut parts = expression.split(".ofType(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once(')').map_or(part, |(_, rest)| rest))
}

#[test]
fn instances_of_the_table_are_found_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for (i, line) in read("tests/rules/official/definitions.ndjson").lines().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), line).unwrap();
    }
    let app = App::open(&Settings {
        packages: vec![folder.path().to_string_lossy().into_owned()],
        images: Some(folder.path().join("images")),
        ..Settings::default()
    })
    .unwrap();
    let (evaluator, now) = (app.evaluator(), Temporal::date_time("2026-06-01T12:00:00Z"));
    let listed: BTreeMap<String, String> =
        table().into_iter().filter(|[_, status, _]| status == "have").map(|[key, _, rules]| (key, rules)).collect();
    let mut wrong = Vec::new();
    for line in read("tests/rules/official/instances.ndjson").lines() {
        let one: Value = serde_json::from_str(line).unwrap();
        let of = |name: &str| one[name].as_str().unwrap_or_default();
        let (key, rule) = (of("key"), of("rule"));
        assert!(listed.get(key).is_some_and(|rules| rules.split(' ').any(|r| r == rule)), "{key}: not by {rule}");
        let policies = Policies { level: Severity::Information, ..Policies::hl7() };
        let report = app.check(&evaluator, of("text").as_bytes(), &[], &policies, now, &mut Memory::default());
        if !report.issues.iter().any(|i| i.rule.as_str() == rule && plain(&i.expression) == of("path")) {
            let found: Vec<String> = report.issues.iter().map(|i| format!("{} {}", i.rule, i.expression)).collect();
            wrong.push(format!("{key}: no {rule} at {}, but {found:?}", of("path")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
