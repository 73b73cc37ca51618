//! `lowBoundary()`, `highBoundary()` and `precision()`
//! (<https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time>).

use std::rc::Rc;

use super::equality::as_decimal;
use super::{Env, Eval, Step};
use crate::decimal::Decimal;
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::Quantity;
use crate::fhirpath::temporal::{Precision, Temporal, TemporalKind, days_in_month};

/// Digits after the point where none are asked for.
const DIGITS: i64 = 8;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn boundary(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let Some(item) = self.value(self.arg(at, 0), env)? else { return Ok(None) };
        if matches!(item, Item::Unknown(_)) {
            return Ok(Some(item));
        }
        if op == Op::Precision {
            return Ok(precision(&item).map(Item::Integer));
        }
        let digits = match self.optional(at, 1) {
            None => None,
            Some(p) => match self.value(p, env)? {
                Some(Item::Integer(n) | Item::Long(n)) => Some(n),
                None | Some(Item::Unknown(_)) => return Ok(None),
                Some(_) => return self.fail(at, ErrorKind::Type, "a precision must be a whole number"),
            },
        };
        let high = op == Op::HighBoundary;
        Ok(match &item {
            Item::Temporal(t) => t.boundary(high, digits).map(Item::Temporal),
            Item::Quantity(q) => decimal_boundary(q.value, high, digits)
                .map(|value| Item::Quantity(Rc::new(Quantity { value, ..(**q).clone() }))),
            other => match as_decimal(other) {
                Some(d) => decimal_boundary(d, high, digits).map(Item::Decimal),
                None => {
                    return self.fail(
                        at,
                        ErrorKind::Type,
                        format!("{} has no boundaries", other.type_name(self.context.typing)),
                    );
                }
            },
        })
    }
}

/// The digits that were written: of a decimal those after the point, of dates and times those of the form without
/// separators.
fn precision(item: &Item<'_>) -> Option<i64> {
    match item {
        Item::Integer(_) | Item::Long(_) => Some(0),
        Item::Decimal(d) => Some(i64::from(d.scale())),
        Item::Quantity(q) => Some(i64::from(q.value.scale())),
        Item::Temporal(t) => {
            let digits = match t.precision {
                Precision::Year => 4,
                Precision::Month => 6,
                Precision::Day => 8,
                Precision::Hour => 10,
                Precision::Minute => 12,
                Precision::Second => 14 + i64::from(t.fraction),
            };
            Some(if t.kind == TemporalKind::Time { digits - 8 } else { digits })
        }
        _ => None,
    }
}

/// The least or greatest value that rounds to the decimal as written, cut to so many digits.
fn decimal_boundary(d: Decimal, high: bool, digits: Option<i64>) -> Option<Decimal> {
    let digits = u32::try_from(digits.unwrap_or(DIGITS)).ok().filter(|n| *n < 28)?;
    let half = Decimal::try_new(5, d.scale() + 1).ok()?;
    let edge = if high { d.checked_add(half)? } else { d.checked_sub(half)? };
    let grain = Decimal::try_new(5, digits + 1).ok()?;
    if edge.abs() < grain && !d.is_zero() {
        // The digits do not reach the value: nothing of it is left.
        return Decimal::try_new(0, digits).ok();
    }
    let edge = if digits < d.scale() + 1 {
        // Fewer digits than the value has: outward for a high boundary, and for a low one downward.
        let cut = edge.trunc_with_scale(digits);
        let step = Decimal::try_new(1, digits).ok()?;
        let exact = cut == edge;
        match (high, exact) {
            (_, true) => cut,
            (true, false) if edge.is_sign_positive() => cut.checked_add(step)?,
            (false, false) if edge.is_sign_negative() => cut.checked_sub(step)?,
            _ => cut,
        }
    } else {
        edge
    };
    let mut out = edge;
    out.rescale(digits);
    (out.scale() == digits).then_some(out)
}

impl Temporal {
    /// The first or last moment that the value may stand for, to so many digits.
    fn boundary(self, high: bool, digits: Option<i64>) -> Option<Temporal> {
        let most = match self.kind {
            TemporalKind::Date => 8,
            TemporalKind::DateTime => 17,
            TemporalKind::Time => 9,
        };
        let digits = digits.unwrap_or(most);
        let (precision, fraction) = match if self.kind == TemporalKind::Time { digits + 8 } else { digits } {
            4 => (Precision::Year, 0),
            6 => (Precision::Month, 0),
            8 => (Precision::Day, 0),
            10 => (Precision::Hour, 0),
            12 => (Precision::Minute, 0),
            14 => (Precision::Second, 0),
            17 => (Precision::Second, 3),
            _ => return None,
        };
        if self.kind == TemporalKind::Time && precision < Precision::Hour {
            return None;
        }
        let mut at = self;
        if high {
            let finer = |p: Precision| self.precision < p;
            if finer(Precision::Month) {
                at.month = 12;
            }
            if finer(Precision::Day) {
                at.day = days_in_month(at.year, at.month);
            }
            if finer(Precision::Hour) {
                at.hour = 23;
            }
            if finer(Precision::Minute) {
                at.minute = 59;
            }
            if finer(Precision::Second) {
                at.second = 59;
            }
            if finer(Precision::Second) || self.fraction == 0 {
                at.nanos = 999_000_000;
            }
        }
        at.precision = precision;
        at.fraction = fraction;
        if precision >= Precision::Hour && at.kind != TemporalKind::Time {
            at.kind = TemporalKind::DateTime;
            // Without a zone the earliest moment is that of the easternmost, the latest that of the westernmost one.
            at.offset = at.offset.or(Some(if high { -12 * 60 } else { 14 * 60 }));
        } else {
            at.offset = None;
        }
        Some(at)
    }
}
