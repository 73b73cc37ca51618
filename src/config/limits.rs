//! Bounds on what a request may cost.

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
    /// Bodies up to this size are validated on the worker itself.
    pub inline_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout_ms: u64,
    /// How long the work on a request may take.
    pub work_timeout_ms: u64,
    /// How long a service that is stopped waits for running requests.
    pub shutdown_timeout_ms: u64,
    /// Steps of one FHIRPath evaluation: operations and elements looked at.
    pub fhirpath_steps: u64,
    /// How many requests may wait for a thread.
    pub queue: usize,
    /// Open connections for each worker.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_bytes: 64 << 20,
            upload_bytes: 64 << 20,
            all_bodies_bytes: 512 << 20,
            inline_bytes: 32 << 10,
            body_timeout_ms: 30_000,
            work_timeout_ms: 30_000,
            shutdown_timeout_ms: 30_000,
            fhirpath_steps: 20_000_000,
            queue: 4096,
            connections: 25_000,
        }
    }
}
