//! The conditions of a questionnaire's items: the question that they refer to is in the questionnaire, and before the
//! item (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::value::{Key, choice, key};
use super::{all_named, named, text_of};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

/// An item of a questionnaire among all of them in their order.
struct Item<'t> {
    node: Node<'t>,
    /// The number after the last item inside it.
    end: usize,
}

/// The options of the questions seen so far, by their place.
type Known<'t> = FxHashMap<usize, FxHashSet<Key<'t>>>;

/// Items in their order, and the first of each linkId.
#[derive(Default)]
struct Items<'t> {
    all: Vec<Item<'t>>,
    places: FxHashMap<Cow<'t, str>, usize>,
}

impl<'t> Items<'t> {
    fn add(&mut self, holder: Node<'t>) {
        for node in holder.children_named(NameId::ITEM) {
            let at = self.all.len();
            self.all.push(Item { node, end: 0 });
            self.places.entry(node.child_text(NameId::LINK_ID).unwrap_or_default()).or_insert(at);
            self.add(node);
            let end = self.all.len();
            if let Some(item) = self.all.get_mut(at) {
                item.end = end;
            }
        }
    }
}

/// A condition on a choice asks for one of its options; no answer could be any other.
fn met<'t>(j: &mut Judge<'_, 't>, items: &Items<'t>, known: &mut Known<'t>, item: Node<'t>) {
    for condition in all_named(item, "enableWhen") {
        let asked = text_of(condition, "question").and_then(|q| items.places.get(&q).copied());
        let Some((place, asked)) = asked.and_then(|place| Some((place, items.all.get(place)?.node))) else { continue };
        let is = |n: Node<'t>, name: &str, wanted: &str| text_of(n, name).is_some_and(|text| text == wanted);
        let wanted = choice(condition, "answer").filter(|w| w.kind == "Coding" && named(w.node, "code").is_some());
        let Some(wanted) = wanted.filter(|_| is(condition, "operator", "=") && is(asked, "type", "choice")) else {
            continue;
        };
        let options = known
            .entry(place)
            .or_insert_with(|| all_named(asked, "answerOption").filter_map(|o| choice(o, "value")).map(key).collect());
        if !options.is_empty() && !options.contains(&key(wanted)) {
            let code = text_of(wanted.node, "code").unwrap_or_default();
            let question = text_of(condition, "question").unwrap_or_default();
            j.find(RuleId::QUESTIONNAIRE_CONDITION, Weight::Warning, item, &[], || {
                Detail::Text(format!("enableWhen asks for `{code}`, which is not an option of `{question}`"))
            });
        }
    }
}

/// Judges the conditions of a Questionnaire's items.
pub fn conditions<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let mut items = Items::default();
    items.add(at.node);
    let mut known = Known::default();
    for (at, item) in items.all.iter().enumerate() {
        met(j, &items, &mut known, item.node);
        for question in all_named(item.node, "enableWhen").filter_map(|w| text_of(w, "question")) {
            let place = items.places.get(&question).copied();
            let weight = match place {
                Some(place) if place < at => continue,
                Some(place) if place >= item.end => Weight::Warning,
                _ => Weight::Error,
            };
            let told = || match place {
                None => format!("enableWhen refers to `{question}`, which is not the linkId of any item"),
                Some(place) if place == at => "enableWhen refers to the item itself".to_owned(),
                Some(place) if place < item.end => {
                    format!("enableWhen refers to `{question}`, which is inside this item")
                }
                Some(_) => format!("enableWhen refers to `{question}`, which comes later"),
            };
            j.find(RuleId::QUESTIONNAIRE_CONDITION, weight, item.node, &[], || Detail::Text(told()));
        }
    }
}
