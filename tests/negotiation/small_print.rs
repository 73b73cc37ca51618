//! Sentence by sentence where two good engineers would answer differently.

use fhir_accord::capability::agreement::{
    Agreement, Answer, ClientType, Direction, Flow, Outcome, PatientSelection, ProfileStatus, RefreshToken,
    ScopeAnswer, Usable, Verdict,
};
use fhir_accord::capability::expectation::{Expectation, Weight};
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, Side, negotiate};
use serde_json::{Value, json};

use super::support::{capability, client, definitions, definitions_of, expects, nothing, package, server, simple};

fn with(client: Value, server: Value, change: impl FnOnce(&mut NegotiateRequest)) -> Agreement {
    let mut request = NegotiateRequest::new(Side::Statement(client), Side::Statement(server));
    change(&mut request);
    negotiate(&request, &nothing()).unwrap()
}

fn observation(interactions: Value) -> Value {
    json!([{"type": "Observation", "interaction": interactions}])
}

#[test]
fn a_requirement_weighs_as_the_weakest_on_its_path() {
    let wants = client(
        json!([{"type": "Patient", "extension": expects("SHOULD"), "interaction": [{"code": "read", "extension": expects("SHALL")}, {"code": "vread"}, {"code": "create", "extension": expects("MAY")}, {"code": "delete", "extension": expects("SHOULD-NOT")}]}]),
    );
    let a = simple(wants, server(json!([{"type": "Patient"}])), &nothing());
    let weighs: Vec<_> = a.resources[0].interactions.iter().map(|i| (i.client, i.weighs)).collect();
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
    let entry = json!([{"type": "Patient", "extension": expects("SHALL"), "interaction": [{"code": "read", "extension": expects("MAY")}, {"code": "vread", "modifierExtension": [{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-prohibited", "valueBoolean": true}]}, {"code": "update"}]}]);
    let wants = client(
        json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "vread"}, {"code": "update"}, {"code": "patch"}]}]),
    );
    let answers = |statement: Value| {
        simple(wants.clone(), statement, &nothing()).resources[0]
            .interactions
            .iter()
            .map(|i| i.server)
            .collect::<Vec<_>>()
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
fn profiles_of_an_absent_type_weigh_nothing() {
    let a = simple(
        client(json!([{"type": "Patient", "extension": expects("MAY"), "supportedProfile": ["http://x.example/p"]}])),
        server(json!([])),
        &nothing(),
    );
    let profile = &a.resources[0].profiles[0];
    assert_eq!(
        (profile.status, profile.why.clone(), profile.weighs),
        (ProfileStatus::Unknown, vec!["type-absent"], None)
    );
    assert_eq!((a.counts.may.failed, a.counts.may.unknown, a.verdict), (1, 0, Verdict::Compatible));
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
    let wants = client(
        json!([{"type": "Patient", "extension": expects("MAY"), "interaction": [{"code": "read", "extension": expects("SHALL")}, {"code": "create", "extension": expects("SHOULD")}]}, {"type": "Observation", "extension": expects("MAY"), "interaction": [{"code": "read"}, {"code": "search-type", "extension": expects("MAY")}]}]),
    );
    let a = with(
        wants,
        server(json!([{"type": "Patient", "interaction": []}, {"type": "Observation", "interaction": []}])),
        |r| r.need = vec!["Patient,Observation.search-type".to_owned(), "Group.read".to_owned()],
    );
    let weights = |i: usize| a.resources[i].interactions.iter().map(|i| i.weighs.unwrap()).collect::<Vec<_>>();
    assert_eq!((a.resources[0].weighs, weights(0)), (Some(Weight::Shall), vec![Weight::Shall, Weight::Should]));
    assert_eq!((a.resources[1].weighs, weights(1)), (Some(Weight::May), vec![Weight::May, Weight::Shall]));
    assert_eq!((a.resources[2].resource_type.as_str(), weights(2)), ("Group", vec![Weight::Shall]));
}

#[test]
fn directions_of_profiles() {
    let wants = |code: &str, expectation: &str| {
        client(
            json!([{"type": "Patient", "supportedProfile": ["http://x.example/p"], "interaction": [{"code": code, "extension": expects(expectation)}]}]),
        )
    };
    let directions = |statement: Value| {
        simple(statement, server(json!([{"type": "Patient"}])), &nothing()).resources[0]
            .profiles
            .iter()
            .map(|p| p.direction)
            .collect::<Vec<_>>()
    };
    assert_eq!(directions(wants("patch", "SHOULD")), [Direction::Read, Direction::Write]);
    assert_eq!(directions(wants("create", "MAY")), [Direction::Read]);
    assert_eq!(directions(wants("read", "SHALL")), [Direction::Read]);
}

fn profile(url: &str, version: &str, base: &str) -> Value {
    json!({"resourceType": "StructureDefinition", "url": url, "version": version, "fhirVersion": "4.0.1", "kind": "resource", "type": "Patient", "derivation": "constraint", "baseDefinition": base})
}

/// The status of `required` where the server declares `declared`, reading or writing.
fn evidence_for(
    required: &str,
    declared: &str,
    definitions: &PackageDefinitions,
) -> (ProfileStatus, &'static str, ProfileStatus) {
    let wants =
        client(json!([{"type": "Patient", "supportedProfile": [required], "interaction": [{"code": "create"}]}]));
    let a = simple(
        wants,
        server(json!([{"type": "Patient", "interaction": [{"code": "create"}], "supportedProfile": [declared]}])),
        definitions,
    );
    let [read, write] = a.resources[0].profiles.as_slice() else { panic!() };
    (read.status, read.evidence.first().map_or_else(|| read.why[0], |e| e.rule), write.status)
}

#[test]
fn derivation_has_a_direction() {
    let core = "http://hl7.org/fhir/StructureDefinition/Patient";
    let defs = definitions_of(vec![
        package("x.ca.base#1", &[profile("http://x/base", "1", core)]),
        package("x.ca.leaf#1", &[profile("http://x/leaf", "1", "http://x/base|1")]),
    ]);
    assert_eq!(
        evidence_for("http://x/base", "http://x/leaf", &defs),
        (ProfileStatus::Proven, "derivation", ProfileStatus::Unknown)
    );
    assert_eq!(
        evidence_for("http://x/base|1", "http://x/leaf", &defs),
        (ProfileStatus::Proven, "derivation", ProfileStatus::Unknown)
    );
    assert_eq!(
        evidence_for("http://x/base|2", "http://x/leaf", &defs),
        (ProfileStatus::Unknown, "derived-from-other-version", ProfileStatus::Unknown)
    );
    assert_eq!(
        evidence_for("http://x/leaf", "http://x/base", &defs),
        (ProfileStatus::Unknown, "server-wider", ProfileStatus::Proven)
    );
    assert_eq!(
        evidence_for("http://x/leaf", "http://x/leaf", &defs),
        (ProfileStatus::Claimed, "same-url", ProfileStatus::Claimed)
    );
    assert_eq!(
        evidence_for("http://x/leaf|1", "http://x/leaf", &defs),
        (ProfileStatus::Claimed, "loaded-versions", ProfileStatus::Claimed)
    );
    assert_eq!(
        evidence_for("http://x/leaf|1", "http://x/leaf/_history/1", &defs),
        (ProfileStatus::Proven, "same-version", ProfileStatus::Proven)
    );
    assert_eq!(
        evidence_for("http://x/leaf", core, &defs),
        (ProfileStatus::Unknown, "undeclared", ProfileStatus::Unknown)
    );
    assert_eq!(evidence_for("http://x/LEAF", "http://x/leaf", &defs).1, "undeclared");
}

#[test]
fn derivation_in_some_of_the_loaded_versions_proves_nothing() {
    let core = "http://hl7.org/fhir/StructureDefinition/Patient";
    let defs = definitions_of(vec![
        package("x.ca.leaf#1", &[profile("http://x/leaf", "1", core)]),
        package("x.ca.leaf#2", &[profile("http://x/leaf", "2", "http://x/base")]),
    ]);
    assert_eq!(evidence_for("http://x/base", "http://x/leaf", &defs).1, "versions-differ");
    assert_eq!(evidence_for("http://x/base", "http://x/leaf|2", &defs).1, "derivation");
    assert_eq!(evidence_for("http://x/base", "http://x/leaf|1", &defs).1, "undeclared");
}

#[test]
fn a_guide_claims_its_profiles() {
    let Some(definitions) = definitions() else { return };
    let guide = |text: &str| {
        let mut s = server(json!([{"type": "Patient"}]));
        s["implementationGuide"] = json!([text]);
        s
    };
    let ask = |required: &str, statement: Value| {
        let a = simple(
            client(
                json!([{"type": "Patient", "supportedProfile": [required]}, {"type": "Group", "extension": expects("MAY")}]),
            ),
            statement,
            definitions,
        );
        let p = &a.resources[0].profiles[0];
        (p.status, p.satisfied_by.clone().unwrap_or_default(), p.why.clone())
    };
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let ig = "http://hl7.org/fhir/us/core/ImplementationGuide/hl7.fhir.us.core";
    assert_eq!(ask(url, guide(&format!("{ig}|6.1.0"))), (ProfileStatus::Claimed, format!("{url}|6.1.0"), vec![]));
    assert_eq!(ask(url, guide(ig)), (ProfileStatus::Claimed, format!("{url}|8.0.0"), vec!["guide-version-unknown"]));
    assert_eq!(
        ask(&format!("{url}|6.1.0"), guide(ig)),
        (ProfileStatus::Claimed, format!("{url}|6.1.0"), vec!["guide-version-unknown"])
    );
    assert_eq!(
        ask(&format!("{url}|7.0.0"), guide(&format!("{ig}|6.1.0"))),
        (ProfileStatus::Unknown, format!("{url}|6.1.0"), vec!["other-version"])
    );
    let ca = "http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-patient";
    assert_eq!(ask(ca, guide(ig)).2, ["undeclared"]);
    // The guide's version is not its profiles' version.
    assert_eq!(
        ask(ca, guide("http://hl7.org/fhir/ca/baseline/ImplementationGuide/hl7.fhir.ca.baseline|1.2.0")).1,
        format!("{ca}|1.1.1")
    );
}

#[test]
fn search_parameters_and_combinations() {
    let combination = |required: &[&str], optional: &[&str]| {
        let part = |name: &str, values: &[&str]| {
            values.iter().map(|v| json!({"url": name, "valueString": v})).collect::<Vec<_>>()
        };
        let parts = [part("required", required), part("optional", optional)].concat();
        json!({"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination", "extension": parts})
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
        a.resources[0].combinations[0].server
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
    let wants = client(
        json!([{"type": "Observation", "searchParam": [{"name": "patient", "definition": "http://x/patient|1", "type": "reference"}, {"name": "date", "definition": "http://y/date", "type": "date"}, {"name": "code", "type": "token"}]}]),
    );
    let a = simple(wants, server(json!([{"type": "Observation", "searchParam": params(&all)}])), &nothing());
    let found: Vec<_> = a.resources[0].search_params.iter().map(|p| (p.server, p.why.join(" "))).collect();
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
            server(json!([{"type": "Observation", "searchInclude": listed}])),
            &nothing(),
        );
        (a.resources[0].includes[0].server, a.resources[0].includes[0].weighs, a.verdict)
    };
    let yes = (Answer::Yes, Some(Weight::Should), Verdict::Compatible);
    assert_eq!(ask("Observation:subject", &["*"]), yes);
    assert_eq!(ask("Observation:subject:Patient", &["Observation:subject"]), yes);
    assert_eq!(
        ask("Observation:subject", &["Observation:subject:Patient"]),
        (Answer::No, Some(Weight::Should), Verdict::Degraded)
    );
    assert_eq!(ask("Observation:subject-x", &["Observation:subject"]).0, Answer::No);
    let explicit = client(
        json!([{"type": "Observation", "searchRevInclude": ["Provenance:target"], "_searchRevInclude": [{"extension": expects("SHALL")}]}]),
    );
    let a = simple(explicit, server(json!([{"type": "Observation"}])), &nothing());
    assert_eq!((a.verdict, a.resources[0].includes[0].reverse), (Verdict::Incompatible, true));
}

#[test]
fn operations_match_by_definition() {
    let wants = client(
        json!([{"type": "Patient", "operation": [{"name": "$everything", "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything|4.0.1"}]}]),
    );
    let ask = |operation: Value, at_rest: bool| {
        let mut has = server(json!([{"type": "Patient"}]));
        if at_rest {
            has["rest"][0]["operation"] = json!([operation]);
        } else {
            has["rest"][0]["resource"][0]["operation"] = json!([operation]);
        }
        let a = simple(wants.clone(), has, &nothing());
        let o = &a.resources[0].operations[0];
        (o.name.clone(), o.server, o.why.join(" "))
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
        (a.resources[0].operations[0].scope, a.resources[0].operations[0].usable, a.verdict)
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

#[test]
fn flags_are_requirements() {
    let wants = client(
        json!([{"type": "Patient", "updateCreate": true, "conditionalCreate": false, "conditionalDelete": "single"}]),
    );
    let a = simple(wants.clone(), server(json!([{"type": "Patient", "conditionalDelete": "multiple"}])), &nothing());
    assert_eq!(
        (a.verdict, a.resources[0].why.clone(), a.counts.shall.ok),
        (Verdict::Incompatible, vec!["update-create"], 2)
    );
    let b =
        with(wants, server(json!([{"type": "Patient", "updateCreate": true, "conditionalDelete": "multiple"}])), |r| {
            r.scope = Some("user/Patient.u".to_owned())
        });
    assert_eq!(b.resources[0].why, ["update-create"]);
}

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
        json!([{"type": "Patient", "interaction": [{"code": "read", "modifierExtension": [{"url": "http://x/odd", "valueBoolean": true}]}]}]),
    );
    let a = simple(client(json!([{"type": "Patient"}])), has.clone(), &nothing());
    let issue = a.issues.iter().find(|i| i.rule == "modifier-extension").unwrap();
    assert_eq!(
        (issue.path.as_str(), a.verdict, a.resources[0].server),
        ("rest[0].resource[0].interaction[0].modifierExtension[0]", Verdict::Indeterminate, Answer::Unknown)
    );
    assert!(issue.text.contains("http://x/odd"));
    has["kind"] = json!("requirements");
    let wants = client(json!([{"type": "Patient", "extension": expects("MAY")}]));
    assert_eq!(simple(wants, has, &nothing()).verdict, Verdict::Indeterminate);
}

#[test]
fn imports_are_included_and_capped() {
    let imported = json!({"resourceType": "CapabilityStatement", "url": "http://x/cs", "version": "1", "kind": "requirements", "fhirVersion": "4.0.1", "imports": ["http://x/cs"], "rest": [{"mode": "client", "resource": [
        {"type": "Patient", "extension": expects("SHALL"), "interaction": [{"code": "read", "extension": expects("SHALL")}, {"code": "vread", "extension": expects("MAY")}]},
        {"type": "Group", "extension": expects("SHALL"), "conditionalCreate": true}]}]});
    let defs = definitions_of(vec![package("x.y#1", &[imported])]);
    let mut wants = client(
        json!([{"type": "Patient", "extension": expects("SHOULD"), "interaction": [{"code": "vread", "extension": expects("SHALL")}]}]),
    );
    wants["imports"] = json!(["http://x/cs"]);
    let weights = |wants: Value| {
        let a = simple(wants, server(json!([])), &defs);
        a.resources
            .iter()
            .map(|r| {
                (
                    r.resource_type.clone(),
                    r.weighs,
                    r.interactions.iter().map(|i| (i.code.clone(), i.weighs)).collect::<Vec<_>>(),
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
    assert_eq!((a.resources[0].server, a.verdict), (Answer::Unknown, Verdict::Indeterminate));
}

#[test]
fn launch_identity_and_refresh() {
    let ask = |scope: &str, flow: Flow| {
        with(client(observation(json!([]))), server(observation(json!([]))), |r| {
            r.scope = Some(scope.to_owned());
            r.flow = Some(flow);
        })
    };
    let a = ask("launch/patient openid fhirUser offline_access patient/Observation.rs", Flow::Standalone);
    assert_eq!(
        (a.launch.patient_selection, a.launch.identity, a.launch.refresh),
        (PatientSelection::Ehr, "fhirUser", RefreshToken::Offline)
    );
    assert!(a.issues.iter().any(|i| i.rule == "identity-unreadable" && i.text.contains("Practitioner")));
    assert_eq!(ask("user/Patient.rs", Flow::Standalone).launch.patient_selection, PatientSelection::App);
    assert_eq!(ask("user/Patient.r", Flow::Standalone).launch.patient_selection, PatientSelection::None);
    let backend = ask("system/*.rs patient/*.rs offline_access", Flow::Backend);
    assert_eq!(
        backend.scopes.iter().map(|s| s.outcome).collect::<Vec<_>>(),
        [Outcome::Unknown, Outcome::Rejected, Outcome::Rejected]
    );
    assert_eq!(backend.launch.refresh, RefreshToken::None);
}

#[test]
fn real_configurations() {
    let Some(lantern) = capability("smartcfg-lantern-fhir-sandbox") else { return };
    let ask = |smart: &Value, scope: &str, flow: Flow, client_type: ClientType| {
        let a =
            with(client(observation(json!([{"code": "read"}]))), server(observation(json!([{"code": "read"}]))), |r| {
                r.smart = Some(smart.clone());
                r.scope = Some(scope.to_owned());
                r.flow = Some(flow);
                r.client_type = Some(client_type);
            });
        a.scopes.iter().map(|s| s.outcome).collect::<Vec<_>>()
    };
    assert_eq!(
        ask(&lantern, "system/Observation.read", Flow::Backend, ClientType::ConfidentialAsymmetric),
        [Outcome::Granted]
    );
    let cerner = capability("smartcfg-cerner-millennium-r4").unwrap();
    assert_eq!(
        ask(
            &cerner,
            "launch patient/Account.read online_access patient/*.read patient/Account.r",
            Flow::Ehr,
            ClientType::Public
        ),
        [Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Unknown, Outcome::Upgraded]
    );
    let launcher = capability("smartcfg-smart-launcher-v2-rendered").unwrap();
    assert_eq!(
        ask(
            &launcher,
            "launch/patient openid patient/Observation.rs user/*.cruds offline_access online_access",
            Flow::Standalone,
            ClientType::Public
        ),
        [Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Dropped]
    );
    let bluebutton = capability("smartcfg-cms-bluebutton-rendered").unwrap();
    assert_eq!(
        ask(
            &bluebutton,
            "patient/Patient.rs patient/Coverage.read",
            Flow::Standalone,
            ClientType::ConfidentialSymmetric
        ),
        [Outcome::Granted, Outcome::Granted]
    );
    assert_eq!(ask(&bluebutton, "patient/Patient.rs", Flow::Standalone, ClientType::Public), [Outcome::Unknown]);
}

#[test]
fn caps_of_registration_and_authority() {
    let ask = |policy: Value| {
        with(
            client(observation(json!([{"code": "read"}, {"code": "search-type"}]))),
            server(observation(json!([{"code": "read"}, {"code": "search-type"}]))),
            |r| {
                r.scope = Some("patient/Observation.rs".to_owned());
                r.policy = serde_json::from_value(policy).unwrap();
            },
        )
    };
    let a = ask(json!({"registration": "patient/Observation.r"}));
    assert_eq!(
        (a.scopes[0].outcome, a.scopes[0].predicted.join(" ")),
        (Outcome::Downscoped, "patient/Observation.r".to_owned())
    );
    assert_eq!(
        a.resources[0].interactions.iter().map(|i| i.scope.unwrap()).collect::<Vec<_>>(),
        [ScopeAnswer::Unknown, ScopeAnswer::Missing]
    );
    assert_eq!(a.verdict, Verdict::Incompatible);
    let b = ask(json!({"authority": "user/Observation.s", "granted": "patient/Observation.rs"}));
    assert_eq!(b.resources[0].interactions.iter().map(|i| i.usable).collect::<Vec<_>>(), [Usable::No, Usable::Yes]);
}

#[test]
fn grants_that_nothing_uses() {
    let a = with(client(observation(json!([{"code": "read"}]))), server(observation(json!([{"code": "read"}]))), |r| {
        r.scope = Some("patient/Observation.rs patient/Goal.r user/*.r openid".to_owned());
        r.policy.granted = r.scope.clone();
    });
    assert_eq!(a.unused_grants, ["patient/Observation.s", "patient/Goal.r"]);
}

#[test]
fn system_level() {
    let statement = |mode: &str, interactions: Value| json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"], "rest": [{"mode": mode, "interaction": interactions}]});
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
        typed.system.interactions.iter().map(|i| i.scope).collect::<Vec<_>>(),
        [None, Some(ScopeAnswer::NotAsked)]
    );
    assert_eq!((typed.verdict, ask(Some("user/*.s")).verdict), (Verdict::Incompatible, Verdict::Compatible));
    let dstu2 = json!({"resourceType": "Conformance", "kind": "instance", "fhirVersion": "1.0.2", "format": ["json"], "rest": [{"mode": "server", "transactionMode": "both"}]});
    let mut wants = statement("client", json!([{"code": "batch"}, {"code": "transaction"}]));
    wants["fhirVersion"] = json!("1.0.2");
    assert_eq!(simple(wants, dstu2, &nothing()).verdict, Verdict::Compatible);
}
