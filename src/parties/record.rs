//! What is kept of a party: notes, and beside them its documents.

use fhir_accord_capability::drift::DocumentChanges;
use fhir_accord_capability::identity;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::remembered::forget;
use crate::remote::watched::Validator;

/// The members of a party's documents: those that are fetched, and those that only its owner can say.
const FETCHED: [&str; 2] = ["statement", "smart"];
const SAID: [&str; 3] = ["scope", "flow", "clientType"];

/// What is kept of a party beside its documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Notes {
    /// What people call it.
    pub title: Option<String>,
    /// Where its documents are fetched from; without it they were put.
    pub url: Option<String>,
    /// How long after one fetch the next one comes, about; 0: it is fetched when it is asked for alone.
    pub refresh_seconds: u64,
    /// The number of the put that it is of: a fetch that was begun for another one counts no longer.
    pub revision: u64,
    /// The hash of its documents; `None` where it has no statement yet.
    pub sha256: Option<String>,
    /// How many bytes its documents have as JSON.
    pub bytes: usize,
    /// When it was put first, in seconds since 1970.
    pub created: u64,
    /// When its documents changed last.
    pub changed: u64,
    /// What the server said of the versions of its documents.
    pub validators: Validators,
    /// How the last fetch failed; `None` where it succeeded, or none was made.
    pub failure: Option<FetchFailed>,
    /// Its statements, the oldest first.
    pub history: Vec<Past>,
    /// How many older ones are remembered no longer.
    pub forgotten: usize,
}

/// Where a party's documents come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// What people call it.
    pub title: Option<String>,
    /// Where they are fetched from.
    pub url: Option<String>,
    /// How long after one fetch the next one comes.
    pub refresh_seconds: u64,
}

/// What a server said of the versions of its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validators {
    /// Of the statement.
    pub statement: Validator,
    /// Of the SMART configuration.
    pub smart: Validator,
}

/// A fetch that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchFailed {
    /// When fetches began to fail in this way, in seconds since 1970.
    pub at: u64,
    /// At which document.
    pub document: String,
    /// How.
    pub kind: String,
}

/// A statement that a party had, or has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Since when, in seconds since 1970.
    pub at: u64,
    /// The hash of its documents.
    pub sha256: String,
    /// Who changed them.
    pub by: By,
    /// What changed from the one before.
    pub changes: DocumentChanges,
}

/// Who changed the documents of a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A client of the service.
    Put,
    /// Its server, as a fetch found out.
    Refresh,
}

impl Notes {
    /// Takes over where documents come from, as the put with this number says it.
    pub fn put(&mut self, source: Source, revision: u64, now: u64) {
        let is_elsewhere = self.url != source.url;
        if self.revision == 0 {
            self.created = now;
        }
        self.revision = revision;
        self.title = source.title;
        self.url = source.url;
        self.refresh_seconds = source.refresh_seconds;
        self.failure = None;
        if is_elsewhere {
            self.validators = Validators::default();
        }
    }

    /// Notes documents in the place of others; up to `limit` statements are remembered, within the bound of what is
    /// remembered. False where they are the same.
    pub fn take(&mut self, old: &Value, new: &Value, by: By, now: u64, limit: usize) -> bool {
        let hash = sha256(new);
        self.bytes = new.to_string().len();
        if self.sha256 == hash {
            return false;
        }
        self.sha256.clone_from(&hash);
        self.changed = now;
        if let Some(sha256) = hash {
            self.history.push(Past { at: now, sha256, by, changes: DocumentChanges::between(old, new) });
        }
        self.forgotten += forget(&mut self.history, limit);
        true
    }
}

/// The documents of a body that puts a party. Of one that is fetched from where it was fetched before, those that were
/// fetched stay.
pub fn documents_of(body: &Value, fetched: Option<&Value>) -> Value {
    let mut documents = Map::new();
    let has_url = body.get("url").is_some();
    let from = if has_url { fetched } else { Some(body) };
    for (names, from) in [(&FETCHED[..], from), (&SAID[..], Some(body))] {
        for name in names {
            if let Some(value) = from.and_then(|from| from.get(*name)).filter(|value| !value.is_null()) {
                documents.insert((*name).to_owned(), value.clone());
            }
        }
    }
    Value::Object(documents)
}

/// The hash of a party's documents, however their members are ordered; `None` where there is no statement among them.
pub fn sha256(documents: &Value) -> Option<String> {
    documents.get("statement").map(|_| identity(&mut [("documents", documents)]))
}

/// A moment in seconds since 1970 as an instant of FHIR.
pub fn instant(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX).to_string()
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
