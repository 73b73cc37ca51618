//! What a statement says as a whole: formats, modifiers, imports.

use fhir_accord::capability::agreement::{Answer, Kind, Verdict};
use fhir_accord::capability::expectation::Weight;
use serde_json::{Value, json};

use crate::support::{client, definitions_of, expects, nothing, package, server, simple};

#[test]
fn one_format_must_be_shared() {
    let ask = |c: Value, s: Value| {
        let (mut wants, mut has) = (client(json!([{"type": "Patient"}])), server(json!([{"type": "Patient"}])));
        wants["format"] = c;
        has["format"] = s;
        simple(wants, has, &nothing()).verdict
    };
    assert_eq!(ask(json!(["xml", "json"]), json!(["application/fhir+json"])), Verdict::Compatible);
    assert_eq!(ask(json!(["application/xml+fhir"]), json!(["json"])), Verdict::Incompatible);
    assert_eq!(ask(json!([]), json!(["json"])), Verdict::Compatible);
}

#[test]
fn an_unknown_modifier_makes_a_statement_unusable() {
    let mut has = server(
        json!([{"type": "Patient", "interaction": [{"code": "read", "modifierExtension": [{"url": "http://x/odd",
            "valueBoolean": true}]}]}]),
    );
    let a = simple(client(json!([{"type": "Patient"}])), has.clone(), &nothing());
    let issue = a.issues.iter().find(|i| i.rule == "modifier-extension").unwrap();
    assert_eq!(
        (issue.path.as_str(), a.verdict, a.resources[0].entry.server),
        ("rest[0].resource[0].interaction[0].modifierExtension[0]", Verdict::Indeterminate, Answer::Unknown)
    );
    assert!(issue.text.contains("http://x/odd"));
    has["kind"] = json!("requirements");
    let wants = client(json!([{"type": "Patient", "extension": expects("MAY")}]));
    assert_eq!(simple(wants, has, &nothing()).verdict, Verdict::Indeterminate);
}

#[test]
fn imports_are_included_and_capped() {
    let imported = json!({"resourceType": "CapabilityStatement", "url": "http://x/cs", "version": "1",
        "kind": "requirements", "fhirVersion": "4.0.1", "imports": ["http://x/cs"], "rest": [{"mode": "client",
            "resource": [
        {"type": "Patient", "extension": expects("SHALL"), "interaction": [{"code": "read",
            "extension": expects("SHALL")}, {"code": "vread", "extension": expects("MAY")}]},
        {"type": "Group", "extension": expects("SHALL"), "conditionalCreate": true}]}]});
    let defs = definitions_of(vec![package("x.y#1", &[imported])]);
    let mut wants =
        client(json!([{"type": "Patient", "extension": expects("SHOULD"), "interaction": [{"code": "vread",
            "extension": expects("SHALL")}]}]));
    wants["imports"] = json!(["http://x/cs"]);
    let weights = |wants: Value| {
        let a = simple(wants, server(json!([])), &defs);
        a.resources
            .iter()
            .map(|r| {
                (
                    r.resource_type.clone(),
                    r.entry.weighs,
                    r.of(Kind::Interaction).map(|i| (i.item.name(), i.weighs)).collect::<Vec<_>>(),
                )
            })
            .collect::<Vec<_>>()
    };
    let (shall, should) = (Some(Weight::Shall), Some(Weight::Should));
    assert_eq!(
        weights(wants.clone()),
        [
            ("Patient".to_owned(), shall, vec![("vread".to_owned(), shall), ("read".to_owned(), shall)]),
            ("Group".to_owned(), shall, vec![])
        ]
    );
    wants["_imports"] = json!([{"extension": expects("SHOULD")}]);
    assert_eq!(
        weights(wants),
        [
            ("Patient".to_owned(), should, vec![("vread".to_owned(), should), ("read".to_owned(), should)]),
            ("Group".to_owned(), should, vec![])
        ]
    );
}

#[test]
fn an_import_that_is_not_here_leaves_the_server_open() {
    let mut has = server(json!([{"type": "Patient"}]));
    has["imports"] = json!(["http://x/elsewhere"]);
    let a = simple(client(json!([{"type": "Group"}])), has, &nothing());
    assert_eq!((a.resources[0].entry.server, a.verdict), (Answer::Unknown, Verdict::Indeterminate));
}
