//! The way along both snapshots at once: elements are paired by name and slice. Where only one version has children of
//! an element, the other's are those of its type.

use rustc_hash::{FxHashMap, FxHashSet};

use super::change::{Change, Effect, Facet};
use crate::plan::rows::{ElementRow, NONE, Run, STRUCTURE_CONSTRAINT};
use crate::plan::{Handle, ImageSet, children_of, content_of};
use crate::relation::Inclusion;

/// An element of one side, and what holds of it besides.
#[derive(Clone, Copy)]
pub(super) struct Side {
    pub row: Handle,
    /// Of a slice the element that is sliced: its children are demanded of the slice too.
    sliced: Option<Handle>,
    /// Whether the compared definition itself has this element, not only its type.
    pub own: bool,
}

/// The same element of both sides.
#[derive(Clone)]
pub(super) struct Pair {
    /// Its id, as the side writes it that has it of its own.
    pub id: String,
    pub old: Side,
    pub new: Side,
    pub is_root: bool,
}

/// Two rows of a pair.
pub(super) struct Rows {
    pub old: ElementRow,
    pub new: ElementRow,
    /// Their layers.
    pub layers: (u32, u32),
}

/// Compares definitions of one set; keeps what it learned of value sets.
pub struct Differ<'s> {
    pub(super) set: &'s ImageSet,
    /// The keys of constraints of the types themselves, which hold whether a snapshot repeats them or not.
    pub(super) type_keys: FxHashSet<&'s str>,
    /// Which value sets include which.
    pub(super) inclusions: FxHashMap<(Handle, Handle, bool), Inclusion>,
    pub(super) changes: Vec<Change>,
}

impl<'s> Differ<'s> {
    /// A differ over the definitions of a set.
    pub fn new(set: &'s ImageSet) -> Differ<'s> {
        Differ { set, type_keys: type_keys(set), inclusions: FxHashMap::default(), changes: Vec::new() }
    }

    /// What is different between two definitions, named by their root elements, in the order of their elements.
    pub fn compare(&mut self, old: Handle, new: Handle) -> Vec<Change> {
        self.changes.clear();
        if !self.structures(old, new) {
            return std::mem::take(&mut self.changes);
        }
        let mut open = vec![self.roots(old, new)];
        while let Some(pair) = open.pop() {
            let mut below = self.pair(&pair);
            below.reverse();
            open.append(&mut below);
        }
        std::mem::take(&mut self.changes)
    }

    pub(super) fn roots(&self, old: Handle, new: Handle) -> Pair {
        let side = |row| Side { row, sliced: None, own: true };
        Pair { id: self.id(new).to_owned(), old: side(old), new: side(new), is_root: true }
    }

    pub(super) fn id(&self, h: Handle) -> &'s str {
        self.set.element(h).map_or("", |e| self.set.str(h.layer, e.id))
    }

    pub(super) fn rows(&self, pair: &Pair) -> Option<Rows> {
        let (old, new) = (self.set.element(pair.old.row)?, self.set.element(pair.new.row)?);
        Some(Rows { old, new, layers: (pair.old.row.layer, pair.new.row.layer) })
    }

    /// Compares one element; gives the pairs below it.
    fn pair(&mut self, pair: &Pair) -> Vec<Pair> {
        if pair.old.row == pair.new.row {
            return Vec::new();
        }
        let Some(rows) = self.rows(pair) else { return Vec::new() };
        if !pair.is_root {
            self.cardinality(pair, &rows);
            if rows.new.max == 0 {
                return Vec::new();
            }
            if rows.old.max == 0 {
                self.flags(pair, &rows);
                self.obligations(pair, &rows);
                return Vec::new();
            }
        }
        self.types(pair, &rows);
        self.values(pair, &rows);
        self.bindings(pair, &rows);
        self.constraints(pair, &rows);
        self.flags(pair, &rows);
        self.obligations(pair, &rows);
        self.slicing(pair, &rows);
        let mut below = self.children(pair);
        below.extend(self.slices(pair));
        below
    }

    /// Adds a change of this element whose level follows from its direction.
    pub(super) fn tell(&mut self, pair: &Pair, facet: Facet, effect: Effect, old: String, new: String) {
        let change = change(&pair.id, facet, effect, old, new);
        self.changes.push(change);
    }

    /// The same elements below a pair: those that either definition has of its own.
    pub(super) fn children(&mut self, pair: &Pair) -> Vec<Pair> {
        let (olds, news) = (self.own_children(pair.old), self.own_children(pair.new));
        let known: FxHashSet<&str> = news.iter().map(|(key, _)| *key).collect();
        let gone = olds.iter().filter(|(key, _)| !known.contains(key)).map(|(key, row)| (*key, Some(*row), None));
        let own: FxHashMap<&str, Handle> = olds.iter().copied().collect();
        let both = news.iter().map(|(key, row)| (*key, own.get(key).copied(), Some(*row)));
        let all: Vec<(&str, Option<Handle>, Option<Handle>)> = both.chain(gone).collect();
        let mut out = Vec::new();
        for (key, old, new) in all {
            let id = self.id(new.or(old).unwrap_or(pair.new.row)).to_owned();
            let side = |own: Option<Handle>, parent: Side| match own {
                Some(row) => Some(Side { row, sliced: None, own: true }),
                None => self.inherited(parent, key).map(|row| Side { row, sliced: None, own: false }),
            };
            match (side(old, pair.old), side(new, pair.new)) {
                (Some(old), Some(new)) => out.push(Pair { id, old, new, is_root: false }),
                (old, new) => self.alone(&id, old, new),
            }
        }
        out
    }

    /// An element that one version has, and the other cannot have: its type is not known there.
    fn alone(&mut self, id: &str, old: Option<Side>, new: Option<Side>) {
        let (effect, side) = if new.is_some() { (Effect::Added, new) } else { (Effect::Removed, old) };
        let text = side.and_then(|s| self.set.element(s.row)).map(|e| super::text::cardinality(e.min, e.max));
        let (mut before, mut after) = (String::new(), text.unwrap_or_default());
        if effect == Effect::Removed {
            std::mem::swap(&mut before, &mut after);
        }
        self.changes.push(change(id, Facet::Element, effect, before, after));
    }

    /// The children that the definition itself has of an element, by name.
    fn own_children(&self, side: Side) -> Vec<(&'s str, Handle)> {
        if !side.own { Vec::new() } else { self.children_of(side.row).collect() }
    }

    fn children_of(&self, parent: Handle) -> impl Iterator<Item = (&'s str, Handle)> + use<'s> {
        let set = self.set;
        children_of(set, parent).map(move |(h, e)| (last_name(set.str(h.layer, e.id)), h))
    }

    /// The child of an element that its definition does not have: that of the sliced element, of the content that it
    /// takes over, or of its type.
    fn inherited(&self, parent: Side, key: &str) -> Option<Handle> {
        let find = |h: Handle| self.children_of(h).find(|(k, _)| *k == key).map(|(_, row)| row);
        let e = self.set.element(parent.row)?;
        let layer = parent.row.layer;
        let taken_over = || (e.content != NONE).then(|| content_of(self.set, parent.row, &e)).and_then(find);
        let of_type = || {
            let types = self.set.layer(layer).type_refs(e.types);
            let mut roots = types.iter().flat_map(|t| {
                let profile = self.only(layer, t.profiles).and_then(|p| self.set.find_structure(p, Some(layer)));
                [profile, self.set.core_type(self.set.str(layer, t.code))]
            });
            roots.find_map(|s| find(self.set.root(s?)?))
        };
        find(parent.row).or_else(|| parent.sliced.and_then(find)).or_else(taken_over).or_else(of_type)
    }

    /// The one text of a list.
    fn only(&self, layer: u32, run: Run) -> Option<&'s str> {
        self.set.layer(layer).list(run).next().filter(|_| run.len == 1)
    }

    /// The side of an element beside which a slice of the other side stands: of its children those count that the slice
    /// has, too.
    pub(super) fn beside_slice(of: Side) -> Side {
        Side { own: false, ..of }
    }

    /// A side for a slice of an element.
    pub(super) fn slice_side(sliced: Side, row: Handle) -> Side {
        Side { row, sliced: Some(sliced.row), own: sliced.own }
    }
}

/// A change of something that decides validity.
pub(super) fn change(id: &str, facet: Facet, effect: Effect, old: String, new: String) -> Change {
    let level = effect.level();
    Change { element: id.to_owned(), facet, effect, level, old, new, note: String::new(), decides_validity: true }
}

/// The last name of an element's id, without its slice.
fn last_name(id: &str) -> &str {
    // `Patient.identifier:mrn` is a slice, `Patient.identifier:mrn.system` is not.
    let whole = id.rsplit_once(':').filter(|(_, slice)| !slice.contains('.')).map_or(id, |(before, _)| before);
    whole.rsplit('.').next().unwrap_or(whole)
}

/// The keys of the constraints that types have of themselves.
fn type_keys(set: &ImageSet) -> FxHashSet<&str> {
    let core = set.core() as u32;
    let image = set.layer(core);
    let is_type = |e: &ElementRow| image.structure(e.structure).is_some_and(|s| s.flags & STRUCTURE_CONSTRAINT == 0);
    let rows = image.elements_from(0).filter(is_type).flat_map(|e| image.links(e.constraints));
    rows.filter_map(|row| image.constraint(*row)).map(|c| image.str(c.key)).collect()
}
