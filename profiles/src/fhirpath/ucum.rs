//! Units of UCUM (https://ucum.org): whether two are of one dimension, and conversion between them. Exact for proper
//! units; units on scales of their own (degrees, pH) go through doubles.

use std::cmp::Ordering;

use octofhir_ucum::{EvalResult, Number, evaluate, parse_expression};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::quantity::Quantity;
use super::value;

/// Longer codes are no units.
const MAX_CODE: usize = 200;

fn term(code: &str) -> Option<EvalResult> {
    if code.len() > MAX_CODE {
        return None;
    }
    evaluate(&parse_expression(code).ok()?).ok()
}

/// Whether a code is a unit of UCUM.
pub fn is_unit(code: &str) -> bool {
    term(code).is_some()
}

/// How `a` of unit `x` and `b` of unit `y` lie; `None` where the units differ in dimension or are not known.
pub(super) fn compare(a: Decimal, x: &str, b: Decimal, y: &str) -> Option<Ordering> {
    if x == y {
        return Some(a.cmp(&b));
    }
    convert(a, x, y).map(|v| v.cmp(&b))
}

/// A number of unit `from` in unit `to`; `None` where the units differ in dimension or are not known.
pub(super) fn convert(number: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(number);
    }
    let (x, y) = (term(from)?, term(to)?);
    if !x.is_commensurable(&y) {
        return None;
    }
    if x.special.is_none() && y.special.is_none() {
        let exact = Number::parse(&number.to_string())?.checked_mul(x.factor)?.checked_div(y.factor)?;
        return value::decimal(&exact.to_string()).map(|d| d.normalize());
    }
    let rough = octofhir_ucum::convert(number.to_f64()?, from, to).ok()?;
    Decimal::from_f64(rough)
}

/// Whether the unit `x` is at least as large as the unit `y` of its dimension.
pub(super) fn is_coarser(x: &str, y: &str) -> bool {
    convert(Decimal::ONE, x, y).is_some_and(|v| v >= Decimal::ONE)
}

/// The product or quotient of two quantities.
pub(super) fn combine(a: &Quantity, b: &Quantity, divide: bool) -> Option<Quantity> {
    let value = if divide { a.value.checked_div(b.value)?.normalize() } else { a.value.checked_mul(b.value)? };
    let (x, y) = (a.ucum_code(), b.ucum_code());
    let compound = |code: &str| code.contains(['/', '.']);
    let group = |code: &str| if compound(code) { format!("({code})") } else { code.to_owned() };
    let unit = match (x, y, divide) {
        (_, "1", _) => x.to_owned(),
        ("1", _, false) => y.to_owned(),
        ("1", _, true) => format!("/{}", group(y)),
        (_, _, true) if x == y => "1".to_owned(),
        (_, _, true) => format!("{x}/{}", group(y)),
        (_, _, false) if x == y && !compound(x) && !x.ends_with(|c: char| c.is_ascii_digit()) => format!("{x}2"),
        (_, _, false) => format!("{x}.{}", group(y)),
    };
    Some(Quantity { value, unit: unit.into(), calendar: false })
}
