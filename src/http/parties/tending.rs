//! What is done for parties without being asked: those that are due are fetched, and negotiations that are of older
//! statements are made again. Each has threads of its own, so that neither keeps requests waiting.

use std::sync::Weak;
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use super::keeping::gather;
use crate::http::service::Service;
use crate::http::work::{self, Clock};
use crate::parties::{Ended, Job, Refreshed};

/// How often the book is looked at.
const TICK: Duration = Duration::from_millis(200);

/// Fetches parties that are due, a bounded number at once, as long as there is a service.
pub(in crate::http) fn fetch_due(service: &Weak<Service>) {
    while let Some(here) = service.upgrade().filter(|s| !s.stopping.has_begun()) {
        while let Some(job) = here.parties.book.due(here.seconds()) {
            let (weak, own) = (service.clone(), job.clone());
            if Builder::new().name("accord-party".to_owned()).spawn(move || fetch(&weak, &own)).is_err() {
                // It stays due.
                here.parties.book.ended(&job, &Ended::Void, here.seconds());
                break;
            }
        }
        drop(here);
        sleep(TICK);
    }
}

/// Fetches one party here and now, and takes what came.
///
/// # Errors
/// The document and the kind of failure; `None` where it counts no longer.
pub(super) fn fetch_now(service: &Service, job: &Job) -> Result<Refreshed, Option<(&'static str, &'static str)>> {
    let fetched = work::guarded(|| match service.parties.documents() {
        Ok(documents) => gather(&documents, job),
        Err(failure) => Err(("statement", failure)),
    });
    let taken = work::guarded(|| fetched.map(|gathered| service.take_fetched(job, gathered)));
    taken.and_then(|taken| taken).unwrap_or_else(|_| {
        service.parties.book.ended(job, &Ended::Failed("statement", "internal"), service.seconds());
        Err(Some(("statement", "internal")))
    })
}

/// Fetches one party. The service is not held meanwhile, so that it can end.
fn fetch(service: &Weak<Service>, job: &Job) {
    let Some(documents) = service.upgrade().map(|s| s.parties.documents()) else { return };
    let gathered = match documents {
        Ok(documents) => work::guarded(|| gather(&documents, job)),
        Err(failure) => Ok(Err(("statement", failure))),
    };
    let Some(service) = service.upgrade() else { return };
    let taken = work::guarded(|| gathered.map(|gathered| service.take_fetched(job, gathered)));
    if !matches!(taken, Ok(Ok(_))) {
        service.parties.book.ended(job, &Ended::Failed("statement", "internal"), service.seconds());
    }
}

/// Makes negotiations again whose parties have other statements now, one at a time, as long as there is a service.
pub(in crate::http) fn renew_outdated(service: &Weak<Service>) {
    while let Some(here) = service.upgrade().filter(|s| !s.stopping.has_begun()) {
        let outdated = here.parties.book.outdated(here.seconds());
        let Some(outdated) = outdated else {
            drop(here);
            sleep(TICK);
            continue;
        };
        let end = Instant::now().checked_add(Duration::from_millis(here.config.limits.work_timeout_ms));
        let interrupt = Clock::until(end).interrupt();
        let renewed = work::guarded(|| here.renew_between(&outdated.id, &interrupt)).and_then(|made| made);
        here.metrics.party_renewal(renewed.as_ref().map_or_else(|fault| fault.name(), |done| *done));
        if let Err(fault) = renewed {
            let (id, kind) = (&outdated.id, fault.name());
            tracing::warn!(id, kind, "a negotiation between parties was not made again");
            here.parties.book.link_failed(&outdated, kind, here.seconds());
        }
    }
}
