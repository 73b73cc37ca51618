//! Parties in the store: put, deleted, and changed by what was fetched.

use serde_json::{Value, json};

use crate::http::Fault;
use crate::http::service::{Service, parsed, unless_damaged};
use crate::parties::{By, Ended, FetchFailed, Job, Notes, Refreshed, Source, Validators, documents_of};
use crate::remote::server_url::ServerUrl;
use crate::remote::watched::{FetchFailure, Fetched, PartyDocuments};
use crate::store::StoreError;

/// What was fetched of a party: its statement and its SMART configuration.
pub(super) type Gathered = Result<[Fetched; 2], (&'static str, FetchFailure)>;

impl Service {
    /// The seconds since 1970.
    pub(in crate::http) fn seconds(&self) -> u64 {
        self.clock.now().as_secs()
    }

    /// The notes and the documents of a party; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(in crate::http) fn party(&self, id: &str) -> Result<Option<(Notes, Value)>, StoreError> {
        let Some((notes, documents)) = self.store.party(id)? else { return Ok(None) };
        let notes = parsed(Ok(Some(notes)))?;
        let damaged = |e| StoreError::Record(format!("its documents do not read: {e}"));
        Ok(Some((notes, serde_json::from_slice(&documents).map_err(damaged)?)))
    }

    /// The notes of a party alone; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn party_notes(&self, id: &str) -> Result<Option<Notes>, StoreError> {
        self.store.party_notes(id)?.map(|notes| parsed(Ok(Some(notes)))).transpose()
    }

    /// Puts a party: on disk when this returns. Whether it is a new one, and its notes.
    ///
    /// # Errors
    /// 413 where its documents are too long, 507 where no more are kept or the disk is full.
    pub(super) fn put_party(&self, id: &str, source: Source, body: &Value) -> Result<(bool, Notes), Fault> {
        let limits = &self.config.limits;
        // What is too long by itself keeps nobody waiting.
        if documents_of(body, None).to_string().len() > limits.party_document_bytes {
            return Err(Fault::party_too_large(limits.party_document_bytes));
        }
        let _one = self.parties.writing();
        let now = self.seconds();
        let old = unless_damaged(id, self.party(id))?;
        let is_new = old.is_none();
        let (mut notes, had) = old.unwrap_or_else(|| (Notes::default(), json!({})));
        let is_fetched = source.url.is_some() && notes.url == source.url;
        let documents = documents_of(body, Some(&had).filter(|_| is_fetched));
        notes.put(source, self.parties.book.next_revision(), now);
        notes.take(&had, &documents, By::Put, now, limits.party_history);
        if notes.bytes > limits.party_document_bytes {
            return Err(Fault::party_too_large(limits.party_document_bytes));
        }
        self.keep_party(id, &notes, &documents)?;
        self.parties.book.put(id, &notes, now);
        Ok((is_new, notes))
    }

    /// Deletes a party; negotiations with it stay. False where there is none.
    ///
    /// # Errors
    /// [`StoreError`]; the party is kept still.
    pub(super) fn delete_party(&self, id: &str) -> Result<bool, StoreError> {
        let _one = self.parties.writing();
        let was_there = self.store.forget_party(id)?;
        self.parties.book.remove(id);
        Ok(was_there)
    }

    fn keep_party(&self, id: &str, notes: &Notes, documents: &Value) -> Result<(), StoreError> {
        let notes = serde_json::to_vec(notes).map_err(|e| StoreError::Record(e.to_string()))?;
        self.store.keep_party(id, &notes, documents.to_string().as_bytes())
    }

    /// Takes what was fetched of a party, and notes how that went: a change is on disk when this returns.
    ///
    /// # Errors
    /// The document and the kind of failure; `None` where it counts no longer.
    pub(super) fn take_fetched(
        &self,
        job: &Job,
        gathered: Gathered,
    ) -> Result<Refreshed, Option<(&'static str, &'static str)>> {
        let now = self.seconds();
        let taken = match gathered {
            Ok(fetched) => self.take_documents(job, fetched, now),
            Err((document, failure)) => Err(Some((document, failure.name()))),
        };
        let (ended, result) = match &taken {
            Ok((validators, refreshed)) => (Ended::Known(validators.clone()), refreshed_name(*refreshed)),
            Err(Some((document, kind))) => (Ended::Failed(document, kind), *kind),
            Err(None) => (Ended::Void, "void"),
        };
        if let Ended::Failed(document, kind) = &ended
            && let Err(error) = self.remember_failure(job, document, kind, now)
        {
            tracing::warn!(%error, party = job.id, "that a party could not be fetched is not kept");
        }
        self.parties.book.ended(job, &ended, now);
        self.metrics.party_fetch(result);
        if let Err(Some((document, kind))) = &taken {
            tracing::warn!(party = job.id, document, kind, "a party could not be fetched");
        }
        taken.map(|(_, refreshed)| refreshed)
    }

    /// Keeps that fetches of a party fail, once for each way in which they do.
    fn remember_failure(&self, job: &Job, document: &str, kind: &str, now: u64) -> Result<(), StoreError> {
        let _one = self.parties.writing();
        let Some((mut notes, documents)) = self.party(&job.id)? else { return Ok(()) };
        let is_known = notes.failure.as_ref().is_some_and(|known| known.document == document && known.kind == kind);
        // What the store itself refused is not written again.
        if is_known || document == "store" || notes.revision != job.revision {
            return Ok(());
        }
        notes.failure = Some(FetchFailed { at: now, document: document.to_owned(), kind: kind.to_owned() });
        self.keep_party(&job.id, &notes, &documents)
    }

    fn take_documents(
        &self,
        job: &Job,
        [statement, smart]: [Fetched; 2],
        now: u64,
    ) -> Result<(Validators, Refreshed), Option<(&'static str, &'static str)>> {
        let failed = |error: StoreError| {
            tracing::error!(%error, "a party that was fetched was not kept");
            Some(("store", if error.is_full() { "store-full" } else { "store" }))
        };
        let limits = &self.config.limits;
        let _one = self.parties.writing();
        let (mut notes, had) = self.party(&job.id).map_err(failed)?.ok_or(None)?;
        if notes.revision != job.revision {
            return Err(None);
        }
        let mut documents = had.clone();
        let mut validators = job.validators.clone();
        for (name, fetched, validator) in
            [("statement", statement, &mut validators.statement), ("smart", smart, &mut validators.smart)]
        {
            let Some(members) = documents.as_object_mut() else { continue };
            match fetched {
                Fetched::Unchanged => {}
                Fetched::Absent => {
                    members.remove(name);
                    *validator = Default::default();
                }
                Fetched::Found(value, said) => {
                    members.insert(name.to_owned(), value);
                    *validator = said;
                }
            }
        }
        let is_noted = notes.validators == validators && notes.failure.is_none();
        (notes.validators, notes.failure) = (validators.clone(), None);
        if !notes.take(&had, &documents, By::Refresh, now, limits.party_history) {
            if !is_noted && let Err(error) = self.keep_party(&job.id, &notes, &documents) {
                tracing::warn!(%error, party = job.id, "what the server says of its versions is not kept");
            }
            return Ok((validators, Refreshed::Unchanged));
        }
        if notes.bytes > limits.party_document_bytes {
            return Err(Some(("documents", FetchFailure::TooLarge.name())));
        }
        let kept = self.keep_party(&job.id, &notes, &documents).map_err(|error| match error {
            StoreError::PartyBound(_) => Some(("store", "party-limit")),
            error => failed(error),
        });
        kept?;
        self.parties.book.changed(&job.id, &notes);
        Ok((validators, Refreshed::Changed))
    }
}

fn refreshed_name(refreshed: Refreshed) -> &'static str {
    match refreshed {
        Refreshed::Changed => "changed",
        Refreshed::Unchanged => "unchanged",
    }
}

/// Fetches what a party says at its base URL.
pub(super) fn gather(documents: &PartyDocuments, job: &Job) -> Gathered {
    let server = ServerUrl::parse(&job.url).map_err(|_| ("statement", FetchFailure::UrlRefused))?;
    let Validators { statement, smart } = &job.validators;
    Ok([
        documents.statement(&server, statement).map_err(|failure| ("statement", failure))?,
        documents.smart_configuration(&server, smart).map_err(|failure| ("smart", failure))?,
    ])
}
