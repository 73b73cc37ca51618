//! Discriminators beside a plan: is every entry that a plan allows in a slice, or none?

use super::Match;
use super::codes::{Inclusion, has, inclusion};
use super::fact::{self, Fact};
use super::prover::Prover;
use crate::model::TypeId;
use crate::plan::{BindingStrength, Check, Handle, PlanNode, SliceTest, Step};

impl Prover<'_> {
    /// Whether the instances of a node pass all of these tests.
    pub(super) fn tests(&mut self, node: &PlanNode, type_id: TypeId, facts: &[Fact], tests: &[SliceTest]) -> Match {
        let mut all = Match::Always;
        for t in tests {
            all = all.and(self.test(node, type_id, facts, &t.path, &t.check));
            if all == Match::Never {
                break;
            }
        }
        all
    }

    fn test(&mut self, node: &PlanNode, type_id: TypeId, facts: &[Fact], path: &[Step], check: &Check) -> Match {
        let told = self.by_facts(facts, path, check);
        if told != Match::Maybe {
            return told;
        }
        let Some((step, rest)) = path.split_first() else { return self.check(node, type_id, facts, check) };
        match step {
            Step::Child(name) => self.test_child(node, facts, *name, rest, check),
            Step::OfType(wanted) if self.model().is_a(type_id, *wanted) => self.test(node, type_id, facts, rest, check),
            _ => Match::Maybe,
        }
    }

    /// A fact about the very place that the test looks at.
    fn by_facts(&self, facts: &[Fact], path: &[Step], check: &Check) -> Match {
        let names: Option<Vec<_>> = path
            .iter()
            .map(|s| match s {
                Step::Child(n) => Some(*n),
                _ => None,
            })
            .collect();
        let Some(names) = names else { return Match::Maybe };
        let always = match check {
            Check::Value { value, fixed } => facts
                .iter()
                .filter_map(|f| f.value_at(&names))
                .any(|own| self.values().compare(own, (*value, *fixed), &|_| false) == Match::Always),
            Check::Binding { value_set: Some(wide), .. } => {
                facts.iter().filter_map(|f| f.codes_at(&names)).any(|own| {
                    // Only codings have systems; without them fewer codes are told apart, so this is the stricter
                    // question.
                    inclusion(self.set(), own, *wide, true) == Inclusion::Included
                })
            }
            _ => false,
        };
        if always { Match::Always } else { Match::Maybe }
    }

    fn test_child(
        &mut self,
        node: &PlanNode,
        facts: &[Fact],
        name: crate::instance::NameId,
        rest: &[Step],
        check: &Check,
    ) -> Match {
        let wanted = match check {
            Check::Exists(wanted) => Some(*wanted),
            _ => None,
        };
        let Some(child) = node.children.iter().find(|c| c.name == name || c.variants.iter().any(|v| v.name == name))
        else {
            return Match::Maybe;
        };
        let entries = self.entries(child, facts);
        if entries.upper == 0 {
            return match wanted {
                Some(wanted) => Match::of(!wanted),
                None if matches!(check, Check::Nothing | Check::Unsupported(_)) => Match::Maybe,
                None => Match::Never,
            };
        }
        let (mut all, mut none, mut some) = (true, true, false);
        for case in entries.cases.iter().filter(|c| c.max > 0) {
            let mut whole = true;
            for variant in child.variants.iter().filter(|v| v.name == name || child.name == name) {
                if !self.is_possible(child, variant, case) {
                    continue;
                }
                let entry = self.case_node(child, variant, case);
                let facts = fact::at_node(&entry, &entries.facts);
                let answer = match wanted {
                    Some(_) if rest.is_empty() => Match::Always,
                    // Below: whether the rest of the path is there.
                    Some(_) => self.test(&entry, variant.type_id, &facts, rest, &Check::Exists(true)),
                    None => self.test(&entry, variant.type_id, &facts, rest, check),
                };
                whole &= answer == Match::Always;
                none &= answer == Match::Never;
            }
            all &= whole;
            some |= whole && case.min > 0;
        }
        let there = if some || (all && entries.lower > 0) {
            Match::Always
        } else if none {
            Match::Never
        } else {
            Match::Maybe
        };
        if wanted == Some(false) { there.not() } else { there }
    }

    fn check(&mut self, node: &PlanNode, type_id: TypeId, facts: &[Fact], check: &Check) -> Match {
        match check {
            Check::Value { value, fixed } => self.meets(node, facts, (*value, *fixed)),
            Check::Text(text) => {
                let told = |h: Handle| self.values().text(h) == &**text;
                fact::own_values(facts).next().map_or(Match::Maybe, |(value, _)| Match::of(told(value)))
            }
            Check::Type(types) => Match::of(types.iter().any(|w| self.model().is_a(type_id, *w))),
            Check::Exists(wanted) => Match::of(*wanted),
            Check::All(tests) => self.tests(node, type_id, facts, tests),
            Check::Binding { value_set, .. } => value_set.map_or(Match::Maybe, |v| self.in_set(node, facts, v)),
            Check::Profile(roots) => {
                let any = roots.iter().any(|root| {
                    let right = self.plans().node(type_id, &[*root]);
                    self.nodes(node, &right, facts).0
                });
                if any { Match::Always } else { Match::Maybe }
            }
            Check::Nothing => Match::Always,
            Check::Unsupported(_) => Match::Maybe,
        }
    }

    /// Whether a primitive's code is in a value set.
    fn in_set(&mut self, node: &PlanNode, facts: &[Fact], value_set: Handle) -> Match {
        let coded = !self.model().role(node.type_id).is_primitive();
        if !coded && let Some((value, _)) = fact::own_values(facts).next() {
            return match has(self.set(), value_set, None, self.values().text(value)) {
                Some(truth) => Match::of(truth),
                None => Match::Maybe,
            };
        }
        for own in node.bindings.iter().filter(|b| b.strength == BindingStrength::Required) {
            let Some(a) = own.value_set else { continue };
            match inclusion(self.set(), a, value_set, coded) {
                Inclusion::Included => return Match::Always,
                Inclusion::Disjoint(_) if !coded => return Match::Never,
                _ => {}
            }
        }
        Match::Maybe
    }
}
