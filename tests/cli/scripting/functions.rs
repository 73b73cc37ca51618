//! Functions of scripts in expressions and in constraints.

use serde_json::json;

use super::practitioner;
use crate::support::{accord, accord_reading, folder, issues, path};

#[test]
fn functions_serve_expressions() {
    let run =
        |expression: &str| accord(&["fhirpath", expression, "examples/practitioner-npi.json", "--functions", "rules"]);
    let some = run("identifier.value.where(%npi.valid($this))").ended(0);
    assert_eq!(some.out, "Practitioner.identifier[1].value (FHIR.string) 1234567893\n");
    let wrong = run("identifier.value.where(%npi.vald($this))").ended(3);
    assert!(wrong.err.contains("unknown function `%npi.vald`"), "{}", wrong.err);
    assert!(accord(&["fhirpath", "%npi.valid('1')"]).ended(3).err.contains("unknown function `%npi.valid`"));
}

#[test]
fn functions_serve_invariants() {
    let profile = json!({
        "resourceType": "StructureDefinition", "id": "p", "url": "http://site.test/practitioner", "version": "1",
            "name": "P", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
        "type": "Practitioner", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Practitioner",
            "derivation": "constraint",
        "differential": {"element": [{"id": "Practitioner", "path": "Practitioner", "constraint": [{"key": "site-1",
            "severity": "error", "human": "npi",
            "expression": "identifier.where(system = 'http://hl7.org/fhir/sid/us-npi').all(%npi.valid(value))"}]}]}
    });
    let home = folder(&[("profile.json", profile.to_string().as_bytes())]);
    let package = path(&home, "profile.json");
    let with = |npi: &str, rules: &[&str]| {
        let arguments: Vec<&str> =
            ["validate", "-", "--format", "json", "--profile", "http://site.test/practitioner", "--package", &package]
                .iter()
                .chain(rules)
                .copied()
                .collect();
        let outcome = accord_reading(practitioner(npi).to_string().as_bytes(), &arguments).json();
        issues(&outcome).into_iter().filter(|i| i.contains(" invariant")).collect::<Vec<_>>()
    };
    let rules = ["--rules", "rules/us-npi.rhai"];
    assert_eq!(with("1234567893", &rules), [""; 0]);
    assert_eq!(with("1234567890", &rules), ["error invariant Practitioner"]);
    assert_eq!(
        with("1234567890", &[]),
        ["warning invariant-undecided Practitioner"],
        "without the script nobody knows"
    );
}
