//! Whether an item is enabled (https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen).

use super::super::ports::WalkPorts;
use super::super::truth::Truth;
use super::super::walk::Walk;
use super::value::{choice, equal, order};
use super::{Form, all_named, named, text_of};
use crate::fhirpath::{self, Item};
use crate::instance::Node;

/// The extension by which an item is enabled by an expression
/// (https://hl7.org/fhir/uv/sdc/STU3/expressions.html#enableWhenExpression).
const ENABLE_WHEN_EXPRESSION: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression";

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
        if let Some(expression) = all_named(definition, "extension").find(|x| text_of(*x, "url").is_some_and(|url| url == ENABLE_WHEN_EXPRESSION)) {
            return self.enabled_by(form, expression);
        }
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

    /// Whether an expression enables an item. It starts from the response; one in another language, or that asks for variables of
    /// the questionnaire, leaves it open.
    fn enabled_by(&self, form: &Form<'t, '_>, extension: Node<'_>) -> Truth {
        let Some(value) = named(extension, "valueExpression") else { return Truth::Unknown };
        let (Some(language), Some(text)) = (text_of(value, "language"), text_of(value, "expression")) else { return Truth::Unknown };
        let mut pool = String::new();
        let tree = if language == "text/fhirpath" && !text.contains("%context") { fhirpath::parse(&text).ok() } else { None };
        let compiled = tree.and_then(|tree| fhirpath::Compiler::new(self.typing).with_variables(&[]).compile(&tree, &mut pool).ok());
        let Some(words) = compiled else { return Truth::Unknown };
        let ports = WalkPorts { walk: self };
        let context = self.context_of(form.response, &ports);
        let focus = Item::node(form.response, self.model().resource_type(form.response));
        match fhirpath::test(fhirpath::Code { words: &words, pool: &pool }, &focus, &context, &mut fhirpath::Scratch::default()) {
            fhirpath::Truth::True => Truth::True,
            fhirpath::Truth::False | fhirpath::Truth::Empty => Truth::False,
            fhirpath::Truth::Unknown(_) | fhirpath::Truth::Error(_) => Truth::Unknown,
        }
    }
}
