//! The items of a response: known, in order, present where required, absent where not enabled.

use super::enable::enabled;
use super::form::{Bound, Definition};
use super::{Sheet, answer, text_of};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Truth, Weight};

/// Judges the items in a part of the response (itself, an item, an answer) by those in one of the questionnaire.
pub fn items<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, definition: u32, holder: u32) {
    let at = s.parts.part(holder).node;
    // Each item with its definition.
    let mut found: Vec<(u32, u32)> = Vec::new();
    let mut last = 0;
    for (item, part) in s.parts.items(holder) {
        let Some(link_id) = &part.link_id else { continue };
        let told = || Detail::Text(link_id.as_ref().to_owned());
        let Some(place) = s.form.inside(definition, link_id) else {
            j.error(RuleId::QUESTIONNAIRE_ITEM, at, &[], told);
            if let Some(elsewhere) = s.form.anywhere(link_id) {
                self::item(j, s, elsewhere, item);
            }
            continue;
        };
        if place < last {
            j.error(RuleId::QUESTIONNAIRE_ORDER, at, &[], told);
        }
        last = last.max(place);
        found.push((place, item));
    }
    found.sort_by_key(|(place, _)| *place);
    for demanded in &s.form.item(definition).demanded {
        if found.binary_search_by_key(demanded, |(place, _)| *place).is_err() {
            if !j.step(at) {
                break;
            }
            let enabled = enabled(j, s, *demanded, holder);
            missing(j, s, enabled, at, s.form.item(*demanded));
        }
    }
    for same in found.chunk_by(|a, b| a.0 == b.0) {
        occurrences(j, s, holder, same);
    }
}

/// Judges what a part of the response has of one item of the questionnaire.
fn occurrences<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, holder: u32, items: &[(u32, u32)]) {
    let Some((place, _)) = items.first() else { return };
    let definition = s.form.item(*place);
    let enabled = enabled(j, s, *place, holder);
    if items.len() > 1 && !definition.repeats {
        j.error(RuleId::QUESTIONNAIRE_OCCURS, s.parts.part(holder).node, &[], || link_id(definition));
    }
    if definition.kind == "group" {
        count(j, s, definition, s.parts.part(holder).node, items.len());
    }
    for (_, item) in items {
        let part = s.parts.part(*item);
        match enabled {
            Truth::True => {}
            Truth::False => {
                // One that is only named, without answers or items, says nothing.
                let weight = if part.answers + part.items > 0 { Weight::Error } else { Weight::Warning };
                j.find(RuleId::QUESTIONNAIRE_DISABLED, weight, part.node, &[], || link_id(definition));
            }
            Truth::Unknown => j.question(RuleId::QUESTIONNAIRE_DISABLED, part.node, &[], || link_id(definition)),
        }
        self::item(j, s, *place, *item);
        if definition.required && !is_filled(j, s, *place, *item) {
            missing(j, s, enabled, part.node, definition);
        }
    }
}

/// Whether a required item has what it has to: a question an answer, a group an item, unless none of its own is
/// enabled.
fn is_filled<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, item: u32) -> bool {
    let part = s.parts.part(item);
    if s.form.item(place).kind != "group" {
        return part.answers > 0;
    }
    part.items > 0 || !s.form.item(place).inner.iter().any(|inner| enabled(j, s, *inner, item) == Truth::True)
}

fn link_id(definition: &Definition<'_>) -> Detail {
    Detail::Text(definition.link_id.as_ref().to_owned())
}

/// A required item is missing.
fn missing<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, enabled: Truth, at: Node<'t>, definition: &Definition<'_>) {
    let weight = match enabled {
        Truth::False => return,
        _ if s.is_partial => Weight::Warning,
        Truth::True => Weight::Error,
        Truth::Unknown => Weight::Question,
    };
    j.find(RuleId::QUESTIONNAIRE_REQUIRED, weight, at, &[], || link_id(definition));
}

/// Judges one item by its definition.
fn item<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, place: u32, item: u32) {
    let definition = s.form.item(place);
    let kind = definition.kind.as_ref();
    let part = s.parts.part(item);
    let told = || Detail::Text(kind.to_owned());
    let takes_none = matches!(kind, "group" | "display" | "question");
    if takes_none && part.answers > 0 {
        j.error(RuleId::QUESTIONNAIRE_PLACE, part.node, &[], told);
    }
    if text_of(part.node, "text").is_some_and(|text| !definition.is_text(&text)) {
        j.find(RuleId::QUESTIONNAIRE_TEXT, Weight::Warning, part.node, &[], || link_id(definition));
    }
    if kind == "group" {
        items(j, s, place, item);
    } else if part.items > 0 {
        j.error(RuleId::QUESTIONNAIRE_PLACE, part.node, &[], told);
    }
    if takes_none {
        return;
    }
    if part.answers > 1 && !definition.repeats {
        j.error(RuleId::QUESTIONNAIRE_OCCURS, part.node, &[], || link_id(definition));
    } else {
        count(j, s, definition, part.node, part.answers as usize);
    }
    if part.answers > 1 && !definition.exclusive.is_empty() {
        answer::exclusive(j, definition, s.parts.answers(item).map(|(_, node)| node));
    }
    for (at, node) in s.parts.answers(item) {
        answer::answer(j, s, place, node);
        items(j, s, place, at);
    }
}

/// How many answers a question takes, and how often a group may be there: once, or by its own bounds where it repeats
/// (<https://hl7.org/fhir/R4/extension-questionnaire-minoccurs.html>).
fn count<'t>(j: &mut Judge<'_, 't>, s: &Sheet<'_, 't>, definition: &Definition<'_>, at: Node<'t>, found: usize) {
    let bound = |bound: Bound| definition.bound(bound).and_then(|v| v.text().parse::<usize>().ok());
    let weight = if bound(Bound::MaxOccurs).is_some_and(|m| found > m) {
        Weight::Error
    } else if bound(Bound::MinOccurs).is_some_and(|m| found < m) {
        if s.is_partial { Weight::Warning } else { Weight::Error }
    } else {
        return;
    };
    j.find(RuleId::QUESTIONNAIRE_OCCURS, weight, at, &[], || link_id(definition));
}
