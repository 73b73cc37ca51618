//! Policies as scripts: what they weigh, how that shows, and what happens when they fail.

use std::sync::Arc;

use fhir_accord::capability::agreement::{Agreement, Verdict};
use fhir_accord::capability::{NegotiateRequest, PolicyScript, Side, negotiate};
use fhir_accord::cli::negotiate as command;
use serde_json::json;

use super::support::{client, expects, nothing, server, to_json, validator};

fn with(script: &str, wanted: serde_json::Value, offered: serde_json::Value) -> Agreement {
    let script = PolicyScript::compile("policy.rhai", script).unwrap();
    let policy = script.policy().clone();
    let request = NegotiateRequest {
        policy,
        script: Some(Arc::new(script)),
        ..NegotiateRequest::new(Side::Statement(client(wanted)), Side::Statement(server(offered)))
    };
    negotiate(&request, &nothing()).unwrap()
}

fn cautious() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/capability/policies/cautious.rhai")).unwrap()
}

#[test]
fn a_missing_interaction_is_accepted() {
    let wanted = json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "history-instance"}]}]);
    let offered = json!([{"type": "Patient", "interaction": [{"code": "read"}]}]);
    let plain = with("fn weigh(finding) {}", wanted.clone(), offered.clone());
    assert_eq!(plain.verdict, Verdict::Incompatible);
    assert!(plain.policy.as_ref().unwrap().changes.is_empty());
    let agreement = with(&cautious(), wanted, offered);
    assert_eq!(agreement.verdict, Verdict::Compatible);
    assert_eq!(agreement.resources[0].verdict, Verdict::Compatible);
    let json = to_json(&agreement);
    assert!(validator("negotiate-result").is_valid(&json), "{json}");
    let change = json!({"dimension": "interaction", "type": "Patient", "item": "history-instance", "state": "unmet",
        "from": "SHALL", "to": "MAY", "because": "the app works without versions"});
    assert_eq!(json["policy"], json!({"file": "policy.rhai", "changes": [change]}));
    assert_eq!(json["resources"][0]["interactions"][1]["why"], json!(["unlisted", "policy-script"]));
    assert_ne!(agreement.id, plain.id, "another policy is another negotiation");
}

#[test]
fn an_unknown_profile_blocks() {
    let wanted = json!([{"type": "Patient", "interaction": [{"code": "read"},
        {"code": "vread", "extension": expects("SHOULD")}], "supportedProfile": ["http://p.test/a"],
        "_supportedProfile": [{"extension": expects("SHOULD")}]}]);
    let offered = json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "vread"}]}]);
    assert_eq!(with("fn weigh(finding) {}", wanted.clone(), offered.clone()).verdict, Verdict::Compatible);
    let agreement = with(&cautious(), wanted, offered);
    assert_eq!(agreement.verdict, Verdict::Indeterminate);
    assert_eq!(agreement.policy.unwrap().changes.len(), 1);
}

#[test]
fn versions_and_formats_are_weighed_too() {
    let script = "fn weigh(f) { if f.dimension == \"version\" || f.dimension == \"format\" { \"accept\" } }";
    let script = Arc::new(PolicyScript::compile("policy.rhai", script).unwrap());
    let (mut wanted, mut offered) = (client(json!([{"type": "Patient"}])), server(json!([{"type": "Patient"}])));
    wanted["format"] = json!(["xml"]);
    offered["fhirVersion"] = json!("3.0.2");
    let mut request = NegotiateRequest::new(Side::Statement(wanted), Side::Statement(offered));
    assert_eq!(negotiate(&request, &nothing()).unwrap().verdict, Verdict::Incompatible);
    request.script = Some(script);
    let agreement = negotiate(&request, &nothing()).unwrap();
    let changed: Vec<&str> = agreement.policy.as_ref().unwrap().changes.iter().map(|c| c.dimension).collect();
    assert_eq!((agreement.verdict, changed), (Verdict::Compatible, vec!["format", "version"]));
}

#[test]
fn a_failing_script_makes_nothing_compatible() {
    let wanted = json!([{"type": "Patient", "interaction": [{"code": "read"}]}]);
    for script in [
        "fn weigh(f) { loop {} }",
        "fn weigh(f) { f.no_such }",
        "fn weigh(f) { \"perhaps\" }",
        "fn weigh(f) { let a = [1]; loop { a += a; } }",
    ] {
        let agreement = with(script, wanted.clone(), wanted.clone());
        assert_eq!(agreement.verdict, Verdict::Indeterminate, "{script}");
        let told = agreement
            .issues
            .iter()
            .filter(|i| i.rule == "policy-script-failed" && i.text.starts_with("policy.rhai"))
            .count();
        assert_eq!(told, 1, "{script}");
    }
}

#[test]
fn the_same_script_gives_the_same_bytes() {
    let wanted = json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "vread"},
        {"code": "history-type"}]}, {"type": "Group"}]);
    let once = || {
        to_json(&with(&cautious(), wanted.clone(), json!([{"type": "Patient", "interaction": [{"code": "read"}]}])))
            .to_string()
    };
    assert_eq!(once(), once());
}

#[test]
fn the_command_line_takes_a_script() {
    use clap::Parser;
    #[derive(Parser)]
    struct Accord {
        #[command(flatten)]
        args: command::Args,
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let c = write(
        "client.json",
        &client(json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "vread"}]}])).to_string(),
    );
    let s = write("server.json", &server(json!([{"type": "Patient", "interaction": [{"code": "read"}]}])).to_string());
    let run = |policy: &str| {
        let args =
            Accord::parse_from(["accord", "--client", &c, "--server", &s, "--policy", policy, "--fail-on", "degraded"])
                .args;
        let mut out = Vec::new();
        let code = command::run(&args, &nothing(), &|_, _| panic!("nothing is observed"), &mut out);
        (code, String::from_utf8(out).unwrap())
    };
    let (code, text) = run(concat!(env!("CARGO_MANIFEST_DIR"), "/capability/policies/cautious.rhai"));
    assert_eq!(code, Ok(0), "{text}");
    assert!(
        text.contains("weights changed by policy")
            && text.contains("Patient interaction vread (unmet): MAY instead of SHALL: the app works without versions"),
        "{text}"
    );
    let (code, _) = run(&write("broken.rhai", "fn weigh(f) {\n  let a = ;\n}"));
    assert!(code.unwrap_err().contains("broken.rhai:2:11:"));
}
