//! The known canonical that is most similar to an unknown one: a hint for people, never a match.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

/// A name that is longer than this is like no other: it only finds urls with the same last part.
const NAME_BYTES: usize = 256;

const TYPES: [&str; 4] = ["structuredefinition-", "capabilitystatement-", "conformance-", "implementationguide-"];

/// Known urls by the last part of their path.
pub(crate) struct Nearest {
    /// Last part (lower case, without file extensions and type prefixes) and url, in the order of first appearance.
    urls: Vec<(String, String)>,
    by_name: FxHashMap<String, Vec<usize>>,
    /// By the first byte and the length of the last part.
    by_shape: BTreeMap<(Option<u8>, usize), Vec<usize>>,
}

impl Nearest {
    pub(crate) fn new<'u>(urls: impl Iterator<Item = &'u str>) -> Nearest {
        let mut seen = FxHashSet::default();
        let urls: Vec<(String, String)> =
            urls.filter(|u| !u.is_empty() && seen.insert(*u)).map(|u| (name(u), u.to_owned())).collect();
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut by_shape: BTreeMap<(Option<u8>, usize), Vec<usize>> = BTreeMap::new();
        for (i, (name, _)) in urls.iter().enumerate() {
            by_name.entry(name.clone()).or_default().push(i);
            by_shape.entry((name.bytes().next(), name.len())).or_default().push(i);
        }
        Nearest { urls, by_name, by_shape }
    }

    /// The url with the same last part, else with one that is a few letters away; among equals the one with the longest
    /// common beginning.
    pub(crate) fn find(&self, url: &str) -> Option<String> {
        let wanted = name(url);
        let shared = |i: &usize| {
            self.urls.get(*i).map_or(0, |(_, known)| known.bytes().zip(url.bytes()).take_while(|(a, b)| a == b).count())
        };
        let url_at = |i: usize| self.urls.get(i).map(|(_, known)| known.clone());
        if let Some(same) = self.by_name.get(&wanted) {
            return same.iter().rev().max_by_key(|i| shared(i)).and_then(|i| url_at(*i)).filter(|known| known != url);
        }
        let most = wanted.len() / 6;
        if wanted.len() > NAME_BYTES {
            return None;
        }
        let (first, length) = (wanted.bytes().next(), wanted.len());
        let alike = self.by_shape.range((first, length - most)..=(first, length + most)).flat_map(|(_, all)| all);
        let near = alike.filter_map(|i| {
            let (known, _) = self.urls.get(*i)?;
            let distance = distance(known.as_bytes(), wanted.as_bytes(), most)?;
            Some((distance, usize::MAX - shared(i), *i))
        });
        near.min().and_then(|(_, _, i)| url_at(i))
    }
}

fn name(url: &str) -> String {
    let last = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let last = last.strip_suffix(".html").or_else(|| last.strip_suffix(".json")).unwrap_or(&last);
    TYPES.iter().find_map(|t| last.strip_prefix(t)).unwrap_or(last).to_owned()
}

/// Levenshtein distance in bytes; `None` where it is more than `most`.
fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        let mut least = left;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let next = (corner + usize::from(x != y)).min(*cell + 1).min(left + 1);
            corner = *cell;
            *cell = next;
            left = next;
            least = least.min(next);
        }
        // No later row has a smaller distance than the smallest of this one.
        if least > most {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
#[path = "nearest_tests.rs"]
mod tests;
