//! Arithmetic on numbers, quantities, texts, dates and times.

use std::rc::Rc;

use super::equality::as_decimal;
use super::{Env, Eval, Step};
use crate::decimal::Decimal;
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::Quantity;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn arithmetic(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        if op == Op::Concatenate {
            return self.concatenate(at, env);
        }
        let left = self.value(self.arg(at, 0), env)?;
        if matches!(op, Op::Negate | Op::Plus) {
            return left.map_or(Ok(None), |item| self.sign(op, at, item));
        }
        let right = self.value(self.arg(at, 1), env)?;
        let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
        self.calculate(op, at, &left, &right)
    }

    fn sign(&mut self, op: Op, at: usize, item: Item<'t>) -> Step<Option<Item<'t>>> {
        let minus = op == Op::Negate;
        Ok(Some(match item {
            Item::Integer(n) if minus => return Ok(n.checked_neg().map(Item::Integer)),
            Item::Long(n) if minus => return Ok(n.checked_neg().map(Item::Long)),
            Item::Decimal(d) if minus => Item::Decimal(-d),
            Item::Quantity(q) if minus => Item::Quantity(Rc::new(Quantity { value: -q.value, ..(*q).clone() })),
            Item::Integer(_) | Item::Long(_) | Item::Decimal(_) | Item::Quantity(_) | Item::Unknown(_) => item,
            other => {
                let name = other.type_name(self.context.typing);
                return self.fail(at, ErrorKind::Type, format!("a sign is not defined for {name}"));
            }
        }))
    }

    /// `&`: empty counts as the empty text.
    fn concatenate(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let mut out = String::new();
        for i in 0..2 {
            match self.single(self.arg(at, i), env)? {
                None => {}
                Some(open @ Item::Unknown(_)) => return Ok(Some(open)),
                Some(item) => match item.string(self.context.typing) {
                    Some(text) => out.push_str(&text),
                    None if self.system(&item).is_none() => {}
                    None => return self.fail(at, ErrorKind::Type, "`&` joins strings"),
                },
            }
        }
        self.built(at, out).map(Some)
    }

    /// One binary operation on system values; empty where the result is out of range.
    pub(super) fn calculate(&mut self, op: Op, at: usize, left: &Item<'t>, right: &Item<'t>) -> Step<Option<Item<'t>>> {
        let result = match (left, right) {
            (Item::Unknown(_), _) | (_, Item::Unknown(_)) => Some(Item::Unknown(crate::model::TypeId::UNKNOWN)),
            (Item::Integer(a), Item::Integer(b)) => integers(op, *a, *b, Item::Integer),
            (Item::Long(a) | Item::Integer(a), Item::Long(b) | Item::Integer(b)) => integers(op, *a, *b, Item::Long),
            (Item::Str(_) | Item::Text(_), Item::Str(_) | Item::Text(_)) if op == Op::Add => {
                let (a, b) = (left.as_str().unwrap_or(""), right.as_str().unwrap_or(""));
                Some(self.built(at, [a, b].concat())?)
            }
            (Item::Temporal(t), Item::Quantity(q)) if matches!(op, Op::Add | Op::Subtract) => {
                return self.shift(at, *t, q, op == Op::Subtract);
            }
            (Item::Quantity(a), Item::Quantity(b)) => return self.quantities(op, at, a, b),
            (Item::Quantity(q), n) if matches!(op, Op::Multiply | Op::Divide) && as_decimal(n).is_some() => {
                decimals(op, q.value, as_decimal(n).unwrap_or_default())
                    .map(|value| Item::Quantity(Rc::new(Quantity { value, ..(**q).clone() })))
            }
            (n, Item::Quantity(q)) if op == Op::Multiply && as_decimal(n).is_some() => {
                decimals(op, as_decimal(n).unwrap_or_default(), q.value)
                    .map(|value| Item::Quantity(Rc::new(Quantity { value, ..(**q).clone() })))
            }
            _ => match (as_decimal(left), as_decimal(right)) {
                (Some(a), Some(b)) => decimals(op, a, b).map(|d| match op {
                    Op::Div => whole(d),
                    _ => Item::Decimal(d),
                }),
                _ => return self.mismatch(op, at, left, right),
            },
        };
        Ok(result)
    }

    fn mismatch<T>(&self, op: Op, at: usize, left: &Item<'t>, right: &Item<'t>) -> Step<T> {
        let name = |i: &Item<'t>| i.type_name(self.context.typing);
        self.fail(
            at,
            ErrorKind::Type,
            format!("`{}` is not defined for {} and {}", symbol(op), name(left), name(right)),
        )
    }

    fn quantities(&mut self, op: Op, at: usize, a: &Quantity, b: &Quantity) -> Step<Option<Item<'t>>> {
        let quantity = match op {
            Op::Add | Op::Subtract => {
                let other = if a.unit == b.unit && a.calendar == b.calendar { Some(b.value) } else { b.converted(a) };
                other.and_then(|v| decimals(op, a.value, v)).map(|value| Quantity { value, ..a.clone() })
            }
            Op::Multiply | Op::Divide => a.combined(b, op == Op::Divide),
            _ => {
                return self.mismatch(op, at, &Item::Quantity(Rc::new(a.clone())), &Item::Quantity(Rc::new(b.clone())));
            }
        };
        Ok(quantity.map(|q| Item::Quantity(Rc::new(q))))
    }
}

fn whole<'t>(d: Decimal) -> Item<'t> {
    use rust_decimal::prelude::ToPrimitive;
    d.to_i64().map_or(Item::Decimal(d), Item::Integer)
}

fn integers<'t>(op: Op, a: i64, b: i64, make: fn(i64) -> Item<'t>) -> Option<Item<'t>> {
    match op {
        Op::Add => a.checked_add(b).map(make),
        Op::Subtract => a.checked_sub(b).map(make),
        Op::Multiply => a.checked_mul(b).map(make),
        Op::Div => a.checked_div(b).map(make),
        Op::Mod => a.checked_rem(b).map(make),
        _ => decimals(op, Decimal::from(a), Decimal::from(b)).map(Item::Decimal),
    }
}

pub(super) fn decimals(op: Op, a: Decimal, b: Decimal) -> Option<Decimal> {
    match op {
        Op::Add => a.checked_add(b),
        Op::Subtract => a.checked_sub(b),
        Op::Multiply => a.checked_mul(b),
        Op::Divide => a.checked_div(b).map(|d| d.normalize()),
        Op::Div => a.checked_div(b).map(|d| d.trunc()),
        Op::Mod => a.checked_rem(b),
        _ => None,
    }
}

fn symbol(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Subtract => "-",
        Op::Multiply => "*",
        Op::Divide => "/",
        Op::Div => "div",
        _ => "mod",
    }
}
