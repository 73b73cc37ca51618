//! The known canonical that is most similar to an unknown one: a hint for people, never a match.

use rustc_hash::{FxHashMap, FxHashSet};

const TYPES: [&str; 4] = ["structuredefinition-", "capabilitystatement-", "conformance-", "implementationguide-"];

/// Known urls by the last part of their path.
pub(crate) struct Nearest {
    /// Last part (lower case, without file extensions and type prefixes) and url, in the order of first appearance.
    urls: Vec<(String, String)>,
    by_name: FxHashMap<String, Vec<usize>>,
}

impl Nearest {
    pub(crate) fn new<'u>(urls: impl Iterator<Item = &'u str>) -> Nearest {
        let mut seen = FxHashSet::default();
        let urls: Vec<(String, String)> =
            urls.filter(|u| !u.is_empty() && seen.insert(*u)).map(|u| (name(u), u.to_owned())).collect();
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (i, (name, _)) in urls.iter().enumerate() {
            by_name.entry(name.clone()).or_default().push(i);
        }
        Nearest { urls, by_name }
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
        let near = self.urls.iter().enumerate().filter_map(|(i, (known, _))| {
            let close =
                known.len().abs_diff(wanted.len()) <= most && known.as_bytes().first() == wanted.as_bytes().first();
            let distance = if close { distance(known.as_bytes(), wanted.as_bytes()) } else { usize::MAX };
            (distance <= most).then_some((distance, usize::MAX - shared(&i), i))
        });
        near.min().and_then(|(_, _, i)| url_at(i))
    }
}

fn name(url: &str) -> String {
    let last = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let last = last.strip_suffix(".html").or_else(|| last.strip_suffix(".json")).unwrap_or(&last);
    TYPES.iter().find_map(|t| last.strip_prefix(t)).unwrap_or(last).to_owned()
}

/// Levenshtein distance in bytes.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let next = (corner + usize::from(x != y)).min(*cell + 1).min(left + 1);
            corner = *cell;
            *cell = next;
            left = next;
        }
    }
    row.last().copied().unwrap_or_default()
}
