//! Minimum and maximum values and lengths
//! (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_>).

use std::cmp::Ordering;

use super::control;
use super::example::{Example, example};
use super::fixed::compared;
use super::text::{Describe, Message, MessageContext};
use crate::decimal;
use crate::fhirpath::{CalendarUnit, Precision, Quantity, Temporal};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth, Weight};
use crate::model::{JsonLexeme, Primitive, Role};
use crate::plan::rows::ValueRow;
use crate::plan::{Handle, ImageSet, PlanBounds, ValueKind};

/// The system of units whose codes can be compared.
const UCUM: &str = "http://unitsofmeasure.org";

/// Judges a node by the bounds of one element.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, b: &PlanBounds) {
    let n = at.node;
    if let Some(max) = b.max_length
        && is_longer(n, max as usize)
    {
        j.error(RuleId::MAX_LENGTH, n, &[b.element], || Detail::Text(max.to_string()));
    }
    if b.min_length > 0 && n.has_value() && !is_longer(n, b.min_length as usize - 1) {
        j.error(RuleId::MIN_LENGTH, n, &[b.element], || Detail::Text(b.min_length.to_string()));
    }
    if b.controls.len > 0 {
        control::check(j, at, b);
    }
    for (bound, beyond, rule) in
        [(b.min_value, Ordering::Less, RuleId::MIN_VALUE), (b.max_value, Ordering::Greater, RuleId::MAX_VALUE)]
    {
        let Some(bound) = bound else { continue };
        if at.plan.role == Role::Quantity && lacks_value(n) {
            // Nothing says that there has to be one.
            j.find(rule, Weight::Warning, n, &[b.element], || Detail::Value(bound));
            continue;
        }
        if at.plan.role == Role::Quantity && is_of_other_type(j.set, b.element, bound) {
            j.question(rule, n, &[b.element], || Detail::Value(bound));
            continue;
        }
        match within(j, at, bound, beyond) {
            Truth::True => {}
            Truth::False => j.error(rule, n, &[b.element], || Detail::Value(bound)),
            Truth::Unknown => j.question(rule, n, &[b.element], || Detail::Value(bound)),
        }
    }
}

/// Whether a quantity has no value, and no extension that could tell why.
fn lacks_value(n: Node<'_>) -> bool {
    n.is_object() && n.child(NameId::VALUE).is_none() && n.child(NameId::EXTENSION).is_none()
}

/// Whether the bound of an element that can only be a quantity is none.
fn is_of_other_type(set: &ImageSet, element: Handle, bound: Handle) -> bool {
    let image = set.layer(element.layer);
    let is_single = image.element(element.row).is_some_and(|e| image.type_refs(e.types).len() == 1);
    is_single && set.value(bound).is_some_and(|row| row.kind() != ValueKind::Object)
}

/// Whether a value has more than `count` characters. It never has more characters than its text has bytes.
fn is_longer(n: Node<'_>, count: usize) -> bool {
    n.raw_bytes().len() > count && n.text().chars().nth(count).is_some()
}

/// Whether a value is not beyond a bound. A bound of another type, or an absent value, requires
/// nothing.
fn within(j: &Judge<'_, '_>, at: &Place<'_, '_>, bound: Handle, beyond: Ordering) -> Truth {
    let set = j.set;
    let Some(row) = set.value(bound) else { return Truth::Unknown };
    let (n, kind) = (at.node, row.kind());
    if kind == ValueKind::Object {
        return match at.plan.primitive {
            Some(Primitive::Date | Primitive::DateTime | Primitive::Instant) if n.has_value() => {
                let Some(found) = Temporal::date_time(&n.text()) else { return Truth::True };
                let limit = j.scene.now.and_then(|now| relative(set, bound, row, now, beyond));
                let limit = limit.map(|l| l.to_date().filter(|_| found.precision <= Precision::Day).unwrap_or(l));
                limit.map_or(Truth::Unknown, |limit| moment(found, limit, beyond))
            }
            _ if at.plan.role == Role::Quantity => quantity(set, n, bound, row, beyond),
            _ => Truth::True,
        };
    }
    let (Some(p), true) = (at.plan.primitive, n.has_value()) else { return Truth::True };
    let (found, wanted) = (n.text(), set.str(bound.layer, row.text));
    let moments = match p {
        Primitive::Date | Primitive::DateTime | Primitive::Instant => {
            (Temporal::date_time(&found), Temporal::date_time(wanted))
        }
        Primitive::Time => (Temporal::time(&found), Temporal::time(wanted)),
        _ if p.json_lexeme() == JsonLexeme::Number && kind == ValueKind::Number || p == Primitive::Integer64 => {
            let Some(wanted) = decimal::exact(wanted) else { return Truth::Unknown };
            return decimal::exact(&found).map_or(Truth::Unknown, |found| Truth::of(found.cmp(&wanted) != beyond));
        }
        _ => return Truth::True,
    };
    // What is not a date or time has the wrong format, which is reported elsewhere.
    match moments {
        (Some(found), Some(wanted)) => moment(found, wanted, beyond),
        _ => Truth::True,
    }
}

/// Whether a date or time is not beyond another, as far as their precision allows: each spans a period of time,
/// and one without a time zone is read in that of the other.
fn moment(found: Temporal, wanted: Temporal, beyond: Ordering) -> Truth {
    // A bound without a time of day compares only the date, as it is written.
    let found = found.to_date().filter(|_| wanted.precision <= Precision::Day).unwrap_or(found);
    let ((first, last), (low, high)) = (found.in_zone_of(wanted).span(), wanted.in_zone_of(found).span());
    let (outside, inside) =
        if beyond == Ordering::Less { (last < low, first >= low) } else { (first > high, last <= high) };
    match (outside, inside) {
        (true, _) => Truth::False,
        (_, true) => Truth::True,
        _ => Truth::Unknown,
    }
}

/// A member of a bound that is an object.
fn part<'s>(set: &'s ImageSet, bound: Handle, row: &ValueRow, name: &str) -> Option<&'s str> {
    let mut at = row.first_child;
    while let Some(c) = set.layer(bound.layer).value(at) {
        if set.model().names().text(c.name) == name {
            return Some(set.str(bound.layer, c.text));
        }
        at = c.next;
    }
    None
}

/// The moment that a duration stands for as the bound of a date or time: as long before now as the minimum says, or as
/// long after now as the maximum does; `None` where it is none, or has a comparator
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_>).
fn relative(set: &ImageSet, bound: Handle, row: &ValueRow, now: Temporal, beyond: Ordering) -> Option<Temporal> {
    let member = |name: &str| part(set, bound, row, name);
    if member("comparator").is_some() || member("system").is_some_and(|s| s != UCUM) {
        return None;
    }
    let amount = decimal::exact(member("value")?)?;
    let unit = match member("code").or_else(|| member("unit"))? {
        "a" => CalendarUnit::Year,
        "mo" => CalendarUnit::Month,
        code => CalendarUnit::from_ucum(code).or_else(|| CalendarUnit::from_word(code))?,
    };
    let is_fine = matches!(unit, CalendarUnit::Second | CalendarUnit::Millisecond);
    if !is_fine && !amount.fract().is_zero() {
        return None;
    }
    now.moved(if beyond == Ordering::Less { -amount } else { amount }, unit)
}

/// Whether a quantity is not beyond another, if their units have the same dimension.
fn quantity(set: &ImageSet, n: Node<'_>, bound: Handle, row: &ValueRow, beyond: Ordering) -> Truth {
    let part = |name: NameId| part(set, bound, row, set.model().names().text(name));
    let Some(value) = n.child_text(NameId::VALUE) else { return Truth::True };
    let (code, system, unit) = (n.child_text(NameId::CODE), n.child_text(NameId::SYSTEM), n.child_text(NameId::UNIT));
    let (wanted_code, wanted_unit) = (part(NameId::CODE), part(NameId::UNIT));
    let same_unit = match (code.as_deref(), wanted_code) {
        (None, None) => unit.as_deref() == wanted_unit,
        (Some(a), Some(b)) => a == b || system.as_deref() == Some(UCUM),
        _ => false,
    };
    if system.as_deref() != part(NameId::SYSTEM) || !same_unit {
        return Truth::Unknown;
    }
    let read = |value: &str, code: Option<&str>| {
        Some(Quantity { value: decimal::exact(value)?, unit: code.unwrap_or("1").into(), calendar: false })
    };
    let (Some(found), Some(wanted)) =
        (read(&value, code.as_deref()), part(NameId::VALUE).and_then(|v| read(v, wanted_code)))
    else {
        return Truth::Unknown;
    };
    let Some(order) = found.compare(&wanted, false) else { return Truth::Unknown };
    compared_with(n, order, beyond)
}

/// What an order says where a comparator may precede the value (`<`, `>=`): the true value is on that side of it.
fn compared_with(n: Node<'_>, order: Ordering, beyond: Ordering) -> Truth {
    let comparator = n.children().find(|c| c.name_text() == "comparator" && c.has_value()).map(Node::text);
    let towards = match comparator.as_deref() {
        Some("<" | "<=") => Ordering::Less,
        Some(">" | ">=") => Ordering::Greater,
        _ => return Truth::of(order != beyond),
    };
    match (order != beyond, towards == beyond) {
        (true, false) => Truth::True,
        (false, true) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Reports that a value is beyond a bound, or that this cannot be determined.
fn lies(t: MessageContext<'_>, beyond: &str) -> Message {
    let (open, without) = (t.finding.weight == Weight::Question, t.finding.weight == Weight::Warning);
    compared(t, |found, wanted| {
        if without {
            format!("the quantity has no value, so that nothing tells whether it is {beyond} {wanted}")
        } else if open {
            format!("cannot determine whether {found} is {beyond} {wanted}")
        } else {
            format!("{found} is {beyond} {wanted}")
        }
    })
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::MIN_LENGTH, |t| format!("the value is shorter than {} characters", t.given()).into()),
    (RuleId::MAX_LENGTH, |t| format!("the value is longer than {} characters", t.given()).into()),
    (RuleId::MIN_VALUE, |t| lies(t, "less than the minimum")),
    (RuleId::MAX_VALUE, |t| lies(t, "more than the maximum")),
];

/// A minimum, and one that is a duration before now.
const MINIMA: &str = r#"{"id":"Patient.birthDate","path":"Patient.birthDate","minValueDate":"1900-01-01"},
    {"id":"Patient.deceased[x]","path":"Patient.deceased[x]","type":[{"code":"dateTime"}],"minValueQuantity":{
    "value":50,"system":"http://unitsofmeasure.org","code":"a"}}"#;

/// A maximum, and one that is a duration after now.
const MAXIMA: &str = r#"{"id":"Observation.effective[x]","path":"Observation.effective[x]","type":[{"code":"dateTime"}],
    "maxValueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"h"}},
    {"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"integer"}],"maxValueInteger":10},
    {"id":"Observation.referenceRange.high","path":"Observation.referenceRange.high","maxValueQuantity":{"value":9}},
    {"id":"Observation.referenceRange.low","path":"Observation.referenceRange.low","maxValueInteger":9}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::MIN_LENGTH, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, "ab", "abc")
        .profile(r#"{"id":"Patient.name.text","path":"Patient.name.text",
            "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/minLength","valueInteger":3}]}"#),
    example(RuleId::MAX_LENGTH, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, "abcd", "abc")
        .profile(r#"{"id":"Patient.name.text","path":"Patient.name.text","maxLength":3}"#),
    example(RuleId::MIN_VALUE, r#"{"resourceType":"Patient","birthDate":"§"}"#, "1899-12-31", "1900-01-01")
        .profile(MINIMA),
    example(RuleId::MIN_VALUE, r#"{"resourceType":"Patient","deceasedDateTime":"§"}"#, "1976-05-31", "1976-06-02")
        .profile(MINIMA),
    example(RuleId::MAX_VALUE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueInteger":§}"#, "11", "10").profile(MAXIMA),
    example(RuleId::MAX_VALUE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "effectiveDateTime":"§"}"#, "2026-06-01T14:30:00+01:00", "2026-06-01T13:30:00+01:00").profile(MAXIMA),
    // A quantity without a value, and one whose bound is none.
    example(RuleId::MAX_VALUE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "referenceRange":[{"high":{§}}]}"#, r#""id":"a""#, r#""value":9"#).profile(MAXIMA),
    example(RuleId::MAX_VALUE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "referenceRange":[{"§":{"value":9}}]}"#, "low", "high").profile(MAXIMA),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn told(found: &str, wanted: &str, beyond: Ordering) -> Option<Truth> {
        Some(moment(Temporal::date_time(found)?, Temporal::date_time(wanted)?, beyond))
    }

    #[test]
    fn dates_lie_as_far_as_they_tell() {
        let (min, max) = (Ordering::Less, Ordering::Greater);
        assert_eq!(told("1899-12-31", "1900-01-01", min), Some(Truth::False));
        assert_eq!(told("1900", "1900-01-01", min), Some(Truth::True));
        assert_eq!(told("1900", "1900-06-01", min), Some(Truth::Unknown));
        assert_eq!(told("1900", "1900-06-01", max), Some(Truth::Unknown));
        assert_eq!(told("1901", "1900-06-01", max), Some(Truth::False));
        assert_eq!(told("1900-06-01", "1900", min), Some(Truth::True));
        assert_eq!(told("1900-06-01T10:00:00+02:00", "1900", max), Some(Truth::True));
    }

    #[test]
    fn times_of_day_lie_by_their_zones() {
        assert_eq!(told("2019-12-31T23:30:00-05:00", "2020-01-01T00:00:00Z", Ordering::Less), Some(Truth::True));
        assert_eq!(told("2020-01-01T00:30:00+05:00", "2020-01-01T00:00:00Z", Ordering::Less), Some(Truth::False));
        assert_eq!(told("2020-01-01", "2020-01-01T12:00:00Z", Ordering::Less), Some(Truth::Unknown));
    }
}
