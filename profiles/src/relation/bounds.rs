//! Bounds of values and of their lengths.

use super::gathered::{Gathered, Pair};
use super::proof::{Break, StepKind};
use super::prover::Prover;
use super::value::Values;
use crate::decimal::{self, Decimal};
use crate::plan::{Handle, PlanBounds};

impl Prover<'_> {
    pub(super) fn bounds(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for b in &pair.right.bounds {
            let met = |l: &&PlanBounds| self.within(l, b);
            if let Some(l) = pair.left.bounds.iter().find(met) {
                out.holds(StepKind::Bound, Some(l.element), b.element, "");
                continue;
            }
            let left = pair.left.bounds.first().map(|l| l.element);
            let beyond = beyond(self.values(), b);
            out.open(StepKind::Bound, (left, b.element), "", beyond.into_iter().map(|t| (Vec::new(), t)).collect());
        }
    }

    /// Whether one element's bounds lie within another's.
    fn within(&self, l: &PlanBounds, r: &PlanBounds) -> bool {
        let values = self.values();
        let inner = |a: Option<Handle>, b: Option<Handle>, least: bool| match (a, b) {
            (_, None) => true,
            (Some(a), Some(b)) => values.equal(a, b) || ordered(values.text(a), values.text(b), least),
            (None, Some(_)) => false,
        };
        inner(l.min_value, r.min_value, true)
            && inner(l.max_value, r.max_value, false)
            && r.max_length.is_none_or(|most| l.max_length.is_some_and(|own| own <= most))
            && l.min_length >= r.min_length
            && self.controls(r).iter().all(|demand| self.controls(l).contains(demand))
    }
}

impl Prover<'_> {
    /// What extensions demand beside the bounds.
    fn controls(&self, b: &PlanBounds) -> Vec<&str> {
        self.set().layer(b.element.layer).list(b.controls).collect()
    }
}

/// `a` is no less (`least`), or no more, than `b`. Only plain decimals are compared.
fn ordered(a: &str, b: &str, least: bool) -> bool {
    match (decimal::exact(a), decimal::exact(b)) {
        (Some(x), Some(y)) if least => x >= y,
        (Some(x), Some(y)) => x <= y,
        _ => false,
    }
}

/// Values beyond bounds, as JSON.
fn beyond(values: Values<'_>, b: &PlanBounds) -> Vec<Break> {
    let mut out = Vec::new();
    if let Some(most) = b.max_length {
        out.push(Break::Text(format!("\"{}\"", "x".repeat((most as usize).saturating_add(1).min(4096)))));
    }
    let number = |h: Option<Handle>, by: i64| {
        let n = decimal::exact(values.text(h?))?;
        Some(Break::Text(n.checked_add(Decimal::from(by))?.to_string()))
    };
    out.extend(number(b.max_value, 1));
    out.extend(number(b.min_value, -1));
    out
}
