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

/// How many comparisons of boxes and cells the searches of one task may take, for all of its groups; a group that comes
/// later is put together plainly.
const EFFORT_LIMIT: usize = 40_000_000;

/// What the searches of one task have left of `EFFORT_LIMIT`.
#[derive(Debug)]
pub struct Effort(usize);

impl Default for Effort {
    fn default() -> Effort {
        Effort(EFFORT_LIMIT)
    }
}

impl Effort {
    fn spend(&mut self, comparisons: usize) {
        self.0 = self.0.saturating_sub(comparisons);
    }
}

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
/// plainly where `start` is empty or too large, or no effort is left.
pub fn smallest(cells: &[Cell], start: Vec<Rect>, axes: &Axes, effort: &mut Effort) -> Vec<Rect> {
    if start.is_empty() || cells.len() > CELLS_LIMIT || effort.0 == 0 {
        return plainly(cells);
    }
    let Some(rects) = widest(start, effort) else { return plainly(cells) };
    effort.spend(cells.len() * rects.len());
    let sets: Vec<u128> = rects.iter().map(|rect| held(rect, cells)).collect();
    let all = if cells.len() == CELLS_LIMIT { u128::MAX } else { (1 << cells.len()) - 1 };
    for count in 1..=cells.len().min(COUNT_LIMIT) {
        let mut covers: Vec<Vec<usize>> = Vec::new();
        search(all, &sets, count, &mut Vec::new(), &mut covers, effort);
        let mut best: Option<(usize, Vec<Rect>)> = None;
        for cover in covers {
            // With no effort left the best so far has to do.
            if best.is_some() && effort.0 == 0 {
                break;
            }
            let chosen = cover.into_iter().filter_map(|i| rects.get(i).cloned()).collect();
            let shrunk = shrink(cells, chosen, axes, effort);
            let made = (length(&shrunk, axes), shrunk);
            if best.as_ref().is_none_or(|known| made < *known) {
                best = Some(made);
            }
        }
        if let Some((_, best)) = best {
            return best;
        }
    }
    shrink(cells, greedy(cells, &rects), axes, effort)
}

/// All boxes that no other allowed box contains, by repeated consensus; `None` where there are too many.
fn widest(mut rects: Vec<Rect>, effort: &mut Effort) -> Option<Vec<Rect>> {
    for _ in 0..ROUNDS_LIMIT {
        let mut found: Vec<Rect> = Vec::new();
        for (i, a) in rects.iter().enumerate() {
            for made in rects.iter().skip(i + 1).flat_map(|b| a.consensus(b)) {
                effort.spend(rects.len() + found.len());
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

fn search(
    open: u128,
    sets: &[u128],
    left: usize,
    chosen: &mut Vec<usize>,
    covers: &mut Vec<Vec<usize>>,
    effort: &mut Effort,
) {
    effort.spend(sets.len());
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
        search(open & !set, sets, left - 1, chosen, covers, effort);
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
fn shrink(cells: &[Cell], mut rects: Vec<Rect>, axes: &Axes, effort: &mut Effort) -> Vec<Rect> {
    let mut sets: Vec<u128> = rects.iter().map(|rect| held(rect, cells)).collect();
    let all = sets.iter().fold(0, |all, set| all | set);
    loop {
        let mut best: Option<(isize, usize, Rect)> = None;
        for (i, rect) in rects.iter().enumerate() {
            let others = sets.iter().enumerate().filter(|(j, _)| *j != i).fold(0, |others, (_, set)| others | set);
            let whole = length_of(rect, axes) as isize;
            for smaller in smaller(rect) {
                effort.spend(cells.len() + rects.len());
                let change = length_of(&smaller, axes) as isize - whole;
                let shorter = best.as_ref().is_none_or(|(known, ..)| change < *known);
                if shorter && held(&smaller, cells) | others == all {
                    best = Some((change, i, smaller));
                }
            }
        }
        let Some((_, i, smaller)) = best else { break };
        if let (Some(rect), Some(set)) = (rects.get_mut(i), sets.get_mut(i)) {
            *set = held(&smaller, cells);
            *rect = smaller;
        }
    }
    rects.sort();
    rects
}

/// The cells that a box holds, as bits; there are no more than [`CELLS_LIMIT`].
fn held(rect: &Rect, cells: &[Cell]) -> u128 {
    cells.iter().enumerate().filter(|(_, cell)| rect.holds(cell)).fold(0, |set, (i, _)| set | 1 << i)
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
    rects.iter().map(|rect| length_of(rect, axes)).sum()
}

fn length_of(rect: &Rect, axes: &Axes) -> usize {
    rect.letters.len() + axes.query(&rect.sides).to_string().len()
}
