//! Profiles that the caller lays on entries of a Bundle.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::instance::{NameId, Node};

/// A profile that entries of a Bundle are held against, by the type of their resource, by their place, or by both.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EntryProfile {
    /// The resource type; `None`: of any type.
    pub kind: Option<String>,
    /// The place, from 0: among the entries of that type, or else among all; `None`: each of them.
    pub number: Option<usize>,
    /// The canonical of the profile.
    pub profile: String,
}

impl EntryProfile {
    /// Reads `TYPE`, `TYPE:NUMBER` or `NUMBER`. `None`: it is none of them.
    pub fn parse(entry: &str, profile: &str) -> Option<EntryProfile> {
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let (kind, number) = match entry.split_once(':') {
            Some((kind, text)) => (Some(kind), Some(number(text)?)),
            None => match number(entry) {
                Some(number) => (None, Some(number)),
                None => (Some(entry), None),
            },
        };
        let is_name = |kind: &str| {
            kind.starts_with(|c: char| c.is_ascii_alphabetic()) && kind.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let kind = kind.map(str::to_owned);
        (kind.as_deref().is_none_or(is_name) && !profile.is_empty()).then(|| EntryProfile {
            kind,
            number,
            profile: profile.to_owned(),
        })
    }

    fn is_for(&self, kind: Option<&str>, place: usize, of_kind: usize) -> bool {
        match &self.kind {
            None => self.number.is_none_or(|n| n == place),
            Some(wanted) => kind == Some(&**wanted) && self.number.is_none_or(|n| n == of_kind),
        }
    }
}

/// The resources of a Bundle that are held against profiles: their nodes, each with places in `rules`, in the order of
/// the text. Nothing where the instance is no Bundle.
pub(crate) fn demanded(root: Node<'_>, rules: &[EntryProfile]) -> Vec<(u32, usize)> {
    let mut found = Vec::new();
    if rules.is_empty() || root.child_text(NameId::RESOURCE_TYPE).as_deref() != Some("Bundle") {
        return found;
    }
    let mut met: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
    for (place, entry) in root.children_named(NameId::ENTRY).enumerate() {
        let Some(resource) = entry.child(NameId::RESOURCE) else { continue };
        let kind = resource.child_text(NameId::RESOURCE_TYPE);
        let of_kind = kind.clone().map_or(0, |kind| {
            let next = met.entry(kind).or_default();
            *next += 1;
            *next - 1
        });
        let is_for = |rule: &EntryProfile| rule.is_for(kind.as_deref(), place, of_kind);
        found.extend((0..).zip(rules).filter(|(_, rule)| is_for(rule)).map(|(i, _)| (resource.index(), i)));
    }
    found
}

#[cfg(test)]
#[path = "entries_tests.rs"]
mod tests;
