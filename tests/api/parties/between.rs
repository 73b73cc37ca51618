//! Negotiations between parties: kept, listed as a matrix, made again when a statement changes.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use fhir_accord::app::{AppError, Complaint, Loader, Negotiator, Parts, ScopeVerb};
use fhir_accord::capability::Definitions;
use fhir_accord::http::Service;
use fhir_accord::profiles::interrupt::Interrupt;
use fhir_accord::store::Store;
use serde_json::{Value, json};

use super::{Bare, service, statement};
use crate::support::{TestEngine, config, run, store_in};

/// Says when it begins, and waits for the first negotiation to be let go on.
struct Slow {
    begun: Mutex<Sender<()>>,
    go: Mutex<Option<Receiver<()>>>,
}

impl Negotiator for Slow {
    fn negotiate(&self, body: Value, interrupt: &Interrupt) -> Result<Value, Complaint> {
        let go = self.go.lock().unwrap().take();
        if let Some(go) = go {
            self.begun.lock().unwrap().send(()).unwrap();
            go.recv().unwrap();
        }
        Bare.negotiate(body, interrupt)
    }

    fn matrix(&self, body: Value, interrupt: &Interrupt) -> Result<Value, Complaint> {
        Bare.matrix(body, interrupt)
    }

    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String> {
        Bare.scope(verb, body)
    }

    fn with_definitions(
        &self,
        all: bool,
        interrupt: &Interrupt,
        read: &mut dyn FnMut(&dyn Definitions),
    ) -> Result<(), String> {
        Bare.with_definitions(all, interrupt, read)
    }
}

struct SlowLoader(Arc<Slow>);

impl Loader for SlowLoader {
    fn load(&self, _: &[std::path::PathBuf]) -> Result<Parts, AppError> {
        Ok(Parts { engine: Arc::new(TestEngine::default()), negotiator: Arc::clone(&self.0) as Arc<dyn Negotiator> })
    }
}

/// What is negotiated of a statement that is another one by then is not kept.
#[test]
fn a_statement_that_changes_meanwhile_is_negotiated_anew() {
    let ((begins, begun), (goes, go)) = (channel(), channel());
    let slow = Arc::new(Slow { begun: Mutex::new(begins), go: Mutex::new(Some(go)) });
    let loader = Box::new(SlowLoader(slow));
    let server = run(Service::open(config(json!({}), Some("secret")), Store::temporary().unwrap(), loader).unwrap());
    server.has_party("app", "client", &["read", "create"]);
    server.has_party("ehr", "server", &["read", "create"]);
    let made = std::thread::scope(|scope| {
        let asked = scope.spawn(|| server.ask_as("secret", "POST", "/negotiate", request("app", "ehr")));
        begun.recv().unwrap();
        server.has_party("ehr", "server", &["read"]);
        goes.send(()).unwrap();
        asked.join().unwrap()
    });
    assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
    let ehr = server.get("/parties/ehr").json();
    assert_eq!(made.json()["between"]["server"]["sha256"], ehr["sha256"]);
    assert_eq!(made.json()["verdict"], "incompatible");
    let place = made.header("content-location").unwrap();
    let drift = server.get(&format!("{place}/drift")).json();
    assert_eq!((&drift["current"], &drift["drift"]), (&json!(true), &json!([])), "nothing drifted");
}

/// What is kept of a request has no tokens, and a record that is damaged gives way to a new one.
#[test]
fn tokens_are_not_kept_and_damaged_negotiations_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = service(json!({}), store_in(folder.path()));
    server.has_party("app", "client", &["read"]);
    server.has_party("ehr", "server", &["read"]);
    let with = |token: &str| {
        let response = json!({"access_token": token, "scope": "patient/Patient.r", "patient": format!("p{token}")});
        let sides = [json!({"party": "app"}), json!({"party": "ehr"})];
        json!({"client": sides[0], "server": sides[1], "policy": {"tokenResponse": response}}).to_string()
    };
    let made = server.ask_as("secret", "POST", "/negotiate", with("topsecret"));
    assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let again = server.ask_as("secret", "POST", "/negotiate", with("another"));
    assert_eq!(again.json()["id"], *id, "the token is no part of the request");
    drop(server);
    let store = store_in(folder.path());
    let notes = String::from_utf8(store.negotiation_notes(&id).unwrap().unwrap()).unwrap();
    assert!(notes.contains("patient/Patient.r") && !notes.contains("topsecret") && !notes.contains("another"));
    store.keep_noted_negotiation(&id, b"no notes", b"{}").unwrap();
    store.close().unwrap();
    drop(store);
    let (server, _) = service(json!({}), store_in(folder.path()));
    assert_eq!(server.get(&format!("/negotiate/{id}/drift")).status, 500);
    let made = server.ask_as("secret", "POST", "/negotiate", with("third"));
    assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
    assert_eq!(server.get(&format!("/negotiate/{id}/drift")).json()["drift"], json!([]));
    assert_eq!(server.get(&format!("/negotiate/{id}")).body, made.body);
}

fn request(client: &str, server: &str) -> String {
    json!({"client": {"party": client}, "server": {"party": server}}).to_string()
}

#[test]
fn a_changed_statement_is_negotiated_again_and_drifts() {
    let folder = tempfile::tempdir().unwrap();
    let (server, clock) = service(json!({}), store_in(folder.path()));
    server.has_party("app", "client", &["read", "create"]);
    server.has_party("ehr", "server", &["read", "create", "delete"]);
    let made = server.ask_as("secret", "POST", "/negotiate", request("app", "ehr"));
    assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
    assert_eq!((made.header("expires"), made.json().get("expires")), (None, None));
    server.fits("negotiate-result.json", &made.json());
    let place = made.header("content-location").unwrap().to_owned();
    let ehr = server.get("/parties/ehr").json();
    assert_eq!(ehr["negotiations"], 1);
    assert_eq!(made.json()["between"]["server"], json!({"party": "ehr", "sha256": ehr["sha256"]}));
    assert_eq!(made.json()["verdict"], "compatible");
    clock.set(1_700_000_100);
    let again = server.ask_as("secret", "POST", "/negotiate", request("app", "ehr"));
    assert_eq!(again.body, made.body, "the same is not kept anew");
    assert_eq!(server.get(&format!("{place}/drift")).json()["drift"], json!([]));
    server.has_party("ehr", "server", &["read"]);
    let drift = server.until(&format!("{place}/drift"), |d| d["current"] == true && d["drift"] != json!([]));
    server.fits("drift.json", &drift);
    let first = &drift["drift"][0];
    assert_eq!((&first["at"], &first["verdict"]["to"]), (&json!("2023-11-14T22:15:00Z"), &json!("incompatible")));
    assert_eq!(first["counts"]["worse"], 1);
    assert_eq!((&first["worse"][0]["type"], &first["worse"][0]["item"]), (&json!("Patient"), &json!("create")));
    assert_eq!(first["server"]["from"], ehr["sha256"]);
    assert_eq!(first["client"]["from"], first["client"]["to"]);
    assert_eq!(server.get(&place).json()["verdict"], "incompatible");
    assert_eq!(server.get(&place).json()["id"], made.json()["id"], "the id stays");
    let before = (server.get(&place).body, server.get(&format!("{place}/drift")).body);
    drop(server);
    let (server, clock) = service(json!({}), store_in(folder.path()));
    clock.set(1_700_000_200);
    assert_eq!((server.get(&place).body, server.get(&format!("{place}/drift")).body), before);
    server.has_party("app", "client", &["read"]);
    let drift = server.until(&format!("{place}/drift"), |d| d["drift"].as_array().unwrap().len() == 2);
    assert_eq!((&drift["verdict"], &drift["drift"][0]["counts"]["removed"]), (&json!("compatible"), &json!(1)));
    let metrics = server.get("/metrics").body;
    let line = r#"accord_party_renewals_total{result="made"} 1"#;
    assert!(String::from_utf8_lossy(&metrics).contains(line), "{}", String::from_utf8_lossy(&metrics));
    // A party that goes takes no negotiation with it.
    assert_eq!(server.ask_as("secret", "DELETE", "/parties/ehr", "").status, 204);
    assert_eq!(server.get(&format!("{place}/drift")).json()["current"], false);
    assert_eq!(server.get(&place).json()["verdict"], "compatible");
    assert_eq!(server.ask_as("secret", "DELETE", &place, "").status, 204);
    for path in [place.clone(), format!("{place}/drift")] {
        assert_eq!(server.get(&path).codes(), ["negotiation-unknown"]);
    }
}

/// What a process that was killed did not get to is done after the next start.
#[test]
fn what_was_outdated_when_the_service_ended_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = service(json!({}), store_in(folder.path()));
    server.has_party("app", "client", &["read"]);
    server.has_party("ehr", "server", &["read"]);
    let made = server.ask_as("secret", "POST", "/negotiate", request("app", "ehr"));
    let place = made.header("content-location").unwrap().to_owned();
    drop(server);
    let store = store_in(folder.path());
    let (notes, _) = store.party("ehr").unwrap().unwrap();
    let mut notes: Value = serde_json::from_slice(&notes).unwrap();
    notes["sha256"] = "0".repeat(64).into();
    let documents = json!({"statement": statement("server", &["create"])}).to_string();
    store.keep_party("ehr", notes.to_string().as_bytes(), documents.as_bytes()).unwrap();
    store.close().unwrap();
    drop(store);
    let (server, _) = service(json!({}), store_in(folder.path()));
    let drift = server.until(&format!("{place}/drift"), |d| d["current"] == true);
    assert_eq!(drift["drift"][0]["verdict"], json!({"from": "compatible", "to": "incompatible"}));
}

#[test]
fn the_matrix_of_a_party_has_a_row_for_each_other_party() {
    let (server, _) = service(json!({}), Store::temporary().unwrap());
    server.has_party("app", "client", &["read", "create"]);
    for (id, codes) in [("s1", &["read"][..]), ("s2", &["read", "create"]), ("s3", &[])] {
        server.has_party(id, "server", codes);
        assert_eq!(server.ask_as("secret", "POST", "/negotiate", request("app", id)).status, 200);
    }
    let matrix = server.get("/negotiate?client=app").json();
    server.fits("party-negotiations.json", &matrix);
    let mut rows: Vec<(String, String)> = matrix["negotiations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["server"].as_str().unwrap().to_owned(), row["verdict"].as_str().unwrap().to_owned()))
        .collect();
    rows.sort();
    let expected = [("s1", "incompatible"), ("s2", "compatible"), ("s3", "incompatible")];
    assert_eq!(rows, expected.map(|(server, verdict)| (server.to_owned(), verdict.to_owned())));
    let one = server.get("/negotiate?server=s2").json();
    assert_eq!((&one["total"], &one["negotiations"][0]["client"]), (&json!(1), &json!("app")));
    assert!(one["negotiations"][0]["counts"]["SHALL"]["ok"].as_u64().unwrap() > 0);
    assert_eq!(server.get("/negotiate?client=app&server=s3").json()["total"], 1);
    assert_eq!(server.get("/negotiate?client=s1").json()["total"], 0);
    assert_eq!(server.get("/negotiate?client=nobody").codes(), ["party-unknown"]);
    let page = server.get("/negotiate?client=app&count=2").json();
    let next = server.get(page["next"].as_str().unwrap()).json();
    assert_eq!((next["negotiations"].as_array().unwrap().len(), &next["next"]), (1, &Value::Null));
    assert_eq!(server.get("/negotiate").json()["total"], 3, "they are among all that are kept");
}

#[test]
fn what_cannot_be_negotiated_between() {
    let (server, _) = service(json!({"limits": {"keptNegotiations": 1}}), Store::temporary().unwrap());
    server.has_party("app", "client", &["read"]);
    server.has_party("ehr", "server", &["read"]);
    let refused = |body: Value| {
        let answer = server.ask_as("secret", "POST", "/negotiate", body.to_string());
        (answer.status, answer.codes()[0].clone())
    };
    let (app, ehr) = (json!({"party": "app"}), json!({"party": "ehr"}));
    assert_eq!(refused(json!({"client": app, "server": {"party": "x"}})), (422, "party-unknown".to_owned()));
    assert_eq!(refused(json!({"client": app, "server": "ig:a#1"})), (422, "negotiation".to_owned()));
    assert_eq!(refused(json!({"client": app, "server": {"party": "ehr", "x": 1}})), (422, "body-schema".to_owned()));
    assert_eq!(refused(json!({"client": app, "server": {"party": "a b"}})).0, 422);
    assert_eq!(server.get("/negotiate").json()["total"], 0);
    assert_eq!(server.ask_as("secret", "POST", "/negotiate", request("app", "ehr")).status, 200);
    // Another request is another negotiation, for which there is no room; the first one stays.
    let other = json!({"client": app, "server": ehr, "scope": "patient/Patient.r"});
    assert_eq!(refused(other), (507, "negotiation-limit".to_owned()));
    assert_eq!(server.get("/negotiate").json()["total"], 1);
    assert_eq!(server.get("/negotiate/0000/drift").codes(), ["not-found"]);
}
