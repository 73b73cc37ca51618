//! What is where in the examples of a guide.

use rustc_hash::FxHashMap;

use super::bounds::BASES;
use super::guide::Instance;
use super::judging::Tested;
use super::probe::{Probes, Target};
use super::seen::{Seen, without_indices};

/// The places of an element in one instance.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    /// The place of the instance.
    pub instance: usize,
    /// Expressions.
    pub places: Vec<String>,
}

/// The places of elements in examples.
#[derive(Debug, Default)]
pub(super) struct Traces {
    /// The smallest instances that have an element.
    all: FxHashMap<Target, Vec<Trace>>,
    /// How many examples have an element.
    counts: FxHashMap<Target, usize>,
    /// The types of which choices are: the last part of their places.
    types: FxHashMap<Target, Vec<String>>,
}

/// What one instance has: an element, and its places.
pub(super) type Places = Vec<(Target, Vec<String>)>;

/// The places that issues name.
pub(super) fn places(probes: &Probes, seen: &[Seen]) -> Places {
    let mut out: FxHashMap<&Target, Vec<String>> = FxHashMap::default();
    for s in seen {
        if let Some(target) = probes.target(s) {
            let places = out.entry(target).or_default();
            if !places.contains(&s.path) {
                places.push(s.path.clone());
            }
        }
    }
    let mut out: Places = out.into_iter().map(|(t, p)| (t.clone(), p)).collect();
    out.sort();
    out
}

impl Traces {
    /// The traces of examples, by what each has.
    pub fn of(instances: &[Instance], tested: &[Tested], found: Vec<Option<Places>>) -> Traces {
        let mut traces = Traces::default();
        let mut order: Vec<(usize, Places)> = Vec::new();
        for (at, (places, test)) in found.into_iter().zip(tested).enumerate() {
            if let Some(places) = places.filter(|_| test.is_example()) {
                order.push((at, places));
            }
        }
        order.sort_by_key(|(at, _)| (instances.get(*at).map_or(0, |i| i.text.len()), *at));
        for (at, places) in order {
            traces.add(at, places);
        }
        traces
    }

    /// Adds what an instance has.
    pub fn add(&mut self, instance: usize, places: Places) {
        for (target, places) in places {
            *self.counts.entry(target.clone()).or_default() += 1;
            let types = self.types.entry(target.clone()).or_default();
            for place in &places {
                let last = without_indices(place.rsplit('.').next().unwrap_or(place));
                if !types.contains(&last) {
                    types.push(last);
                }
            }
            let kept = self.all.entry(target).or_default();
            if kept.len() < BASES {
                kept.push(Trace { instance, places });
            }
        }
    }

    /// Examples that have an element, the smallest first.
    pub fn at(&self, target: &Target) -> &[Trace] {
        self.all.get(target).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many examples have an element.
    pub fn count(&self, target: &Target) -> usize {
        self.counts.get(target).copied().unwrap_or(0)
    }

    /// Whether a choice has this type in an example.
    pub fn has_type(&self, target: &Target, kind: &str) -> bool {
        self.types.get(target).is_some_and(|t| t.contains(&format!("ofType({kind})")))
    }
}
