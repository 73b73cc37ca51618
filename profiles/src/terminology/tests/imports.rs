//! Value sets that import one another: many, deep, in circles.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::*;

/// Value sets by url, and how often they were asked for.
#[derive(Default)]
struct Counting {
    sets: HashMap<String, Arc<Value>>,
    asked: Cell<usize>,
}

impl TerminologySource for Counting {
    fn value_set(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.asked.set(self.asked.get() + 1);
        self.sets.get(&canonical.url).cloned()
    }

    fn code_system(&self, _: &Canonical) -> Option<Arc<Value>> {
        None
    }

    fn supplements(&self, _: &str) -> Vec<Arc<Value>> {
        Vec::new()
    }
}

fn url(n: usize) -> String {
    format!("http://x/{n}")
}

/// Value sets with one code each, their number, that import others.
fn source(count: usize, imports: impl Fn(usize) -> Vec<usize>) -> Counting {
    let set = |n: usize| {
        let mut include = vec![json!({"system": "http://y", "concept": [{"code": n.to_string()}]})];
        include.extend(imports(n).into_iter().map(|m| json!({"valueSet": [url(m)]})));
        Arc::new(json!({"resourceType": "ValueSet", "url": url(n), "compose": {"include": include}}))
    };
    Counting { sets: (0..count).map(|n| (url(n), set(n))).collect(), asked: Cell::default() }
}

fn known(expander: &mut Expander<'_>, n: usize) -> (usize, Vec<Reason>) {
    let found = expander.expand_canonical(&Canonical::parse(&url(n)));
    (found.codes.len(), found.incomplete)
}

#[test]
fn a_clique_is_expanded_once() {
    // One in which each imports every other: there are n! ways through it.
    let source = source(24, |n| (0..24).filter(|m| *m != n).collect());
    let mut expander = Expander::new(&source);
    for n in 0..24 {
        let (codes, open) = known(&mut expander, n);
        assert_eq!(codes, 24);
        assert!(matches!(open.as_slice(), [Reason::Cycle(_), ..]), "{open:?}");
    }
    assert_eq!(source.asked.get(), 24);
    assert_eq!(rule(&source, source.sets.get(&url(0)).unwrap()), None);
}

#[test]
fn a_circle_gives_the_same_wherever_it_begins() {
    for count in [2, 5, 60] {
        let source = source(count, |n| vec![(n + 1) % count]);
        for first in [0, count / 2] {
            let mut expander = Expander::new(&source);
            let all: Vec<_> = (0..count).map(|n| known(&mut expander, (n + first) % count).0).collect();
            assert_eq!(all, vec![count; count]);
        }
    }
}

#[test]
fn a_large_circle_has_the_codes_that_are_not_imported() {
    let source = source(10_000, |n| vec![(n + 1) % 10_000]);
    let mut expander = Expander::new(&source);
    for n in [0, 5_000] {
        let (codes, open) = known(&mut expander, n);
        assert_eq!(codes, 1);
        assert!(matches!(open.as_slice(), [Reason::Cycle(_)]));
    }
    assert_eq!(source.asked.get(), 10_000);
}

#[test]
fn chains_are_followed_to_a_bound() {
    let source = source(10_000, |n| if n + 1 < 10_000 { vec![n + 1] } else { Vec::new() });
    let mut expander = Expander::new(&source);
    let (codes, open) = known(&mut expander, 0);
    assert_eq!(codes, 1);
    assert!(matches!(open.as_slice(), [Reason::TooDeep(_, 64)]), "{open:?}");
    assert_eq!(
        open[0].to_string(),
        "the value set `http://x/1` imports others more than 64 deep, which is not followed"
    );
    // What is not that deep is known, whoever was first.
    assert_eq!(known(&mut expander, 9_990), (10, Vec::new()));
    assert_eq!(known(&mut expander, 9_936), (64, Vec::new()));
    assert_eq!(source.asked.get(), 10_000);
}

#[test]
fn many_ways_to_the_same_are_one() {
    // Each imports the next three: there are more ways through them than could be gone.
    let source = source(60, |n| (n + 1..(n + 4).min(60)).collect());
    let mut expander = Expander::new(&source);
    assert_eq!(known(&mut expander, 0), (60, Vec::new()));
    assert_eq!(source.asked.get(), 60);
    // As a definition it would be longer than may be, which is seen before it is written.
    source.asked.set(0);
    let layers = self::source(80, |n| if n < 70 { (n / 10 * 10 + 10..n / 10 * 10 + 20).collect() } else { Vec::new() });
    assert_eq!(rule(&layers, layers.sets.get(&url(0)).unwrap()), None);
    assert!(layers.asked.get() < 10_000, "{}", layers.asked.get());
}

#[test]
fn thousands_of_imports_are_one_pass() {
    let all = source(5_001, |n| if n == 0 { (1..5_001).collect() } else { Vec::new() });
    assert_eq!(known(&mut Expander::new(&all), 0), (5_001, Vec::new()));
    let more = source(10_003, |n| if n == 0 { (1..10_003).collect() } else { Vec::new() });
    let (codes, open) = known(&mut Expander::new(&more), 0);
    assert_eq!((codes, open), (10_001, vec![Reason::TooManyImports(10_000)]));
    // Those that are absent, too, and excluded.
    let absent: Vec<Value> = (0..5_000).map(|n| json!({"valueSet": [format!("http://absent/{n}")]})).collect();
    let compose = json!({"include": [{"system": "http://y", "concept": [{"code": "a"}]}], "exclude": absent});
    let found = expand(&json!({"resourceType": "ValueSet", "url": "http://x/v", "compose": compose}), &all);
    assert_eq!(found.membership("http://y", "a"), Membership::Unknown);
    assert_eq!(found.membership("http://y", "b"), Membership::Out);
}

#[test]
fn a_value_set_that_no_package_has_may_be_in_a_circle() {
    let mut source = source(2, |n| vec![1 - n]);
    let own = (*source.sets.remove(&url(0)).unwrap()).clone();
    let mut expander = Expander::new(&source);
    let found = expander.expand(&own);
    assert_eq!((found.codes.len(), found.incomplete.len()), (2, 1));
    // Without it the other imports what is not there.
    assert_eq!(known(&mut expander, 1), (1, vec![Reason::ValueSetAbsent(url(0))]));
}

#[test]
fn what_was_absent_may_be_expanded_next() {
    // Both import a value set that the source does not have, and that is expanded then.
    let source = source(2, |_| vec![100]);
    let compose = json!({"include": [{"valueSet": [url(1)]}, {"system": "http://y", "concept": [{"code": "own"}]}]});
    let root = json!({"resourceType": "ValueSet", "url": url(100), "compose": compose});
    let fresh = Expander::new(&source).expand(&root);
    assert!(matches!(fresh.incomplete.as_slice(), [Reason::Cycle(_)]), "{:?}", fresh.incomplete);
    let mut expander = Expander::new(&source);
    assert!(matches!(known(&mut expander, 0).1.as_slice(), [Reason::ValueSetAbsent(_)]));
    let after = expander.expand(&root);
    assert_eq!((after.codes.len(), after.incomplete), (fresh.codes.len(), fresh.incomplete));
}
