//! How profiles of a package set relate, as far as it was asked: kept by pair, in memory and beside the images.

use std::sync::{Arc, Mutex, PoisonError};

use fhir_accord_capability::relation::Relation;
use fhir_accord_profiles::definition::Canonical;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::images::{AnswerFile, cache_folder};

/// Bound on the answers that are kept with a package set; reaching it starts anew.
const ANSWERS: usize = 50_000;
/// Bound on the bytes of the two canonicals of an answer that is kept.
const KEY_BYTES: usize = 2048;
/// The form of the file and of what is in it: raised with every change of either.
const FORM: &str = "relations-1";

/// A pair of profiles, and whether a witness was searched for.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub narrow: Canonical,
    pub wide: Canonical,
    pub search: bool,
}

/// An answer in the file.
#[derive(Serialize, Deserialize)]
struct Row {
    narrow: String,
    wide: String,
    search: bool,
    relation: Relation,
}

#[derive(Default)]
struct Kept {
    answers: FxHashMap<Key, Arc<Relation>>,
    /// Whether the file was read.
    read: bool,
    /// Whether there are answers that the file lacks.
    is_new: bool,
}

/// The answers about one package set; shared by threads.
pub(super) struct Answers {
    file: Option<AnswerFile>,
    kept: Mutex<Kept>,
}

impl Answers {
    /// The answers about packages, which are named with their hashes.
    pub fn about(packages: &[String]) -> Answers {
        let file = cache_folder().map(|folder| AnswerFile::new(folder, packages, FORM));
        Answers { file, kept: Mutex::default() }
    }

    pub fn get(&self, key: &Key) -> Option<Arc<Relation>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut kept.read, true)
            && let Some(text) = self.file.as_ref().and_then(AnswerFile::read)
        {
            let rows: Vec<Row> = serde_json::from_str(&text).unwrap_or_default();
            kept.answers.extend(rows.into_iter().map(|r| {
                let (narrow, wide) = (Canonical::parse(&r.narrow), Canonical::parse(&r.wide));
                (Key { narrow, wide, search: r.search }, Arc::new(r.relation))
            }));
        }
        kept.answers.get(key).cloned()
    }

    pub fn keep(&self, key: Key, relation: &Arc<Relation>) {
        let bytes = |c: &Canonical| c.url.len() + c.version.as_ref().map_or(0, String::len);
        if bytes(&key.narrow) + bytes(&key.wide) > KEY_BYTES {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.answers.len() >= ANSWERS {
            kept.answers.clear();
        }
        kept.is_new = true;
        kept.answers.insert(key, Arc::clone(relation));
    }

    /// Writes what is new to the file.
    pub fn save(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = self.file.as_ref().filter(|_| kept.is_new) else { return };
        let mut rows: Vec<(&Key, &Arc<Relation>)> = kept.answers.iter().collect();
        rows.sort_by_key(|(key, _)| *key);
        let row = |(key, relation): (&Key, &Arc<Relation>)| Row {
            narrow: key.narrow.to_string(),
            wide: key.wide.to_string(),
            search: key.search,
            relation: Relation::clone(relation),
        };
        if let Ok(text) = serde_json::to_string(&rows.into_iter().map(row).collect::<Vec<_>>()) {
            file.write(&text);
        }
        kept.is_new = false;
    }
}
