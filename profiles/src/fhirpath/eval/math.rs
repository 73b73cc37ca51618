//! Mathematical functions. Exact where decimals allow it; `exp`, `ln`, `log`, roots and broken powers are approximated.

use std::rc::Rc;

use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::equality::as_decimal;
use super::{Env, Eval, Step};
use crate::decimal::Decimal;
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::Quantity;

/// A computed double as a decimal, with as many digits as a double carries.
fn rounded(value: f64) -> Option<Decimal> {
    Decimal::from_f64(value).map(|d| d.normalize())
}

fn integer<'t>(d: Decimal) -> Option<Item<'t>> {
    d.to_i64().map(Item::Integer)
}

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn math(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let Some(item) = self.value(self.arg(at, 0), env)? else { return Ok(None) };
        let argument = match self.optional(at, 1) {
            Some(a) => match self.value(a, env)? {
                None => return Ok(None),
                some => some,
            },
            None => None,
        };
        if matches!(item, Item::Unknown(_)) || matches!(argument, Some(Item::Unknown(_))) {
            return Ok(Some(Item::Unknown(crate::model::TypeId::UNKNOWN)));
        }
        if let (Item::Quantity(q), Op::Abs | Op::Ceiling | Op::Floor | Op::Truncate | Op::Round) = (&item, op) {
            let Some(value) =
                self.math_on(op, at, &Item::Decimal(q.value), argument.as_ref())?.as_ref().and_then(as_decimal)
            else {
                return Ok(None);
            };
            return Ok(Some(Item::Quantity(Rc::new(Quantity { value, ..(**q).clone() }))));
        }
        self.math_on(op, at, &item, argument.as_ref())
    }

    fn math_on(&mut self, op: Op, at: usize, item: &Item<'t>, argument: Option<&Item<'t>>) -> Step<Option<Item<'t>>> {
        let number = |eval: &Self, i: &Item<'t>| match as_decimal(i) {
            Some(d) => Ok(d),
            None => Err(eval.error(
                at,
                ErrorKind::Type,
                format!("expected a number, found {}", i.type_name(eval.context.typing)),
            )),
        };
        let d = number(self, item)?;
        let second = argument.map(|a| number(self, a)).transpose()?;
        let float = d.to_f64().unwrap_or(f64::NAN);
        Ok(match op {
            Op::Abs => match item {
                Item::Integer(n) => n.checked_abs().map(Item::Integer),
                Item::Long(n) => n.checked_abs().map(Item::Long),
                _ => Some(Item::Decimal(d.abs())),
            },
            Op::Ceiling => integer(d.ceil()),
            Op::Floor => integer(d.floor()),
            Op::Truncate => integer(d.trunc()),
            Op::Round => self.round(at, item, d, argument)?,
            Op::Exp => rounded(float.exp()).map(Item::Decimal),
            Op::Ln => (float > 0.0).then(|| rounded(float.ln())).flatten().map(Item::Decimal),
            Op::Sqrt => (float >= 0.0).then(|| rounded(float.sqrt())).flatten().map(Item::Decimal),
            Op::Log => {
                let base = second.and_then(|s| s.to_f64()).unwrap_or(f64::NAN);
                let value = if base == 10.0 {
                    float.log10()
                } else if base == 2.0 {
                    float.log2()
                } else {
                    float.ln() / base.ln()
                };
                (float > 0.0 && base > 0.0 && base != 1.0).then(|| rounded(value)).flatten().map(Item::Decimal)
            }
            _ => power(item, d, argument, second),
        })
    }

    fn round(&self, at: usize, item: &Item<'t>, d: Decimal, argument: Option<&Item<'t>>) -> Step<Option<Item<'t>>> {
        let places = match argument {
            None => 0,
            Some(Item::Integer(n) | Item::Long(n)) => match u32::try_from(*n) {
                Ok(n) => n.min(28),
                Err(_) => return self.fail(at, ErrorKind::Argument, "the digits of `round` must not be negative"),
            },
            Some(_) => return self.fail(at, ErrorKind::Type, "the digits of `round` must be a whole number"),
        };
        if let (Item::Integer(_) | Item::Long(_), None) = (item, argument) {
            return Ok(Some(item.clone()));
        }
        Ok(Some(Item::Decimal(d.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))))
    }
}

fn power<'t>(item: &Item<'t>, d: Decimal, argument: Option<&Item<'t>>, second: Option<Decimal>) -> Option<Item<'t>> {
    if let (Item::Integer(base), Some(Item::Integer(exponent))) = (item, argument)
        && let Ok(exponent) = u32::try_from(*exponent)
    {
        return base.checked_pow(exponent).map(Item::Integer);
    }
    let exponent = second?;
    if exponent.is_integer() && exponent.abs() <= Decimal::from(64) {
        let mut result = Decimal::ONE;
        for _ in 0..exponent.abs().to_u32()? {
            result = result.checked_mul(d)?;
        }
        let result = if exponent.is_sign_negative() { Decimal::ONE.checked_div(result)? } else { result };
        return Some(Item::Decimal(result));
    }
    let value = d.to_f64()?.powf(exponent.to_f64()?);
    if value.is_finite() { rounded(value).map(Item::Decimal) } else { None }
}
