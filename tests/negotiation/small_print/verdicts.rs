//! Weights, verdicts and what a server lists.

use super::super::found::ids;
use fhir_accord::capability::agreement::{Answer, Kind, ScopeAnswer, Usable, Verdict};
use fhir_accord::capability::expectation::{Expectation, Weight};
use serde_json::{Value, json};

use crate::support::{client, expects, nothing, server, simple, with};

#[test]
fn a_requirement_weighs_as_the_weakest_on_its_path() {
    let wants = client(json!([{"type": "Patient", "extension": expects("SHOULD"), "interaction": [{"code": "read",
            "extension": expects("SHALL")}, {"code": "vread"}, {"code": "create", "extension": expects("MAY")},
                {"code": "delete", "extension": expects("SHOULD-NOT")}]}]));
    let a = simple(wants, server(json!([{"type": "Patient"}])), &nothing());
    let weighs: Vec<_> = a.resources[0].of(Kind::Interaction).map(|i| (i.client, i.weighs)).collect();
    assert_eq!(
        weighs,
        [
            (Some(Expectation::Shall), Some(Weight::Should)),
            (None, Some(Weight::Should)),
            (Some(Expectation::May), Some(Weight::May)),
            (Some(Expectation::ShouldNot), None)
        ]
    );
    assert_eq!(a.verdict, Verdict::Degraded);
    assert_eq!((a.counts.should.ok, a.counts.should.failed, a.counts.may.failed), (1, 2, 1));
}

#[test]
fn verdicts_in_their_order() {
    let has = |resources: Value| {
        let mut s = server(resources);
        s["kind"] = json!("requirements");
        s
    };
    let wants = client(json!([{"type": "Patient"}, {"type": "Group", "extension": expects("SHOULD")}]));
    assert_eq!(simple(wants.clone(), server(json!([{"type": "Group"}])), &nothing()).verdict, Verdict::Incompatible);
    assert_eq!(simple(wants.clone(), has(json!([])), &nothing()).verdict, Verdict::Indeterminate);
    assert_eq!(simple(wants.clone(), server(json!([{"type": "Patient"}])), &nothing()).verdict, Verdict::Degraded);
    assert_eq!(
        simple(wants, server(json!([{"type": "Patient"}, {"type": "Group"}])), &nothing()).verdict,
        Verdict::Compatible
    );
}

#[test]
fn what_a_server_lists() {
    let entry = json!([{"type": "Patient", "extension": expects("SHALL"), "interaction": [{"code": "read",
        "extension": expects("MAY")}, {"code": "vread",
            "modifierExtension": [{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-prohibited",
                "valueBoolean": true}]}, {"code": "update"}]}]);
    let wants =
        client(json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "vread"}, {"code": "update"},
            {"code": "patch"}]}]));
    let answers = |statement: Value| {
        let a = simple(wants.clone(), statement, &nothing());
        a.resources[0].of(Kind::Interaction).map(|i| i.server).collect::<Vec<_>>()
    };
    assert_eq!(answers(server(entry.clone())), [Answer::Yes, Answer::No, Answer::Yes, Answer::No]);
    let mut requirements = server(entry.clone());
    requirements["kind"] = json!("requirements");
    assert_eq!(answers(requirements), [Answer::Unknown, Answer::No, Answer::Yes, Answer::Unknown]);
    let mut subset = server(entry);
    subset["meta"] = json!({"tag": [{"code": "SUBSETTED"}]});
    assert_eq!(answers(subset), [Answer::Unknown, Answer::No, Answer::Yes, Answer::Unknown]);
}

#[test]
fn versions_agree_by_major_and_minor() {
    let of = |c: &str, s: &str| {
        let (mut wants, mut has) = (client(json!([{"type": "Patient"}])), server(json!([{"type": "Patient"}])));
        wants["fhirVersion"] = json!(c);
        has["fhirVersion"] = json!(s);
        let a = simple(wants, has, &nothing());
        (a.fhir_version.chosen, a.verdict)
    };
    assert_eq!(of("4.0.0", "4.0.1"), (Some("4.0".to_owned()), Verdict::Compatible));
    assert_eq!(of("4.0.1", "4.3.0"), (None, Verdict::Incompatible));
    assert_eq!(of("4.0.1", "what"), (None, Verdict::Indeterminate));
}

#[test]
fn singled_out_weighs_shall() {
    let wants = client(json!([{"type": "Patient", "extension": expects("MAY"), "interaction": [{"code": "read",
            "extension": expects("SHALL")}, {"code": "create", "extension": expects("SHOULD")}]},
                {"type": "Observation", "extension": expects("MAY"), "interaction": [{"code": "read"},
                    {"code": "search-type", "extension": expects("MAY")}]}]));
    let a = with(
        wants,
        server(json!([{"type": "Patient", "interaction": []}, {"type": "Observation", "interaction": []}])),
        |r| r.need = vec!["Patient,Observation.search-type".to_owned(), "Group.read".to_owned()],
    );
    let weights = |i: usize| a.resources[i].of(Kind::Interaction).map(|i| i.weighs.unwrap()).collect::<Vec<_>>();
    assert_eq!((a.resources[0].entry.weighs, weights(0)), (Some(Weight::Shall), vec![Weight::Shall, Weight::Should]));
    assert_eq!((a.resources[1].entry.weighs, weights(1)), (Some(Weight::May), vec![Weight::May, Weight::Shall]));
    assert_eq!((a.resources[2].resource_type.as_str(), weights(2)), ("Group", vec![Weight::Shall]));
}

#[test]
fn flags_are_requirements() {
    let wants = client(
        json!([{"type": "Patient", "updateCreate": true, "conditionalCreate": false, "conditionalDelete": "single"}]),
    );
    let a = simple(wants.clone(), server(json!([{"type": "Patient", "conditionalDelete": "multiple"}])), &nothing());
    assert_eq!(
        (a.verdict, ids(&a.resources[0].row(Kind::Flag, 0).unwrap().why), a.counts.shall.ok),
        (Verdict::Incompatible, vec!["update-create", "unlisted"], 2)
    );
    let b =
        with(wants, server(json!([{"type": "Patient", "updateCreate": true, "conditionalDelete": "multiple"}])), |r| {
            r.scope = Some("user/Patient.u".to_owned())
        });
    let flag = b.resources[0].row(Kind::Flag, 0).unwrap();
    assert_eq!((flag.usable, ids(&flag.why)), (Usable::No, vec!["not-asked"]));
}

#[test]
fn system_level() {
    let statement = |mode: &str, interactions: Value| {
        json!({"resourceType": "CapabilityStatement",
        "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"], "rest": [{"mode": mode,
            "interaction": interactions}]})
    };
    let ask = |scope: Option<&str>| {
        with(
            statement("client", json!([{"code": "batch"}, {"code": "search-system"}])),
            statement("server", json!([{"code": "batch"}, {"code": "search-system"}])),
            |r| r.scope = scope.map(str::to_owned),
        )
    };
    assert_eq!(ask(None).verdict, Verdict::Compatible);
    let typed = ask(Some("user/Patient.s"));
    assert_eq!(
        typed.system.of(Kind::Interaction).map(|i| i.scope).collect::<Vec<_>>(),
        [None, Some(ScopeAnswer::NotAsked)]
    );
    assert_eq!((typed.verdict, ask(Some("user/*.s")).verdict), (Verdict::Incompatible, Verdict::Compatible));
    let dstu2 = json!({"resourceType": "Conformance", "kind": "instance", "fhirVersion": "1.0.2", "format": ["json"],
        "rest": [{"mode": "server", "transactionMode": "both"}]});
    let mut wants = statement("client", json!([{"code": "batch"}, {"code": "transaction"}]));
    wants["fhirVersion"] = json!("1.0.2");
    assert_eq!(simple(wants, dstu2, &nothing()).verdict, Verdict::Compatible);
}
