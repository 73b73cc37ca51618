//! The catalogue of negotiation is complete: every id in it is produced by one of these requests, and every id that a
//! result can hold is in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use fhir_accord::capability::observed::{Observed, ObservedProfile};
use fhir_accord::capability::rules::{GROUPS, rule, rules};
use fhir_accord::capability::{NegotiateRequest, PolicyScript, Side, negotiate};
use serde_json::{Value, json};

use crate::requests;

/// Every rule id in a result: the words of each `why`, and each `rule`.
fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("rule", Value::String(id)) => {
                        into.insert(id.clone());
                    }
                    ("why", Value::String(id)) => {
                        into.insert(id.clone());
                    }
                    ("why", Value::Array(ids)) => into.extend(ids.iter().filter_map(Value::as_str).map(str::to_owned)),
                    _ => collect(member, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}

#[test]
fn the_catalogue_of_negotiation_is_what_results_hold() {
    let definitions = requests::definitions();
    let mut requests: Vec<NegotiateRequest> = requests::all()
        .iter()
        .map(|body| NegotiateRequest::from_json(body).unwrap_or_else(|e| panic!("{e}: {body}")))
        .collect();
    for script in ["fn weigh(finding) { \"accept\" }", "fn weigh(finding) { \"perhaps\" }"] {
        let script = Some(Arc::new(PolicyScript::compile("policy.rhai", script).unwrap()));
        requests.push(NegotiateRequest { script, ..requests[2].clone() });
    }
    requests.extend(observed());
    let mut found = BTreeSet::new();
    for request in &requests {
        collect(&serde_json::to_value(negotiate(request, &definitions).unwrap()).unwrap(), &mut found);
    }
    let unknown: Vec<&String> = found.iter().filter(|id| rule(id).is_none()).collect();
    assert!(unknown.is_empty(), "not in the catalogue: {unknown:?}");
    // What the guard refuses by is shown where it decides: capability/src/guard/tests.
    let negotiated = GROUPS.iter().filter(|g| g.title != "Guard").flat_map(|g| g.rules);
    let unseen: Vec<&str> = negotiated.map(|r| r.id).filter(|id| !found.contains(*id)).collect();
    assert!(unseen.is_empty(), "in the catalogue, and no request produces them: {unseen:?}");
}

/// Requests with real answers that speak for a required profile: one that the server does not declare, all valid, and
/// one that fails.
fn observed() -> Vec<NegotiateRequest> {
    let of = |mode: &str, profiles: &[&str]| {
        Side::Statement(json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
            "rest": [{"mode": mode, "resource": [{"type": "Patient", "supportedProfile": profiles}]}]}))
    };
    let profile = "http://test.example/unheard-of|1";
    let with = |failed: usize| {
        let counts = ObservedProfile { speaking: 2, failed, ..ObservedProfile::default() };
        let observed = Observed { profiles: [(profile.to_owned(), counts)].into(), ..Observed::default() };
        let request = NegotiateRequest::new(of("client", &[profile]), of("server", &[]));
        NegotiateRequest { observed: Some(Arc::new(observed)), ..request }
    };
    vec![with(0), with(1)]
}

#[test]
fn every_rule_of_negotiation_is_explained() {
    for rule in rules() {
        let id = rule.id;
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{id}");
        for text in [rule.meaning, rule.when, rule.help] {
            assert!(!text.is_empty() && !text.ends_with('.') && !text.contains("  "), "{id}: `{text}`");
        }
        assert!(rule.spec.is_empty() || rule.spec.starts_with("https://"), "{id} has no link");
    }
}

/// Words with a hyphen that are no rule ids: codes of FHIR and SMART, and parts of urls.
const OTHER_WORDS: &[&str] = &[
    "all-ok",
    "full-support",
    "history-instance",
    "history-system",
    "history-type",
    "kebab-case",
    "modified-since",
    "no-version",
    "not-found",
    "not-match",
    "not-supported",
    "permission-v2",
    "processing-status",
    "search-parameter-combination",
    "search-system",
    "search-type",
    "versioned-update",
    // Parameters that frameworks read as another method.
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

/// The literals of a source text that are rule ids by their form, or stand where a rule id belongs.
fn literals(text: &str) -> Vec<String> {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String =
        shipped.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
    let hyphened = regex::Regex::new(r#""([a-z0-9]+(?:-[a-z0-9]+)+)""#).unwrap();
    let makers = r"(?:Issue::(?:error|warning|information)\(|Flaw\(|Unknown\(|unknown\(|why\.push\(|vec!\[|rule: )";
    let made = regex::Regex::new(&format!(r#"{makers}\s*"([a-z0-9]+)""#)).unwrap();
    let all = hyphened.captures_iter(&code).chain(made.captures_iter(&code));
    all.map(|found| found[1].to_owned()).filter(|word| !OTHER_WORDS.contains(&word.as_str())).collect()
}

#[test]
fn the_source_names_no_rule_that_the_catalogue_lacks() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("capability/src");
    let files = walkdir::WalkDir::new(root).into_iter().map(Result::unwrap);
    let mut seen = 0;
    let is_test = |f: &walkdir::DirEntry| {
        f.path().components().any(|c| ["tests", "tests.rs"].iter().any(|t| c.as_os_str() == *t))
    };
    for file in files.filter(|f| f.file_name().to_string_lossy().ends_with(".rs") && !is_test(f)) {
        let found = literals(&std::fs::read_to_string(file.path()).unwrap());
        seen += found.len();
        let unknown: Vec<&String> = found.iter().filter(|id| rule(id).is_none()).collect();
        assert!(unknown.is_empty(), "{}: not in the catalogue: {unknown:?}", file.path().display());
    }
    assert!(seen > rules().count(), "{seen} literals were looked at");
    assert_eq!(literals("why.push(\"odd\"); x(\"no-such\");\n // \"x-y\"\n#[cfg(test)]\"z-z\""), ["no-such", "odd"]);
}
