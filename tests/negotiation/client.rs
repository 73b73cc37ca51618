//! `accord client`, and what it writes in a negotiation.

use clap::Parser;
use fhir_accord::capability::agreement::{Kind, Verdict};
use fhir_accord::cli::client;
use serde_json::{Value, json};

use super::support::{definitions_of, nothing, package, server, simple};

#[derive(Parser)]
struct Accord {
    #[command(flatten)]
    args: client::Args,
}

/// The statement of a client that sent these lines.
fn statement(lines: &str) -> Value {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines).unwrap();
    let name = file.path().display().to_string();
    let args = Accord::parse_from(["client", "--requests", &name]).args;
    let mut out = Vec::new();
    assert_eq!(client::run(&args, &nothing(), &mut out, &mut Vec::new()), Ok(0));
    serde_json::from_slice(&out).unwrap()
}

fn patients(interactions: &[&str]) -> Value {
    let interactions: Vec<Value> = interactions.iter().map(|code| json!({"code": code})).collect();
    server(json!([{"type": "Patient", "interaction": interactions, "searchParam": [
        {"name": "name", "type": "string"}, {"name": "birthdate", "type": "date"}]}]))
}

#[test]
fn what_a_client_was_seen_to_do_is_required() {
    let wants = statement("/fhir/Patient/1\n/fhir/Patient?name=a&birthdate=b&_count=5\n");
    let agreement = simple(wants.clone(), patients(&["read", "search-type"]), &nothing());
    assert_eq!(agreement.verdict, Verdict::Compatible, "{:#?}", agreement.issues);
    assert!(agreement.issues.is_empty(), "{:#?}", agreement.issues);
    assert_eq!(agreement.resources[0].of(Kind::Combination).count(), 1);
    let agreement = simple(wants, patients(&["search-type"]), &nothing());
    assert_eq!(agreement.verdict, Verdict::Incompatible);
}

#[test]
fn an_operation_without_its_definition_is_unknown() {
    let mut offers = patients(&["read"]);
    offers["rest"][0]["resource"][0]["operation"] =
        json!([{"name": "everything", "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything"}]);
    let agreement = simple(statement("/fhir/Patient/1/$everything\n"), offers, &nothing());
    assert_eq!(agreement.verdict, Verdict::Indeterminate);
}

#[test]
fn profiles_of_a_guide_go_to_their_types() {
    let profile = |name: &str, on: &str| {
        json!({"resourceType": "StructureDefinition", "id": name, "url": format!("http://guide.test/{name}"),
            "version": "1.0.0", "kind": "resource", "type": on, "derivation": "constraint", "fhirVersion": "4.0.1",
            "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{on}")})
    };
    let guide = package("guide.test#1.0.0", &[profile("small", "Patient"), profile("loud", "Device")]);
    let args =
        Accord::parse_from(["client", "--guide", "guide.test#1.0.0", "--profile", "http://guide.test/small"]).args;
    let mut out = Vec::new();
    assert_eq!(client::run(&args, &definitions_of(vec![guide]), &mut out, &mut Vec::new()), Ok(0));
    let statement: Value = serde_json::from_slice(&out).unwrap();
    let resources = &statement["rest"][0]["resource"];
    assert_eq!(resources[0]["supportedProfile"], json!(["http://guide.test/small", "http://guide.test/small|1.0.0"]));
    assert_eq!(resources[1]["supportedProfile"], json!(["http://guide.test/loud|1.0.0"]));
}
