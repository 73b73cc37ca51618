//! Bindings: strength, value sets and their codes.

use super::change::{Change, Effect, Facet, Level};
use super::differ::{Differ, Pair, Rows, change};
use super::types::{direction, without_version};
use crate::plan::rows::{BindingRow, ElementRow, Str};
use crate::plan::{BindingStrength, Handle};
use crate::relation::{Inclusion, inclusion};

/// The types whose codes have systems.
const CODED: &[&str] = &["Coding", "CodeableConcept", "CodeableReference", "Quantity"];

/// A bound value set of both sides: layer and canonical.
pub(super) type Named = (u32, Str);

impl<'s> Differ<'s> {
    pub(super) fn bindings(&mut self, pair: &Pair, rows: &Rows) {
        let (a, b) = rows.layers;
        let row = |layer: u32, e: &ElementRow| self.set.layer(layer).binding(e.binding);
        let (old, new) = (row(a, &rows.old), row(b, &rows.new));
        let coded = self.is_coded(a, &rows.old) || self.is_coded(b, &rows.new);
        self.strengths(pair, (a, old), (b, new), coded);
        let none = Str::EMPTY;
        let max = ((a, old.map_or(none, |r| r.max)), (b, new.map_or(none, |r| r.max)));
        self.max_value_set(pair, max, coded);
        self.additional(pair, (a, old), (b, new));
    }

    pub(super) fn is_coded(&self, layer: u32, e: &ElementRow) -> bool {
        let image = self.set.layer(layer);
        image.type_refs(e.types).iter().any(|t| CODED.contains(&image.str(t.code)))
    }

    fn strengths(
        &mut self,
        pair: &Pair,
        (a, old): (u32, Option<&BindingRow>),
        (b, new): (u32, Option<&BindingRow>),
        coded: bool,
    ) {
        let strength = |r: Option<&BindingRow>| r.map_or(BindingStrength::Example, BindingRow::strength);
        let text =
            |r: Option<&BindingRow>| r.map_or_else(String::new, |r| format!("{:?}", r.strength()).to_lowercase());
        let (before, after) = (strength(old), strength(new));
        let is_strong = |s: BindingStrength| s <= BindingStrength::Extensible;
        let advisory = |s: BindingStrength| s != BindingStrength::Required;
        if before != after || old.is_some() != new.is_some() {
            // The strongest is the least.
            let effect = if before == after {
                if new.is_some() { Effect::Added } else { Effect::Removed }
            } else if after < before {
                Effect::Tightened
            } else {
                Effect::Loosened
            };
            let mut told = change(&pair.id, Facet::Strength, effect, text(old), text(new));
            let url = if is_strong(after) || !is_strong(before) { (b, new) } else { (a, old) };
            told = told.noted(url.1.map_or("", |r| self.set.str(url.0, r.value_set)));
            if !is_strong(before) && !is_strong(after) {
                told = told.at(Level::Documentation);
            } else if advisory(before) && advisory(after) {
                told = told.advisory();
            }
            self.changes.push(told);
        }
        let (Some(x), Some(y)) = (old, new) else { return };
        let sets = ((a, x.value_set), (b, y.value_set));
        if is_strong(before) && is_strong(after) {
            let told = self.value_sets(&pair.id, Facet::ValueSet, sets, coded);
            let is_advisory = advisory(before) && advisory(after);
            self.changes.extend(told.map(|c| if is_advisory { c.advisory() } else { c }));
        } else if let (before, after) = (self.canonical(sets.0), self.canonical(sets.1))
            && before != after
        {
            let told = change(&pair.id, Facet::ValueSet, Effect::Changed, before.to_owned(), after.to_owned());
            self.changes.push(told.at(Level::Documentation));
        }
    }

    fn canonical(&self, (layer, url): Named) -> &'s str {
        without_version(self.set.str(layer, url))
    }

    /// Value sets of both sides by their codes; `None` where nothing is different.
    fn value_sets(&mut self, id: &str, facet: Facet, (old, new): (Named, Named), coded: bool) -> Option<Change> {
        let (before, after) = (self.canonical(old), self.canonical(new));
        let renamed = before != after;
        let found = |(layer, url): Named| self.set.find_value_set(self.set.str(layer, url), Some(layer));
        let texts =
            if renamed { (before.to_owned(), after.to_owned()) } else { (before.to_owned(), before.to_owned()) };
        let told = |effect| change(id, facet, effect, texts.0.clone(), texts.1.clone());
        let open = "which codes are in both value sets cannot be determined";
        let (Some(a), Some(b)) = (found(old), found(new)) else {
            return renamed.then(|| told(Effect::Changed).noted(open));
        };
        let (narrow, wide) = (self.inclusion(a, b, coded), self.inclusion(b, a, coded));
        let mut notes = Vec::new();
        for (found, word) in [(&narrow, "no longer"), (&wide, "now also")] {
            if let Inclusion::Disjoint(codes) | Inclusion::Overlapping(codes) = found {
                let codes: Vec<String> =
                    codes.iter().map(|(s, c)| if coded { format!("{s}|{c}") } else { c.clone() }).collect();
                notes.push(format!("{word}: {}", codes.join(", ")));
            }
        }
        let certain = |i: &Inclusion| matches!(i, Inclusion::Disjoint(_) | Inclusion::Overlapping(_));
        let unknown = narrow == Inclusion::Open || wide == Inclusion::Open;
        let effect = direction(certain(&wide), certain(&narrow));
        match effect {
            // Nothing is known to be different: another set all the same, where its url is another.
            None if unknown => {
                let version = |h: Handle| self.set.value_set(h).map_or("", |r| self.set.str(h.layer, r.version));
                (renamed || version(a) != version(b)).then(|| told(Effect::Changed).noted(open))
            }
            None => renamed.then(|| told(Effect::Changed).at(Level::Documentation).noted("the codes are the same")),
            Some(_) if unknown => {
                Some(told(Effect::Changed).noted(format!("{}; more cannot be determined", notes.join("; "))))
            }
            Some(effect) => Some(told(effect).noted(notes.join("; "))),
        }
    }

    pub(super) fn inclusion(&mut self, a: Handle, b: Handle, coded: bool) -> Inclusion {
        let set = self.set;
        self.inclusions.entry((a, b, coded)).or_insert_with(|| inclusion(set, a, b, coded)).clone()
    }

    fn max_value_set(&mut self, pair: &Pair, (old, new): (Named, Named), coded: bool) {
        let told = match (old.1.is_empty(), new.1.is_empty()) {
            (true, true) => None,
            (true, false) => Some((Effect::Tightened, String::new(), self.canonical(new).to_owned())),
            (false, true) => Some((Effect::Loosened, self.canonical(old).to_owned(), String::new())),
            (false, false) => {
                let told = self.value_sets(&pair.id, Facet::MaxValueSet, (old, new), coded);
                self.changes.extend(told);
                None
            }
        };
        if let Some((effect, old, new)) = told {
            self.tell(pair, Facet::MaxValueSet, effect, old, new);
        }
    }

    fn additional(&mut self, pair: &Pair, (a, old): (u32, Option<&BindingRow>), (b, new): (u32, Option<&BindingRow>)) {
        let texts = |layer: u32, row: Option<&BindingRow>| -> Vec<String> {
            let image = self.set.layer(layer);
            let rows = row.map(|r| image.links(r.additional)).unwrap_or_default().iter();
            rows.filter_map(|i| image.binding(*i))
                .map(|r| match r.max.is_empty() {
                    true => format!(
                        "{} {}",
                        format!("{:?}", r.strength()).to_lowercase(),
                        self.canonical((layer, r.value_set))
                    ),
                    false => format!("maximum {}", self.canonical((layer, r.max))),
                })
                .collect()
        };
        let (old, new) = (texts(a, old), texts(b, new));
        let is_advisory = |text: &str| text.starts_with("extensible");
        for text in new.iter().filter(|t| !old.contains(t)) {
            let told = change(&pair.id, Facet::AdditionalBinding, Effect::Added, String::new(), text.clone());
            self.changes.push(if is_advisory(text) { told.advisory() } else { told });
        }
        for text in old.iter().filter(|t| !new.contains(t)) {
            let told = change(&pair.id, Facet::AdditionalBinding, Effect::Removed, text.clone(), String::new());
            self.changes.push(if is_advisory(text) { told.advisory() } else { told });
        }
    }
}
