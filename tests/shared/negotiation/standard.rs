//! The standard operations on the official comparison case, and on the statements of real systems.

use std::sync::OnceLock;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::capability::standard::{Conforms, Mode, conforms, implements};
use fhir_accord::profiles::issue::Verdict;
use serde_json::Value;

use super::support::{capability, definitions};
use crate::harness::{Test, shared, tests};

pub const TESTS: &[Test] = tests! {
    "fhir-test-cases/comparison capability packages" => the_official_case;
    "capability packages" => real_statements;
};

fn valid(resource: &Value) {
    static APP: OnceLock<App> = OnceLock::new();
    let app = APP.get_or_init(|| App::open(&Settings::default()).unwrap());
    let report = app.validate(resource.to_string().as_bytes(), &Request::default()).unwrap();
    let first = report.issues.first().map(|i| format!("{}: {}", i.expression, i.text));
    assert_eq!(report.verdict, Verdict::Valid, "{first:?}");
}

fn compared(left: &Value, right: &Value, mode: Mode) -> [Value; 3] {
    let answer = conforms(left, right, mode, definitions()).unwrap();
    let Conforms::Compared(parameters) = answer else { panic!("{answer:?}") };
    valid(&parameters);
    ["issues", "union", "intersection"].map(|name| {
        let all = parameters["parameter"].as_array().unwrap();
        all.iter().find(|p| p["name"] == name).map(|p| p["resource"].clone()).unwrap_or_default()
    })
}

fn official(name: &str) -> Value {
    let path = shared().join("fhir-test-cases/comparison").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Every difference that the case lists is told at its element, and those that its tool does not list as well.
fn the_official_case() {
    let (left, right) = (official("cps-base-left.json"), official("cps-base-right.json"));
    let [told, union, common] = compared(&left, &right, Mode::ServerServer);
    let issues: Vec<(String, String)> = told["issue"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| {
            let place = i["expression"][0].as_str().unwrap_or_default().replace("CapabilityStatement.", "");
            (place, i["details"]["text"].as_str().unwrap().to_owned())
        })
        .collect();
    // Its strings contain tabs, which JSON does not allow.
    let manifest = std::fs::read_to_string(shared().join("fhir-test-cases/comparison/manifest.json")).unwrap();
    let places = manifest.lines().filter_map(|l| l.trim().split('\t').nth(1)?.strip_prefix("CapabilityStatement."));
    assert_eq!(places.clone().count(), 15);
    for place in places {
        // The tool's paths are not FHIRPath. The prose of an interaction is not compared; its expectation differs, too.
        let place = match place {
            "rest.where(mode='SERVER').documentation" => "rest.documentation",
            "rest.security.security.description" => "rest.security.description",
            "rest.security.security.text" => "rest.security.service",
            "rest.resource.documentation" => "rest[0].resource[0].interaction[0]",
            other => other,
        };
        assert!(issues.iter().any(|(at, _)| at == place), "{place}: {issues:?}");
    }
    for part in [
        "resource type `Provenance`",
        "resource type `CarePlan`",
        "`conditionalCreate` `true` of `AllergyIntolerance`",
        "search parameter `clinical-status` of `AllergyIntolerance`",
        "`_revinclude` `Provenance:target` of `AllergyIntolerance`",
        "the expectation of interaction `create` of `AllergyIntolerance` differs: SHALL in left, MAY in right",
    ] {
        assert!(issues.iter().any(|(_, text)| text.contains(part)), "{part}");
    }
    let types = |statement: &Value| {
        let all = statement["rest"][0]["resource"].as_array().unwrap().clone();
        all.iter().map(|r| r["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(types(&union), ["AllergyIntolerance", "Provenance", "CarePlan"]);
    assert_eq!(types(&common), ["AllergyIntolerance"]);
    assert_eq!(common["rest"][0]["resource"][0]["searchParam"].as_array().unwrap().len(), 1);
    assert_eq!(common["format"], serde_json::json!(["json"]));
    let [told, ..] = compared(&left, &left, Mode::ServerServer);
    assert!(told["issue"].as_array().unwrap().iter().all(|i| i["severity"] == "information"), "{told}");
}

/// Answers about what real servers and guides say are valid, whatever is wrong with the statements.
fn real_statements() {
    let names = [
        "careevolution-hiebus-r4",
        "inferno-reference-server-template-r4",
        "smilecdr-hapi-2019-r4",
        "req-ipa-client",
        "epic-may2019-dstu2",
        "gpconnect-stu3",
    ];
    let all: Vec<Value> = names.iter().map(|n| capability(n)).collect();
    for (left, name) in all.iter().zip(names) {
        for right in &all {
            let answer = implements(left, right, definitions()).unwrap();
            valid(&answer.outcome);
            let mode = if name.starts_with("req-") { Mode::ClientServer } else { Mode::ServerServer };
            compared(left, right, mode);
        }
    }
    let (client, server) = (capability("req-ipa-client"), capability("req-ipa-server"));
    assert!(implements(&client, &server, definitions()).unwrap().matches);
}
