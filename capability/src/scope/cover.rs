//! Smallest covers by boxes: letters × values of each pair. Exact while the problem is small, else a greedy choice.

use std::collections::BTreeMap;

use super::permission::{Permission, Permissions};
use super::query::{Pair, Query};

/// With more candidate boxes than this the cover is put together plainly.
const RECTS_LIMIT: usize = 128;
/// With more rounds of consensus than this the cover is put together plainly.
const ROUNDS_LIMIT: usize = 32;
/// With more cells than this the cover is put together plainly; as many as the bits of a set.
const CELLS_LIMIT: usize = 128;
/// How many covers of one size are compared.
const SOLUTIONS_LIMIT: usize = 512;
/// With more boxes than this the choice is greedy.
const COUNT_LIMIT: usize = 6;

/// A cell: one letter, one value on each axis.
pub type Cell = (Permission, Vec<u64>);

/// The pairs of a group: a name and the values that occur; a side is a set of them, as bits.
pub struct Axes(Vec<(String, Vec<String>)>);

impl Axes {
    /// The axes of queries that have the same names; `None` where an axis has more values than a set can hold.
    pub fn new(terms: &[Query]) -> Option<Axes> {
        let pairs = terms.first().map_or(&[][..], |t| &t.pairs);
        let axis = |(i, pair): (usize, &Pair)| {
            let mut values: Vec<String> =
                terms.iter().filter_map(|t| t.pairs.get(i)).flat_map(|p| p.values.clone()).collect();
            values.sort();
            values.dedup();
            (values.len() <= 64).then(|| (pair.name.clone(), values))
        };
        pairs.iter().enumerate().map(axis).collect::<Option<Vec<_>>>().map(Axes)
    }

    /// The sides of a query.
    pub fn place(&self, query: &Query) -> Option<Vec<u64>> {
        let side = |((_, values), pair): (&(String, Vec<String>), &Pair)| {
            pair.values.iter().try_fold(0u64, |set, v| values.binary_search(v).ok().map(|i| set | 1 << i))
        };
        self.0.iter().zip(&query.pairs).map(side).collect()
    }

    pub fn query(&self, sides: &[u64]) -> Query {
        let chosen = |values: &[String], side: u64| {
            values.iter().enumerate().filter(|(i, _)| side & 1 << i != 0).map(|(_, v)| v.clone()).collect()
        };
        Query::of(
            self.0
                .iter()
                .zip(sides)
                .map(|((name, values), side)| Pair { name: name.clone(), values: chosen(values, *side) })
                .collect(),
        )
    }
}

/// A token in the making.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rect {
    pub letters: Permissions,
    pub sides: Vec<u64>,
}

impl Rect {
    fn holds(&self, cell: &Cell) -> bool {
        self.letters.contains(cell.0) && self.sides.iter().zip(&cell.1).all(|(side, at)| at & !side == 0)
    }

    fn contains(&self, other: &Rect) -> bool {
        other.letters.without(self.letters).is_empty() && self.sides.iter().zip(&other.sides).all(|(a, b)| b & !a == 0)
    }

    /// The boxes made of the common part of both in all coordinates but one, and of the union in that one.
    fn consensus(&self, other: &Rect) -> Vec<Rect> {
        let letters = self.letters.common(other.letters);
        let common: Vec<u64> = self.sides.iter().zip(&other.sides).map(|(a, b)| a & b).collect();
        let empty = common.iter().filter(|side| **side == 0).count();
        let mut made = Vec::new();
        if empty == 0 {
            made.push(Rect { letters: self.letters.union(other.letters), sides: common.clone() });
        }
        if letters.is_empty() {
            return made;
        }
        for (i, (a, b)) in self.sides.iter().zip(&other.sides).enumerate() {
            if empty == 0 || (empty == 1 && a & b == 0) {
                let sides = common.iter().enumerate().map(|(j, side)| if i == j { a | b } else { *side }).collect();
                made.push(Rect { letters, sides });
            }
        }
        made
    }
}

/// A smallest cover of `cells` by boxes within `start`, which holds all that may be granted; one that is put together
/// plainly where `start` is empty or too large.
pub fn smallest(cells: &[Cell], start: Vec<Rect>, axes: &Axes) -> Vec<Rect> {
    if start.is_empty() || cells.len() > CELLS_LIMIT {
        return plainly(cells);
    }
    let Some(rects) = widest(start) else { return plainly(cells) };
    let sets: Vec<u128> = rects
        .iter()
        .map(|r| cells.iter().enumerate().filter(|(_, c)| r.holds(c)).fold(0, |set, (i, _)| set | 1 << i))
        .collect();
    let all = if cells.len() == CELLS_LIMIT { u128::MAX } else { (1 << cells.len()) - 1 };
    for count in 1..=cells.len().min(COUNT_LIMIT) {
        let mut covers: Vec<Vec<usize>> = Vec::new();
        search(all, &sets, count, &mut Vec::new(), &mut covers);
        let shrunk = covers
            .into_iter()
            .map(|cover| shrink(cells, cover.into_iter().filter_map(|i| rects.get(i).cloned()).collect(), axes));
        if let Some(best) = shrunk.min_by_key(|cover| (length(cover, axes), cover.clone())) {
            return best;
        }
    }
    shrink(cells, greedy(cells, &rects), axes)
}

/// All boxes that no other allowed box contains, by repeated consensus; `None` where there are too many.
fn widest(mut rects: Vec<Rect>) -> Option<Vec<Rect>> {
    for _ in 0..ROUNDS_LIMIT {
        let mut found: Vec<Rect> = Vec::new();
        for (i, a) in rects.iter().enumerate() {
            for made in rects.iter().skip(i + 1).flat_map(|b| a.consensus(b)) {
                if !rects.iter().chain(&found).any(|known| known.contains(&made)) {
                    found.retain(|known| !made.contains(known));
                    found.push(made);
                }
            }
        }
        if found.is_empty() {
            return Some(rects);
        }
        rects.retain(|r| !found.iter().any(|f| f.contains(r)));
        rects.extend(found);
        rects.sort();
        if rects.len() > RECTS_LIMIT {
            return None;
        }
    }
    None
}

fn search(open: u128, sets: &[u128], left: usize, chosen: &mut Vec<usize>, covers: &mut Vec<Vec<usize>>) {
    if open == 0 {
        covers.push(chosen.clone());
        return;
    }
    let most = sets.iter().map(|set| (set & open).count_ones()).max().unwrap_or_default();
    if covers.len() >= SOLUTIONS_LIMIT || open.count_ones() as usize > left * most as usize {
        return;
    }
    let next = open & open.wrapping_neg();
    for (i, set) in sets.iter().enumerate().filter(|(_, set)| *set & next != 0) {
        chosen.push(i);
        search(open & !set, sets, left - 1, chosen, covers);
        chosen.pop();
    }
}

fn greedy(cells: &[Cell], rects: &[Rect]) -> Vec<Rect> {
    let mut open: Vec<&Cell> = cells.iter().collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let gain = |r: &Rect| open.iter().filter(|c| r.holds(c)).count();
        let Some(best) = rects.iter().rev().max_by_key(|r| gain(r)).filter(|r| gain(r) > 0) else { break };
        open.retain(|c| !best.holds(c));
        chosen.push(best.clone());
    }
    chosen
}

/// Merges letters of equal places, then places that differ in one coordinate only, axis by axis.
fn plainly(cells: &[Cell]) -> Vec<Rect> {
    let mut letters: BTreeMap<Vec<u64>, Permissions> = BTreeMap::new();
    for (letter, place) in cells {
        let all = letters.entry(place.clone()).or_default();
        *all = all.with(*letter);
    }
    let mut rects: Vec<Rect> = letters.into_iter().map(|(sides, letters)| Rect { letters, sides }).collect();
    for axis in 0..cells.first().map_or(0, |c| c.1.len()) {
        let mut merged: BTreeMap<Rect, u64> = BTreeMap::new();
        for mut rect in rects {
            let side = rect.sides.get_mut(axis).map(std::mem::take).unwrap_or_default();
            *merged.entry(rect).or_default() |= side;
        }
        let put_back = |(mut rect, side): (Rect, u64)| {
            if let Some(slot) = rect.sides.get_mut(axis) {
                *slot = side;
            }
            rect
        };
        rects = merged.into_iter().map(put_back).collect();
    }
    rects
}

/// Removes letters and values from the boxes as long as they still cover the cells, the longest first.
fn shrink(cells: &[Cell], mut rects: Vec<Rect>, axes: &Axes) -> Vec<Rect> {
    let covers = |rects: &[Rect]| cells.iter().all(|c| rects.iter().any(|r| r.holds(c)));
    loop {
        let mut best: Option<(usize, Vec<Rect>)> = None;
        for (i, rect) in rects.iter().enumerate() {
            for smaller in smaller(rect) {
                let mut next = rects.clone();
                if let Some(slot) = next.get_mut(i) {
                    *slot = smaller;
                }
                let size = length(&next, axes);
                if covers(&next) && best.as_ref().is_none_or(|(known, _)| size < *known) {
                    best = Some((size, next));
                }
            }
        }
        match best {
            Some((_, next)) => rects = next,
            None => break,
        }
    }
    rects.sort();
    rects
}

fn smaller(rect: &Rect) -> Vec<Rect> {
    let mut made = Vec::new();
    if rect.letters.len() > 1 {
        made.extend(
            rect.letters
                .iter()
                .map(|p| Rect { letters: rect.letters.without(Permissions::of(p)), sides: rect.sides.clone() }),
        );
    }
    for (i, side) in rect.sides.iter().enumerate().filter(|(_, side)| side.count_ones() > 1) {
        for bit in (0..64).filter(|bit| side & 1 << bit != 0) {
            let mut next = rect.clone();
            if let Some(slot) = next.sides.get_mut(i) {
                *slot &= !(1 << bit);
            }
            made.push(next);
        }
    }
    made
}

fn length(rects: &[Rect], axes: &Axes) -> usize {
    rects.iter().map(|r| r.letters.len() + axes.query(&r.sides).to_string().len()).sum()
}
