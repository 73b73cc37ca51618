//! Conversions between system types: `toX()` and `convertsToX()`.

use std::rc::Rc;

use super::equality::as_decimal;
use super::{Env, Eval, Logic, Step};
use crate::decimal::{self, Decimal};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::{CalendarUnit, Quantity};
use crate::fhirpath::temporal::Temporal;
use crate::fhirpath::value;
use crate::model::TypeId;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn convert(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let Some(item) = self.single(self.arg(at, 0), env)? else { return Ok(None) };
        if matches!(item, Item::Unknown(_)) {
            return Ok(Some(Item::Unknown(TypeId::UNKNOWN)));
        }
        self.converted(op, at, &item, env)
    }

    pub(super) fn converts(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let to = match op {
            Op::ConvertsToBoolean => Op::ToBoolean,
            Op::ConvertsToInteger => Op::ToInteger,
            Op::ConvertsToLong => Op::ToLong,
            Op::ConvertsToDate => Op::ToDate,
            Op::ConvertsToDateTime => Op::ToDateTime,
            Op::ConvertsToDecimal => Op::ToDecimal,
            Op::ConvertsToQuantity => Op::ToQuantity,
            Op::ConvertsToString => Op::ToString,
            Op::ConvertsToTime => Op::ToTime,
            _ => return self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
        };
        let Some(item) = self.single(self.arg(at, 0), env)? else { return Ok(Logic::Empty) };
        if matches!(item, Item::Unknown(_)) {
            return Ok(Logic::Unknown);
        }
        Ok(Logic::from(self.converted(to, at, &item, env)?.is_some()))
    }

    fn converted(&mut self, op: Op, at: usize, item: &Item<'t>, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        if op == Op::ToString {
            return Ok(item.string(self.context.typing).map(|s| Item::Text(s.into())));
        }
        let Some(value) = self.system(item) else { return Ok(None) };
        if matches!(value, Item::Unknown(_)) {
            return Ok(Some(value));
        }
        let text = value.as_str();
        Ok(match op {
            Op::ToBoolean => to_boolean(&value).map(Item::Bool),
            Op::ToInteger => match &value {
                Item::Integer(n) | Item::Long(n) => i32::try_from(*n).is_ok().then_some(Item::Integer(*n)),
                Item::Bool(b) => Some(Item::Integer(i64::from(*b))),
                _ => text.and_then(value::integer).filter(|n| i32::try_from(*n).is_ok()).map(Item::Integer),
            },
            Op::ToLong => match &value {
                Item::Integer(n) | Item::Long(n) => Some(Item::Long(*n)),
                Item::Bool(b) => Some(Item::Long(i64::from(*b))),
                _ => text.and_then(value::integer).map(Item::Long),
            },
            Op::ToDecimal => match &value {
                Item::Bool(b) => Some(Item::Decimal(if *b { Decimal::new(10, 1) } else { Decimal::new(0, 1) })),
                _ => as_decimal(&value)
                    .or_else(|| text.filter(|t| !t.contains(['e', 'E'])).and_then(decimal::nearest))
                    .map(Item::Decimal),
            },
            Op::ToDate => match &value {
                Item::Temporal(t) => t.to_date(),
                _ => text.and_then(|t| Temporal::date(t).or_else(|| Temporal::date_time(t)?.to_date())),
            }
            .map(Item::Temporal),
            Op::ToDateTime => match &value {
                Item::Temporal(t) => t.to_date_time(),
                _ => text.and_then(Temporal::date_time),
            }
            .map(Item::Temporal),
            Op::ToTime => match &value {
                Item::Temporal(t) if t.kind == crate::fhirpath::temporal::TemporalKind::Time => Some(*t),
                _ => text.and_then(Temporal::time),
            }
            .map(Item::Temporal),
            Op::ToQuantity => self.as_quantity(at, &value, env)?,
            _ => return self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
        })
    }

    fn as_quantity(&mut self, at: usize, value: &Item<'t>, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let quantity = match value {
            Item::Quantity(q) => Some((**q).clone()),
            Item::Bool(b) => Some(Quantity::plain(if *b { Decimal::new(10, 1) } else { Decimal::new(0, 1) })),
            _ => as_decimal(value).map(Quantity::plain).or_else(|| value.as_str().and_then(Quantity::parse)),
        };
        let unit = match self.optional(at, 1) {
            Some(u) => self.text_arg(u, at, env)?,
            None => None,
        };
        let quantity = match (quantity, unit) {
            (Some(q), Some(unit)) => {
                let calendar = CalendarUnit::from_word(&unit).is_some();
                let target = Quantity { value: Decimal::ZERO, unit, calendar };
                q.converted(&target).map(|value| Quantity { value, ..target })
            }
            (q, _) => q,
        };
        Ok(quantity.map(|q| Item::Quantity(Rc::new(q))))
    }
}

fn to_boolean(value: &Item<'_>) -> Option<bool> {
    match value {
        Item::Bool(b) => Some(*b),
        Item::Str(_) | Item::Text(_) => match value.as_str()?.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        },
        _ => match as_decimal(value)? {
            d if d == Decimal::ONE => Some(true),
            d if d.is_zero() => Some(false),
            _ => None,
        },
    }
}
