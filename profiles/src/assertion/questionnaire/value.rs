//! Values of answers, options, conditions and bounds, and how two of them compare.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{named, text_of};
use crate::decimal;
use crate::fhirpath::{Quantity, Temporal};
use crate::instance::Node;
use crate::judge::Truth;

/// The value of a choice element, with the name of its type as the element writes it (`Coding`, `Integer`).
#[derive(Clone, Copy)]
pub struct Choice<'n> {
    pub node: Node<'n>,
    pub kind: &'n str,
}

/// The value of the choice element `choice_base[x]` of a node.
pub fn choice<'n>(n: Node<'n>, choice_base: &str) -> Option<Choice<'n>> {
    n.children().find_map(|node| {
        let kind =
            node.name_text().strip_prefix(choice_base).filter(|k| k.starts_with(|c: char| c.is_ascii_uppercase()))?;
        Some(Choice { node, kind })
    })
}

/// A quantity with a formal unit; `None` where its value or its code is missing.
fn quantity(n: Node<'_>) -> Option<(Cow<'_, str>, Quantity)> {
    let system = text_of(n, "system")?;
    Some((
        system,
        Quantity {
            value: decimal::exact(&text_of(n, "value")?)?,
            unit: text_of(n, "code")?.as_ref().into(),
            calendar: false,
        },
    ))
}

/// Whether a quantity has no formal unit, at most one for readers.
fn is_informal(n: Node<'_>) -> bool {
    text_of(n, "system").is_none() && text_of(n, "code").is_none()
}

/// The order of two values of one type; `None` where it cannot be determined.
pub fn order(a: Node<'_>, b: Node<'_>, kind: &str) -> Option<Ordering> {
    let (x, y) = (a.text(), b.text());
    match kind {
        "Integer" | "Decimal" => Some(decimal::exact(&x)?.cmp(&decimal::exact(&y)?)),
        "Date" | "DateTime" => Temporal::date_time(&x)?.compare(Temporal::date_time(&y)?),
        "Time" => Temporal::time(&x)?.compare(Temporal::time(&y)?),
        "Quantity" => {
            if is_informal(a) && is_informal(b) && text_of(a, "unit") == text_of(b, "unit") {
                return Some(decimal::exact(&text_of(a, "value")?)?.cmp(&decimal::exact(&text_of(b, "value")?)?));
            }
            let ((s, p), (t, q)) = (quantity(a)?, quantity(b)?);
            if s == t { p.compare(&q, false) } else { None }
        }
        _ => Some(x.cmp(&y)),
    }
}

/// Whether two values of a type may be equal though they are written differently.
pub fn is_ordered(kind: &str) -> bool {
    matches!(kind, "Integer" | "Decimal" | "Date" | "DateTime" | "Time" | "Quantity")
}

/// Whether two quantities have formal units of different dimensions or systems.
pub fn incomparable(a: Node<'_>, b: Node<'_>) -> bool {
    let (Some((s, p)), Some((t, q))) = (quantity(a), quantity(b)) else { return false };
    s != t || p.compare(&q, false).is_none()
}

/// Whether two values of one type are equal; codings by system and code, references by what they refer to.
pub fn equal(a: Node<'_>, b: Node<'_>, kind: &str) -> Truth {
    if !is_ordered(kind) {
        return Truth::of(key(Choice { node: a, kind }) == key(Choice { node: b, kind }));
    }
    match order(a, b, kind) {
        Some(o) => Truth::of(o.is_eq()),
        None if a.text() == b.text() && kind != "Quantity" => Truth::True,
        None => Truth::Unknown,
    }
}

/// The key that identifies a value of its type.
pub type Key<'n> = (&'n str, Option<Cow<'n, str>>, Option<Cow<'n, str>>);

/// The key of a value: values with the same key are equal, and where their type has no order no others are.
pub fn key(value: Choice<'_>) -> Key<'_> {
    let Choice { node, kind } = value;
    match kind {
        "Coding" => (kind, text_of(node, "system"), text_of(node, "code")),
        "Reference" => (kind, None, text_of(node, "reference")),
        _ => (kind, None, Some(node.text())),
    }
}

/// The number of a decimal or quantity.
pub fn number<'n>(value: Node<'n>, kind: &str) -> Option<Cow<'n, str>> {
    if kind == "Quantity" { text_of(value, "value") } else { Some(value.text()) }
}

/// Whether a coding has this system and code.
pub fn is_coding(coding: Node<'_>, system: Option<&str>, code: &str) -> bool {
    named(coding, "code").is_some()
        && text_of(coding, "system").as_deref() == system
        && text_of(coding, "code").is_some_and(|c| c == code)
}
