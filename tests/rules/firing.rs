//! Every rule of the catalogue fires on one instance and not on its near variant.

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::assertion::example::{Example, GAP};
use fhir_accord::profiles::assertion::examples;
use fhir_accord::profiles::evaluate::{Answers, Evaluator, Judgement, Memory, Policies, Terms};
use fhir_accord::profiles::explain;
use fhir_accord::profiles::fhirpath::Temporal;
use fhir_accord::profiles::instance::{Limits, read};
use fhir_accord::profiles::issue::{RULES, Report, RuleId, Severity, rule};

/// Rules that no instance fires, and why.
const EXCEPTIONS: &[(RuleId, &str)] = &[
    (RuleId::INVARIANT_BROKEN, "it is about the expression of a definition, not about an instance"),
    (RuleId::TERMINOLOGY_SERVER, "it needs a terminology server: tests/cli/terminology shows it"),
    (RuleId::SCRIPT_FAILED, "it needs the script of a site: tests/cli/scripting/failing.rs shows it"),
    (RuleId::SCRIPT_UNDECIDED, "it needs the script of a site: tests/cli/scripting/failing.rs shows it"),
];

/// The moment at which the examples are judged.
fn now() -> Option<Temporal> {
    Temporal::date_time("2026-06-01T12:00:00Z")
}

/// The url of an example's profile.
fn url(example: &Example) -> String {
    format!("http://firing.test/StructureDefinition/{}", example.rule)
}

/// An example's profile as JSON; `None` where it has none.
fn definition(example: &Example) -> Option<String> {
    if example.elements.is_empty() {
        return None;
    }
    let elements: Vec<serde_json::Value> =
        serde_json::from_str(&format!("[{}]", example.elements)).unwrap_or_else(|e| panic!("{}: {e}", example.rule));
    let kind = elements[0]["id"].as_str().and_then(|id| id.split('.').next()).unwrap_or_default();
    let profile = serde_json::json!({
        "resourceType": "StructureDefinition", "id": example.rule.as_str(), "url": url(example), "name": "Firing",
            "status": "active", "fhirVersion": "4.0.1",
        "kind": "resource", "abstract": false, "type": kind, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{kind}"),
        "differential": {"element": elements},
    });
    Some(profile.to_string())
}

/// The engine over the core, terminology, and the definitions of the examples in `folder`.
fn open(folder: &Path, all: &[Example]) -> App {
    for example in all {
        let profile = definition(example);
        for (i, text) in profile.as_deref().into_iter().chain(example.definitions.iter().copied()).enumerate() {
            std::fs::write(folder.join(format!("{}-{i}.json", example.rule)), text).unwrap();
        }
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("firing"));
    let packages =
        vec!["hl7.fhir.r4.core#4.0.1".to_owned(), "hl7.terminology.r4#7.3.0".to_owned(), folder.display().to_string()];
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// What is said of an example's instance, with its profile, policies and limits.
fn report(app: &App, evaluator: &Evaluator<'_>, example: &Example, text: &[u8]) -> Report {
    let mut policies = Policies { level: Severity::Information, ..Policies::default() };
    (example.policies)(&mut policies);
    let asked = if example.elements.is_empty() { Vec::new() } else { app.profiles(&[url(example)]).unwrap() };
    let Some(set) = example.limits else {
        return app.check(evaluator, text, &asked, &policies, now(), &mut Memory::default());
    };
    let mut limits = Limits::default();
    set(&mut limits);
    let tape = read(text, app.set().model().names(), &limits);
    let terms = Terms { policies: &policies, answers: &Answers::default(), asks: false, now: now(), resources: None };
    let judgement = if tape.is_fatal() {
        Judgement::default()
    } else {
        evaluator.evaluate(&tape, &asked, terms, &mut Memory::default())
    };
    explain::report(&tape, app.set(), &judgement, &policies)
}

/// What is wrong with an example; empty where its rule fires and its variant is quiet.
fn faults(app: &App, evaluator: &Evaluator<'_>, example: &Example) -> Vec<String> {
    let about = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let (firing, passing) = (example.firing(), example.passing());
    assert_ne!(firing, passing, "{}: the two instances do not differ: where is the {GAP}?", example.rule);
    let (found, quiet) = (report(app, evaluator, example, &firing), report(app, evaluator, example, &passing));
    let said = |r: &Report| {
        r.issues.iter().map(|i| format!("\n    {} at {}: {}", i.rule, i.expression, i.text)).collect::<String>()
    };
    let mut out = Vec::new();
    match found.issues.iter().find(|i| i.rule == example.rule) {
        None => out.push(format!("{} is silent on {}{}", example.rule, about(&firing), said(&found))),
        Some(issue) => {
            if issue.text.is_empty()
                || issue.text.starts_with("the rule is broken")
                || issue.text.ends_with('.')
                || !(issue.code == "incomplete" || rule(example.rule).is_some_and(|r| r.code == issue.code))
            {
                out.push(format!("{} speaks oddly: {} `{}`", example.rule, issue.code, issue.text));
            }
        }
    }
    if quiet.issues.iter().any(|i| i.rule == example.rule) {
        out.push(format!("{} fires on the variant {}{}", example.rule, about(&passing), said(&quiet)));
    }
    out
}

#[test]
fn every_rule_fires_and_its_variant_does_not() {
    let all: Vec<Example> = examples().copied().collect();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), &all);
    let evaluator = app.evaluator();
    let all: Vec<String> = all.iter().flat_map(|e| faults(&app, &evaluator, e)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn every_rule_has_an_example() {
    let shown = |id: RuleId| examples().any(|e| e.rule == id);
    let excepted = |id: RuleId| EXCEPTIONS.iter().any(|(e, _)| *e == id);
    let missing: Vec<&str> =
        RULES.iter().map(|r| r.id).filter(|id| !shown(*id) && !excepted(*id)).map(|id| id.as_str()).collect();
    assert!(missing.is_empty(), "no example in profiles/src/assertion shows these firing: {}", missing.join(", "));
    for (id, why) in EXCEPTIONS {
        assert!(!shown(*id) && !why.is_empty(), "{id} has an example: it is no exception");
    }
}
