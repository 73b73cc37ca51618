//! Values of answers, options, conditions and bounds, and how two of them lie.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::super::truth::Truth;
use super::{all_named, named, text_of};
use crate::fhirpath::{Quantity, Temporal};
use crate::instance::Node;

/// The value of a choice element, and the name of its type as the element writes it (`Coding`, `Integer`).
pub fn choice<'n>(n: Node<'n>, stem: &str) -> Option<(Node<'n>, &'n str)> {
    n.children().find_map(|c| {
        let kind = c.name_text().strip_prefix(stem).filter(|k| k.starts_with(|c: char| c.is_ascii_uppercase()))?;
        Some((c, kind))
    })
}

/// The value of the first extension of a url.
pub fn extension<'n>(n: Node<'n>, url: &str) -> Option<Node<'n>> {
    extensions(n, url).next()
}

/// The values of the extensions of a url.
pub fn extensions<'n>(n: Node<'n>, url: &str) -> impl Iterator<Item = Node<'n>> {
    let wanted = url.to_owned();
    all_named(n, "extension").filter(move |x| text_of(*x, "url").is_some_and(|u| u == wanted)).filter_map(|x| Some(choice(x, "value")?.0))
}

/// A number, exactly.
pub fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// A quantity with a formal unit; `None` where its value or its code is missing.
fn quantity(n: Node<'_>) -> Option<(Cow<'_, str>, Quantity)> {
    let system = text_of(n, "system")?;
    Some((system, Quantity { value: decimal(&text_of(n, "value")?)?, unit: text_of(n, "code")?.as_ref().into(), calendar: false }))
}

/// How two values of one type lie; `None` where that cannot be told.
pub fn order(a: Node<'_>, b: Node<'_>, kind: &str) -> Option<Ordering> {
    let (x, y) = (a.text(), b.text());
    match kind {
        "Integer" | "Decimal" => Some(decimal(&x)?.cmp(&decimal(&y)?)),
        "Date" | "DateTime" => Temporal::date_time(&x)?.compare(Temporal::date_time(&y)?),
        "Time" => Temporal::time(&x)?.compare(Temporal::time(&y)?),
        "Quantity" => {
            let ((s, p), (t, q)) = (quantity(a)?, quantity(b)?);
            if s == t { p.compare(&q, false) } else { None }
        }
        _ => Some(x.cmp(&y)),
    }
}

/// Whether two quantities have formal units of different dimensions or systems.
pub fn incomparable(a: Node<'_>, b: Node<'_>) -> bool {
    let (Some((s, p)), Some((t, q))) = (quantity(a), quantity(b)) else { return false };
    s != t || p.compare(&q, false).is_none()
}

/// Whether two values of one type are equal; codings by system and code, references by what they refer to.
pub fn equal(a: Node<'_>, b: Node<'_>, kind: &str) -> Truth {
    let same = |name: &str| text_of(a, name) == text_of(b, name);
    match kind {
        "Coding" => Truth::of(same("code") && same("system")),
        "Reference" => Truth::of(same("reference")),
        "Integer" | "Decimal" | "Date" | "DateTime" | "Time" | "Quantity" => match order(a, b, kind) {
            Some(o) => Truth::of(o.is_eq()),
            None if a.text() == b.text() && kind != "Quantity" => Truth::True,
            None => Truth::Unknown,
        },
        _ => Truth::of(a.text() == b.text()),
    }
}

/// The number of a decimal or quantity.
pub fn number<'n>(value: Node<'n>, kind: &str) -> Option<Cow<'n, str>> {
    if kind == "Quantity" { text_of(value, "value") } else { Some(value.text()) }
}

/// Whether a coding has this system and code.
pub fn is_coding(coding: Node<'_>, system: Option<&str>, code: &str) -> bool {
    named(coding, "code").is_some() && text_of(coding, "system").as_deref() == system && text_of(coding, "code").is_some_and(|c| c == code)
}
