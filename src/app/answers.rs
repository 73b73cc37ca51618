//! How profiles of a package set relate, as far as it was asked: kept by pair, in memory and beside the images.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use fhir_accord_capability::relation::Relation;
use fhir_accord_profiles::bounded::{Bounded, Most};
use fhir_accord_profiles::definition::Canonical;

use crate::images::{AnswerFile, cache_folder};

/// Bound on the answers that are kept with a package set, by number and bytes; reaching it starts anew.
const ANSWERS: Most = Most { entries: 50_000, bytes: 8 << 20 };
/// Bound on the bytes of the two canonicals of an answer that is kept.
const KEY_BYTES: usize = 2048;
/// The form of the file and of what is in it: raised with every change of either.
const FORM: &str = "relations-2";

/// A pair of profiles, and whether a witness was searched for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub narrow: Canonical,
    pub wide: Canonical,
    pub search: bool,
}

impl Key {
    /// The start of its line.
    fn text(&self) -> String {
        format!("{}\t{}\t{}\t", self.narrow, self.wide, u8::from(self.search))
    }

    fn bytes(&self) -> usize {
        self.narrow.bytes() + self.wide.bytes()
    }

    fn can_be_kept(&self) -> bool {
        let is_line = |text: String| !text.contains(['\n', '\r']) && text.matches('\t').count() == 3;
        self.bytes() <= KEY_BYTES && is_line(self.text())
    }
}

/// The answers of a file: a line for each, of the key and the relation as JSON, in the order of the keys. A line is
/// read when it is asked for.
#[derive(Default)]
struct Lines {
    text: String,
    /// Where lines start.
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: String) -> Lines {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(ends.map(|end| end + 1)).filter(|s| *s < text.len()).collect();
        Lines { text, starts }
    }

    fn at(&self, start: usize) -> &str {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.split_once('\n').map_or(rest, |(line, _)| line)
    }

    fn find(&self, key: &str) -> Option<Relation> {
        let at = self.starts.partition_point(|start| self.at(*start) < key);
        let line = self.at(*self.starts.get(at)?);
        serde_json::from_str(line.strip_prefix(key)?).ok()
    }

    /// Each line's key and the rest.
    fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let parted = |line: &'_ str| line.match_indices('\t').nth(2).map(|(at, _)| at + 1);
        self.starts.iter().map(|start| self.at(*start)).filter_map(move |line| line.split_at_checked(parted(line)?))
    }
}

struct Kept {
    answers: Bounded<Key, Arc<Relation>>,
    /// What the file holds; `None` until it was read.
    lines: Option<Lines>,
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
        if let Some(known) = kept.answers.get(key) {
            return Some(Arc::clone(known));
        }
        let read = || Lines::of(self.file.as_ref().and_then(AnswerFile::read).unwrap_or_default());
        let found = Arc::new(kept.lines.get_or_insert_with(read).find(&key.text())?);
        kept.insert(key.clone(), &found);
        Some(found)
    }

    pub fn keep(&self, key: Key, relation: &Arc<Relation>) {
        if !key.can_be_kept() {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.answers.has_room(key.bytes() + weight(relation)) {
            // Before they are forgotten they are written, and from then on read where they stand.
            self.write(&mut kept);
            kept.lines = None;
        }
        kept.is_new = true;
        kept.insert(key, relation);
    }

    /// Writes what is new to the file. Where it grows too large, what is new begins another one.
    pub fn save(&self) {
        self.write(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn write(&self, kept: &mut Kept) {
        let Some(file) = self.file.as_ref().filter(|_| kept.is_new) else { return };
        let own = kept.answers.iter().map(|(key, relation)| (key.text(), serde_json::to_string(&**relation)));
        let own: BTreeMap<String, String> = own.filter_map(|(key, json)| Some((key, json.ok()?))).collect();
        let mut all: BTreeMap<&str, &str> = kept.lines.iter().flat_map(Lines::all).collect();
        all.extend(own.iter().map(|(key, json)| (key.as_str(), json.as_str())));
        let text = |rows: &mut dyn Iterator<Item = (&str, &str)>| {
            rows.fold(String::new(), |text, (key, json)| text + key + json + "\n")
        };
        if !file.write(&text(&mut all.into_iter())) {
            file.write(&text(&mut own.iter().map(|(key, json)| (key.as_str(), json.as_str()))));
        }
        kept.is_new = false;
    }
}

impl Default for Kept {
    fn default() -> Kept {
        Kept { answers: Bounded::new(ANSWERS), lines: None, is_new: false }
    }
}

impl Kept {
    fn insert(&mut self, key: Key, relation: &Arc<Relation>) {
        let bytes = key.bytes() + weight(relation);
        self.answers.insert(key, Arc::clone(relation), bytes);
    }
}

/// What is kept of a relation, in bytes: a witness weighs several times its text.
fn weight(relation: &Relation) -> usize {
    const TREE: usize = 6;
    let texts = [&relation.conditions, &relation.covered, &relation.open, &relation.bridge].into_iter().flatten();
    let texts: usize = texts.map(|text| size_of::<String>() + text.len()).sum();
    let witness = relation.witness.as_ref().map_or(0, |w| w.to_string().len() * TREE);
    size_of::<Relation>() + texts + witness
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_their_keys() {
        let key = |n: usize, search| Key {
            narrow: Canonical::parse(&format!("http://test.example/{n}|1")),
            wide: Canonical::parse("http://test.example/wide"),
            search,
        };
        let json = |open: usize| serde_json::to_string(&Relation { open_count: open, ..Relation::default() }).unwrap();
        let mut rows: Vec<String> = (0..300).map(|n| format!("{}{}", key(n, n % 2 == 0).text(), json(n))).collect();
        rows.sort_unstable();
        let lines = Lines::of(rows.join("\n"));
        for n in 0..300 {
            let found = |search| lines.find(&key(n, search).text()).map(|r| r.open_count);
            assert_eq!((found(n % 2 == 0), found(n % 2 == 1)), (Some(n), None));
        }
        assert_eq!(lines.all().count(), 300);
        assert_eq!(Lines::of(String::new()).all().count(), 0);
        assert!(Lines::of("cut off".to_owned()).find(&key(1, true).text()).is_none());
        assert!(!Key { narrow: Canonical::parse("a\tb"), ..key(1, true) }.can_be_kept());
    }
}
