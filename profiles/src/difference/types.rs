//! Types, their profiles, and the targets of references.

use std::collections::BTreeMap;

use super::change::{Effect, Facet};
use super::differ::{Differ, Pair, Rows};
use crate::plan::rows::{Run, TypeRefRow};
use crate::plan::{Aggregation, ReferenceVersioning};

/// Bound on the definitions between one and what it is derived from; beyond it one counts as not derived.
const BASES: usize = 32;
/// The base of all resources: a target of this type is any.
const RESOURCE: &str = "http://hl7.org/fhir/StructureDefinition/Resource";

/// What one side allows of a type; an empty list: anything.
#[derive(Default)]
struct Allowed<'s> {
    profiles: Vec<&'s str>,
    targets: Vec<&'s str>,
    rows: Vec<&'s TypeRefRow>,
}

impl<'s> Differ<'s> {
    pub(super) fn types(&mut self, pair: &Pair, rows: &Rows) {
        let (old, new) = (self.allowed(rows.layers.0, rows.old.types), self.allowed(rows.layers.1, rows.new.types));
        // Content that is taken over, and roots, have no types of their own.
        if old.is_empty() || new.is_empty() || pair.is_root {
            return;
        }
        let only = |a: &BTreeMap<&str, Allowed<'_>>, b: &BTreeMap<&str, Allowed<'_>>| -> Vec<String> {
            a.keys().filter(|code| !b.contains_key(*code)).map(|code| (*code).to_owned()).collect()
        };
        let (gone, came) = (only(&old, &new), only(&new, &old));
        if let Some(effect) = direction(!came.is_empty(), !gone.is_empty()) {
            self.tell(pair, Facet::Type, effect, gone.join(", "), came.join(", "));
        }
        for (code, before) in &old {
            let Some(after) = new.get(code) else { continue };
            self.canonicals(pair, Facet::Profile, (rows.layers.0, &before.profiles), (rows.layers.1, &after.profiles));
            self.canonicals(pair, Facet::Target, (rows.layers.0, &before.targets), (rows.layers.1, &after.targets));
            self.manner(pair, &before.rows, &after.rows);
        }
    }

    /// What is allowed of each type of an element.
    fn allowed(&self, layer: u32, types: Run) -> BTreeMap<&'s str, Allowed<'s>> {
        let image = self.set.layer(layer);
        let mut out: BTreeMap<&str, Allowed<'s>> = BTreeMap::new();
        let mut any: Vec<(&str, bool)> = Vec::new();
        for t in image.type_refs(types) {
            let code = image.str(t.code);
            let entry = out.entry(code).or_default();
            entry.profiles.extend(image.list(t.profiles).map(without_version));
            entry.targets.extend(image.list(t.targets).map(without_version));
            entry.rows.push(t);
            // Of several entries one without a list allows anything; before R4 each target has an entry of its own.
            any.extend((t.profiles.len == 0).then_some((code, true)));
            any.extend((t.targets.len == 0).then_some((code, false)));
        }
        for (code, profiles) in any {
            if let Some(entry) = out.get_mut(code) {
                let list = if profiles { &mut entry.profiles } else { &mut entry.targets };
                list.clear();
            }
        }
        for entry in out.values_mut() {
            if entry.targets.contains(&RESOURCE) {
                entry.targets.clear();
            }
        }
        out
    }

    /// Lists of canonicals of which an instance has to meet one.
    fn canonicals(
        &mut self,
        pair: &Pair,
        facet: Facet,
        (old_layer, old): (u32, &[&str]),
        (new_layer, new): (u32, &[&str]),
    ) {
        let covered = |layer: u32, one: &[&str], many: &[&str]| {
            many.is_empty() || (!one.is_empty() && one.iter().all(|url| self.covers(layer, url, many)))
        };
        let (loosened, tightened) = (!covered(new_layer, new, old), !covered(old_layer, old, new));
        let Some(effect) = direction(loosened, tightened) else { return };
        let only = |one: &[&str], other: &[&str]| {
            let left: Vec<&str> = one.iter().filter(|url| !other.contains(url)).copied().collect();
            if one.is_empty() { "any".to_owned() } else { left.join(", ") }
        };
        let (gone, came) = (only(old, new), only(new, old));
        self.tell(pair, facet, effect, gone, came);
    }

    /// Whether a definition is one of these, or derived from one.
    fn covers(&self, layer: u32, url: &str, many: &[&str]) -> bool {
        let mut url = url.to_owned();
        for _ in 0..BASES {
            if many.contains(&url.as_str()) {
                return true;
            }
            let found = self.set.find_structure(&url, Some(layer));
            let Some((s, row)) = found.and_then(|s| Some((s, self.set.structure(s)?))) else { return false };
            url = without_version(self.set.str(s.layer, row.base)).to_owned();
        }
        false
    }

    /// Where targets may lie, and whether references name versions.
    fn manner(&mut self, pair: &Pair, old: &[&TypeRefRow], new: &[&TypeRefRow]) {
        let (Some(old), Some(new)) = (old.first(), new.first()) else { return };
        let (before, after) = (places(old.aggregation()), places(new.aggregation()));
        let more = |a: &[&'static str], b: &[&'static str]| a.iter().any(|p| !b.contains(p));
        if let Some(effect) = direction(more(&after, &before), more(&before, &after)) {
            self.tell(pair, Facet::Aggregation, effect, before.join(", "), after.join(", "));
        }
        let (before, after) = (old.versioning(), new.versioning());
        if before != after {
            let effect = match (before, after) {
                (ReferenceVersioning::Either, _) => Effect::Tightened,
                (_, ReferenceVersioning::Either) => Effect::Loosened,
                _ => Effect::Changed,
            };
            let text = |v: ReferenceVersioning| format!("{v:?}").to_lowercase();
            self.tell(pair, Facet::Versioning, effect, text(before), text(after));
        }
    }
}

fn places(aggregation: Aggregation) -> Vec<&'static str> {
    let all = [
        ("contained", Aggregation::CONTAINED),
        ("referenced", Aggregation::REFERENCED),
        ("bundled", Aggregation::BUNDLED),
    ];
    all.into_iter().filter(|(_, place)| aggregation.allows(*place)).map(|(name, _)| name).collect()
}

/// The direction of a change by which more, and fewer, instances are valid; `None` where neither is.
pub(super) fn direction(loosened: bool, tightened: bool) -> Option<Effect> {
    match (loosened, tightened) {
        (true, true) => Some(Effect::Changed),
        (true, false) => Some(Effect::Loosened),
        (false, true) => Some(Effect::Tightened),
        (false, false) => None,
    }
}

pub(super) fn without_version(url: &str) -> &str {
    url.split('|').next().unwrap_or(url)
}
