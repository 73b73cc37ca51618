//! Of which versions of code systems an expansion was made: its parameters and entries name them, and they are those of
//! the definition (<https://hl7.org/fhir/R4/valueset.html#expansion>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Scene, Weight};
use crate::plan::{Handle, VersionTaken};

/// The parameters that name a code system with its version.
pub(super) const OF_SYSTEM: [&str; 5] =
    ["used-codesystem", "version", "system-version", "force-system-version", "check-system-version"];
/// The versions by code system; an empty one where no version is named.
pub(super) type Used<'t> = FxHashMap<String, FxHashSet<Cow<'t, str>>>;

/// The versions of code systems that the parameters name.
pub(super) fn used<'t>(expansion: Node<'t>) -> Used<'t> {
    let mut used = Used::default();
    for p in named(expansion, "parameter") {
        if !text(p, "name").is_some_and(|n| OF_SYSTEM.contains(&&*n)) {
            continue;
        }
        let value = p.children().find(|c| c.name_text().starts_with("value") && c.has_value());
        let Some(value) = value.map(Node::text) else { continue };
        let (url, version) = value.split_once('|').unwrap_or((&value, ""));
        used.entry(url.to_owned()).or_default().insert(Cow::Owned(version.to_owned()));
    }
    used
}

pub(super) fn tell<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, weight: Weight, told: impl FnOnce() -> String) {
    j.find(RuleId::VALUE_SET_EXPANSION, weight, n, &[], || Detail::Text(told()));
}

/// Entries without a version are of systems whose one version the parameters name.
pub(super) fn stated<'t>(j: &mut Judge<'_, 't>, expansion: Node<'t>, entries: &[Node<'t>], used: &Used<'t>) {
    let mut told: FxHashSet<Cow<'t, str>> = FxHashSet::default();
    for entry in entries.iter().filter(|e| e.child(NameId::VERSION).is_none_or(|v| !v.has_value())) {
        let Some(system) = entry.child_text(NameId::SYSTEM).filter(|s| !told.contains(s)) else { continue };
        let fault = match used.get(&*system).map(FxHashSet::len) {
            Some(1) => None,
            Some(_) => Some("but the parameters name several versions of it"),
            None => Some("and no parameter `used-codesystem` names one"),
        };
        if let Some(fault) = fault {
            tell(j, expansion, Weight::Warning, || format!("codes of `{system}` have no version, {fault}"));
        }
        told.insert(system);
    }
}

/// The versions that an expansion was made from are those that its definition names; where that names none, they are
/// those that are loaded, or the codes cannot be compared.
pub(super) fn compared<'t>(
    j: &mut Judge<'_, 't>,
    (value_set, expansion): (Node<'t>, Node<'t>),
    entries: &[Node<'t>],
    used: &Used<'t>,
) {
    let made_from = made_from(entries, used);
    let mut lines: FxHashMap<&str, Lines<'_>> = FxHashMap::default();
    let (mut told, mut seen) = (FxHashSet::default(), FxHashSet::default());
    for include in named(value_set, "compose").flat_map(|c| named(c, "include")) {
        if !j.step(include) {
            return;
        }
        let own = include.child_text(NameId::SYSTEM).and_then(|system| of_include(j, include, system.into_owned()));
        let imports = named(include, "valueSet").filter(|v| v.has_value());
        let imported = imports.filter_map(|v| j.set.find_value_set(&v.text(), None)).filter(|v| seen.insert(*v));
        let imported: Vec<Handle> = imported.collect();
        let imported = imported.into_iter().flat_map(|v| j.all_versions_taken(v)).map(|(s, k, v)| (s.to_owned(), k, v));
        let all: Vec<_> = own.into_iter().chain(imported.map(|(s, k, v)| (s, k, v.to_owned()))).collect();
        for (system, kind, of) in all {
            let is_pinned = kind == VersionTaken::Pinned;
            let Some((system, versions)) = made_from.get_key_value(&system) else { continue };
            if kind == VersionTaken::Any || of.is_empty() || told.contains(&(&**system, is_pinned)) {
                continue;
            }
            if lines.entry(system).or_insert_with(|| Lines::new(versions)).fit(&of) {
                continue;
            }
            told.insert((&**system, is_pinned));
            // The first in order stands for all.
            let other = versions.iter().min().map_or("", |v| v);
            let weight = if is_pinned { Weight::Warning } else { Weight::Note };
            tell(j, expansion, weight, || differs(system, is_pinned, (other, &of)));
        }
    }
}

/// What is told of an expansion that was made from another version than its definition takes codes of.
fn differs(system: &str, is_pinned: bool, (other, of): (&str, &str)) -> String {
    if is_pinned {
        format!(
            "the expansion was made from version `{other}` of `{system}`, but its definition takes the codes of \
             version `{of}`"
        )
    } else {
        format!(
            "the expansion was made from version `{other}` of `{system}`, and version `{of}` is loaded, so its codes \
             could not be compared"
        )
    }
}

/// The versions that an expansion was made from: those that its parameters name, and those of its entries.
fn made_from<'t>(entries: &[Node<'t>], used: &Used<'t>) -> Used<'t> {
    let mut made_from = used.clone();
    for entry in entries {
        let version = entry.child_text(NameId::VERSION).filter(|v| !v.is_empty());
        if let (Some(system), Some(version)) = (entry.child_text(NameId::SYSTEM), version) {
            match made_from.get_mut(&*system) {
                Some(versions) => {
                    versions.insert(version);
                }
                None => {
                    made_from.insert(system.into_owned(), FxHashSet::from_iter([version]));
                }
            }
        }
    }
    made_from.retain(|_, versions| {
        versions.remove("");
        !versions.is_empty()
    });
    made_from
}

/// Of which version of its code system an include takes codes, where that matters.
fn of_include(scene: &Scene<'_, '_>, include: Node<'_>, system: String) -> Option<(String, VersionTaken, String)> {
    if let Some(version) = include.child_text(NameId::VERSION).filter(|v| !v.is_empty()) {
        return Some((system, VersionTaken::Pinned, version.into_owned()));
    }
    if named(include, "concept").next().is_some() {
        return None;
    }
    let (handle, row) = scene.code_system(&system)?;
    let loaded = scene.set.str(handle.layer, row.version).to_owned();
    Some((system, VersionTaken::Whole, loaded))
}

/// The versions of a code system that an expansion was made from, by their parts: whether a version fits any of them
/// takes as long as its text, however many they are.
struct Lines<'v> {
    /// By the parts between `.`: a version may name the leading parts of another only.
    dotted: Parts<'v>,
    /// By the parts between `/`: an edition stands for its versions.
    edition: Parts<'v>,
}

impl<'v> Lines<'v> {
    fn new(versions: &'v FxHashSet<Cow<'_, str>>) -> Lines<'v> {
        let parts = |separator| Parts::new(versions.iter().map(|v| &**v), separator);
        Lines { dotted: parts('.'), edition: parts('/') }
    }

    /// Whether a version [fits](crate::judge::fits_version) any of these, or any of these fits it.
    fn fit(&self, of: &str) -> bool {
        self.dotted.are_related(of, "") || self.edition.are_related(of, "version")
    }
}

/// Texts as a tree of their parts.
struct Parts<'v> {
    separator: char,
    /// The place of a part by that of what is before it.
    places: FxHashMap<(usize, &'v str), usize>,
    /// At which places a text ends, and which have others after them; the first is that of no text.
    ends: Vec<bool>,
    leads_on: Vec<bool>,
}

impl<'v> Parts<'v> {
    fn new(texts: impl Iterator<Item = &'v str>, separator: char) -> Parts<'v> {
        let mut parts = Parts { separator, places: FxHashMap::default(), ends: vec![false], leads_on: vec![false] };
        for text in texts {
            let mut place = 0;
            for part in text.split(separator) {
                if let Some(leads_on) = parts.leads_on.get_mut(place) {
                    *leads_on = true;
                }
                place = *parts.places.entry((place, part)).or_insert(parts.ends.len());
                if place == parts.ends.len() {
                    parts.ends.push(false);
                    parts.leads_on.push(false);
                }
            }
            if let Some(end) = parts.ends.get_mut(place) {
                *end = true;
            }
        }
        parts
    }

    /// Whether a text is one of these, or it and one of these are each other's beginning, with a further part after
    /// that; where `word` is not empty, with this part and a further one.
    fn are_related(&self, text: &str, word: &str) -> bool {
        let at = |flags: &[bool], place: usize| flags.get(place) == Some(&true);
        let mut rest = text.split(self.separator);
        let mut place = 0;
        while let Some(part) = rest.next() {
            let Some(next) = self.places.get(&(place, part)) else { return false };
            place = *next;
            let mut after = rest.clone();
            let is_longer = match word {
                "" => true,
                word => after.next() == Some(word) && after.next().is_some(),
            };
            if at(&self.ends, place) && is_longer {
                return true;
            }
        }
        let after = if word.is_empty() { Some(place) } else { self.places.get(&(place, word)).copied() };
        at(&self.ends, place) || after.is_some_and(|place| at(&self.leads_on, place))
    }
}

/// Whether the codes of a value set that is loaded are of the versions that were used.
pub(super) fn is_of_used(scene: &Scene<'_, '_>, value_set: Handle, used: &Used<'_>) -> bool {
    let mut lines: FxHashMap<&str, Option<Lines<'_>>> = FxHashMap::default();
    scene.all_versions_taken(value_set).all(|(system, kind, of)| {
        let made = lines.entry(system).or_insert_with(|| {
            let made = used.get(system).filter(|made| made.iter().any(|v| !v.is_empty()));
            made.map(Lines::new)
        });
        kind == VersionTaken::Any || made.as_ref().is_none_or(|made| made.fit(of))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::fits_version;

    #[test]
    fn versions_fit_by_their_parts_as_one_by_one() {
        let edition = "http://snomed.info/sct/900000000000207008";
        let dated = format!("{edition}/version/20240101");
        let texts = [
            "1",
            "1.",
            "1.0",
            "1.0.0",
            "10",
            "1.1",
            "2.0.0-ballot",
            "2",
            "",
            ".",
            "..1",
            "a/version/",
            "a/version",
            "a",
            "a/version/b.c",
            "a/version/version/b",
            edition,
            &dated,
            "http://snomed.info/sct/9",
        ];
        for made in texts {
            let versions = FxHashSet::from_iter([Cow::Borrowed(made)]);
            for of in texts {
                let expected = made == of || fits_version(of, made) || fits_version(made, of);
                assert_eq!(Lines::new(&versions).fit(of), expected, "`{made}` and `{of}`");
            }
        }
        let many = FxHashSet::from_iter(texts.map(Cow::Borrowed));
        assert!(Lines::new(&many).fit("1.0.0.7") && !Lines::new(&many).fit("3"));
    }
}
