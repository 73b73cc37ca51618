//! What changed between two documents of a party: which of their members, entries by what they are called.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::limits::{PATHS_LIMIT, short};
use crate::identity::identity;

/// How many characters of an entry's name stand in a path.
const NAME_LIMIT: usize = 200;
/// In lists that are nested deeper than this, entries that several are called like are compared in their order: to find
/// the equal ones each takes as long as it is large, at each depth anew.
const EQUAL_DEPTH: usize = 16;
/// How many characters of a path are told.
const PATH_LIMIT: usize = 1_000;
/// The members that an entry of a list is called by, the first that it has: a search parameter has a type too.
const NAMES: [&str; 7] = ["name", "code", "type", "url", "mode", "definition", "system"];

/// What changed, as paths such as `statement.rest[server].resource[Patient].interaction[read]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DocumentChanges {
    /// What was not there before: the outermost member or entry; the first [`PATHS_LIMIT`], as in each list.
    pub added: Vec<String>,
    /// What is there no longer.
    pub removed: Vec<String>,
    /// What has another value.
    pub changed: Vec<String>,
    /// How many there are of all three, whether or not they are listed.
    pub total: usize,
}

impl DocumentChanges {
    /// What changed from one document to another. The order of members and entries is no change.
    pub fn between(old: &Value, new: &Value) -> DocumentChanges {
        let mut changes = DocumentChanges::default();
        changes.compare(old, new, &mut String::new(), 0);
        changes
    }

    fn compare(&mut self, old: &Value, new: &Value, path: &mut String, depth: usize) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => self.members(old, new, path, depth + 1),
            (Value::Array(old), Value::Array(new)) => self.entries(old, new, path, depth + 1),
            _ if old != new => self.tell(|c| &mut c.changed, path),
            _ => {}
        }
    }

    fn members(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, path: &mut String, depth: usize) {
        let end = path.len();
        let dot = if path.is_empty() { "" } else { "." };
        for (name, value) in new {
            path.push_str(dot);
            path.push_str(short(name, NAME_LIMIT));
            match old.get(name) {
                Some(old) => self.compare(old, value, path, depth),
                None => self.tell(|c| &mut c.added, path),
            }
            path.truncate(end);
        }
        for (name, _) in old.iter().filter(|(name, _)| !new.contains_key(name.as_str())) {
            path.push_str(dot);
            path.push_str(short(name, NAME_LIMIT));
            self.tell(|c| &mut c.removed, path);
            path.truncate(end);
        }
    }

    /// Compares the entries that are called alike on both sides, in their order.
    fn entries(&mut self, old: &[Value], new: &[Value], path: &mut String, depth: usize) {
        let (mut old, mut new) = (named(old), named(new));
        if depth <= EQUAL_DEPTH {
            take_equal(&mut old, &mut new);
        }
        let (old_keys, new_keys) = (keys(&old), keys(&new));
        let before: FxHashMap<(&str, usize), &Value> =
            old_keys.iter().copied().zip(old.iter().map(|entry| entry.value)).collect();
        let after: FxHashSet<(&str, usize)> = new_keys.iter().copied().collect();
        let end = path.len();
        for (key, entry) in new_keys.iter().zip(&new) {
            entry.tell(path);
            match before.get(key) {
                Some(old) => self.compare(old, entry.value, path, depth),
                None => self.tell(|c| &mut c.added, path),
            }
            path.truncate(end);
        }
        for (_, entry) in old_keys.iter().zip(&old).filter(|(key, _)| !after.contains(*key)) {
            entry.tell(path);
            self.tell(|c| &mut c.removed, path);
            path.truncate(end);
        }
    }

    fn tell(&mut self, list: impl Fn(&mut DocumentChanges) -> &mut Vec<String>, path: &str) {
        self.total += 1;
        let list = list(self);
        if list.len() < PATHS_LIMIT {
            list.push(short(path, PATH_LIMIT).to_owned());
        }
    }
}

/// An entry of a list.
struct Named<'v> {
    /// What it is called; empty where it has no name.
    name: Cow<'v, str>,
    /// Which of those in the list that are called alike, from 1.
    nth: usize,
    value: &'v Value,
}

impl Named<'_> {
    /// Adds it to a path.
    fn tell(&self, path: &mut String) {
        path.push('[');
        path.push_str(short(&self.name, NAME_LIMIT));
        if self.nth > 1 {
            path.push('#');
            path.push_str(&self.nth.to_string());
        }
        path.push(']');
    }
}

fn named(list: &[Value]) -> Vec<Named<'_>> {
    let mut seen: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
    let entries = list.iter().map(|value| {
        let name = name(value);
        let nth = seen.entry(name.clone()).or_default();
        *nth += 1;
        Named { name, nth: *nth, value }
    });
    entries.collect()
}

/// The name of each entry, and which of those that are called alike it is here, from 0.
fn keys<'n>(list: &'n [Named<'_>]) -> Vec<(&'n str, usize)> {
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    let keys = list.iter().map(|entry| {
        let name: &'n str = &entry.name;
        let nth = seen.entry(name).or_default();
        *nth += 1;
        (name, *nth - 1)
    });
    keys.collect()
}

/// Takes out what is equal on both sides of entries that several are called like: their order is no change.
fn take_equal(old: &mut Vec<Named<'_>>, new: &mut Vec<Named<'_>>) {
    let several = old.iter().chain(new.iter()).filter(|entry| entry.nth > 1).map(|entry| entry.name.to_string());
    let several: FxHashSet<String> = several.collect();
    if several.is_empty() {
        return;
    }
    let hash = |entry: &Named<'_>| {
        let name: &str = &entry.name;
        several.contains(name).then(|| identity(&mut [(name, entry.value)]))
    };
    let of_old: Vec<Option<String>> = old.iter().map(hash).collect();
    let of_new: Vec<Option<String>> = new.iter().map(hash).collect();
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for hash in of_old.iter().flatten() {
        *counts.entry(hash.clone()).or_default() += 1;
    }
    let mut common: FxHashMap<String, usize> = FxHashMap::default();
    let mut hashes = of_new.into_iter();
    new.retain(|_| {
        let Some(hash) = hashes.next().flatten().filter(|hash| take_one(&mut counts, hash)) else { return true };
        *common.entry(hash).or_default() += 1;
        false
    });
    let mut hashes = of_old.into_iter();
    old.retain(|_| !hashes.next().flatten().is_some_and(|hash| take_one(&mut common, &hash)));
}

/// Counts one less; false where there is none.
fn take_one(counts: &mut FxHashMap<String, usize>, hash: &str) -> bool {
    let Some(count) = counts.get_mut(hash).filter(|count| **count > 0) else { return false };
    *count -= 1;
    true
}

fn name(entry: &Value) -> Cow<'_, str> {
    match entry {
        Value::Object(members) => {
            let mut names = NAMES.iter().filter_map(|name| members.get(*name)?.as_str());
            names.next().unwrap_or_default().into()
        }
        Value::Array(_) => "".into(),
        Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}
