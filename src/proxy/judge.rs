//! Requests before the gate.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::{Bytes, block};
use fhir_accord_capability::guard::{Access, Decision, Gate, Method, State, TokenContext};
use fhir_accord_profiles::interrupt::Interrupt;
use tokio::sync::Semaphore;

use super::refused::Refused;
use crate::http::{Awaited, WorkClock};

/// What the gate is asked about.
#[derive(Debug)]
pub(super) struct Question {
    pub token: TokenContext,
    pub method: Method,
    pub below: String,
    pub if_none_exist: Option<String>,
    pub content_type: Option<String>,
    pub body: Option<Bytes>,
}

/// What a write would change.
#[derive(Clone, Debug)]
pub(super) enum Old {
    NotRead,
    Absent,
    Resource(Bytes),
}

impl Question {
    fn access<'q>(&'q self, old: &'q Old) -> Access<'q> {
        Access {
            method: self.method,
            url: &self.below,
            if_none_exist: self.if_none_exist.as_deref(),
            content_type: self.content_type.as_deref(),
            body: self.body.as_deref(),
            old: match old {
                Old::NotRead => State::NotRead,
                Old::Absent => State::Absent,
                Old::Resource(json) => State::Resource(json),
            },
        }
    }
}

/// A gate, how long it may take, and how many may be before it at once.
pub(super) struct Judge {
    gate: Arc<dyn Gate>,
    within: Duration,
    places: Arc<Semaphore>,
}

impl Judge {
    /// As many are judged at once as there are cores; others wait for as long as judging may take.
    pub fn new(gate: Arc<dyn Gate>, within: Duration) -> Judge {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        Judge { gate, within, places: Arc::new(Semaphore::new(cores)) }
    }

    /// What the gate says of a request. One without a body is answered at once, others by a thread of their own.
    pub async fn decide(&self, question: &Arc<Question>, old: Old) -> Result<Decision, Refused> {
        if question.body.is_none() && matches!(old, Old::NotRead) {
            let (interrupt, _waiting) = self.clock();
            let work = || self.gate.decide(&question.token, &question.access(&old), &interrupt);
            return catch_unwind(AssertUnwindSafe(work)).map_err(|_| failed());
        }
        let question = Arc::clone(question);
        self.apart(move |gate, interrupt| gate.decide(&question.token, &question.access(&old), interrupt)).await
    }

    /// What the gate says of an answer.
    pub async fn answer(&self, question: &Arc<Question>, answer: Bytes) -> Result<Decision, Refused> {
        let question = Arc::clone(question);
        self.apart(move |gate, interrupt| {
            gate.judge_answer(&question.token, &question.access(&Old::NotRead), &answer, interrupt)
        })
        .await
    }

    fn clock(&self) -> (Interrupt, Awaited) {
        let clock = WorkClock::until(Instant::now().checked_add(self.within));
        (clock.interrupt(), Awaited(clock))
    }

    /// Runs work on a thread of its own; a panic is a refusal.
    async fn apart<F>(&self, work: F) -> Result<Decision, Refused>
    where
        F: FnOnce(&dyn Gate, &Interrupt) -> Decision + Send + 'static,
    {
        let place = tokio::time::timeout(self.within, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.ok().and_then(Result::ok).ok_or_else(Refused::busy)?;
        let (interrupt, _waiting) = self.clock();
        let gate = Arc::clone(&self.gate);
        // The place is taken until the work has ended, whether or not somebody still waits for it.
        let work = move || (catch_unwind(AssertUnwindSafe(|| work(&*gate, &interrupt))).ok(), drop(place)).0;
        let judged = block(work).await;
        judged.ok().flatten().ok_or_else(failed)
    }
}

fn failed() -> Refused {
    Refused::forbidden("judging-failed", "the request could not be judged")
}
