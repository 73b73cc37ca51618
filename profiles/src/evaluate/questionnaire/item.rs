//! The items of a response: known, in order, there where they must be, not where they must not.

use super::super::finding::{Detail, Weight};
use super::super::truth::Truth;
use super::super::walk::Walk;
use super::{Form, all_named, is_true, text_of};
use crate::instance::Node;
use crate::issue::RuleId;

/// The item of a questionnaire with this linkId, at any depth.
fn anywhere<'q>(holder: Node<'q>, link_id: &str) -> Option<Node<'q>> {
    let mut stack: Vec<Node<'q>> = all_named(holder, "item").collect();
    while let Some(definition) = stack.pop() {
        if text_of(definition, "linkId").is_some_and(|l| l == link_id) {
            return Some(definition);
        }
        stack.extend(all_named(definition, "item"));
    }
    None
}

impl<'t> Walk<'_, 't> {
    /// Judges the items in `holder` (the response, an item, an answer) against those in `definitions` (the questionnaire, an item).
    pub(super) fn items(&mut self, form: &Form<'t, '_>, definitions: Node<'_>, holder: Node<'t>) {
        let wanted: Vec<Node<'_>> = all_named(definitions, "item").collect();
        let mut found: Vec<Vec<Node<'t>>> = vec![Vec::new(); wanted.len()];
        let mut last = 0;
        for item in all_named(holder, "item") {
            let Some(link_id) = text_of(item, "linkId") else { continue };
            let Some(place) = wanted.iter().position(|w| text_of(*w, "linkId").is_some_and(|l| l == link_id)) else {
                self.error(RuleId::QUESTIONNAIRE_ITEM, holder, &[], Detail::Text(link_id.to_string()));
                if let Some(definition) = anywhere(form.questionnaire, &link_id) {
                    self.item(form, definition, item);
                }
                continue;
            };
            if place < last {
                self.error(RuleId::QUESTIONNAIRE_ORDER, holder, &[], Detail::Text(link_id.into_owned()));
            }
            last = last.max(place);
            found[place].push(item);
        }
        for (definition, items) in wanted.into_iter().zip(found) {
            self.occurrences(form, definition, holder, &items);
        }
    }

    /// Judges what a response has of one item of the questionnaire.
    fn occurrences(&mut self, form: &Form<'t, '_>, definition: Node<'_>, holder: Node<'t>, items: &[Node<'t>]) {
        let link_id = || Detail::Text(text_of(definition, "linkId").unwrap_or_default().into_owned());
        let enabled = self.enabled(form, definition, holder);
        if items.is_empty() && is_true(definition, "required") {
            self.missing(form, enabled, holder, link_id());
        }
        if items.len() > 1 && !is_true(definition, "repeats") {
            self.error(RuleId::QUESTIONNAIRE_OCCURS, holder, &[], link_id());
        }
        for item in items {
            if enabled == Truth::False {
                self.error(RuleId::QUESTIONNAIRE_DISABLED, *item, &[], link_id());
            }
            self.item(form, definition, *item);
            let answered = all_named(*item, "answer").next().is_some();
            if !answered && is_true(definition, "required") && text_of(definition, "type").is_none_or(|t| t != "group") {
                self.missing(form, enabled, *item, link_id());
            }
        }
    }

    /// An item that must be there is not.
    fn missing(&mut self, form: &Form<'t, '_>, enabled: Truth, at: Node<'t>, detail: Detail) {
        let weight = match enabled {
            Truth::False => return,
            _ if form.in_progress => Weight::Warning,
            Truth::True => Weight::Error,
            Truth::Unknown => Weight::Question,
        };
        self.find(RuleId::QUESTIONNAIRE_REQUIRED, weight, at, &[], detail);
    }

    /// Judges one item against its definition.
    fn item(&mut self, form: &Form<'t, '_>, definition: Node<'_>, item: Node<'t>) {
        let kind = text_of(definition, "type").unwrap_or_default();
        let answers: Vec<Node<'t>> = all_named(item, "answer").collect();
        let takes_none = matches!(&*kind, "group" | "display" | "question");
        if takes_none && !answers.is_empty() {
            self.error(RuleId::QUESTIONNAIRE_PLACE, item, &[], Detail::Text(kind.to_string()));
        }
        match &*kind {
            "group" => self.items(form, definition, item),
            _ if all_named(item, "item").next().is_some() => self.error(RuleId::QUESTIONNAIRE_PLACE, item, &[], Detail::Text(kind.to_string())),
            _ => {}
        }
        if takes_none {
            return;
        }
        self.answer_count(definition, item, answers.len());
        for answer in answers {
            self.answer(definition, &kind, answer);
            self.items(form, definition, answer);
        }
    }

    /// How many answers a question takes: one, or by its own bounds where it repeats.
    fn answer_count(&mut self, definition: Node<'_>, item: Node<'t>, found: usize) {
        let bound = |name: &str| super::value::extension(definition, &format!("http://hl7.org/fhir/StructureDefinition/questionnaire-{name}")).and_then(|v| v.text().parse::<usize>().ok());
        let max = bound("maxOccurs");
        if found > 1 && !is_true(definition, "repeats") || max.is_some_and(|m| found > m) || bound("minOccurs").is_some_and(|m| found < m) {
            self.error(RuleId::QUESTIONNAIRE_OCCURS, item, &[], Detail::Text(text_of(definition, "linkId").unwrap_or_default().into_owned()));
        }
    }
}
