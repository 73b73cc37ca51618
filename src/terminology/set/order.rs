//! The order of codes in a set: each behind all of its parents, children close to them.

use super::draft::Draft;

/// Codes in order, and the links that had to go because they close a circle, as child and parent.
pub struct Order {
    /// Indices of the draft.
    pub order: Vec<u32>,
    /// Links that are left out.
    pub circular: Vec<(u32, u32)>,
}

/// Neighbours of each code: where its list starts, and all lists.
struct Lists {
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Lists {
    fn of(count: usize, links: &[(u32, u32)]) -> Lists {
        let mut starts = vec![0u32; count + 1];
        for (from, _) in links {
            if let Some(n) = starts.get_mut(*from as usize + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut starts {
            sum += *n;
            *n = sum;
        }
        let mut next = starts.clone();
        let mut all = vec![0u32; links.len()];
        for (from, to) in links {
            if let Some(at) = next.get_mut(*from as usize) {
                if let Some(place) = all.get_mut(*at as usize) {
                    *place = *to;
                }
                *at += 1;
            }
        }
        Lists { starts, all }
    }

    fn range(&self, i: u32) -> std::ops::Range<usize> {
        let at = |i: usize| self.starts.get(i).copied().unwrap_or_default() as usize;
        at(i as usize)..at(i as usize + 1)
    }

    fn of_code(&self, i: u32) -> &[u32] {
        self.all.get(self.range(i)).unwrap_or_default()
    }
}

/// Puts the codes of a draft in order. Its links are sorted, each once; those that close a circle are taken out of it.
pub fn order(draft: &mut Draft) -> Order {
    let mut by_code: Vec<u32> = (0..draft.concepts.len() as u32).collect();
    by_code.sort_unstable_by(|a, b| code(draft, *a).cmp(code(draft, *b)));
    let mut rank = vec![0u32; by_code.len()];
    for (r, i) in by_code.iter().enumerate() {
        if let Some(place) = rank.get_mut(*i as usize) {
            *place = r as u32;
        }
    }
    let rank_of = |i: u32| rank.get(i as usize).copied().unwrap_or_default();
    draft.links.sort_unstable_by_key(|(child, parent)| (rank_of(*child), rank_of(*parent)));
    draft.links.dedup();
    let circular = circles(&by_code, draft.concepts.len(), &draft.links);
    if !circular.is_empty() {
        draft.links.retain(|link| circular.binary_search(link).is_err());
    }
    Order { order: below(&by_code, draft.concepts.len(), &draft.links), circular }
}

fn code(draft: &Draft, index: u32) -> &str {
    draft.concepts.get(index as usize).map_or("", |c| &c.code)
}

/// The links that lead back to a code on the way up from itself, sorted.
fn circles(by_code: &[u32], count: usize, links: &[(u32, u32)]) -> Vec<(u32, u32)> {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let up = Lists::of(count, links);
    let mut state = vec![NEW; count];
    let mut found = Vec::new();
    let mut way: Vec<(u32, usize)> = Vec::new();
    let mut set = |i: u32, to: u8| {
        let old = state.get(i as usize).copied().unwrap_or(DONE);
        if let Some(place) = state.get_mut(i as usize).filter(|_| to > old) {
            *place = to;
        }
        old
    };
    for start in by_code {
        if set(*start, OPEN) != NEW {
            continue;
        }
        way.push((*start, 0));
        while let Some((at, next)) = way.last_mut() {
            let (own, parent) = (*at, up.of_code(*at).get(*next).copied());
            *next += 1;
            match parent {
                None => {
                    set(own, DONE);
                    way.pop();
                }
                Some(parent) => match set(parent, OPEN) {
                    NEW => way.push((parent, 0)),
                    OPEN => found.push((own, parent)),
                    _ => {}
                },
            }
        }
    }
    found.sort_unstable();
    found
}

/// The codes, each behind all of its parents.
fn below(by_code: &[u32], count: usize, links: &[(u32, u32)]) -> Vec<u32> {
    let mut waits = vec![0u32; count];
    for (child, _) in links {
        if let Some(n) = waits.get_mut(*child as usize) {
            *n += 1;
        }
    }
    // Links are in the order of children, so that the lists of children are, too.
    let turned: Vec<(u32, u32)> = links.iter().map(|(child, parent)| (*parent, *child)).collect();
    let down = Lists::of(count, &turned);
    let mut order = Vec::with_capacity(count);
    let is_root = |i: &u32| waits.get(*i as usize) == Some(&0);
    let mut open: Vec<u32> = by_code.iter().copied().filter(is_root).collect();
    open.reverse();
    while let Some(at) = open.pop() {
        order.push(at);
        for child in down.of_code(at).iter().rev() {
            let Some(n) = waits.get_mut(*child as usize) else { continue };
            *n -= 1;
            if *n == 0 {
                open.push(*child);
            }
        }
    }
    order
}
