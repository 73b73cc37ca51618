//! The bounds that a question sets for its answers: minimum and maximum values, lengths, digits, format, size.

use std::cmp::Ordering;

use super::form::{Bound, Definition};
use super::value::{Choice, incomparable, number, order};
use super::{Sheet, any, text_of};
use crate::decimal::{self, Decimal};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Pattern, Truth, Weight};

/// Judges an answer's value by the bounds of its question.
pub fn check<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, answer: Node<'t>, value: Choice<'t>) {
    let definition = s.form.item(place);
    let Choice { node, kind } = value;
    let (low, high) =
        if kind == "Quantity" { (Bound::MinQuantity, Bound::MaxQuantity) } else { (Bound::MinValue, Bound::MaxValue) };
    let mut bad = beyond(definition.bound(low), value, Ordering::Less).or(beyond(
        definition.bound(high),
        value,
        Ordering::Greater,
    ));
    match kind {
        "String" | "Uri" => {
            bad = bad.or(Truth::of(out_of_length(definition, node)));
            if let Some(pattern) = definition.bound(Bound::Regex).filter(|_| bad != Truth::True) {
                let pattern = j.pattern(&pattern.text());
                bad = bad.or(out_of_form(j, &pattern, node));
            }
        }
        "Decimal" | "Quantity" => bad = bad.or(Truth::of(out_of_places(definition, value))),
        "Attachment" => attachment(j, definition, answer, node),
        _ => {}
    }
    told(j, bad, node, || number(node, kind).unwrap_or_default().into_owned());
}

fn told<'t>(j: &mut Judge<'_, 't>, bad: Truth, at: Node<'t>, text: impl FnOnce() -> String) {
    let weight = match bad {
        Truth::False => return,
        Truth::True => Weight::Error,
        Truth::Unknown => Weight::Question,
    };
    j.find(RuleId::QUESTIONNAIRE_BOUND, weight, at, &[], || Detail::Text(text()));
}

/// Whether a value is on the wrong side of a bound. A quantity with another dimension than its bound is.
fn beyond(bound: Option<Node<'_>>, value: Choice<'_>, refused: Ordering) -> Truth {
    let Some(bound) = bound else { return Truth::False };
    match order(value.node, bound, value.kind) {
        Some(order) => Truth::of(order == refused),
        None if value.kind == "Quantity" && incomparable(value.node, bound) => Truth::True,
        None => Truth::Unknown,
    }
}

fn out_of_places(definition: &Definition<'_>, value: Choice<'_>) -> bool {
    let most = definition.bound(Bound::Places).and_then(|m| m.text().parse::<usize>().ok());
    most.is_some_and(|m| number(value.node, value.kind).is_some_and(|n| decimal::places(&n) > m))
}

fn out_of_length(definition: &Definition<'_>, value: Node<'_>) -> bool {
    let least = definition.bound(Bound::MinLength).and_then(|m| m.text().parse::<usize>().ok());
    if least.is_none() && definition.max_length.is_none() {
        return false;
    }
    let length = value.text().chars().count();
    least.is_some_and(|m| length < m) || definition.max_length.is_some_and(|m| length > m)
}

/// Whether a value does not match its question's regular expression.
fn out_of_form<'t>(j: &mut Judge<'_, 't>, pattern: &Pattern, value: Node<'t>) -> Truth {
    match pattern {
        Pattern::Unreadable => Truth::Unknown,
        Pattern::Compiled(regex) => Truth::of(!regex.is_match(&value.text())),
        // The limit reports that this stays open.
        Pattern::TooLarge => {
            j.limit(RuleId::LIMIT_REGEX, value);
            Truth::False
        }
    }
}

/// The size and the type of an attachment; where they are not stated, whether they are allowed stays open.
fn attachment<'t>(j: &mut Judge<'_, 't>, definition: &Definition<'_>, answer: Node<'t>, value: Node<'t>) {
    if let Some(most) = definition.bound(Bound::MaxSize).and_then(|m| decimal::exact(&m.text())) {
        let too_large = size(value).map_or(Truth::Unknown, |s| Truth::of(Decimal::from(s) > most));
        told(j, too_large, answer, || "maxSize".to_owned());
    }
    if !definition.mime_types.is_empty() {
        let found = text_of(value, "contentType");
        let allowed = found.map_or(Truth::Unknown, |found| {
            any(j, value, definition.mime_types.iter(), |m| Truth::of(m.text() == found))
        });
        told(j, allowed.not(), answer, || "mimeType".to_owned());
    }
}

/// The size of an attachment: the stated one, or that of its data.
fn size(value: Node<'_>) -> Option<u64> {
    let told = text_of(value, "size").and_then(|s| s.parse::<u64>().ok());
    told.or_else(|| {
        text_of(value, "data")
            .map(|d| d.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count() as u64 * 3 / 4)
    })
}
