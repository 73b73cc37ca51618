//! The fewest resource scopes that grant exactly the same, then the fewest characters.
//!
//! What remains after covered atoms are dropped falls into groups that no single token can span: one context, one type,
//! the same parameter names. Inside a group a token is a box (letters × values of each pair), and the task is a smallest
//! cover by boxes that grant nothing new: solved exactly while it is small, else by a greedy choice.

use std::collections::{BTreeMap, BTreeSet};

use super::atom::{ALTERNATIVES_LIMIT, Atom, atoms, covered};
use super::permission::{Permission, Permissions};
use super::query::{Pair, Query};
use super::token::{Context, ResourceScope};

const BOXES_LIMIT: usize = 96;
const CELLS_LIMIT: usize = 128;
const SOLUTIONS_LIMIT: usize = 512;

/// A smallest list of scopes equal to `scopes`, groups in the order of their first appearance.
pub fn minimal(scopes: &[ResourceScope]) -> Vec<ResourceScope> {
    let mut order: Vec<(Context, String)> = Vec::new();
    for scope in scopes {
        let key = (scope.context, scope.resource_type.clone());
        if !order.contains(&key) {
            order.push(key);
        }
    }
    order.iter().flat_map(|(context, resource_type)| minimal_of_type(scopes, *context, resource_type)).collect()
}

fn minimal_of_type(scopes: &[ResourceScope], context: Context, resource_type: &str) -> Vec<ResourceScope> {
    let own = || scopes.iter().filter(|s| s.context == context && s.resource_type == resource_type);
    let mut cells: Vec<Atom> = Vec::new();
    for atom in own().flat_map(atoms) {
        if !cells.contains(&atom) {
            cells.push(atom);
        }
    }
    let needed: Vec<Atom> = cells.iter().filter(|atom| !covered_by_another(atom, scopes, &cells)).cloned().collect();
    let mut groups: BTreeMap<Vec<String>, Vec<Atom>> = BTreeMap::new();
    for atom in needed {
        groups.entry(atom.query.pairs.iter().map(|p| p.name.clone()).collect()).or_default().push(atom);
    }
    groups.into_values().flat_map(|group| cover_group(&group, scopes)).collect()
}

/// True where a wider atom, or a wildcard of the same context, covers it.
fn covered_by_another(atom: &Atom, scopes: &[ResourceScope], cells: &[Atom]) -> bool {
    let wildcard = atom.resource_type != "*" && covered(atom, scopes.iter().filter(|s| s.resource_type == "*"));
    let wider = |wide: &Atom| wide.query.admits(&atom.query) && (!atom.query.admits(&wide.query) || wide < atom);
    wildcard || cells.iter().any(|wide| wide.permission == atom.permission && wider(wide))
}

/// A token in the making.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rect {
    letters: Permissions,
    pairs: Vec<(String, BTreeSet<String>)>,
}

impl Rect {
    fn of(letters: Permissions, query: &Query) -> Rect {
        Rect { letters, pairs: query.pairs.iter().map(|p| (p.name.clone(), p.values.iter().cloned().collect())).collect() }
    }

    fn query(&self) -> Query {
        Query::of(self.pairs.iter().map(|(name, values)| Pair { name: name.clone(), values: values.iter().cloned().collect() }).collect())
    }

    fn holds(&self, letter: Permission, query: &Query) -> bool {
        self.letters.contains(letter) && self.pairs.len() == query.pairs.len() && self.query().admits(query)
    }

    /// True where `self` grants all that `other` grants.
    fn contains(&self, other: &Rect) -> bool {
        other.letters.without(self.letters).is_empty() && self.pairs.len() == other.pairs.len() && self.pairs.iter().zip(&other.pairs).all(|((_, a), (_, b))| b.is_subset(a))
    }

    /// The boxes made of the common part of both in all coordinates but one, and of the union in that one.
    fn consensus(&self, other: &Rect) -> Vec<Rect> {
        let letters = self.letters.common(other.letters);
        let common: Vec<(String, BTreeSet<String>)> = self.pairs.iter().zip(&other.pairs).map(|((name, a), (_, b))| (name.clone(), a.intersection(b).cloned().collect())).collect();
        let empty: Vec<usize> = common.iter().enumerate().filter(|(_, (_, values))| values.is_empty()).map(|(i, _)| i).collect();
        let mut made = Vec::new();
        if empty.is_empty() {
            made.push(Rect { letters: self.letters.union(other.letters), pairs: common.clone() });
        }
        for i in 0..common.len() {
            if !letters.is_empty() && empty.iter().all(|e| *e == i) {
                let mut pairs = common.clone();
                if let (Some(slot), Some((_, a)), Some((_, b))) = (pairs.get_mut(i), self.pairs.get(i), other.pairs.get(i)) {
                    slot.1 = a.union(b).cloned().collect();
                }
                made.push(Rect { letters, pairs });
            }
        }
        made
    }
}

fn cover_group(group: &[Atom], scopes: &[ResourceScope]) -> Vec<ResourceScope> {
    let Some(first) = group.first() else { return Vec::new() };
    let terms = terms_around(group, scopes);
    let allowed = |query: &Query| {
        let atom = |permission| Atom { permission, query: query.clone(), ..first.clone() };
        Permission::ALL.into_iter().filter(|p| covered(&atom(*p), scopes.iter())).fold(Permissions::default(), Permissions::with)
    };
    let cells: Vec<Rect> = terms.iter().map(|query| Rect::of(allowed(query), query)).filter(|cell| !cell.letters.is_empty()).collect();
    let boxes = widest_boxes(cells);
    let chosen = if group.len() <= CELLS_LIMIT && boxes.len() <= BOXES_LIMIT { smallest_cover(group, &boxes) } else { greedy_cover(group, &boxes) };
    chosen.into_iter().map(|b| ResourceScope { context: first.context, resource_type: first.resource_type.clone(), permissions: b.letters, query: b.query() }).collect()
}

/// Every combination of the group's values, also those that other scopes grant anyway: a token may run across them.
/// Where there are too many, the combinations that the scopes themselves spell out.
fn terms_around(group: &[Atom], scopes: &[ResourceScope]) -> Vec<Query> {
    let Some(first) = group.first() else { return Vec::new() };
    let names = |query: &Query| query.pairs.iter().map(|p| p.name.clone()).collect::<Vec<String>>();
    let values = |i: usize| group.iter().filter_map(|a| a.query.pairs.get(i)).flat_map(|p| p.values.clone()).collect::<Vec<String>>();
    let widest = Query::of(first.query.pairs.iter().enumerate().map(|(i, p)| Pair { name: p.name.clone(), values: values(i) }).collect());
    let mut terms: Vec<Query> = group.iter().map(|a| a.query.clone()).collect();
    terms.extend(widest.alternatives(BOXES_LIMIT));
    terms.extend(scopes.iter().filter(|s| s.context == first.context && s.covers_type(&first.resource_type)).flat_map(|s| s.query.alternatives(ALTERNATIVES_LIMIT)));
    terms.retain(|t| names(t) == names(&first.query) && t.pairs.iter().all(|p| p.values.len() == 1));
    terms.extend(group.iter().map(|a| a.query.clone()));
    terms.sort();
    terms.dedup();
    terms
}

/// All boxes that no other allowed box contains, by repeated consensus; fewer where there would be too many.
fn widest_boxes(mut boxes: Vec<Rect>) -> Vec<Rect> {
    let mut rounds = 0;
    loop {
        let mut found: Vec<Rect> = Vec::new();
        for (i, a) in boxes.iter().enumerate() {
            for b in boxes.iter().skip(i + 1) {
                for made in a.consensus(b) {
                    if !boxes.iter().chain(&found).any(|known| known.contains(&made)) {
                        found.retain(|known| !made.contains(known));
                        found.push(made);
                    }
                }
            }
        }
        if found.is_empty() {
            return boxes;
        }
        boxes.retain(|b| !found.iter().any(|f| f.contains(b)));
        boxes.extend(found);
        boxes.sort();
        rounds += 1;
        if boxes.len() > ALTERNATIVES_LIMIT || rounds > 64 {
            return boxes;
        }
    }
}

fn bits(group: &[Atom], b: &Rect) -> u128 {
    group.iter().enumerate().filter(|(_, atom)| b.holds(atom.permission, &atom.query)).fold(0, |set, (i, _)| set | 1 << i)
}

/// The cover of fewest boxes, then of fewest characters, then the first in order.
fn smallest_cover(group: &[Atom], boxes: &[Rect]) -> Vec<Rect> {
    let sets: Vec<u128> = boxes.iter().map(|b| bits(group, b)).collect();
    let all = if group.len() == CELLS_LIMIT { u128::MAX } else { (1 << group.len()) - 1 };
    for count in 1..=group.len().min(6) {
        let mut covers: Vec<Vec<usize>> = Vec::new();
        search(all, &sets, count, &mut Vec::new(), &mut covers);
        let best = covers.into_iter().map(|cover| shrink(group, cover.into_iter().filter_map(|i| boxes.get(i).cloned()).collect()));
        if let Some(best) = best.min_by_key(|cover| (length(cover), cover.clone())) {
            return best;
        }
    }
    greedy_cover(group, boxes)
}

fn search(open: u128, sets: &[u128], left: usize, chosen: &mut Vec<usize>, covers: &mut Vec<Vec<usize>>) {
    if open == 0 {
        covers.push(chosen.clone());
        return;
    }
    if left == 0 || covers.len() >= SOLUTIONS_LIMIT {
        return;
    }
    let next = open & open.wrapping_neg();
    for (i, set) in sets.iter().enumerate().filter(|(_, set)| *set & next != 0) {
        chosen.push(i);
        search(open & !set, sets, left - 1, chosen, covers);
        chosen.pop();
    }
}

fn greedy_cover(group: &[Atom], boxes: &[Rect]) -> Vec<Rect> {
    let mut open: Vec<&Atom> = group.iter().collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let gain = |b: &Rect| open.iter().filter(|a| b.holds(a.permission, &a.query)).count();
        let Some(best) = boxes.iter().rev().max_by_key(|b| gain(b)).filter(|b| gain(b) > 0) else { break };
        open.retain(|a| !best.holds(a.permission, &a.query));
        chosen.push(best.clone());
    }
    shrink(group, chosen)
}

/// Takes letters and values out of the boxes as long as they still cover the group, the longest first.
fn shrink(group: &[Atom], mut boxes: Vec<Rect>) -> Vec<Rect> {
    let covers = |boxes: &[Rect]| group.iter().all(|a| boxes.iter().any(|b| b.holds(a.permission, &a.query)));
    loop {
        let mut best: Option<(usize, Vec<Rect>)> = None;
        for (i, b) in boxes.iter().enumerate() {
            for smaller in smaller_boxes(b) {
                let mut next = boxes.clone();
                if let Some(slot) = next.get_mut(i) {
                    *slot = smaller;
                }
                let size = length(&next);
                if covers(&next) && best.as_ref().is_none_or(|(known, _)| size < *known) {
                    best = Some((size, next));
                }
            }
        }
        match best {
            Some((_, next)) => boxes = next,
            None => break,
        }
    }
    boxes.sort();
    boxes
}

fn smaller_boxes(b: &Rect) -> Vec<Rect> {
    let mut smaller = Vec::new();
    if b.letters.len() > 1 {
        smaller.extend(b.letters.iter().map(|p| Rect { letters: b.letters.without(Permissions::of(p)), pairs: b.pairs.clone() }));
    }
    for (i, (_, values)) in b.pairs.iter().enumerate().filter(|(_, (_, values))| values.len() > 1) {
        for value in values {
            let mut next = b.clone();
            if let Some(slot) = next.pairs.get_mut(i) {
                slot.1.remove(value);
            }
            smaller.push(next);
        }
    }
    smaller
}

fn length(boxes: &[Rect]) -> usize {
    boxes.iter().map(|b| b.letters.len() + b.query().to_string().len()).sum()
}
