//! Units of UCUM (https://ucum.org), as far as quantities need them.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::quantity::Quantity;

/// How `a` of unit `x` and `b` of unit `y` lie; `None` where the units differ in dimension or are not known.
pub(super) fn compare(a: Decimal, x: &str, b: Decimal, y: &str) -> Option<Ordering> {
    if x == y {
        return Some(a.cmp(&b));
    }
    convert(a, x, y).map(|v| v.cmp(&b))
}

/// A number of unit `from` in unit `to`; `None` where the units differ in dimension or are not known.
pub(super) fn convert(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    (from == to).then_some(value)
}

/// The product or quotient of two quantities.
pub(super) fn combine(a: &Quantity, b: &Quantity, divide: bool) -> Option<Quantity> {
    let value = if divide { a.value.checked_div(b.value)? } else { a.value.checked_mul(b.value)? };
    let plain = |q: &Quantity| &*q.unit == "1";
    let unit: std::rc::Rc<str> = match (plain(a), plain(b), divide) {
        (_, true, _) => a.unit.clone(),
        (true, false, false) => b.unit.clone(),
        (_, _, true) if a.unit == b.unit => "1".into(),
        (_, _, true) => format!("{}/{}", if plain(a) { "" } else { &a.unit }, b.unit).into(),
        (_, _, false) if a.unit == b.unit => format!("{}2", a.unit).into(),
        (_, _, false) => format!("{}.{}", a.unit, b.unit).into(),
    };
    Some(Quantity { value, unit, calendar: false })
}
