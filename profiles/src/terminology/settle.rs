//! Value sets that import one another, each expanded once: those that are imported come first, and those that import
//! one another in a circle are settled together (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::expand::Expander;
use super::imports::{Key, ROOT, Settled, Target, identity, imports_of, is_asked_for, is_named, key_of};
use super::reason::Reason;
use super::set::CodeSet;
use crate::definition::Canonical;

/// How deep value sets may import one another: what imports more is not known beyond.
const MAX_DEPTH: u32 = 64;
/// The most imports of one value set that are looked at.
const MOST_IMPORTS: usize = 10_000;
/// The most codes, over all imports of one value set, that are put together.
const MOST_COMBINED: usize = 8_000_000;
/// The most work on a circle in one round: its imports times its codes. In a larger one each value set has the codes
/// that it does not import.
const MOST_CIRCLED: usize = 1_000_000;
/// The most rounds over a circle; what is not known after them stays so.
const ROUNDS: usize = 8;

/// A value set on the way through those that it imports: its place in the order of discovery, the first place that it
/// leads back to, and which of its imports is next.
struct Visit {
    key: Key,
    imports: Vec<Key>,
    next: usize,
    place: usize,
    low: usize,
}

/// The ways that are open (Tarjan's algorithm: circles are found in one pass).
#[derive(Default)]
struct Walk {
    places: FxHashMap<Key, usize>,
    calls: Vec<Visit>,
    stack: Vec<Key>,
    waiting: FxHashSet<Key>,
}

impl Expander<'_> {
    /// The codes of a value set's JSON.
    pub(super) fn root(&mut self, value_set: &Value) -> Arc<CodeSet> {
        if imports_of(value_set).next().is_none() {
            return Arc::new(self.value_set(value_set));
        }
        let (url, version) = identity(value_set);
        let own = self.source.value_set(&Canonical { url: url.to_owned(), version: version.map(str::to_owned) });
        let is_own = own.as_ref().is_some_and(|own| std::ptr::eq(&**own, value_set));
        let (key, resource) = match own.filter(|_| is_own) {
            Some(own) => (key_of(&own), own),
            None => (Key::from(ROOT), Arc::new(value_set.clone())),
        };
        self.imports.resources.insert(Arc::clone(&key), resource);
        let set = self.settled(&key);
        if !is_own {
            self.imports.resources.remove(&key);
        }
        set
    }

    /// The codes of the value set of a canonical.
    pub(super) fn named(&mut self, canonical: &str) -> Arc<CodeSet> {
        match self.target(canonical) {
            Target::Set(key) => self.settled(&key),
            Target::Other(set) => set,
        }
    }

    /// An imported value set by its canonical, as far as it is known now.
    pub(super) fn import(&mut self, canonical: &str) -> Arc<CodeSet> {
        let unknown = |reason| Arc::new(CodeSet::unknown(reason));
        self.imports.imported += 1;
        if self.imports.imported > MOST_IMPORTS {
            return unknown(Reason::TooManyImports(MOST_IMPORTS));
        }
        let set = match self.target(canonical) {
            Target::Other(set) => set,
            Target::Set(key) => match self.imports.sets.get(&key) {
                Some(known) if known.height >= MAX_DEPTH => unknown(Reason::TooDeep(canonical.to_owned(), MAX_DEPTH)),
                Some(known) => Arc::clone(&known.set),
                None => unknown(Reason::Cycle(Canonical::parse(canonical).url)),
            },
        };
        self.imports.combined += set.size();
        if self.imports.combined > MOST_COMBINED { unknown(Reason::TooLarge) } else { set }
    }

    /// What a canonical leads to; what another version has than the one that is asked for says nothing.
    fn target(&mut self, text: &str) -> Target {
        if let Some(known) = self.imports.targets.get(text) {
            return known.clone();
        }
        let canonical = Canonical::parse(text);
        // What is not here is not remembered: it may be the next that is expanded.
        let absent = || Target::Other(Arc::new(CodeSet::unknown(Reason::ValueSetAbsent(text.to_owned()))));
        let target = match self.source.value_set(&canonical) {
            Some(found) if is_asked_for(&found, &canonical) => {
                let key = key_of(&found);
                self.imports.resources.entry(Arc::clone(&key)).or_insert(found);
                Target::Set(key)
            }
            Some(_) => return absent(),
            None if self.imports.resources.get(ROOT).is_some_and(|root| is_named(root, &canonical)) => {
                return Target::Set(Key::from(ROOT));
            }
            None => match self.implicit(&canonical.url) {
                Some(set) => Target::Other(Arc::new(set)),
                None => return absent(),
            },
        };
        self.imports.targets.insert(text.to_owned(), target.clone());
        target
    }

    /// The codes of a value set, after those of all that it imports.
    fn settled(&mut self, key: &Key) -> Arc<CodeSet> {
        if let Some(known) = self.imports.sets.get(key) {
            return Arc::clone(&known.set);
        }
        let mut walk = Walk::default();
        self.enter(&mut walk, Arc::clone(key));
        while let Some(visit) = walk.calls.last_mut() {
            let Some(import) = visit.imports.get(visit.next).cloned() else {
                self.leave(&mut walk);
                continue;
            };
            visit.next += 1;
            match walk.places.get(&import) {
                Some(place) if walk.waiting.contains(&import) => visit.low = visit.low.min(*place),
                Some(_) => {}
                None if self.imports.sets.contains_key(&import) => {}
                None => self.enter(&mut walk, import),
            }
        }
        let found = self.imports.sets.get(key).map(|known| Arc::clone(&known.set));
        if key.is_empty() {
            // What leads back to a value set that the source does not have holds for this time only.
            self.imports.sets.remove(key);
        }
        found.unwrap_or_else(|| Arc::new(CodeSet::unknown(Reason::ValueSetAbsent(key.to_string()))))
    }

    fn enter(&mut self, walk: &mut Walk, key: Key) {
        let resource = self.imports.resources.get(&key).map(Arc::clone);
        let texts = resource.iter().flat_map(|r| imports_of(r)).take(MOST_IMPORTS);
        let imports = texts.filter_map(|text| match self.target(text) {
            Target::Set(key) => Some(key),
            Target::Other(_) => None,
        });
        let imports = imports.collect();
        let place = walk.places.len();
        walk.places.insert(Arc::clone(&key), place);
        walk.stack.push(Arc::clone(&key));
        walk.waiting.insert(Arc::clone(&key));
        walk.calls.push(Visit { key, imports, next: 0, place, low: place });
    }

    /// Ends a visit: where it leads back to nothing before it, it and what waits on it are a circle, or it is alone.
    fn leave(&mut self, walk: &mut Walk) {
        let Some(visit) = walk.calls.pop() else { return };
        if let Some(before) = walk.calls.last_mut() {
            before.low = before.low.min(visit.low);
        }
        if visit.low < visit.place {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = walk.stack.pop() {
            walk.waiting.remove(&member);
            let is_last = member == visit.key;
            members.push(member);
            if is_last {
                break;
            }
        }
        // The same circle gives the same codes wherever it was entered.
        members.sort_unstable();
        let has_root = members.iter().any(|m| m.is_empty());
        let of_circle = self.circle(&members);
        if has_root && of_circle {
            for member in members.iter().filter(|m| !m.is_empty()) {
                self.imports.sets.remove(member);
            }
        }
    }

    /// Expands value sets that import one another, or one that imports none of them. Returns whether they are a circle.
    fn circle(&mut self, members: &[Key]) -> bool {
        let inside: FxHashSet<&Key> = members.iter().collect();
        let (mut height, mut inner) = (0, 0usize);
        let mut resources = Vec::new();
        for member in members {
            let Some(resource) = self.imports.resources.get(member).map(Arc::clone) else { continue };
            for text in imports_of(&resource).take(MOST_IMPORTS) {
                let Target::Set(key) = self.target(text) else { continue };
                match self.imports.sets.get(&key) {
                    _ if inside.contains(&key) => inner += 1,
                    Some(known) => height = height.max(known.height),
                    None => {}
                }
            }
            resources.push((Arc::clone(member), resource));
        }
        let height = (height + 1).min(MAX_DEPTH);
        let first: Vec<CodeSet> = resources.iter().map(|(_, resource)| self.value_set(resource)).collect();
        let size: usize = first.iter().map(CodeSet::size).sum();
        for ((key, _), set) in resources.iter().zip(first) {
            self.imports.sets.insert(Arc::clone(key), Settled { set: Arc::new(set), height: 0 });
        }
        let rounds = if inner.saturating_mul(size.max(1)) > MOST_CIRCLED { 0 } else { ROUNDS };
        for _ in 0..if inner == 0 { 0 } else { rounds } {
            let mut is_changed = false;
            for (key, resource) in &resources {
                let set = self.value_set(resource);
                let Some(known) = self.imports.sets.get_mut(key) else { continue };
                if *known.set != set {
                    is_changed = true;
                    known.set = Arc::new(set);
                }
            }
            if !is_changed {
                break;
            }
            resources.reverse();
        }
        let urls: FxHashSet<&str> = resources.iter().map(|(_, resource)| identity(resource).0).collect();
        for (key, resource) in &resources {
            let Some(known) = self.imports.sets.get_mut(key) else { continue };
            known.height = height;
            if inner > 0 {
                Arc::make_mut(&mut known.set).in_circle(identity(resource).0, |url| urls.contains(url));
            }
        }
        inner > 0
    }

    /// Begins to count what a value set imports.
    pub(super) fn begin(&mut self) {
        (self.imports.imported, self.imports.combined) = (0, 0);
    }
}
