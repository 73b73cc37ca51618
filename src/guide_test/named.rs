//! The issues that expectations of negative instances name.

use rustc_hash::FxHashMap;

use super::guide::Instance;
use super::judging::{Ended, Tested};
use super::profile::Profile;
use super::rule::Rule;
use super::seen::Seen;

/// Issues that came and were named, by rule and constraint, and of rules without one by their element.
pub(super) struct Named<'a>(FxHashMap<(&'a str, &'a str), Vec<(&'a str, &'a Seen)>>);

impl<'a> Named<'a> {
    /// Those of the tests that passed.
    pub fn of(instances: &'a [Instance], tested: &'a [Tested]) -> Named<'a> {
        let mut all: FxHashMap<(&str, &str), Vec<(&str, &Seen)>> = FxHashMap::default();
        for (instance, test) in instances.iter().zip(tested).filter(|(_, t)| t.ended == Ended::Passed) {
            for seen in test.named.iter().filter_map(|i| test.seen.get(*i)) {
                let about = if seen.constraint.is_empty() { &seen.element } else { &seen.constraint };
                all.entry((seen.rule, about)).or_default().push((&instance.name, seen));
            }
        }
        Named(all)
    }

    /// The instances that notice that a rule of a profile is broken, each once.
    pub fn by(&self, profile: &Profile, rule: &Rule) -> Vec<String> {
        let about = if rule.constraint().is_empty() { rule.element.as_str() } else { rule.constraint() };
        let found = self.0.get(&(rule.id(), about)).into_iter().flatten();
        let mut names: Vec<String> =
            found.filter(|(_, s)| rule.is_broken_by(profile, s)).map(|(name, _)| (*name).to_owned()).collect();
        names.dedup();
        names
    }
}
