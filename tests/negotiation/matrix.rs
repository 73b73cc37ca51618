//! Clients beside many servers: what a matrix says of a change holds when the change is made.

use fhir_accord::capability::agreement::Verdict;
use fhir_accord::capability::issue::Party;
use fhir_accord::capability::matrix::{Cell, Matrix, Member, Trial};
use fhir_accord::capability::{
    Definitions, NegotiateRequest, PackageDefinitions, Part, Prepared, Side, Terms, between, negotiate,
};
use serde_json::{Value, json};

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn stated(expectation: u64) -> Value {
    let code = ["SHALL", "SHALL", "SHOULD", "MAY"][usize::try_from(expectation).unwrap()];
    json!([{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": code}])
}

/// A statement that lists each item with a chance of `of` in ten.
fn statement(mode: &str, numbers: &mut Numbers, of: u64) -> Value {
    let mut resources = Vec::new();
    for name in ["Patient", "Observation", "Provenance"] {
        let mut pick = |list: &[&str], member: &str| -> Vec<Value> {
            let chosen: Vec<&str> = list.iter().copied().filter(|_| numbers.below(10) < of).collect();
            let item = |name: &str| match mode {
                "client" => json!({member: name, "extension": stated(numbers.below(4)), "type": "token"}),
                _ => json!({member: name, "type": "token"}),
            };
            chosen.into_iter().map(item).collect()
        };
        let mut interactions = pick(&["read", "vread", "create", "update"], "code");
        interactions.push(json!({"code": "search-type"}));
        resources
            .push(json!({"type": name, "interaction": interactions, "searchParam": pick(&["_id", "code"], "name"),
            "operation": pick(&["everything", "lastn"], "name")}));
    }
    if mode == "server" && numbers.below(3) == 0 {
        resources.pop();
    }
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
        "rest": [{"mode": mode, "resource": resources}]})
}

fn definitions() -> PackageDefinitions {
    PackageDefinitions::new(std::sync::Arc::default())
}

/// The matrix of these statements.
fn matrix(clients: &[Value], servers: &[Value], scope: Option<&str>, definitions: &dyn Definitions) -> Matrix {
    let base = NegotiateRequest { scope: scope.map(str::to_owned), ..request(&clients[0], &servers[0]) };
    let prepare = |all: &[Value], party| -> Vec<Prepared> {
        all.iter().map(|v| Prepared::new(&Side::Statement(v.clone()), party, None, definitions).unwrap()).collect()
    };
    let (clients, servers) = (prepare(clients, Party::Client), prepare(servers, Party::Server));
    let terms = base.terms();
    let pairs = clients.iter().flat_map(|c| servers.iter().map(move |s| (c, s)));
    let cells = pairs.map(|(c, s)| Cell::of(&between(c, s, &terms, definitions))).collect();
    let members =
        |all: &[Prepared]| (0..all.len()).map(|i| Member { name: i.to_string(), ..Member::default() }).collect();
    let mut again = |trial: &Trial<'_>| {
        let terms = Terms { without: trial.without, scope: trial.scope.or(terms.scope), ..terms };
        between(&clients[trial.client], &servers[trial.server], &terms, definitions).verdict
    };
    Matrix::of(members(&clients), members(&servers), cells, &mut again)
}

fn request(client: &Value, server: &Value) -> NegotiateRequest {
    NegotiateRequest::new(Side::Statement(client.clone()), Side::Statement(server.clone()))
}

/// How many servers the client works with when it does without something, of those that it does not work with before.
fn unlocked(client: &Value, servers: &[&Value], without: &[String], definitions: &dyn Definitions) -> usize {
    let works = |server: &&&Value| {
        let request = NegotiateRequest { without: without.to_vec(), ..request(client, server) };
        negotiate(&request, definitions).unwrap().verdict <= Verdict::Degraded
    };
    servers.iter().filter(works).count()
}

#[test]
fn the_change_that_unlocks_most_servers_does() {
    let definitions = definitions();
    let mut numbers = Numbers(7);
    let mut with_changes = 0;
    for _ in 0..12 {
        let client = statement("client", &mut numbers, 6);
        let servers: Vec<Value> = (0..6).map(|_| statement("server", &mut numbers, 8)).collect();
        let matrix = matrix(std::slice::from_ref(&client), &servers, None, &definitions);
        let report = &matrix.reports[0];
        let locked: Vec<&Value> =
            servers.iter().enumerate().filter(|(i, _)| !report.works.contains(i)).map(|(_, s)| s).collect();
        for change in &report.changes {
            let unlocks: Vec<&Value> = change.unlocks.iter().map(|i| &servers[*i]).collect();
            assert_eq!(unlocked(&client, &unlocks, &change.texts(), &definitions), unlocks.len(), "{change:?}");
            assert!(change.unlocks.iter().all(|i| !report.works.contains(i)));
        }
        assert!(report.changes.is_sorted_by_key(|c| std::cmp::Reverse(c.unlocks.len())));
        // No part of the client's statement, on its own type or on all, is worth more.
        let best = report.changes.first().map_or(0, |c| c.unlocks.len());
        with_changes += usize::from(best > 0);
        let all = matrix.cells.iter().flat_map(|c| &c.rows);
        let mut parts: Vec<Part> = all.flat_map(|r| [r.part.clone(), r.part.everywhere()]).collect();
        parts.sort();
        parts.dedup();
        for part in parts {
            let text = part.to_string();
            if text != "*" {
                assert!(
                    unlocked(&client, &locked, std::slice::from_ref(&text), &definitions) <= best,
                    "{text}: {:?}",
                    report.changes
                );
            }
        }
    }
    assert!(with_changes > 4, "{with_changes}");
}

#[test]
fn another_scope_string_may_be_the_change() {
    let entry = json!([{"type": "Patient", "interaction": [{"code": "read"}, {"code": "search-type"}]}]);
    let of = |mode: &str| {
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
            "rest": [{"mode": mode, "resource": entry}]})
    };
    let matrix = matrix(
        &[of("client")],
        &[of("server"), of("server")],
        Some("launch/patient patient/Patient.r"),
        &definitions(),
    );
    let report = &matrix.reports[0];
    assert!(report.works.is_empty());
    let change = &report.changes[0];
    assert_eq!(change.scope.as_deref().map(|s| s.contains("patient/Patient.rs")), Some(true), "{change:?}");
    assert_eq!((change.gives_up, change.unlocks.as_slice()), (0, &[0, 1][..]));
}

#[test]
fn who_has_what() {
    let of = |mode: &str, entries: Value, version: &str| {
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": version,
            "rest": [{"mode": mode, "resource": entries}]})
    };
    let entry = |name: &str, codes: &[&str]| {
        let codes: Vec<Value> = codes.iter().map(|c| json!({"code": c})).collect();
        json!({"type": name, "interaction": codes})
    };
    let client = of("client", json!([entry("Patient", &["read", "create"]), entry("Goal", &["read"])]), "4.0.1");
    let servers = [
        of("server", json!([entry("Patient", &["read", "create"]), entry("Goal", &["read"])]), "4.0.1"),
        of("server", json!([entry("Patient", &["read"])]), "4.0.1"),
        of("server", json!([entry("Patient", &["read", "create"])]), "3.0.2"),
    ];
    let matrix = matrix(&[client], &servers, None, &definitions());
    let report = serde_json::to_value(&matrix.reports[0]).unwrap();
    assert_eq!((&report["works"], &report["otherVersion"]), (&json!([0]), &json!([2])));
    assert_eq!(report["coverage"][0]["whole"], json!([0]));
    assert_eq!((&report["coverage"][0]["no"], &report["coverage"][1]["absent"]), (&json!([1]), &json!([1])));
    assert_eq!(report["common"], json!([{"type": "Patient", "parts": ["Patient.read"]}]));
    let lacking: Vec<(&str, &Value)> =
        report["lacking"].as_array().unwrap().iter().map(|l| (l["part"].as_str().unwrap(), &l["lacking"])).collect();
    // What an absent type lacks is told with the type.
    assert_eq!(lacking, [("Patient.create", &json!([1])), ("Goal", &json!([1]))]);
    assert_eq!(report["changes"], json!([]));
    assert_eq!(matrix.cell(0, 1).unwrap().verdict, Verdict::Incompatible);
    assert!(matrix.cell(0, 3).is_none() && matrix.cell(1, 0).is_none());
}

#[test]
fn without_makes_optional() {
    let entry = json!([{"type": "Patient",
        "interaction": [{"code": "read"}, {"code": "vread"}, {"code": "search-type"}],
        "searchParam": [{"name": "name", "type": "string"}], "searchRevInclude": ["Provenance:target"]}]);
    let of = |mode: &str, entries: Value| {
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
            "rest": [{"mode": mode, "resource": entries}]})
    };
    let server = of("server", json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
    let verdict = |without: &[&str]| {
        let without: Vec<String> = without.iter().map(|w| (*w).to_owned()).collect();
        let request = NegotiateRequest { without, ..request(&of("client", entry.clone()), &server) };
        let agreement = negotiate(&request, &definitions()).unwrap();
        let unknown = agreement.issues.iter().filter(|i| i.rule == "without-unknown").count();
        (agreement.verdict, unknown)
    };
    assert_eq!(verdict(&["Patient.vread"]), (Verdict::Incompatible, 0));
    // What rides on a search goes with it.
    assert_eq!(verdict(&["Patient.vread,*.search-type"]), (Verdict::Compatible, 0));
    assert_eq!(verdict(&["Patient"]), (Verdict::Compatible, 0));
    assert_eq!(verdict(&["Goal", "Patient.nothing", "Patient?", "Patient?code"]), (Verdict::Incompatible, 4));
}
