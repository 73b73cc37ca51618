//! Bounds on what a request may cost.

use fhir_accord_profiles::evaluate::Work;
use serde::Deserialize;

/// Bounds on what a request may cost.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one body, unpacked.
    pub body_bytes: usize,
    /// Bytes of one uploaded archive.
    pub upload_bytes: usize,
    /// Bytes of all bodies that are being served.
    pub all_bodies_bytes: usize,
    /// Bodies up to this size, with few elements, are validated on the worker itself.
    pub inline_bytes: usize,
    /// How long the head of a connection's first request may take to arrive, and the handshake of TLS before it.
    pub head_timeout_ms: u64,
    /// How long a body may take to arrive.
    pub body_timeout_ms: u64,
    /// How long the work on a request may take.
    pub work_timeout_ms: u64,
    /// How long a service that is stopped waits for running requests.
    pub shutdown_timeout_ms: u64,
    /// Steps of one FHIRPath evaluation: operations and elements looked at.
    pub fhirpath_steps: u64,
    /// Elements that an instance may have.
    pub elements: usize,
    /// Elements that are visited for one instance, trials included.
    pub visits: u64,
    /// Trials inside trials.
    pub trials: u32,
    /// Steps of one expression of a constraint.
    pub expression: u64,
    /// Steps of all expressions for one instance.
    pub expressions: u64,
    /// How many requests may wait for a thread.
    pub queue: usize,
    /// Open connections for each worker.
    pub connections: usize,
    /// Negotiations that are kept in the store.
    pub kept_negotiations: usize,
    /// Bytes of them, as they are stored.
    pub kept_negotiation_bytes: u64,
    /// Parties that are kept in the store.
    pub parties: usize,
    /// Bytes of them, as they are stored.
    pub party_bytes: u64,
    /// Bytes of the documents of one party, and of one document that is fetched, unpacked.
    pub party_document_bytes: usize,
    /// Statements of one party that its history tells of, and drifts of one negotiation.
    pub party_history: usize,
    /// How long fetching one document of a party may take.
    pub party_timeout_ms: u64,
    /// Negotiations that are held in memory until they expire.
    pub cached_negotiations: usize,
    /// Bytes of them.
    pub cached_negotiation_bytes: usize,
    /// How long they are held.
    pub cached_negotiation_seconds: u64,
}

/// Elements that an instance may have where nothing is said: each takes some forty bytes of memory.
const ELEMENTS: usize = 8_000_000;

impl Limits {
    /// The bounds on the work for one instance.
    pub fn work(&self) -> Work {
        Work {
            nodes: self.visits,
            trials: self.trials,
            expression: self.expression,
            expressions: self.expressions,
            intake: self.elements,
            ..Work::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        let work = Work::default();
        Limits {
            body_bytes: 64 << 20,
            upload_bytes: 64 << 20,
            all_bodies_bytes: 512 << 20,
            inline_bytes: 32 << 10,
            head_timeout_ms: 10_000,
            body_timeout_ms: 30_000,
            work_timeout_ms: 30_000,
            shutdown_timeout_ms: 25_000,
            fhirpath_steps: 20_000_000,
            elements: ELEMENTS,
            visits: work.nodes,
            trials: work.trials,
            expression: work.expression,
            expressions: work.expressions,
            queue: 4096,
            connections: 25_000,
            kept_negotiations: 10_000,
            kept_negotiation_bytes: 128 << 20,
            parties: 1_000,
            party_bytes: 128 << 20,
            party_document_bytes: 8 << 20,
            party_history: 50,
            party_timeout_ms: 20_000,
            cached_negotiations: 1_000,
            cached_negotiation_bytes: 64 << 20,
            cached_negotiation_seconds: 3_600,
        }
    }
}
