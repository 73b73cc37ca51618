//! Instances in which one rule is meant to be broken. Whether it is, and where, is for the engine to say.

mod cardinality;
mod code;
mod edit;
mod ground;
mod invariant;
mod kinds;
mod limits;
mod reference;
mod slices;
mod value;
mod words;

pub(super) use ground::{Base, Ground};
use serde_json::Value;

use super::rule::{Demand, Rule};

/// Mutants of an instance for a rule, the plainest first.
pub(super) fn mutants(rule: &Rule, base: &Base<'_>, ground: &Ground<'_>) -> Vec<Value> {
    match &rule.demand {
        Demand::Min(min) => cardinality::fewer(base, *min, false),
        Demand::SliceMin(min) => cardinality::fewer(base, *min, true),
        Demand::Max(0) | Demand::SliceMax(0) => cardinality::added(&rule.element, base, ground),
        Demand::Max(max) | Demand::SliceMax(max) => cardinality::more(base, *max),
        Demand::Closed => slices::foreign(&rule.element, base, ground),
        Demand::Fixed(value) | Demand::Pattern(value) => value::other(base, value),
        Demand::Binding(_) => code::unknown(base),
        Demand::Types(types) => kinds::other(&rule.element, base, types, ground),
        Demand::Targets(_) => reference::elsewhere(&rule.element, base),
        Demand::MaxLength(max) => value::longer(base, *max),
        Demand::MinValue(least) => limits::beyond(base, least, false),
        Demand::MaxValue(most) => limits::beyond(base, most, true),
        Demand::Invariant(_, expression) => invariant::broken(base, expression, &rule.element, ground),
    }
}

/// Whether a rule is broken by what is put where nothing is.
pub(super) fn is_added(rule: &Rule) -> bool {
    matches!(rule.demand, Demand::Max(0) | Demand::SliceMax(0))
}
