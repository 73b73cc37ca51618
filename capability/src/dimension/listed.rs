//! What one entry of a server's statement lists, found by name without looking at all of it: of items that answer alike
//! the first is kept.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::statement::{Named, Resource, Rest, Stated, parse_canonical};

/// Bound on the items of one name that are told apart, such as search parameters with different definitions.
const SAME_NAME: usize = 16;

/// The items of one name.
#[derive(Debug)]
struct Few<'s, T> {
    items: Vec<&'s Stated<T>>,
    /// There are more than are told apart.
    is_short: bool,
}

type Index<'s, K, T> = FxHashMap<K, Few<'s, T>>;

/// The items of an entry, or of the system level, by their names.
#[derive(Debug, Default)]
pub struct Listed<'s> {
    interactions: Index<'s, &'s str, String>,
    search_params: Index<'s, &'s str, Named>,
    /// Search parameters by their names and definitions.
    defined_params: Index<'s, (&'s str, &'s str), Named>,
    operations: Index<'s, &'s str, Named>,
    /// Operations by the urls of their definitions.
    defined: Index<'s, String, Named>,
    includes: Index<'s, &'s str, String>,
    rev_includes: Index<'s, &'s str, String>,
    /// Flags by their names and values.
    flags: Index<'s, (&'s str, &'s str), (String, String)>,
    /// The first of each name.
    set: FxHashMap<&'s str, &'s Stated<(String, String)>>,
    /// Searches that the statement maps to a profile, by its url.
    selectors: FxHashMap<&'s str, &'s str>,
    /// Of the system level: the search parameters that every type has, with where.
    everywhere: FxHashMap<&'s str, Vec<OnType<'s>>>,
}

/// A search parameter of a type.
pub type OnType<'s> = (&'s Resource, &'s Stated<Named>);

/// Items by a key; those of one key that have the same expectation and class answer alike.
fn by<'s, K: Hash + Eq, T, C: PartialEq>(
    items: &'s [Stated<T>],
    key: impl Fn(&'s T) -> Option<K>,
    class: impl Fn(&'s T) -> C,
) -> Index<'s, K, T> {
    let mut all: Index<'s, K, T> = FxHashMap::default();
    for item in items {
        let Some(key) = key(&item.value) else { continue };
        let few = all.entry(key).or_insert_with(|| Few { items: Vec::new(), is_short: false });
        let like = |known: &&Stated<T>| known.expectation == item.expectation;
        let is_known = few.items.iter().any(|known| like(known) && class(&known.value) == class(&item.value));
        match few.items.len() {
            _ if is_known => {}
            SAME_NAME => few.is_short = true,
            _ => few.items.push(item),
        }
    }
    all
}

fn words(items: &[Stated<String>]) -> Index<'_, &str, String> {
    by(items, |w| Some(w.as_str()), |_| ())
}

fn operations(items: &[Stated<Named>]) -> Index<'_, &str, Named> {
    by(items, |o| Some(o.name.as_str()), |o| o.definition.is_some())
}

fn defined(items: &[Stated<Named>]) -> Index<'_, String, Named> {
    by(items, |o| o.definition.as_ref().map(|d| parse_canonical(d).url), |_| ())
}

fn search_params(items: &[Stated<Named>]) -> Index<'_, &str, Named> {
    by(items, |p| Some(p.name.as_str()), |p| (&p.definition, &p.kind))
}

fn defined_params(items: &[Stated<Named>]) -> Index<'_, (&str, &str), Named> {
    by(items, |p| Some((p.name.as_str(), p.definition.as_deref()?)), |p| &p.kind)
}

fn everywhere(rest: &Rest) -> FxHashMap<&str, Vec<OnType<'_>>> {
    let mut all: FxHashMap<&str, Vec<OnType<'_>>> = FxHashMap::default();
    for resource in &rest.resources {
        let mut own: FxHashSet<&str> = FxHashSet::default();
        for param in &resource.search_params {
            if own.insert(&param.value.name) {
                all.entry(param.value.name.as_str()).or_default().push((resource, param));
            }
        }
    }
    all.retain(|_, types| types.len() == rest.resources.len());
    all
}

impl<'s> Listed<'s> {
    /// The items of the system level.
    pub fn of_rest(rest: &'s Rest) -> Listed<'s> {
        Listed {
            interactions: words(&rest.interactions),
            search_params: search_params(&rest.search_params),
            defined_params: defined_params(&rest.search_params),
            operations: operations(&rest.operations),
            defined: defined(&rest.operations),
            everywhere: everywhere(rest),
            ..Listed::default()
        }
    }

    /// The items of a type's entry.
    pub fn of_resource(resource: &'s Resource) -> Listed<'s> {
        let mut set: FxHashMap<&str, _> = FxHashMap::default();
        for flag in &resource.flags {
            set.entry(flag.value.0.as_str()).or_insert(flag);
        }
        let mut selectors: FxHashMap<&str, &str> = FxHashMap::default();
        for (profile, search) in &resource.selectors {
            selectors.entry(profile.url.as_str()).or_insert(search);
        }
        Listed {
            interactions: words(&resource.interactions),
            search_params: search_params(&resource.search_params),
            defined_params: defined_params(&resource.search_params),
            operations: operations(&resource.operations),
            defined: defined(&resource.operations),
            includes: words(&resource.includes),
            rev_includes: words(&resource.rev_includes),
            flags: by(&resource.flags, |(name, value)| Some((name.as_str(), value.as_str())), |_| ()),
            set,
            selectors,
            everywhere: FxHashMap::default(),
        }
    }

    /// The types' own search parameters of this name where every type has one, else none; of the system level only.
    pub fn everywhere(&self, name: &str) -> &[OnType<'s>] {
        self.everywhere.get(name).map_or(&[], Vec::as_slice)
    }

    /// The interactions of this code.
    pub fn interactions(&self, code: &str) -> impl Iterator<Item = &'s Stated<String>> {
        items(self.interactions.get(code))
    }

    /// The search parameters of this name, then those of this definition too.
    pub fn search_params(&self, wanted: &Named) -> impl Iterator<Item = &'s Stated<Named>> {
        let (name, definition) = (wanted.name.as_str(), wanted.definition.as_deref());
        let exact = definition.and_then(|definition| self.defined_params.get(&(name, definition)));
        items(self.search_params.get(name)).chain(items(exact))
    }

    /// Whether there are more search parameters of this name than are told apart.
    pub fn is_short_of(&self, name: &str) -> bool {
        self.search_params.get(name).is_some_and(|few| few.is_short)
    }

    /// The operations of this definition, then those of this name.
    pub fn operations(&self, wanted: &Named) -> impl Iterator<Item = &'s Stated<Named>> {
        let url = wanted.definition.as_ref().map(|d| parse_canonical(d).url);
        let same = url.and_then(|url| self.defined.get(&url));
        items(same).chain(items(self.operations.get(wanted.name.as_str())))
    }

    /// The includes written like this; reverse ones where `reverse`.
    pub fn includes(&self, text: &str, reverse: bool) -> impl Iterator<Item = &'s Stated<String>> {
        let all = if reverse { &self.rev_includes } else { &self.includes };
        items(all.get(text))
    }

    /// The flags of this name and value.
    pub fn flags(&self, name: &str, value: &str) -> impl Iterator<Item = &'s Stated<(String, String)>> {
        items(self.flags.get(&(name, value)))
    }

    /// The search that the statement maps to a profile.
    pub fn selector(&self, url: &str) -> Option<&'s str> {
        self.selectors.get(url).copied()
    }

    /// The first flag of this name.
    pub fn flag(&self, name: &str) -> Option<&'s Stated<(String, String)>> {
        self.set.get(name).copied()
    }
}

fn items<'s, T>(few: Option<&Few<'s, T>>) -> impl Iterator<Item = &'s Stated<T>> + use<'s, T> {
    let all: Vec<&'s Stated<T>> = few.map(|few| few.items.clone()).unwrap_or_default();
    all.into_iter()
}
