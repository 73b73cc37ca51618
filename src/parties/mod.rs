//! Parties: clients and servers whose statements the service keeps, and the negotiations between them. What is kept
//! of each, what changed, which negotiations depend on it, and when a party is fetched again. Keys, bytes and moments
//! come from the caller: nothing here reads a clock, a store or a network.

mod book;
mod link;
mod links;
mod record;
mod remembered;
mod schedule;

pub use book::{Book, Busy, Ended, Job, Refreshed, State};
pub use link::{BETWEEN, Endpoint, LinkNotes, id_of, parties_of, resolved, summary, without_token};
pub use links::{LinkRow, Outdated};
pub use record::{By, FetchFailed, Notes, Past, Source, Validators, documents_of, instant, sha256};
pub use schedule::{FETCHES, LEAST_SECONDS, USUAL_SECONDS};
