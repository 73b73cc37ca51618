//! What one entry of a server's statement lists, found by name without looking at all of it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::statement::{Named, Resource, Rest, Stated, parse_canonical};

type ByName<'s, T> = FxHashMap<&'s str, Vec<&'s Stated<T>>>;

/// The items of an entry, or of the system level, by their names.
#[derive(Debug, Default)]
pub struct Listed<'s> {
    interactions: ByName<'s, String>,
    search_params: ByName<'s, Named>,
    operations: ByName<'s, Named>,
    /// Operations by the urls of their definitions.
    defined: FxHashMap<String, Vec<&'s Stated<Named>>>,
    includes: ByName<'s, String>,
    rev_includes: ByName<'s, String>,
    flags: ByName<'s, (String, String)>,
    /// Of the system level: the search parameters that every type has.
    everywhere: FxHashSet<&'s str>,
}

fn by<'s, T>(items: &'s [Stated<T>], name: impl Fn(&'s T) -> &'s str) -> ByName<'s, T> {
    let mut all: ByName<'s, T> = FxHashMap::default();
    for item in items {
        all.entry(name(&item.value)).or_default().push(item);
    }
    all
}

fn defined(items: &[Stated<Named>]) -> FxHashMap<String, Vec<&Stated<Named>>> {
    let mut all: FxHashMap<String, Vec<&Stated<Named>>> = FxHashMap::default();
    for item in items {
        if let Some(definition) = &item.value.definition {
            all.entry(parse_canonical(definition).url).or_default().push(item);
        }
    }
    all
}

fn everywhere(rest: &Rest) -> FxHashSet<&str> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for resource in &rest.resources {
        let own: FxHashSet<&str> = resource.search_params.iter().map(|p| p.value.name.as_str()).collect();
        own.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
    }
    counts.into_iter().filter(|(_, count)| *count == rest.resources.len()).map(|(name, _)| name).collect()
}

impl<'s> Listed<'s> {
    /// The items of the system level.
    pub fn of_rest(rest: &'s Rest) -> Listed<'s> {
        Listed {
            interactions: by(&rest.interactions, String::as_str),
            search_params: by(&rest.search_params, |p| &p.name),
            operations: by(&rest.operations, |o| &o.name),
            defined: defined(&rest.operations),
            everywhere: everywhere(rest),
            ..Listed::default()
        }
    }

    /// The items of a type's entry.
    pub fn of_resource(resource: &'s Resource) -> Listed<'s> {
        Listed {
            interactions: by(&resource.interactions, String::as_str),
            search_params: by(&resource.search_params, |p| &p.name),
            operations: by(&resource.operations, |o| &o.name),
            defined: defined(&resource.operations),
            includes: by(&resource.includes, String::as_str),
            rev_includes: by(&resource.rev_includes, String::as_str),
            flags: by(&resource.flags, |f| &f.0),
            everywhere: FxHashSet::default(),
        }
    }

    /// Whether every type has a search parameter of this name; of the system level only.
    pub fn is_everywhere(&self, name: &str) -> bool {
        self.everywhere.contains(name)
    }

    /// The interactions of this code.
    pub fn interactions(&self, code: &str) -> impl Iterator<Item = &'s Stated<String>> {
        self.interactions.get(code).into_iter().flatten().copied()
    }

    /// The search parameters of this name.
    pub fn search_params(&self, name: &str) -> impl Iterator<Item = &'s Stated<Named>> {
        self.search_params.get(name).into_iter().flatten().copied()
    }

    /// The operations of this definition, then those of this name.
    pub fn operations(&self, wanted: &Named) -> impl Iterator<Item = &'s Stated<Named>> {
        let url = wanted.definition.as_ref().map(|d| parse_canonical(d).url);
        let same = url.and_then(|url| self.defined.get(&url)).into_iter().flatten();
        same.chain(self.operations.get(wanted.name.as_str()).into_iter().flatten()).copied()
    }

    /// The includes written like this; reverse ones where `reverse`.
    pub fn includes(&self, text: &str, reverse: bool) -> impl Iterator<Item = &'s Stated<String>> {
        let all = if reverse { &self.rev_includes } else { &self.includes };
        all.get(text).into_iter().flatten().copied()
    }

    /// The flags of this name.
    pub fn flags(&self, name: &str) -> impl Iterator<Item = &'s Stated<(String, String)>> {
        self.flags.get(name).into_iter().flatten().copied()
    }
}
