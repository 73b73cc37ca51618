//! Whether an item is enabled (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>).

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::form::{Condition, Enable};
use super::value::{Choice, choice, equal, order};
use super::{Sheet, any, named, text_of};
use crate::fhirpath::{self, ErrorKind, Item};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Judge, Truth};

/// Results so far: items by their expressions, conditions by the part of the response whose answers they
/// refer to.
#[derive(Default)]
pub struct Known {
    expressions: FxHashMap<u32, Truth>,
    conditions: FxHashMap<(u32, u32), Truth>,
}

/// Nothing in the response answers the question of a condition.
const NOWHERE: u32 = u32::MAX;

/// Whether an item whose parent is `holder` is enabled.
pub fn enabled<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, holder: u32) -> Truth {
    match &s.form.item(place).enable {
        Enable::Always => Truth::True,
        Enable::Expression(value) => {
            let known = s.memory.borrow().enabled.expressions.get(&place).copied();
            known.unwrap_or_else(|| {
                let truth = value.map_or(Truth::Unknown, |v| expression(j, s, v));
                s.memory.borrow_mut().enabled.expressions.insert(place, truth);
                truth
            })
        }
        Enable::When { all: None, .. } => Truth::Unknown,
        Enable::When { conditions, all: Some(true) } => conditions
            .clone()
            .fold(Truth::True, |all, c| if all == Truth::False { all } else { all.and(condition(j, s, c, holder)) }),
        Enable::When { conditions, all: Some(false) } => {
            Truth::any(conditions.clone().map(|c| condition(j, s, c, holder)))
        }
    }
}

/// Whether a condition holds of the nearest answers to its question.
fn condition<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, at: u32, holder: u32) -> Truth {
    let condition = s.form.condition(at);
    let near = s.parts.nearest(condition.asked, holder);
    let key = (at, near.as_ref().map_or(NOWHERE, |n| n.around));
    if let Some(truth) = s.memory.borrow().enabled.conditions.get(&key) {
        return *truth;
    }
    let items = near.map_or(&[][..], |n| s.parts.occurrences(condition.asked).get(n.range).unwrap_or_default());
    let truth = holds(j, s, condition, items.iter().flat_map(|i| s.parts.answers(*i)).map(|(_, answer)| answer));
    s.memory.borrow_mut().enabled.conditions.insert(key, truth);
    truth
}

/// Whether a condition holds of any of the answers.
fn holds<'t>(
    j: &mut Judge<'_, 't>,
    s: &Sheet<'_, 't>,
    condition: &Condition<'_>,
    answers: impl Iterator<Item = Node<'t>>,
) -> Truth {
    let Some(wanted) = condition.wanted else { return Truth::Unknown };
    let at = s.frame.resource;
    if condition.operator != "exists" {
        let compared =
            |a: Node<'t>| choice(a, "value").map_or(Truth::False, |value| compare(&condition.operator, value, wanted));
        return any(j, at, answers, compared);
    }
    let mut answers = answers.peekable();
    match &*wanted.node.text() {
        "true" => any(j, at, answers, |a| Truth::of(choice(a, "value").is_some())),
        "false" => Truth::of(answers.peek().is_none()),
        _ => Truth::Unknown,
    }
}

/// Whether an answer is the wanted one. A wanted coding that names no system leaves the system open.
fn same(value: Choice<'_>, wanted: Choice<'_>) -> Truth {
    if wanted.kind == "Coding" && named(wanted.node, "system").is_none() {
        return Truth::of(text_of(value.node, "code") == text_of(wanted.node, "code"));
    }
    equal(value.node, wanted.node, wanted.kind)
}

fn compare(operator: &str, value: Choice<'_>, wanted: Choice<'_>) -> Truth {
    let kind = wanted.kind;
    if value.kind != kind {
        return Truth::of(operator == "!=");
    }
    let by = |f: fn(Ordering) -> bool| order(value.node, wanted.node, kind).map_or(Truth::Unknown, |o| Truth::of(f(o)));
    match operator {
        "=" => same(value, wanted),
        "!=" => same(value, wanted).not(),
        ">" => by(Ordering::is_gt),
        "<" => by(Ordering::is_lt),
        ">=" => by(Ordering::is_ge),
        "<=" => by(Ordering::is_le),
        _ => Truth::Unknown,
    }
}

/// Whether an expression enables an item. It starts from the response, so its result does not depend on where the item
/// is; one in another language, or that asks for its place or for variables of the questionnaire, leaves it open.
fn expression<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, value: Node<'_>) -> Truth {
    let (Some(language), Some(text)) = (text_of(value, "language"), text_of(value, "expression")) else {
        return Truth::Unknown;
    };
    let mut pool = String::new();
    let tree =
        if language == "text/fhirpath" && !text.contains("%context") { fhirpath::parse(&text).ok() } else { None };
    let compiled =
        tree.and_then(|tree| fhirpath::Compiler::new(j.typing).with_variables(&[]).compile(&tree, &mut pool).ok());
    let Some(words) = compiled else { return Truth::Unknown };
    let response = s.frame.resource;
    let truth = {
        let ports = j.ports(&s.frame);
        let context = ports.context();
        let code = fhirpath::Code { words: &words, pool: &pool };
        j.with_scratch(|scratch| fhirpath::test(code, &Item::node(response, s.frame.type_id), &context, scratch))
    };
    match truth {
        fhirpath::Truth::True => Truth::True,
        fhirpath::Truth::False | fhirpath::Truth::Empty => Truth::False,
        fhirpath::Truth::Error(e) if e.kind == ErrorKind::Budget => {
            j.limit(RuleId::LIMIT_EXPRESSION, response);
            Truth::Unknown
        }
        fhirpath::Truth::Error(e) if e.kind == ErrorKind::BrokenOff => {
            j.broken_off(response);
            Truth::Unknown
        }
        fhirpath::Truth::Unknown(_) | fhirpath::Truth::Error(_) => Truth::Unknown,
    }
}
