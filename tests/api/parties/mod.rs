//! Parties: put, fetched, negotiated between, and what drifts when they change.

mod between;
mod documents;
mod fetched;
mod killed;

use std::sync::Arc;
use std::time::{Duration, Instant};

use fhir_accord::app::{AppError, Complaint, Loader, Negotiator, Parts, ScopeVerb};
use fhir_accord::capability::{Definitions, NegotiateRequest, PackageDefinitions, negotiate};
use fhir_accord::http::{Clock, Service};
use fhir_accord::profiles::interrupt::Interrupt;
use fhir_accord::store::Store;
use serde_json::{Value, json};

use crate::support::{HandClock, Server, TestEngine, TestLoader, config, run};
use crate::wire::Answer;

/// Negotiates without packages.
struct Bare;

impl Negotiator for Bare {
    fn negotiate(&self, body: Value, _: &Interrupt) -> Result<Value, Complaint> {
        let request = NegotiateRequest::from_json(&body).map_err(Complaint::new)?;
        let agreement = negotiate(&request, &PackageDefinitions::new(Arc::default()));
        let agreement = agreement.map_err(|e| Complaint::new(e.to_string()))?;
        serde_json::to_value(agreement).map_err(|e| Complaint::new(e.to_string()))
    }

    fn matrix(&self, _: Value, _: &Interrupt) -> Result<Value, Complaint> {
        Err(Complaint::new("not asked"))
    }

    fn scope(&self, _: ScopeVerb, _: Value) -> Result<Value, String> {
        Err("not asked".to_owned())
    }

    fn with_definitions(&self, _: bool, _: &Interrupt, _: &mut dyn FnMut(&dyn Definitions)) -> Result<(), String> {
        Err("not asked".to_owned())
    }
}

/// Loads what negotiates without packages.
struct BareLoader;

impl Loader for BareLoader {
    fn load(&self, _: &[std::path::PathBuf]) -> Result<Parts, AppError> {
        Ok(Parts { engine: Arc::new(TestEngine::default()), negotiator: Arc::new(Bare) })
    }
}

/// A service with the admin token `secret`, by a clock that is set by hand, that negotiates without packages.
fn service(overrides: Value, store: Store) -> (Server, Arc<HandClock>) {
    let clock = Arc::new(HandClock::default());
    clock.set(1_700_000_000);
    let given = Arc::clone(&clock) as Arc<dyn Clock>;
    let config = config(overrides, Some("secret"));
    (run(Service::open_at(config, store, Box::new(BareLoader), given).unwrap()), clock)
}

/// A service whose results are the hashes of what they were made of.
fn echoing(overrides: Value, store: Store) -> Server {
    let loader = Box::new(TestLoader { embedded: false });
    run(Service::open(config(overrides, Some("secret")), store, loader).unwrap())
}

/// A statement of a mode with these interactions on Patient.
fn statement(mode: &str, interactions: &[&str]) -> Value {
    let codes: Vec<Value> = interactions.iter().map(|code| json!({"code": code})).collect();
    let kind = if mode == "client" { "requirements" } else { "instance" };
    json!({
        "resourceType": "CapabilityStatement", "kind": kind, "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": mode, "resource": [{"type": "Patient", "interaction": codes}]}],
    })
}

impl Server {
    fn put_party(&self, id: &str, body: &Value) -> Answer {
        self.ask_as("secret", "PUT", &format!("/parties/{id}"), body.to_string())
    }

    /// Puts a party with a statement, which must go well.
    fn has_party(&self, id: &str, mode: &str, interactions: &[&str]) {
        let answer = self.put_party(id, &json!({"statement": statement(mode, interactions)}));
        assert!(matches!(answer.status, 200 | 201), "{}", String::from_utf8_lossy(&answer.body));
    }

    /// Asks until the answer is the one that is waited for.
    fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        loop {
            let found = self.get(path).json();
            if wanted(&found) {
                return found;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "`{path}` does not come to it: {found}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Whether a body is what its schema demands.
    fn fits(&self, file: &str, body: &Value) {
        let faults = fhir_accord::schema::check(fhir_accord::schema::Schema::by_file(file).unwrap(), body);
        assert!(faults.is_empty(), "{file}: {faults:?}\n{body:#}");
    }
}
