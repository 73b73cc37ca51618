//! Slicing: its rules, what tells slices, and the slices that came and went.

use rustc_hash::{FxHashMap, FxHashSet};

use super::change::{Change, Effect, Facet, Level};
use super::differ::{Differ, Pair, Rows, Side, change};
use super::text::cardinality;
use super::types::direction;
use crate::plan::rows::{ELEMENT_MUST_SUPPORT, ElementRow, NONE, SlicingRow};
use crate::plan::{DiscriminatorKind, Handle, SlicingRules};

impl<'s> Differ<'s> {
    pub(super) fn slicing(&mut self, pair: &Pair, rows: &Rows) {
        let (a, b) = rows.layers;
        let row = |layer: u32, e: &ElementRow| self.set.layer(layer).slicing(e.slicing);
        let (old, new) = (row(a, &rows.old), row(b, &rows.new));
        let rules = |r: Option<&SlicingRow>| r.map_or(SlicingRules::Open, |r| r.rules());
        let ordered = |r: Option<&SlicingRow>| r.is_some_and(|r| r.ordered != 0);
        let (before, after) = ((rules(old), ordered(old)), (rules(new), ordered(new)));
        if before != after {
            let rank = |r: SlicingRules| match r {
                SlicingRules::Open => 0,
                SlicingRules::OpenAtEnd => 1,
                SlicingRules::Closed => 2,
            };
            let (more, less) = (rank(after.0) > rank(before.0), rank(after.0) < rank(before.0));
            let effect = direction(less || (before.1 && !after.1), more || (!before.1 && after.1));
            let text = |(rules, ordered): (SlicingRules, bool)| {
                let name = match rules {
                    SlicingRules::Open => "open",
                    SlicingRules::OpenAtEnd => "openAtEnd",
                    SlicingRules::Closed => "closed",
                };
                if ordered { format!("{name}, ordered") } else { name.to_owned() }
            };
            self.tell(pair, Facet::SlicingRules, effect.unwrap_or(Effect::Changed), text(before), text(after));
        }
        let told_by = |layer: u32, r: &SlicingRow| -> Vec<String> {
            let image = self.set.layer(layer);
            image.discriminators(r.discriminators).iter().map(|d| tells(d.kind(), image.str(d.path))).collect()
        };
        if let (Some(old), Some(new)) = (old, new) {
            let (before, after) = (told_by(a, old), told_by(b, new));
            if before != after {
                self.tell(pair, Facet::Discriminator, Effect::Changed, before.join(", "), after.join(", "));
            }
        }
    }

    /// The slices that both versions have; the others are told.
    pub(super) fn slices(&mut self, pair: &Pair) -> Vec<Pair> {
        let (olds, news) = (self.slices_of(pair.old.row), self.slices_of(pair.new.row));
        let known: FxHashMap<&str, Handle> = olds.iter().copied().collect();
        let kept: FxHashSet<&str> = news.iter().map(|(name, _)| *name).collect();
        let mut out = Vec::new();
        for (name, row) in &news {
            match known.get(name) {
                Some(old) => out.push(Pair {
                    id: self.id(*row).to_owned(),
                    old: Self::slice_side(pair.old, *old),
                    new: Self::slice_side(pair.new, *row),
                    is_root: false,
                }),
                None => self.slice_alone(pair, *row, Effect::Added),
            }
        }
        for (_, row) in olds.iter().filter(|(name, _)| !kept.contains(name)) {
            self.slice_alone(pair, *row, Effect::Removed);
        }
        out
    }

    /// All slices of a pair; where only one side has a slice, it stands beside the other's element.
    pub(super) fn all_slices(&self, pair: &Pair) -> Vec<Pair> {
        let of = |side: Side| if side.own { self.slices_of(side.row) } else { Vec::new() };
        let (olds, news) = (of(pair.old), of(pair.new));
        let known: FxHashMap<&str, Handle> = olds.iter().copied().collect();
        let kept: FxHashSet<&str> = news.iter().map(|(name, _)| *name).collect();
        let gone = olds.iter().filter(|(name, _)| !kept.contains(name)).map(|(_, row)| (Some(*row), None));
        let all = news.iter().map(|(name, row)| (known.get(name).copied(), Some(*row))).chain(gone);
        let side = |of: Side, row: Option<Handle>| row.map_or(Self::beside_slice(of), |row| Self::slice_side(of, row));
        let made = all.map(|(old, new)| Pair {
            id: self.id(new.or(old).unwrap_or(pair.new.row)).to_owned(),
            old: side(pair.old, old),
            new: side(pair.new, new),
            is_root: false,
        });
        made.collect()
    }

    /// The slices of an element, by name.
    fn slices_of(&self, h: Handle) -> Vec<(&'s str, Handle)> {
        let image = self.set.layer(h.layer);
        let mut at = self.set.element(h).map_or(NONE, |e| e.first_slice);
        let mut out = Vec::new();
        while let Some(e) = image.element(at) {
            out.push((image.str(e.slice_name), Handle { layer: h.layer, row: at }));
            at = e.next_slice;
        }
        out
    }

    /// A slice that only one version has.
    fn slice_alone(&mut self, pair: &Pair, row: Handle, effect: Effect) {
        let Some(e) = self.set.element(row) else { return };
        let id = self.id(row);
        let (mut before, mut after) = (String::new(), cardinality(e.min, e.max));
        if effect == Effect::Removed {
            std::mem::swap(&mut before, &mut after);
        }
        let told = change(id, Facet::Slice, effect, before, after);
        let told = self.weighed(pair, told, &e);
        self.changes.push(told);
        if e.flags & ELEMENT_MUST_SUPPORT != 0 {
            let flag = change(id, Facet::MustSupport, effect, String::new(), String::new());
            self.changes.push(flag.at(Level::MustSupport));
        }
    }

    /// The level of a slice that came or went. Entries that match a slice have to meet it; where others are refused, a
    /// slice allows entries.
    fn weighed(&self, pair: &Pair, told: Change, e: &ElementRow) -> Change {
        let other: Side = if told.effect == Effect::Added { pair.old } else { pair.new };
        let row = self.set.element(other.row);
        let is_closed = |r: &ElementRow| {
            let slicing = self.set.layer(other.row.layer).slicing(r.slicing);
            slicing.is_some_and(|s| s.rules() == SlicingRules::Closed)
        };
        if row.as_ref().is_some_and(is_closed) {
            let level = match (told.effect, e.min) {
                (Effect::Added, 0) => Level::Reader,
                _ => Level::Writer,
            };
            let effect = if told.effect == Effect::Removed { "entries of it are refused now" } else { "" };
            return told.at(level).noted(effect);
        }
        // An extension has to meet its definition whether it is named here or not.
        let path = told.element.rsplit('.').next().unwrap_or_default();
        let is_extension = path.starts_with("extension:") || path.starts_with("modifierExtension:");
        let free = e.min == 0 && e.first_child == NONE && row.is_none_or(|r| r.max <= e.max);
        if is_extension && free { told.at(Level::Documentation) } else { told }
    }
}

/// What tells slices, in words. A pattern is told from values as a value is.
fn tells(kind: DiscriminatorKind, path: &str) -> String {
    let kind = if kind == DiscriminatorKind::Pattern { DiscriminatorKind::Value } else { kind };
    format!("{}:{path}", format!("{kind:?}").to_lowercase())
}
