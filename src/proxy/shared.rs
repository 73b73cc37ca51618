//! What the threads of a proxy share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fhir_accord_capability::guard::Gate;
use tokio::sync::Semaphore;

use super::judge::Judge;
use super::lines::Lines;
use super::record::Record;
use super::settings::Settings;
use super::share::Share;
use crate::token::Tokens;

/// A proxy: its settings, where tokens are verified, the gate, and what is recorded.
pub struct Shared {
    pub(super) settings: Settings,
    pub(super) tokens: Tokens,
    pub(super) judge: Judge,
    pub(super) record: Record,
    /// The bytes that may be held at once.
    pub(super) held: Arc<Semaphore>,
    is_stopping: AtomicBool,
}

impl Shared {
    /// A proxy with these, which writes what it decides as lines of JSON.
    pub fn new(settings: Settings, gate: Arc<dyn Gate>, tokens: Tokens, lines: Lines) -> Arc<Shared> {
        Arc::new(Shared {
            judge: Judge::new(gate, settings.judging),
            record: Record::new(lines, settings.shadow),
            held: Share::all(settings.held_bytes),
            tokens,
            is_stopping: AtomicBool::new(false),
            settings,
        })
    }

    /// From now on it is not ready.
    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether it takes requests.
    pub(super) fn is_ready(&self) -> bool {
        !self.is_stopping.load(Ordering::Relaxed)
    }
}
