//! What the service needs for parties: the book, who may be asked, and who asks.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::http::Fault;
use crate::parties::{BETWEEN, Book, FETCHES};
use crate::remote::reach::Reach;
use crate::remote::watched::{FetchFailure, PartyDocuments, Settings};
use crate::store::{Bounds, Store, StoreError};

/// How many records are looked at at once when the service starts.
const PAGE: usize = 1000;
/// How many parties are put, deleted or fetched on request at once: more than [`FETCHES`], so that slow servers do not
/// keep others from writing.
const AT_ONCE: usize = 4 * FETCHES;

/// What the service needs for parties.
pub(in crate::http) struct Desk {
    pub book: Book,
    pub reach: Reach,
    /// Held by who writes parties, or negotiations between them.
    writing: Mutex<()>,
    places: Arc<Semaphore>,
    settings: Settings,
    /// Made when something is fetched first, outside of asynchronous code.
    documents: OnceLock<Option<Arc<PartyDocuments>>>,
}

impl Desk {
    /// Opens it with what the store has.
    ///
    /// # Errors
    /// A message, where the settings name hosts that do not read.
    pub fn open(store: &Store, config: &Config, now: u64) -> Result<Desk, String> {
        let limits = &config.limits;
        let reach = Reach::new(&config.party_hosts, config.party_private_addresses)?;
        let settings = Settings {
            reach: reach.clone(),
            limit_bytes: limits.party_document_bytes as u64,
            limit_ms: limits.party_timeout_ms,
        };
        store.bound_parties(Bounds { sets: limits.parties, bytes: limits.party_bytes });
        let book = Book::new(RandomState::new().hash_one(now));
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let desk = Desk { book, reach, writing: Mutex::default(), places, settings, documents: OnceLock::new() };
        desk.read(store, now);
        Ok(desk)
    }

    /// Notes the parties of the store, and the negotiations between them. What is damaged is left out.
    fn read(&self, store: &Store, now: u64) {
        let damaged = |id: &str, error: &dyn std::fmt::Display| {
            tracing::error!(id, %error, "a record about parties cannot be read; it is kept, and not used");
        };
        let mut after: Option<String> = None;
        loop {
            let page = store.parties(after.as_deref(), PAGE);
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for (id, _) in page {
                match parsed(store.party_notes(&id)) {
                    Ok(notes) => self.book.found(&id, &notes, now),
                    Err(error) => damaged(&id, &error),
                }
            }
        }
        let mut after = BETWEEN.to_owned();
        loop {
            let page = store.negotiations(Some(&after), PAGE);
            let ours: Vec<String> = page.into_iter().map(|p| p.0).take_while(|id| id.starts_with(BETWEEN)).collect();
            let Some(last) = ours.last() else { break };
            after.clone_from(last);
            for id in ours {
                match parsed(store.negotiation_notes(&id)) {
                    Ok(notes) => self.book.link(&id, &notes),
                    Err(error) => damaged(&id, &error),
                }
            }
        }
    }

    /// A place among those who write parties, or fetch them, on request; free again when it is dropped.
    ///
    /// # Errors
    /// 503 where there is none left.
    pub fn place(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let full = |_| Fault::busy(format!("no more than {AT_ONCE} parties are written or fetched at once; try again"));
        Arc::clone(&self.places).try_acquire_owned().map_err(full)
    }

    /// Lets one write at a time.
    pub fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who fetches. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`FetchFailure::Connection`] where TLS cannot be set up.
    pub fn documents(&self) -> Result<Arc<PartyDocuments>, FetchFailure> {
        let made = self.documents.get_or_init(|| match PartyDocuments::new(self.settings.clone()) {
            Ok(documents) => Some(Arc::new(documents)),
            Err(error) => {
                tracing::error!(error, "parties cannot be fetched");
                None
            }
        });
        made.clone().ok_or(FetchFailure::Connection)
    }
}

/// What was found; `None` where it is damaged, which the log tells: it is not in the way of what takes its place.
///
/// # Errors
/// Whatever `found` is, other than [`StoreError::Record`].
pub(in crate::http) fn unless_damaged<T>(
    id: &str,
    found: Result<Option<T>, StoreError>,
) -> Result<Option<T>, StoreError> {
    match found {
        Err(error @ StoreError::Record(_)) => {
            tracing::warn!(id, %error, "a record about parties cannot be read; it is left out");
            Ok(None)
        }
        other => other,
    }
}

/// The notes of a record.
///
/// # Errors
/// [`StoreError::Record`] where they are missing or do not read, and whatever `found` is.
pub(in crate::http) fn parsed<T: serde::de::DeserializeOwned>(
    found: Result<Option<Vec<u8>>, StoreError>,
) -> Result<T, StoreError> {
    let bytes = found?.ok_or_else(|| StoreError::Record("it has no notes".to_owned()))?;
    serde_json::from_slice(&bytes).map_err(|e| StoreError::Record(format!("its notes do not read: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_write_at_once_than_there_are_places() {
        let config = Config::load(None, serde_json::json!({}), &|_| None).unwrap();
        let desk = Desk::open(&Store::temporary().unwrap(), &config, 0).unwrap();
        let mut places: Vec<OwnedSemaphorePermit> = (0..AT_ONCE).map(|_| desk.place().unwrap()).collect();
        let refused = desk.place().unwrap_err();
        assert_eq!((refused.status().as_u16(), refused.name()), (503, "busy"));
        places.pop();
        assert!(desk.place().is_ok());
    }
}
