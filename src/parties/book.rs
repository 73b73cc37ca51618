//! What is known of all parties and the negotiations between them, in memory: who is due, what is out of date, what
//! went wrong last. What has to outlive the process is in the store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::link::LinkNotes;
use super::links::{LinkRow, Links, Outdated};
use super::record::{FetchFailed, Notes, Validators};
use super::schedule::{FETCHES, after_failure, after_start, after_success};

/// What is known of parties and of the negotiations between them.
#[derive(Debug, Default)]
pub struct Book {
    /// Makes moments differ from process to process.
    seed: u64,
    /// The last number of a put.
    revisions: AtomicU64,
    all: Mutex<All>,
}

#[derive(Debug, Default)]
struct All {
    parties: BTreeMap<String, Watch>,
    links: Links,
    fetching: usize,
}

/// A party.
#[derive(Clone, Debug, Default)]
struct Watch {
    url: Option<String>,
    refresh_seconds: u64,
    revision: u64,
    sha256: Option<String>,
    validators: Validators,
    due: Option<u64>,
    /// The revision that is being fetched.
    busy: Option<u64>,
    failures: u32,
    state: State,
}

/// How the fetches of a party went: the last success since the start of the service, the last failure before it, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// When one succeeded last, in seconds since 1970.
    pub last_success: Option<u64>,
    /// When one failed last, at which document, and how.
    pub last_failure: Option<FetchFailed>,
    /// When the next one comes.
    pub next: Option<u64>,
    /// Whether one runs.
    pub is_running: bool,
}

/// A fetch that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The party.
    pub id: String,
    /// As it was put how many times.
    pub revision: u64,
    /// The base URL.
    pub url: String,
    /// What the server said of the versions of its documents.
    pub validators: Validators,
}

/// Why a fetch cannot be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// There is no such party.
    Unknown,
    /// It has no URL.
    NoUrl,
    /// One of it runs.
    Running,
    /// As many run as may.
    Full,
}

/// How a fetch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The documents are known; what the server said of their versions.
    Known(Validators),
    /// It failed at a document, in this way.
    Failed(&'static str, &'static str),
    /// It counts no longer: the party was put anew meanwhile, or deleted.
    Void,
}

/// What came of a fetch, for who counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The documents are others than before.
    Changed,
    /// They are the same.
    Unchanged,
}

impl Book {
    /// Nothing yet; `seed` makes the moments of fetches differ from process to process.
    pub fn new(seed: u64) -> Book {
        Book { seed, ..Book::default() }
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the next put: no two puts have the same, be it of parties that were deleted in between.
    pub fn next_revision(&self) -> u64 {
        self.revisions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes a party that is in the store when the service starts.
    pub fn found(&self, id: &str, notes: &Notes, now: u64) {
        let due =
            if notes.sha256.is_none() { Some(now) } else { after_start(self.seed, id, now, notes.refresh_seconds) };
        let watch = Watch { due: due.filter(|_| notes.url.is_some()), ..Watch::of(notes) };
        self.revisions.fetch_max(notes.revision, Ordering::Relaxed);
        let mut all = self.all();
        all.parties.insert(id.to_owned(), watch);
        all.links.look_again();
    }

    /// Notes a party that was put: what has a URL is fetched at once.
    pub fn put(&self, id: &str, notes: &Notes, now: u64) {
        let mut all = self.all();
        let busy = all.parties.get(id).and_then(|old| old.busy);
        let due = notes.url.is_some().then_some(now);
        all.parties.insert(id.to_owned(), Watch { due, busy, ..Watch::of(notes) });
        all.links.look_again();
    }

    /// Notes what a fetch changed.
    pub fn changed(&self, id: &str, notes: &Notes) {
        let mut all = self.all();
        if let Some(watch) = all.parties.get_mut(id) {
            watch.sha256.clone_from(&notes.sha256);
        }
        all.links.look_again();
    }

    /// Forgets a party; negotiations with it stay.
    pub fn remove(&self, id: &str) {
        self.all().parties.remove(id);
    }

    /// How many parties there are.
    pub fn count(&self) -> usize {
        self.all().parties.len()
    }

    /// How the fetches of a party go; `None` where there is no such party.
    pub fn state(&self, id: &str) -> Option<State> {
        let all = self.all();
        let watch = all.parties.get(id)?;
        Some(State { next: watch.due, is_running: watch.busy.is_some(), ..watch.state.clone() })
    }

    /// The hash of a party's documents; `None` where there is no such party, or it has no statement.
    pub fn sha256(&self, id: &str) -> Option<String> {
        self.all().parties.get(id)?.sha256.clone()
    }

    /// A fetch of a party that is due, which is begun with this; `None` where none is, or as many run as may.
    pub fn due(&self, now: u64) -> Option<Job> {
        let mut all = self.all();
        let is_due = |watch: &Watch| watch.busy.is_none() && watch.due.is_some_and(|due| due <= now);
        let next = all.parties.iter().filter(|(_, watch)| is_due(watch)).min_by_key(|(_, watch)| watch.due)?;
        let id = next.0.clone();
        all.begin(&id).ok()
    }

    /// Begins a fetch of a party, due or not.
    ///
    /// # Errors
    /// [`Busy`].
    pub fn begin(&self, id: &str) -> Result<Job, Busy> {
        self.all().begin(id)
    }

    /// Notes how a fetch ended that was begun.
    pub fn ended(&self, job: &Job, how: &Ended, now: u64) {
        let mut all = self.all();
        all.fetching = all.fetching.saturating_sub(1);
        let Some(watch) = all.parties.get_mut(&job.id) else { return };
        if watch.busy == Some(job.revision) {
            watch.busy = None;
        }
        if watch.revision != job.revision {
            return;
        }
        match how {
            Ended::Known(validators) => {
                watch.validators = validators.clone();
                watch.failures = 0;
                watch.state.last_success = Some(now);
                watch.due = after_success(self.seed, &job.id, now, watch.refresh_seconds);
            }
            Ended::Failed(document, kind) => {
                watch.failures = watch.failures.saturating_add(1);
                let (document, kind) = ((*document).to_owned(), (*kind).to_owned());
                watch.state.last_failure = Some(FetchFailed { at: now, document, kind });
                watch.due = after_failure(self.seed, &job.id, now, watch.refresh_seconds, watch.failures);
            }
            Ended::Void => {}
        }
    }

    /// Notes a negotiation between parties that is in the store.
    pub fn link(&self, id: &str, notes: &LinkNotes) {
        self.all().links.add(id, notes);
    }

    /// Forgets a negotiation.
    pub fn unlink(&self, id: &str) {
        self.all().links.remove(id);
    }

    /// Notes that a negotiation could not be made again of the documents of which it was tried.
    pub fn link_failed(&self, tried: &Outdated, kind: &str, now: u64) {
        self.all().links.failed(tried, kind, now);
    }

    /// A negotiation that is of documents which its parties no longer have; `None` where there is none that is to be
    /// made again now.
    pub fn outdated(&self, now: u64) -> Option<Outdated> {
        let All { parties, links, .. } = &mut *self.all();
        links.outdated(now, &hashes_in(parties))
    }

    /// What a matrix tells of one negotiation; `None` where there is none with this id.
    pub fn row(&self, id: &str) -> Option<LinkRow> {
        let all = self.all();
        all.links.row(id, &hashes_in(&all.parties))
    }

    /// Up to `count` negotiations behind `after` of this client, or server, or both, in the order of their ids; and how
    /// many there are of them.
    pub fn rows(&self, sides: [Option<&str>; 2], after: Option<&str>, count: usize) -> (Vec<LinkRow>, usize) {
        let all = self.all();
        all.links.rows(sides, after, count, &hashes_in(&all.parties))
    }

    /// How many negotiations a party is a side of; those of a party with itself count twice.
    pub fn links_of(&self, party: &str) -> usize {
        self.all().links.of(party)
    }
}

/// The hashes of the documents that parties have now.
fn hashes_in(parties: &BTreeMap<String, Watch>) -> impl Fn(&str) -> Option<String> {
    |party| parties.get(party)?.sha256.clone()
}

impl All {
    fn begin(&mut self, id: &str) -> Result<Job, Busy> {
        let is_full = self.fetching >= FETCHES;
        let watch = self.parties.get_mut(id).ok_or(Busy::Unknown)?;
        let url = watch.url.clone().ok_or(Busy::NoUrl)?;
        if watch.busy.is_some() {
            return Err(Busy::Running);
        }
        if is_full {
            return Err(Busy::Full);
        }
        watch.busy = Some(watch.revision);
        self.fetching += 1;
        Ok(Job { id: id.to_owned(), revision: watch.revision, url, validators: watch.validators.clone() })
    }
}

impl Watch {
    fn of(notes: &Notes) -> Watch {
        Watch {
            url: notes.url.clone(),
            refresh_seconds: notes.refresh_seconds,
            revision: notes.revision,
            sha256: notes.sha256.clone(),
            validators: notes.validators.clone(),
            state: State { last_failure: notes.failure.clone(), ..State::default() },
            ..Watch::default()
        }
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
