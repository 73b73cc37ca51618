//! Search parameters, includes, operations.

use super::super::found::ids;
use fhir_accord::capability::agreement::Item;
use fhir_accord::capability::agreement::{Answer, Kind, ScopeAnswer, Usable, Verdict};
use fhir_accord::capability::expectation::Weight;
use serde_json::{Value, json};

use crate::support::{client, expects, nothing, server, simple, with};

#[test]
fn search_parameters_and_combinations() {
    let combination = |required: &[&str], optional: &[&str]| {
        let part = |name: &str, values: &[&str]| {
            values.iter().map(|v| json!({"url": name, "valueString": v})).collect::<Vec<_>>()
        };
        let parts = [part("required", required), part("optional", optional)].concat();
        json!({"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination",
            "extension": parts})
    };
    let params = |names: &[&str]| {
        names
            .iter()
            .map(|n| json!({"name": n, "definition": format!("http://x/{n}"), "type": "token"}))
            .collect::<Vec<_>>()
    };
    let ask = |wanted: Value, declared: Vec<Value>, names: &[&str]| {
        let a = simple(
            client(json!([{"type": "Observation", "extension": [wanted]}])),
            server(json!([{"type": "Observation", "extension": declared, "searchParam": params(names)}])),
            &nothing(),
        );
        a.resources[0].row(Kind::Combination, 0).unwrap().server
    };
    let all = ["patient", "category", "date"];
    assert_eq!(ask(combination(&["patient", "category"], &[]), vec![], &all), Answer::Yes);
    assert_eq!(ask(combination(&["patient", "code"], &[]), vec![], &all), Answer::No);
    assert_eq!(ask(combination(&["patient"], &["code"]), vec![], &all), Answer::Yes);
    assert_eq!(ask(combination(&["category"], &[]), vec![combination(&["patient"], &["category"])], &all), Answer::No);
    assert_eq!(
        ask(combination(&["patient", "date"], &[]), vec![combination(&["patient"], &["category"])], &all),
        Answer::Yes
    );
    assert_eq!(ask(combination(&["date"], &[]), vec![combination(&[], &["category", "date"])], &all), Answer::Yes);
    assert_eq!(ask(combination(&["patient"], &[]), vec![combination(&[], &["category", "date"])], &all), Answer::No);
    let wants =
        client(json!([{"type": "Observation", "searchParam": [{"name": "patient", "definition": "http://x/patient|1"},
            {"name": "date", "definition": "http://y/date"}, {"name": "code"}]}]));
    let has = json!([{"type": "Observation", "interaction": [{"code": "search-type"}], "searchParam": params(&all)}]);
    let a = simple(wants, server(has), &nothing());
    let found: Vec<_> = a.resources[0].of(Kind::SearchParam).map(|p| (p.server, ids(&p.why).join(" "))).collect();
    assert_eq!(
        found,
        [(Answer::Yes, String::new()), (Answer::Yes, "assumed".to_owned()), (Answer::No, "unlisted".to_owned())]
    );
}

#[test]
fn includes() {
    let ask = |wanted: &str, listed: &[&str]| {
        let a = simple(
            client(json!([{"type": "Observation", "searchInclude": [wanted]}])),
            server(json!([{"type": "Observation", "interaction": [{"code": "search-type"}], "searchInclude": listed}])),
            &nothing(),
        );
        (
            a.resources[0].row(Kind::Include, 0).unwrap().server,
            a.resources[0].row(Kind::Include, 0).unwrap().weighs,
            a.verdict,
        )
    };
    let yes = (Answer::Yes, Some(Weight::Should), Verdict::Compatible);
    assert_eq!(ask("Observation:subject", &["*"]), yes);
    assert_eq!(ask("Observation:subject:Patient", &["Observation:subject"]), yes);
    assert_eq!(
        ask("Observation:subject", &["Observation:subject:Patient"]),
        (Answer::No, Some(Weight::Should), Verdict::Degraded)
    );
    assert_eq!(ask("Observation:subject-x", &["Observation:subject"]).0, Answer::No);
    let explicit = client(json!([{"type": "Observation", "searchRevInclude": ["Provenance:target"],
            "_searchRevInclude": [{"extension": expects("SHALL")}]}]));
    let a = simple(explicit, server(json!([{"type": "Observation"}])), &nothing());
    let include = &a.resources[0].row(Kind::Include, 0).unwrap().item;
    assert!(a.verdict == Verdict::Incompatible && matches!(include, Item::Include { reverse: true, .. }));
}

#[test]
fn operations_match_by_definition() {
    let wants = client(json!([{"type": "Patient", "operation": [{"name": "$everything",
            "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything|4.0.1"}]}]));
    let ask = |operation: Value, at_rest: bool| {
        let mut has = server(json!([{"type": "Patient"}]));
        if at_rest {
            has["rest"][0]["operation"] = json!([operation]);
        } else {
            has["rest"][0]["resource"][0]["operation"] = json!([operation]);
        }
        let a = simple(wants.clone(), has, &nothing());
        let o = a.resources[0].row(Kind::Operation, 0).unwrap();
        (o.item.name(), o.server, ids(&o.why).join(" "))
    };
    let same =
        json!({"name": "other-name", "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything"});
    assert_eq!(ask(same.clone(), false), ("everything".to_owned(), Answer::Yes, String::new()));
    assert_eq!(ask(same, true).1, Answer::Yes);
    assert_eq!(
        ask(json!({"name": "everything"}), true),
        ("everything".to_owned(), Answer::Unknown, "definition-missing".to_owned())
    );
    assert_eq!(ask(json!({"name": "everything", "definition": "http://x/other"}), false).1, Answer::No);
    assert_eq!(ask(json!({"name": "lastn", "definition": "http://x/other"}), false).2, "unlisted");
}

#[test]
fn operations_need_what_the_policy_says() {
    let wants = || {
        client(json!([{"type": "Patient", "operation": [{"name": "everything", "definition": "http://x/everything"}]}]))
    };
    let has = || {
        server(json!([{"type": "Patient", "operation": [{"name": "everything", "definition": "http://x/everything"}]}]))
    };
    let ask = |scope: Option<&str>, letters: Option<&str>| {
        let a = with(wants(), has(), |r| {
            r.scope = scope.map(str::to_owned);
            r.policy.operation_permissions.extend(letters.map(|l| ("$everything".to_owned(), l.to_owned())));
        });
        (
            a.resources[0].row(Kind::Operation, 0).unwrap().scope,
            a.resources[0].row(Kind::Operation, 0).unwrap().usable,
            a.verdict,
        )
    };
    assert_eq!(ask(None, None), (None, Usable::Likely, Verdict::Compatible));
    assert_eq!(
        ask(Some("patient/Patient.r"), None),
        (Some(ScopeAnswer::Unknown), Usable::Unknown, Verdict::Compatible)
    );
    assert_eq!(
        ask(Some("patient/Patient.r"), Some("rs")),
        (Some(ScopeAnswer::NotAsked), Usable::No, Verdict::Incompatible)
    );
    assert_eq!(
        ask(Some("patient/Patient.rs"), Some("rs")),
        (Some(ScopeAnswer::Unknown), Usable::Unknown, Verdict::Compatible)
    );
}
