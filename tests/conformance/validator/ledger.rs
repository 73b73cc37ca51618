//! The committed record of what came of each case; any change of it shows in review.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::path::Path;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Agree,
    /// In which places.
    Differ(String),
    /// Why it was not run.
    Skipped(String),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Agree => f.write_str("agree"),
            Entry::Differ(places) => write!(f, "differ\t{places}"),
            Entry::Skipped(reason) => write!(f, "skipped\t{reason}"),
        }
    }
}

/// One line a case, sorted by key.
#[derive(Default)]
pub struct Ledger {
    entries: BTreeMap<String, Entry>,
}

impl Ledger {
    pub fn put(&mut self, key: &str, entry: Entry) {
        assert!(self.entries.insert(key.to_owned(), entry).is_none(), "two cases have the key {key}");
    }

    /// How many agree, differ, were skipped.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |f: fn(&Entry) -> bool| self.entries.values().filter(|e| f(e)).count();
        (
            count(|e| *e == Entry::Agree),
            count(|e| matches!(e, Entry::Differ(_))),
            count(|e| matches!(e, Entry::Skipped(_))),
        )
    }

    fn lines(&self) -> BTreeMap<String, String> {
        self.entries.iter().map(|(k, e)| (k.clone(), e.to_string())).collect()
    }

    /// Fails where the committed ledger says something else; with `ACCORD_BLESS` rewrites it.
    pub fn hold(&self, path: &Path) {
        let now = self.lines();
        if std::env::var_os("ACCORD_BLESS").is_some() {
            let text: String = now.iter().map(|(k, e)| format!("{k}\t{e}\n")).collect();
            fs::write(path, text).unwrap();
            return;
        }
        let committed = fs::read_to_string(path).unwrap_or_default();
        let before: BTreeMap<String, String> =
            committed.lines().filter_map(|l| l.split_once('\t')).map(|(k, e)| (k.to_owned(), e.to_owned())).collect();
        let mut changes = String::new();
        for key in before.keys().chain(now.keys()).collect::<std::collections::BTreeSet<_>>() {
            let (was, is) = (before.get(key), now.get(key));
            if was != is {
                let shown = |e: Option<&String>| e.map_or("absent", String::as_str).to_owned();
                writeln!(changes, "{key}\n  ledger: {}\n  now:    {}", shown(was), shown(is)).unwrap();
            }
        }
        assert!(
            changes.is_empty(),
            "the ledger {} says something else; ACCORD_BLESS=1 rewrites it:\n{changes}",
            path.display()
        );
    }
}
