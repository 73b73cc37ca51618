//! Every rule of the catalogue fires on one instance and not on its near twin.

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Evaluator, Memory, Policies};
use fhir_accord::profiles::explain;
use fhir_accord::profiles::instance::{Limits, read};
use fhir_accord::profiles::issue::{RULES, Report, RuleId, rule};

use crate::row::Row;
use crate::{structure, subjects, syntax};

/// Rules that no instance fires, and why.
const EXCEPTIONS: &[(RuleId, &str)] = &[
    (RuleId::DEFINITION, "it is about a definition that does not read, not about an instance"),
    (RuleId::SCRIPT_FAILED, "it needs the script of a site: tests/cli/scripting.rs shows it"),
    (RuleId::SCRIPT_UNDECIDED, "it needs the script of a site: tests/cli/scripting.rs shows it"),
];

fn rows() -> Vec<Row> {
    [syntax::ROWS, structure::ROWS, subjects::ROWS].concat()
}

/// The engine over the core, a guide, and the definitions of the rows in `folder`.
fn open(folder: &Path, rows: &[Row]) -> App {
    for row in rows {
        let profile = row.definition();
        for (i, text) in profile.as_deref().into_iter().chain(row.definitions.iter().copied()).enumerate() {
            std::fs::write(folder.join(format!("{}-{i}.json", row.rule.0)), text).unwrap();
        }
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("firing"));
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), "hl7.terminology.r4#7.3.0".to_owned(), folder.display().to_string()];
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// What is said of a row's instance, with the row's profile, policies and limits.
fn report(app: &App, evaluator: &Evaluator<'_>, row: &Row, text: &[u8]) -> Report {
    let mut policies = Policies::default();
    (row.policies)(&mut policies);
    let asked = if row.elements.is_empty() { Vec::new() } else { app.profiles(&[row.url()]).unwrap() };
    let Some(set) = row.limits else { return app.check(evaluator, text, &asked, &policies, &mut Memory::default()) };
    let mut limits = Limits::default();
    set(&mut limits);
    let tape = read(text, app.set().model().names(), &limits);
    let findings = if tape.is_fatal() { Vec::new() } else { evaluator.evaluate(&tape, &asked, &policies, &mut Memory::default()) };
    explain::report(&tape, app.set(), &findings, policies.issues)
}

/// What is wrong with a row; empty where its rule fires and its twin is quiet.
fn faults(app: &App, evaluator: &Evaluator<'_>, row: &Row) -> Vec<String> {
    let about = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let (firing, twin) = (row.firing(), row.twin());
    let (found, quiet) = (report(app, evaluator, row, &firing), report(app, evaluator, row, &twin));
    let said = |r: &Report| r.issues.iter().map(|i| format!("\n    {} at {}: {}", i.rule.0, i.expression, i.text)).collect::<String>();
    let mut out = Vec::new();
    match found.issues.iter().find(|i| i.rule == row.rule) {
        None => out.push(format!("{} is silent on {}{}", row.rule.0, about(&firing), said(&found))),
        Some(issue) => {
            if issue.text.is_empty()
                || issue.text.starts_with("this does not hold")
                || issue.text.ends_with('.')
                || !(issue.code == "incomplete" || rule(row.rule.0).is_some_and(|r| r.code == issue.code))
            {
                out.push(format!("{} speaks oddly: {} `{}`", row.rule.0, issue.code, issue.text));
            }
        }
    }
    if quiet.issues.iter().any(|i| i.rule == row.rule) {
        out.push(format!("{} fires on the twin {}{}", row.rule.0, about(&twin), said(&quiet)));
    }
    out
}

#[test]
fn every_rule_fires_and_its_twin_does_not() {
    let rows = rows();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), &rows);
    let evaluator = app.evaluator();
    let all: Vec<String> = rows.iter().flat_map(|r| faults(&app, &evaluator, r)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn every_rule_has_a_row() {
    let rows = rows();
    let has_row = |id: RuleId| rows.iter().any(|r| r.rule == id);
    let excepted = |id: RuleId| EXCEPTIONS.iter().any(|(e, _)| *e == id);
    let missing: Vec<&str> = RULES.iter().map(|r| r.id).filter(|id| !has_row(*id) && !excepted(*id)).map(|id| id.0).collect();
    assert!(missing.is_empty(), "no row of tests/rules shows these firing: {}", missing.join(", "));
    for (id, why) in EXCEPTIONS {
        assert!(!has_row(*id) && !why.is_empty(), "{} has a row: it is no exception", id.0);
    }
}
