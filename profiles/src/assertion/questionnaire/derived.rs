//! Questionnaires that say how they derive from another
//! (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.derivedFrom>,
//! <http://hl7.org/fhir/StructureDefinition/questionnaire-derivationType>).
//!
//! One that complies with another lets in no response that the other would not: its items are items of the other, no
//! wider. One that extends another has all its items and answers.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::value::{Choice, Key, choice, key};
use super::{all_named, named, text_of};
use crate::instance::{Limits, NameId, Node, parse};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

const TYPE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-derivationType";

/// How a questionnaire derives from another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Complies,
    Extends,
}

/// An item, with the linkId of the one around it.
struct Item<'q> {
    node: Node<'q>,
    up: Option<Cow<'q, str>>,
}

/// The items of a questionnaire by their linkIds.
type Items<'q> = FxHashMap<Cow<'q, str>, Item<'q>>;

/// Judges the items of a Questionnaire by those of the questionnaires from which it is derived.
pub fn derived<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let mut own = None;
    for name in all_named(at.node, "derivedFrom").filter(|d| d.has_value()) {
        let Some(way) = way(j, name) else { continue };
        let canonical = name.text();
        let text = j.set.find_content(&canonical, "Questionnaire").unwrap_or_default();
        let tape = parse(text.as_bytes(), j.set.model().names(), &Limits::default());
        let Some(base) = tape.root().filter(|_| !tape.is_fatal()) else {
            j.question(RuleId::QUESTIONNAIRE_DERIVATION, name, &[], || {
                Detail::Text(format!("questionnaire `{canonical}` is not loaded, so the derivation was not checked"))
            });
            continue;
        };
        let own = own.get_or_insert_with(|| items(at.node));
        let base = items(base);
        all(j, at.node, way, own, &base);
    }
}

/// How a questionnaire derives from the one of this name, where that can be checked.
fn way<'t>(j: &mut Judge<'_, 't>, name: Node<'t>) -> Option<Way> {
    let extensions = name.primitive_extension().into_iter().flat_map(|p| p.children_named(NameId::EXTENSION));
    let mut types = extensions.filter(|x| x.child_text(NameId::URL).is_some_and(|url| url == TYPE));
    let code = types.find_map(|x| text_of(named(x, "valueCoding")?, "code"));
    let open = match code.as_deref() {
        Some("compliesWith" | "validAgainst") => return Some(Way::Complies),
        Some("extends") => return Some(Way::Extends),
        Some("inspiredBy") => "the questionnaire is only inspired by the other, so nothing was checked".to_owned(),
        Some(other) => format!("the type of derivation `{other}` is not known, so the derivation was not checked"),
        None => "nothing says how the questionnaire is derived, so the derivation was not checked".to_owned(),
    };
    j.find(RuleId::QUESTIONNAIRE_DERIVATION, Weight::Note, name, &[], || Detail::Text(open));
    None
}

fn items(questionnaire: Node<'_>) -> Items<'_> {
    let mut found = Items::default();
    let mut open: Vec<(Node<'_>, Option<Cow<'_, str>>)> = vec![(questionnaire, None)];
    while let Some((holder, up)) = open.pop() {
        for node in holder.children_named(NameId::ITEM).filter(|i| i.is_object()) {
            if let Some(link_id) = node.child_text(NameId::LINK_ID) {
                open.push((node, Some(link_id.clone())));
                found.entry(link_id).or_insert(Item { node, up: up.clone() });
            }
        }
    }
    found
}

fn all<'t>(j: &mut Judge<'_, 't>, questionnaire: Node<'t>, way: Way, own: &Items<'t>, base: &Items<'_>) {
    for (link_id, item) in own {
        if !j.step(questionnaire) {
            return;
        }
        match base.get(link_id) {
            Some(of_base) => one(j, way, item.node, of_base.node),
            None if way == Way::Complies => {
                wrong(j, item.node, || {
                    format!("item `{link_id}` is not one of the questionnaire that it complies with")
                });
            }
            None => {}
        }
    }
    for (link_id, item) in base.iter().filter(|(link_id, _)| !own.contains_key(*link_id)) {
        if !j.step(questionnaire) {
            return;
        }
        let around = item.up.as_ref().is_none_or(|up| own.contains_key(up));
        let told = || format!("item `{link_id}` of the questionnaire from which it is derived is missing");
        if way == Way::Extends {
            let told = || Detail::Text(told());
            j.find(RuleId::QUESTIONNAIRE_DERIVED, Weight::Warning, questionnaire, &[], told);
        } else if around && is(item.node, "required") && all_named(item.node, "enableWhen").next().is_none() {
            wrong(j, questionnaire, told);
        }
    }
}

fn wrong<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, told: impl FnOnce() -> String) {
    j.error(RuleId::QUESTIONNAIRE_DERIVED, at, &[], || Detail::Text(told()));
}

fn is(item: Node<'_>, name: &str) -> bool {
    text_of(item, name).is_some_and(|text| text == "true")
}

/// One item that both have.
fn one<'t>(j: &mut Judge<'_, 't>, way: Way, item: Node<'t>, base: Node<'_>) {
    if let (Some(kind), Some(wanted)) = (named(item, "type"), text_of(base, "type"))
        && kind.has_value()
        && kind.text() != wanted
    {
        wrong(j, kind, || format!("the item has the type `{wanted}` where this is derived from"));
    }
    if let Some(wanted) = text_of(base, "definition").filter(|d| text_of(item, "definition").as_ref() != Some(d)) {
        j.find(RuleId::QUESTIONNAIRE_DERIVATION, Weight::Note, item, &[], || {
            Detail::Text(format!("the item has the definition `{wanted}` where this is derived from, and not here"))
        });
    }
    if way == Way::Complies {
        narrower(j, item, base);
    }
    options(j, way, item, base);
}

/// An item that complies with another does not repeat, is not left out, and is not longer where the other is not.
fn narrower<'t>(j: &mut Judge<'_, 't>, item: Node<'t>, base: Node<'_>) {
    if is(item, "repeats") && !is(base, "repeats") {
        let at = named(item, "repeats").unwrap_or(item);
        wrong(j, at, || "the item does not repeat where this is derived from".to_owned());
    }
    if is(base, "required") && !is(item, "required") {
        let at = named(item, "required").unwrap_or(item);
        wrong(j, at, || "the item is required where this is derived from".to_owned());
    }
    let length = |n: Node<'_>| text_of(n, "maxLength").and_then(|l| l.parse::<u64>().ok());
    let Some(most) = length(base) else { return };
    if length(item).is_none_or(|l| l > most) {
        let at = named(item, "maxLength").unwrap_or(item);
        wrong(j, at, || format!("an answer has at most {most} characters where this is derived from"));
    }
}

/// The answers that the two let in, as far as they are listed.
fn options<'t>(j: &mut Judge<'_, 't>, way: Way, item: Node<'t>, base: Node<'_>) {
    let (own_set, set) = (text_of(item, "answerValueSet"), text_of(base, "answerValueSet"));
    let listed = |n| all_named(n, "answerOption").next().is_some();
    let (own_listed, of_base) = (listed(item), listed(base));
    match (of_base, &set) {
        (false, None) => {}
        (true, _) if own_listed => each(j, way, item, base),
        (true, _) if own_set.is_none() => {
            wrong(j, item, || "the item lists its answers where this is derived from".to_owned());
        }
        (false, Some(_)) if own_set == set && !own_listed => {}
        _ => j.question(RuleId::QUESTIONNAIRE_DERIVATION, item, &[], || {
            Detail::Text("the answers come from another value set or list, which was not compared".to_owned())
        }),
    }
}

/// Each option of a questionnaire that complies is one of the other's; one that extends has each of the other's.
fn each<'t>(j: &mut Judge<'_, 't>, way: Way, item: Node<'t>, base: Node<'_>) {
    let is_free = text_of(base, "type").is_some_and(|kind| kind == "open-choice");
    if way == Way::Complies {
        let known = keys(base);
        for option in all_named(item, "answerOption") {
            let Some(value) = choice(option, "value").filter(|v| is_told(*v) && !(is_free && v.kind == "String"))
            else {
                continue;
            };
            if !known.contains(&key(value)) {
                wrong(j, option, || "the option is not one of the item's where this is derived from".to_owned());
            }
        }
        return;
    }
    let own = keys(item);
    let mut all = all_named(base, "answerOption").filter_map(|o| choice(o, "value")).filter(|v| is_told(*v));
    if all.any(|value| !own.contains(&key(value))) {
        wrong(j, item, || "an option of the item where this is derived from is missing".to_owned());
    }
}

fn keys(item: Node<'_>) -> FxHashSet<Key<'_>> {
    all_named(item, "answerOption").filter_map(|o| choice(o, "value")).map(key).collect()
}

/// Whether an option tells which it is: a coding by its code.
fn is_told(value: Choice<'_>) -> bool {
    value.kind != "Coding" || named(value.node, "code").is_some()
}
