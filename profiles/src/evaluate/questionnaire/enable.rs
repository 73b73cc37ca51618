//! Whether an item is enabled (https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen).

use super::super::truth::Truth;
use super::super::walk::Walk;
use super::value::{choice, equal, order};
use super::{Form, all_named, text_of};
use crate::instance::Node;

/// The answers to a question in the part of the response below a node.
fn below<'n>(n: Node<'n>, link_id: &str, out: &mut Vec<Node<'n>>, found: &mut bool) {
    for c in n.children().filter(|c| matches!(c.name_text(), "item" | "answer")) {
        if c.name_text() == "item" && text_of(c, "linkId").is_some_and(|l| l == link_id) {
            *found = true;
            out.extend(all_named(c, "answer"));
        }
        below(c, link_id, out, found);
    }
}

/// The answers to the nearest occurrence of a question: below the closest holder that has one.
fn answers<'n>(response: Node<'n>, from: Node<'n>, link_id: &str) -> Vec<Node<'n>> {
    let (mut out, mut found, mut at) = (Vec::new(), false, from);
    loop {
        if at.name_text() == "item" && text_of(at, "linkId").is_some_and(|l| l == link_id) {
            return all_named(at, "answer").collect();
        }
        below(at, link_id, &mut out, &mut found);
        if found || at == response {
            return out;
        }
        let Some(parent) = at.parent() else { return out };
        at = parent;
    }
}

/// Whether a condition holds of the answers to its question.
fn holds(condition: Node<'_>, answers: &[Node<'_>]) -> Truth {
    let operator = text_of(condition, "operator").unwrap_or_default();
    let Some((wanted, kind)) = choice(condition, "answer") else { return Truth::Unknown };
    let values = answers.iter().filter_map(|a| choice(*a, "value"));
    if operator == "exists" {
        return Truth::of(values.count() > 0 && wanted.text() == "true" || answers.is_empty() && wanted.text() == "false");
    }
    Truth::any(values.map(|(value, found)| {
        if found != kind {
            return Truth::of(operator == "!=");
        }
        let by = |f: fn(std::cmp::Ordering) -> bool| order(value, wanted, kind).map_or(Truth::Unknown, |o| Truth::of(f(o)));
        match &*operator {
            "=" => equal(value, wanted, kind),
            "!=" => match equal(value, wanted, kind) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Unknown => Truth::Unknown,
            },
            ">" => by(std::cmp::Ordering::is_gt),
            "<" => by(std::cmp::Ordering::is_lt),
            ">=" => by(std::cmp::Ordering::is_ge),
            "<=" => by(std::cmp::Ordering::is_le),
            _ => Truth::Unknown,
        }
    }))
}

impl<'t> Walk<'_, 't> {
    /// Whether an item that would stand in `holder` is enabled.
    pub(super) fn enabled(&self, form: &Form<'t, '_>, definition: Node<'_>, holder: Node<'t>) -> Truth {
        let conditions: Vec<Node<'_>> = all_named(definition, "enableWhen").collect();
        if conditions.is_empty() {
            return Truth::True;
        }
        let mut each = conditions.iter().map(|c| holds(*c, &answers(form.response, holder, &text_of(*c, "question").unwrap_or_default())));
        match text_of(definition, "enableBehavior").as_deref() {
            Some("all") => each.fold(Truth::True, Truth::and),
            Some("any") => Truth::any(each),
            _ if conditions.len() == 1 => each.next().unwrap_or(Truth::True),
            _ => Truth::Unknown,
        }
    }
}
