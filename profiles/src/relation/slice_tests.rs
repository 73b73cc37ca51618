//! What tells that an entry is in a slice: the same tests on both sides, tests that exclude each other, and what an
//! entry that passes them is known to hold.

use super::Match;
use super::fact::{self, Fact};
use super::prover::Prover;
use crate::instance::NameId;
use crate::plan::{Check, PlanSlice, PlanSlicing, SliceTest, Step};

impl Prover<'_> {
    /// No entry is in both slices: a discriminator tells them apart.
    pub(super) fn are_apart(&self, a: &PlanSlice, b: &PlanSlice) -> bool {
        a.tests.iter().zip(&b.tests).any(|(x, y)| {
            // Where a path leads to several places each test may be met at another one.
            let simple = x.path == y.path && x.path.len() <= 1;
            simple
                && match (&x.check, &y.check) {
                    (Check::Value { value: v, fixed: f }, Check::Value { value: w, fixed: g }) => {
                        self.values().compare((*v, *f), (*w, *g), &|_| true) == Match::Never
                    }
                    (Check::Type(v), Check::Type(w)) => v.iter().all(|t| !w.contains(t)),
                    (Check::Text(v), Check::Text(w)) => v != w,
                    _ => false,
                }
        })
    }

    /// Two slicings that divide alike: the same tests for the same number of slices.
    pub(super) fn are_alike(&self, a: &PlanSlicing, b: &PlanSlicing) -> bool {
        a.slices.len() == b.slices.len() && a.slices.iter().zip(&b.slices).all(|(x, y)| self.same_tests(x, y))
    }

    /// The same tests, whatever else the slices demand.
    pub(super) fn same_tests(&self, a: &PlanSlice, b: &PlanSlice) -> bool {
        a.element == b.element
            || (!a.tests.is_empty()
                && a.tests.len() == b.tests.len()
                && a.tests.iter().zip(&b.tests).all(|(x, y)| self.same_test(x, y)))
    }

    fn same_test(&self, a: &SliceTest, b: &SliceTest) -> bool {
        a.path == b.path && self.same_check(&a.check, &b.check)
    }

    fn same_check(&self, a: &Check, b: &Check) -> bool {
        match (a, b) {
            (Check::Value { value: v, fixed: f }, Check::Value { value: w, fixed: g }) => {
                let leaf = !self.values().is_object(*v);
                (f == g || leaf) && self.values().equal(*v, *w)
            }
            (Check::Binding { value_set: v, canonical: c }, Check::Binding { value_set: w, canonical: d }) => {
                c == d && v == w
            }
            (Check::Exists(v), Check::Exists(w)) => v == w,
            (Check::Text(v), Check::Text(w)) => v == w,
            (Check::Type(v), Check::Type(w)) => v == w,
            (Check::Profile(v), Check::Profile(w)) => v == w,
            (Check::All(v), Check::All(w)) => v.len() == w.len() && v.iter().zip(w).all(|(x, y)| self.same_test(x, y)),
            _ => false,
        }
    }
}

/// What an entry that passes a slice's tests is known to hold.
pub(super) fn slice_facts(slice: &PlanSlice) -> Vec<Fact> {
    let mut facts = Vec::new();
    for t in &slice.tests {
        test_facts(t, &[], &mut facts);
    }
    facts
}

fn test_facts(test: &SliceTest, above: &[NameId], facts: &mut Vec<Fact>) {
    let mut path = above.to_vec();
    for step in &test.path {
        let Step::Child(name) = step else { return };
        path.push(*name);
    }
    match &test.check {
        Check::Value { value, fixed } => facts.push(Fact::value(path, *value, *fixed)),
        Check::Binding { value_set: Some(value_set), .. } => {
            facts.push(Fact { path, known: fact::Known::Codes(*value_set) });
        }
        Check::All(tests) => tests.iter().for_each(|t| test_facts(t, &path, facts)),
        _ => {}
    }
}
