//! The answers of a terminology server, kept for a while: in the process, and on a shelf that outlives it.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fhir_accord_profiles::bounded::{Bounded, Most};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Answer, AskedCode, Question, Told};
use serde::{Deserialize, Serialize};

/// Bounds on the answers that are kept in the process; reaching one of them starts anew.
const KEPT: Most = Most { entries: 100_000, bytes: 64 << 20 };

/// Where answers are kept beyond the life of the process.
pub trait Shelf: Send + Sync + Debug {
    /// What was put there under a key; `None` where there is nothing, or it cannot be read.
    fn get(&self, key: &str) -> Option<Vec<u8>>;

    /// Keeps a value under a key. What cannot be kept is not.
    fn put(&self, key: &str, value: &[u8]);
}

/// An answer with the time at which it was given.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    /// Seconds since 1970.
    at: u64,
    told: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_system: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display: Option<bool>,
    #[serde(default)]
    inactive: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    definitions: Option<String>,
}

/// An answer, and the hash of the definitions that it holds for where it depends on what is loaded.
pub(super) type Known = (Answer, Option<String>);

impl Kept {
    fn of((answer, definitions): &Known, at: u64) -> Kept {
        let told = match answer.told {
            Told::Yes => 'y',
            Told::No => 'n',
            Told::UnknownSystem => 's',
            Told::UnknownValueSet => 'v',
        };
        let Answer { in_system, display, inactive, .. } = *answer;
        Kept { at, told, in_system, display, inactive, names: answer.names.clone(), definitions: definitions.clone() }
    }

    fn known(self) -> Option<Known> {
        let told = match self.told {
            'y' => Told::Yes,
            'n' => Told::No,
            's' => Told::UnknownSystem,
            'v' => Told::UnknownValueSet,
            _ => return None,
        };
        let Kept { in_system, display, inactive, names, definitions, .. } = self;
        Some((Answer { told, in_system, display, inactive, names }, definitions))
    }
}

/// The answers of one server. Only answers are kept here: what failed is asked again.
#[derive(Debug)]
pub(super) struct Cache {
    server: String,
    life: Duration,
    shelf: Option<Arc<dyn Shelf>>,
    own: Mutex<Bounded<String, (u64, Known)>>,
}

impl Cache {
    pub fn new(server: String, life: Duration, shelf: Option<Arc<dyn Shelf>>) -> Cache {
        Cache { server, life, shelf, own: Mutex::new(Bounded::new(KEPT)) }
    }

    /// The key of a question: the server, the FHIR version, and all that the question says.
    pub fn key(&self, version: FhirVersion, question: &Question) -> String {
        let code = |c: &AskedCode| {
            let parts = [&c.system, &c.version, &Some(c.code.clone()), &c.display, &c.language];
            parts.map(|p| p.as_deref().unwrap_or("\u{1}").replace('\u{1f}', " ")).join("\u{1f}")
        };
        let (kind, what) = match question {
            Question::Member { value_set, code: c } => ("member", format!("{value_set}\u{1f}{}", code(c))),
            Question::Code(c) => ("code", code(c)),
            Question::Reference(text) => ("reference", text.clone()),
        };
        format!("{}\u{1f}{}\u{1f}{kind}\u{1f}{what}", self.server, version.number())
    }

    pub fn get(&self, key: &str) -> Option<Known> {
        let now = now();
        let is_fresh = |at: u64| now.saturating_sub(at) <= self.life.as_secs();
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, known)) = own.get(key)
            && is_fresh(*at)
        {
            return Some(known.clone());
        }
        drop(own);
        let kept: Kept = serde_json::from_slice(&self.shelf.as_ref()?.get(key)?).ok()?;
        let at = kept.at;
        let known = kept.known().filter(|_| is_fresh(at))?;
        self.keep(key, at, &known);
        Some(known)
    }

    pub fn put(&self, key: &str, known: &Known) {
        let at = now();
        self.keep(key, at, known);
        if let Some(shelf) = &self.shelf
            && let Ok(value) = serde_json::to_vec(&Kept::of(known, at))
        {
            shelf.put(key, &value);
        }
    }

    fn keep(&self, key: &str, at: u64, known: &Known) {
        let (answer, definitions) = known;
        let texts = answer.names.iter().map(|name| size_of::<String>() + name.len()).sum::<usize>();
        let bytes = size_of::<(u64, Known)>() + key.len() + texts + definitions.as_deref().map_or(0, str::len);
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.insert(key.to_owned(), (at, known.clone()), bytes);
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}
