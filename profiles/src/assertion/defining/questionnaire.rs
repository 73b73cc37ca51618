//! Questionnaires: initial values and the answers in enableWhen have the types of their questions
//! (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.initial.value_x_>,
//! <https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.answer_x_>).

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::super::questionnaire::answer_types;
use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges a Questionnaire.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let mut items: Vec<Node<'t>> = named(at.node, "item").collect();
    let mut next = 0;
    while let Some(item) = items.get(next).copied() {
        items.extend(named(item, "item"));
        next += 1;
    }
    let mut types: FxHashMap<Cow<'t, str>, Cow<'t, str>> = FxHashMap::default();
    for item in &items {
        if let (Some(id), Some(kind)) = (text(*item, "linkId"), text(*item, "type")) {
            types.entry(id).or_insert(kind);
        }
    }
    for item in items {
        if j.shared.look() {
            return;
        }
        if let Some(kind) = text(item, "type") {
            for value in named(item, "initial").filter_map(|i| value(i, "value")) {
                fits(j, value, &kind);
            }
        }
        for condition in named(item, "enableWhen").filter(|w| text(*w, "operator").is_some_and(|o| o != "exists")) {
            let kind = text(condition, "question").and_then(|q| types.get(&q).cloned());
            if let (Some(kind), Some(value)) = (kind, value(condition, "answer")) {
                fits(j, value, &kind);
            }
        }
    }
}

/// The value of a choice, with the name of its type.
fn value<'t>(n: Node<'t>, choice_base: &str) -> Option<(Node<'t>, &'t str)> {
    n.children().find_map(|c| Some((c, c.name_text().strip_prefix(choice_base).filter(|t| !t.is_empty())?)))
}

/// The types of the values that a question may be given or compared with; empty where it has none, or they are not
/// known here.
fn answers(kind: &str) -> &'static [&'static str] {
    match kind {
        "decimal" => &["Decimal", "Integer"],
        // Options may be of any of these types.
        "choice" | "open-choice" => &["Coding", "String", "Integer", "Date", "Time", "Reference"],
        kind => answer_types(kind).unwrap_or_default(),
    }
}

fn fits<'t>(j: &mut Judge<'_, 't>, (node, found): (Node<'t>, &str), kind: &str) {
    let wanted = answers(kind);
    if !wanted.is_empty() && !wanted.contains(&found) {
        j.error(RuleId::QUESTIONNAIRE_VALUE, node, &[], || {
            Detail::Text(format!("a question of type `{kind}` cannot have `{}`", node.name_text()))
        });
    }
}
