//! The query of a v2 scope: pairs joined by `&` (all must match), values joined by `,` (one must match).
//!
//! It is split at `&`, `=` and `,` first, then percent-decoded once; `+` is a plus sign, not a space.

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::limits::{PAIRS_LIMIT, VALUES_LIMIT};

/// What is percent-encoded in a normalised query: what would be read as syntax, and what no scope token may contain.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'\\').add(b'%').add(b'&').add(b'=').add(b',');

/// One search parameter with its values, decoded; the values are sorted and distinct.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The parameter's name with its modifier, as `code:in`.
    pub name: String,
    /// The values of which one must match; never empty.
    pub values: Vec<String>,
}

impl Pair {
    /// True where every value of `narrower`, a pair of the same name, is one of this pair's.
    fn admits(&self, narrower: &Pair) -> bool {
        let (few, many) = (narrower.values.len(), self.values.len());
        if few > many {
            return false;
        }
        if few * 8 < many {
            return narrower.values.iter().all(|v| self.values.binary_search(v).is_ok());
        }
        // Both are sorted: each value is looked for behind the one before it.
        let mut rest = self.values.iter();
        narrower.values.iter().all(|v| rest.find(|own| *own >= v) == Some(v))
    }
}

/// The filter of a scope: no pairs means no filter. Pairs are sorted and distinct.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Query {
    /// The search parameters, all of which must match.
    pub pairs: Vec<Pair>,
}

impl Query {
    /// A query of these pairs, in normal order.
    pub fn of(mut pairs: Vec<Pair>) -> Query {
        for pair in &mut pairs {
            pair.values.sort();
            pair.values.dedup();
        }
        pairs.sort();
        pairs.dedup();
        Query { pairs }
    }

    /// True where the text after the `?` has more pairs, or a pair more values, than are read.
    pub fn is_beyond_limits(text: &str) -> bool {
        text.split('&').enumerate().any(|(i, pair)| i >= PAIRS_LIMIT || pair.split(',').nth(VALUES_LIMIT).is_some())
    }

    /// Reads the text after the `?`; `None` where a pair has no name or an empty value, or an escape is incomplete, and
    /// where it is beyond the limits.
    pub fn parse(text: &str) -> Option<Query> {
        if Query::is_beyond_limits(text) {
            return None;
        }
        text.split('&').map(parse_pair).collect::<Option<Vec<Pair>>>().map(Query::of)
    }

    /// The bytes of its names and values.
    pub(super) fn bytes(&self) -> usize {
        self.pairs.iter().map(|p| p.name.len() + p.values.iter().map(String::len).sum::<usize>()).sum()
    }

    /// True where there is no filter.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// True where everything that matches `narrower` matches this query too, pair by pair.
    ///
    /// ```
    /// use fhir_accord_capability::scope::Query;
    ///
    /// let (wide, narrow) = (Query::parse("category=a,b").unwrap(), Query::parse("category=a&status=final").unwrap());
    /// assert!(wide.admits(&narrow) && !narrow.admits(&wide));
    /// ```
    pub fn admits(&self, narrower: &Query) -> bool {
        self.pairs.iter().all(|wide| narrower.named(&wide.name).iter().any(|narrow| wide.admits(narrow)))
    }

    /// The pairs of this name.
    fn named(&self, name: &str) -> &[Pair] {
        let start = self.pairs.partition_point(|p| p.name.as_str() < name);
        let rest = self.pairs.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|p| p.name == name).count();
        rest.get(..count).unwrap_or_default()
    }

    /// The alternatives of the query, each with one value per pair; the query itself where there are more than `limit`.
    pub fn alternatives(&self, limit: usize) -> Vec<Query> {
        let count = self.pairs.iter().try_fold(1usize, |n, p| n.checked_mul(p.values.len()));
        if count.is_none_or(|n| n > limit) {
            return vec![self.clone()];
        }
        let mut done: Vec<Vec<Pair>> = vec![Vec::new()];
        for pair in &self.pairs {
            let longer = |start: &Vec<Pair>, value: &String| {
                let mut next = start.clone();
                next.push(Pair { name: pair.name.clone(), values: vec![value.clone()] });
                next
            };
            done = done.iter().flat_map(|start| pair.values.iter().map(move |value| longer(start, value))).collect();
        }
        let mut seen = BTreeSet::new();
        done.into_iter().map(Query::of).filter(|query| seen.insert(query.clone())).collect()
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, pair) in self.pairs.iter().enumerate() {
            let lead = if i == 0 { "" } else { "&" };
            write!(f, "{lead}{}=", utf8_percent_encode(&pair.name, ENCODED))?;
            for (j, value) in pair.values.iter().enumerate() {
                let lead = if j == 0 { "" } else { "," };
                write!(f, "{lead}{}", utf8_percent_encode(value, ENCODED))?;
            }
        }
        Ok(())
    }
}

fn parse_pair(text: &str) -> Option<Pair> {
    let (name, values) = text.split_once('=')?;
    let name = decode(name)?;
    if name.is_empty() || name.starts_with(':') {
        return None;
    }
    let values = values.split(',').map(|v| decode(v).filter(|v| !v.is_empty())).collect::<Option<Vec<String>>>()?;
    Some(Pair { name, values })
}

/// Percent-decodes once; `None` where a `%` is not followed by two hexadecimal digits or the result is not UTF-8.
fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let whole = |i: usize| matches!(bytes.get(i + 1..i + 3), Some(hex) if hex.iter().all(u8::is_ascii_hexdigit));
    if bytes.iter().enumerate().any(|(i, b)| *b == b'%' && !whole(i)) {
        return None;
    }
    percent_decode_str(text).decode_utf8().ok().map(|s| s.into_owned())
}
