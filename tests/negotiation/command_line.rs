//! `accord negotiate` and `accord scope` as a person and a program see them.

use clap::Parser;
use fhir_accord::cli::{negotiate, scope};
use serde_json::{Value, json};

use super::support::{client, expects, nothing, server, validator};

#[derive(Parser)]
enum Accord {
    Negotiate(negotiate::Args),
    Scope(scope::Args),
}

fn run(args: &[&str]) -> (Result<u8, String>, String) {
    let mut out = Vec::new();
    let code = match Accord::try_parse_from(std::iter::once("accord").chain(args.iter().copied()))
        .unwrap_or_else(|e| panic!("{e}"))
    {
        Accord::Negotiate(args) => negotiate::run(&args, &nothing(), &|_, _| panic!("nothing is observed"), &mut out),
        Accord::Scope(args) => scope::run(&args, &mut out),
    };
    (code, String::from_utf8(out).unwrap())
}

fn files() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, value: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, serde_json::to_vec(value).unwrap()).unwrap();
        path.display().to_string()
    };
    let wants = client(json!([{"type": "Patient", "interaction": [{"code": "read"}]}, {"type": "Observation",
            "extension": expects("SHOULD"), "interaction": [{"code": "search-type"}]}]));
    let (c, s) = (
        write("client.json", &wants),
        write("server.json", &server(json!([{"type": "Patient", "interaction": [{"code": "read"}]}]))),
    );
    (folder, c, s)
}

#[test]
fn text_tells_verdict_then_reasons_then_types() {
    let (_folder, client, server) = files();
    let (code, text) = run(&["negotiate", "--client", &client, "--server", &server]);
    assert_eq!(code, Ok(0));
    assert!(text.starts_with("DEGRADED: "), "{text}");
    let (reason, table) = (text.find("what does not work").unwrap(), text.find("\n  Patient  ").unwrap());
    assert!(reason < table, "{text}");
    assert!(text.contains("SHOULD: the server does not support the type\n    Observation\n    to do: "), "{text}");
}

#[test]
fn json_has_the_published_shape() {
    let (_folder, client, server) = files();
    let (_, text) = run(&[
        "negotiate",
        "--client",
        &client,
        "--server",
        &server,
        "--format",
        "json",
        "--scope",
        "patient/*.rs",
        "--flow",
        "ehr",
        "--client-type",
        "confidential-symmetric",
        "--need",
        "Patient,Observation.search-type",
    ]);
    let result: Value = serde_json::from_str(&text).unwrap();
    assert!(validator("negotiate-result").is_valid(&result));
    assert_eq!((result["verdict"].as_str(), result["launch"]["flow"].as_str()), (Some("incompatible"), Some("ehr")));
}

#[test]
fn exit_codes() {
    let (_folder, client, server) = files();
    let with = |limit: &str| run(&["negotiate", "--client", &client, "--server", &server, "--fail-on", limit]).0;
    assert_eq!([with("degraded"), with("indeterminate"), with("incompatible")], [Ok(1), Ok(0), Ok(0)]);
    assert!(
        run(&["negotiate", "--client", "nowhere.json", "--server", &server]).0.unwrap_err().contains("`nowhere.json`")
    );
    assert!(
        run(&["negotiate", "--client", "ig:x.y#1", "--server", &server]).0.unwrap_err().contains("--package x.y#1")
    );
}

#[test]
fn scope_tools() {
    for (args, schema, check) in [
        (
            vec!["scope", "explain", "patient/*.read OpenID Patient/X.read", "--format", "json"],
            "scope-explain-result",
            "/tokens/2/fault",
        ),
        (
            vec!["scope", "normalise", "patient/*.read Patient/X.read", "--format", "json"],
            "scope-normalise-result",
            "/faults/0/rule",
        ),
        (
            vec!["scope", "covers", "--granted", "patient/*.r", "--requested", "patient/X.rs x", "--format", "json"],
            "scope-covers-result",
            "/missing/0",
        ),
    ] {
        let (code, text) = run(&args);
        let result: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(code, Ok(u8::from(schema == "scope-covers-result")), "what is not covered is told by the code, too");
        assert!(validator(schema).is_valid(&result), "{text}");
        assert!(result.pointer(check).unwrap().is_string(), "{text}");
    }
    assert!(
        run(&["scope", "explain", "patient/Observation.rs?category=laboratory"])
            .1
            .contains("read and search Observation resources of the patient in context where category=laboratory")
    );
}

#[test]
fn requests_and_policies_have_schemas() {
    let (client, server) = (client(json!([])), server(json!([])));
    let schema = validator("negotiate-request");
    let good = json!({"client": client, "server": "ig:hl7.fhir.us.core#6.1.0", "scope": "patient/*.rs", "flow": "ehr",
        "clientType": "public", "need": ["Patient"], "packages": ["hl7.fhir.us.core#6.1.0"],
            "policy": {"registration": "patient/*.rs", "operationPermissions": {"everything": "rs"},
                "assume": {"patientContext": true}}, "policyScript": "cautious"});
    assert!(schema.is_valid(&good));
    assert!(fhir_accord::capability::NegotiateRequest::from_json(&good).is_ok());
    for (member, bad) in [
        ("client", json!("x")),
        ("server", json!({})),
        ("flow", json!("other")),
        ("policy", json!({"unknown": 1})),
        ("policyScript", json!("")),
        ("policyScript", json!({"text": "fn weigh(f) {}"})),
        ("more", json!(1)),
    ] {
        let mut body = good.clone();
        body[member] = bad;
        assert!(!schema.is_valid(&body), "{member}");
    }
    assert!(!schema.is_valid(&json!({"client": server})));
    assert!(validator("policy").is_valid(&good["policy"]));
}
