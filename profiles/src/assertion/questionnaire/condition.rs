//! The conditions of a questionnaire's items: the question that they refer to is in the questionnaire, and before the
//! item (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question>).

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{all_named, text_of};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

/// An item of a questionnaire among all of them in their order.
struct Item<'t> {
    node: Node<'t>,
    /// The number after the last item inside it.
    end: usize,
}

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

/// Judges the conditions of a Questionnaire's items.
pub fn conditions<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let mut items = Items::default();
    items.add(at.node);
    for (at, item) in items.all.iter().enumerate() {
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
