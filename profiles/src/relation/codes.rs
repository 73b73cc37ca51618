//! Value sets beside each other: which of two compiled sets has all codes of the other.

use crate::plan::concepts::ConceptRow;
use crate::plan::marks::{CONCEPT_ANY_CASE, CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED};
use crate::plan::rows::{Str, ValueSetRow};
use crate::plan::{Handle, Image, ImageSet};
use crate::terminology::Grammar;

/// How many codes outside of the wider set are named.
const OUTSIDE: usize = 8;

/// Whether all codes of one value set are in another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Inclusion {
    /// All of them.
    Included,
    /// No code is in both.
    Disjoint(Vec<(String, String)>),
    /// Some are outside: the first of them, as system and code.
    Overlapping(Vec<(String, String)>),
    /// It cannot be determined.
    Open,
}

/// Whether a set has a code: `None` where that cannot be determined. Without a system any system's code counts.
pub fn has(set: &ImageSet, value_set: Handle, system: Option<&str>, code: &str) -> Option<bool> {
    let image = set.layer(value_set.layer);
    let row = set.value_set(value_set)?;
    let mut excluded = false;
    let mut open = false;
    for c in image.concepts_of(row.slots, code.as_bytes()) {
        if system.is_some_and(|s| s.as_bytes() != image.bytes(c.system)) {
            continue;
        }
        match c.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) {
            0 => return Some(true),
            CONCEPT_DOUBTFUL => open = true,
            _ => excluded = true,
        }
    }
    if excluded && system.is_some() {
        return Some(false);
    }
    for o in image.open_systems(row.open) {
        if system.is_some_and(|s| s.as_bytes() != image.bytes(o.system)) {
            continue;
        }
        if Grammar::from_words(o.grammar).is_some_and(|g| g.holds(code)) {
            return Some(true);
        }
        if o.whole != 0 && system.is_some() {
            return Some(true);
        }
        if o.reason.is_empty() && system.is_some() && !open {
            return Some(false);
        }
        open |= !o.reason.is_empty();
    }
    if open || !row.incomplete.is_empty() { None } else { Some(false) }
}

/// The codes that a set lists: its concepts, without those that are excluded.
pub fn listed(set: &ImageSet, value_set: Handle) -> impl Iterator<Item = ConceptRow> {
    let image = set.layer(value_set.layer);
    let rows = set.value_set(value_set).map(|row| concepts(image, row));
    rows.into_iter().flatten().filter(|c| c.flags & CONCEPT_EXCLUDED == 0)
}

/// All concept rows of a set, in the order of its table.
fn concepts<'s>(image: &'s Image, row: &ValueSetRow) -> impl Iterator<Item = ConceptRow> + use<'s> {
    image.concepts_in(row.slots).filter_map(|i| image.concept(i))
}

/// Whether a set is nothing but a list.
fn is_list(set: &ImageSet, value_set: Handle) -> bool {
    set.value_set(value_set).is_some_and(|row| {
        row.incomplete.is_empty()
            && row.open.len == 0
            && listed(set, value_set).all(|c| c.flags & CONCEPT_DOUBTFUL == 0)
    })
}

/// Whether the same set stands in both places: by url and version, or by the same rule over the same systems.
fn same(set: &ImageSet, a: Handle, b: Handle) -> bool {
    let (Some(x), Some(y)) = (set.value_set(a), set.value_set(b)) else { return false };
    let (left, right) = (set.layer(a.layer), set.layer(b.layer));
    let id = |image: &Image, r: &ValueSetRow| (image.str(r.url).to_owned(), image.str(r.version).to_owned());
    let open = |image: &Image, r: &ValueSetRow| -> Vec<(String, String)> {
        let rows = image.open_systems(r.open).iter();
        rows.map(|o| (image.str(o.system).to_owned(), image.str(o.reason).to_owned())).collect()
    };
    let rule = |image: &Image, r: &ValueSetRow| (image.str(r.rule).to_owned(), image.str(r.incomplete).to_owned());
    let versions = |image: &Image, r: &ValueSetRow| -> Vec<(u32, String, String)> {
        let taken = image.links(r.versions).as_chunks::<3>().0.iter();
        taken.map(|[kind, s, v]| (*kind, image.str(Str(*s)).to_owned(), image.str(Str(*v)).to_owned())).collect()
    };
    a == b
        || id(left, x) == id(right, y)
        || (!left.str(x.rule).is_empty()
            && rule(left, x) == rule(right, y)
            && open(left, x) == open(right, y)
            && versions(left, x) == versions(right, y))
}

/// Whether what is open in one set is open in the same way in the other.
fn open_parts_included(set: &ImageSet, a: Handle, b: Handle) -> bool {
    let (Some(x), Some(y)) = (set.value_set(a), set.value_set(b)) else { return false };
    let (left, right) = (set.layer(a.layer), set.layer(b.layer));
    x.incomplete.is_empty()
        && left.open_systems(x.open).iter().all(|o| {
            right.open_systems(y.open).iter().any(|p| {
                left.bytes(o.system) == right.bytes(p.system)
                    && (p.whole != 0 || (o.whole == 0 && o.grammar == p.grammar && o.grammar.first() != Some(&0)))
                    // What is left open beyond the grammar would have to be open for the same reason.
                    && (p.whole != 0 || o.reason.is_empty())
            })
        })
}

/// Whether all codes of `a` are in `b`; `coded`: codes have systems (not for the type `code` and other primitives).
pub fn inclusion(set: &ImageSet, a: Handle, b: Handle, coded: bool) -> Inclusion {
    if same(set, a, b) {
        return Inclusion::Included;
    }
    let image = set.layer(a.layer);
    let mut outside = Vec::new();
    let (mut inside, mut open) = (false, !is_list(set, a) && !open_parts_included(set, a, b));
    for c in listed(set, a) {
        let (system, code) = (image.str(c.system), image.str(c.code));
        if c.flags & (CONCEPT_ANY_CASE | CONCEPT_DOUBTFUL) != 0
            && has(set, b, coded.then_some(system), code) != Some(true)
        {
            open = true;
            continue;
        }
        match has(set, b, coded.then_some(system), code) {
            Some(true) => inside = true,
            Some(false) if outside.len() < OUTSIDE => outside.push((system.to_owned(), code.to_owned())),
            Some(false) => {}
            None => open = true,
        }
    }
    match (outside.is_empty(), open) {
        (true, false) => Inclusion::Included,
        (true, true) => Inclusion::Open,
        (false, _) if inside || open => Inclusion::Overlapping(outside),
        (false, _) => Inclusion::Disjoint(outside),
    }
}
