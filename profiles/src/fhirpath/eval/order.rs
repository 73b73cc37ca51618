//! Ordering: `<`, `<=`, `>`, `>=`, `comparable()`, `min()`, `max()`.

use std::cmp::Ordering;

use super::equality::as_decimal;
use super::{Env, Eval, Logic, Step};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::Quantity;

/// How two system values lie: `None` where their types have no common order, `Some(None)` where precision or units
/// leave it open.
pub(super) fn compare(a: &Item<'_>, b: &Item<'_>) -> Option<Option<Ordering>> {
    match (a, b) {
        (Item::Integer(x) | Item::Long(x), Item::Integer(y) | Item::Long(y)) => Some(Some(x.cmp(y))),
        (Item::Str(_) | Item::Text(_), Item::Str(_) | Item::Text(_)) => Some(Some(a.as_str().cmp(&b.as_str()))),
        (Item::Temporal(x), Item::Temporal(y)) => {
            use crate::fhirpath::temporal::TemporalKind::Time;
            if (x.kind == Time) == (y.kind == Time) { Some(x.compare(*y)) } else { None }
        }
        (Item::Quantity(x), Item::Quantity(y)) => Some(x.compare(y, true)),
        (Item::Quantity(x), n) => Some(x.compare(&Quantity::plain(as_decimal(n)?), true)),
        (n, Item::Quantity(y)) => Some(Quantity::plain(as_decimal(n)?).compare(y, true)),
        _ => Some(Some(as_decimal(a)?.cmp(&as_decimal(b)?))),
    }
}

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn inequality(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let left = self.value(self.arg(at, 0), env)?;
        let right = self.value(self.arg(at, 1), env)?;
        let (Some(left), Some(right)) = (left, right) else { return Ok(Logic::Empty) };
        if matches!(left, Item::Unknown(_)) || matches!(right, Item::Unknown(_)) {
            return Ok(Logic::Unknown);
        }
        let Some(order) = compare(&left, &right) else {
            let name = |i: &Item<'t>| i.type_name(self.context.typing);
            return self.fail(at, ErrorKind::Type, format!("{} and {} cannot be compared", name(&left), name(&right)));
        };
        Ok(order.map_or(Logic::Empty, |o| {
            Logic::from(match op {
                Op::Less => o == Ordering::Less,
                Op::LessOrEqual => o != Ordering::Greater,
                Op::Greater => o == Ordering::Greater,
                _ => o != Ordering::Less,
            })
        }))
    }

    /// Whether two quantities can be brought to one unit.
    pub(super) fn comparable(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let left = self.value(self.arg(at, 0), env)?;
        let right = self.value(self.arg(at, 1), env)?;
        Ok(match (left, right) {
            (None, _) | (_, None) => Logic::Empty,
            (Some(Item::Unknown(_)), _) | (_, Some(Item::Unknown(_))) => Logic::Unknown,
            (Some(a), Some(b)) => Logic::from(matches!(compare(&a, &b), Some(Some(_)))),
        })
    }

    /// `min()` and `max()`.
    pub(super) fn extreme(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let expected = if op == Op::Min { Ordering::Less } else { Ordering::Greater };
        let mut best: Option<Item<'t>> = None;
        let mut undecided = false;
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            let Some(value) = eval.system(&item) else { return Ok(()) };
            let Some(current) = &best else {
                best = Some(value);
                return Ok(());
            };
            match (current, &value) {
                (Item::Unknown(_), _) => {}
                (_, Item::Unknown(_)) => best = Some(value),
                _ => match compare(&value, current) {
                    None => return eval.fail(at, ErrorKind::Type, "the items cannot be compared"),
                    Some(None) => undecided = true,
                    Some(Some(order)) if order == expected => best = Some(value),
                    Some(Some(_)) => {}
                },
            }
            Ok(())
        })?;
        Ok(best.filter(|_| !undecided))
    }
}
