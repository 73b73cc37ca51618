//! A questionnaire as responses are judged by it: its items in a list, found by their parent and linkId.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::value::{Choice, choice};
use super::{all_named, text_of};
use crate::instance::{NameId, Node};

/// The questionnaire itself among its items.
pub const ROOT: u32 = 0;
/// In place of a holder: any parent.
const ANYWHERE: u32 = u32::MAX;

/// The extension by which an item is enabled by an expression
/// (<https://hl7.org/fhir/uv/sdc/STU3/expressions.html#enableWhenExpression>).
const ENABLE_WHEN_EXPRESSION: &str =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression";

/// Whether the extension optionExclusive says so of an option
/// (<https://hl7.org/fhir/R4/extension-questionnaire-optionexclusive.html>).
fn is_exclusive(option: Node<'_>) -> bool {
    let mut extensions = option.children_named(NameId::EXTENSION);
    extensions.any(|x| {
        x.child_text(NameId::URL).is_some_and(|url| url.strip_prefix(CORE) == Some("questionnaire-optionExclusive"))
            && text_of(x, "valueBoolean").is_some_and(|v| v == "true")
    })
}

const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";
const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";

/// A questionnaire.
#[derive(Default)]
pub struct Form<'q> {
    /// [`ROOT`], then the items in the order of the text.
    items: Vec<Definition<'q>>,
    conditions: Vec<Condition<'q>>,
    /// The linkIds that conditions refer to, numbered.
    asked: FxHashMap<Cow<'q, str>, u32>,
    /// The linkIds of the items, numbered.
    links: FxHashMap<Cow<'q, str>, u32>,
    /// The first item of a linkId in a holder, and that anywhere.
    places: FxHashMap<(u32, u32), u32>,
}

/// An item of a questionnaire.
#[derive(Default)]
pub struct Definition<'q> {
    pub link_id: Cow<'q, str>,
    pub kind: Cow<'q, str>,
    pub required: bool,
    pub repeats: bool,
    pub max_length: Option<usize>,
    pub value_set: Option<Cow<'q, str>>,
    pub options: Vec<Choice<'q>>,
    /// The options beside which no other answer may stand.
    pub exclusive: Vec<Choice<'q>>,
    /// Which other answers it takes beside its options.
    pub open: Open,
    /// The text that is shown with it, where it has one.
    text: Option<Node<'q>>,
    pub enable: Enable<'q>,
    /// The items directly inside.
    pub inner: Vec<u32>,
    /// Those of them that are required.
    pub demanded: Vec<u32>,
    pub unit_options: Vec<Node<'q>>,
    pub mime_types: Vec<Node<'q>>,
    /// The resource types to which answers may refer.
    pub target_types: Vec<Node<'q>>,
    /// The first of each kind.
    bounds: Vec<(Bound, Node<'q>)>,
}

/// What an extension of a question constrains.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    MinValue,
    MaxValue,
    MinQuantity,
    MaxQuantity,
    MinLength,
    Places,
    Regex,
    MaxSize,
    MimeType,
    UnitOption,
    UnitValueSet,
    TargetType,
    MinOccurs,
    MaxOccurs,
}

impl Bound {
    /// The bound of an extension's url.
    pub fn of(url: &str) -> Option<Bound> {
        if let Some(name) = url.strip_prefix(SDC) {
            return match name {
                "minQuantity" => Some(Bound::MinQuantity),
                "maxQuantity" => Some(Bound::MaxQuantity),
                _ => None,
            };
        }
        Some(match url.strip_prefix(CORE)? {
            "minValue" => Bound::MinValue,
            "maxValue" => Bound::MaxValue,
            "minLength" => Bound::MinLength,
            "maxDecimalPlaces" => Bound::Places,
            "regex" => Bound::Regex,
            "maxSize" => Bound::MaxSize,
            "mimeType" => Bound::MimeType,
            "questionnaire-unitOption" => Bound::UnitOption,
            "questionnaire-unitValueSet" => Bound::UnitValueSet,
            "questionnaire-referenceResource" => Bound::TargetType,
            "questionnaire-minOccurs" => Bound::MinOccurs,
            "questionnaire-maxOccurs" => Bound::MaxOccurs,
            _ => return None,
        })
    }
}

/// Which answers a question takes beside its options, from R5 on
/// (<https://hl7.org/fhir/R5/questionnaire-definitions.html#Questionnaire.item.answerConstraint>).
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    #[default]
    Nothing,
    /// Any of its type.
    Type,
    /// Any text.
    Text,
}

/// When an item is enabled.
#[derive(Default)]
pub enum Enable<'q> {
    #[default]
    Always,
    /// By the value of an extension.
    Expression(Option<Node<'q>>),
    /// By conditions: if several, all or any; `None` where that is not stated.
    When { conditions: Range<u32>, all: Option<bool> },
}

/// A condition on the answers to another item.
pub struct Condition<'q> {
    /// The number of the linkId that it refers to.
    pub asked: u32,
    pub operator: Cow<'q, str>,
    pub wanted: Option<Choice<'q>>,
}

impl<'q> Definition<'q> {
    /// Whether a text is the one that is shown with the item, or a translation of it; any is where it has none.
    pub fn is_text(&self, text: &str) -> bool {
        let Some(own) = self.text else { return true };
        let extensions = own.primitive_extension();
        let translations = extensions.into_iter().flat_map(|t| t.children_named(NameId::EXTENSION));
        let contents = translations.flat_map(|t| t.children_named(NameId::EXTENSION));
        own.text() == text
            || contents
                .filter_map(|c| choice(c, "value"))
                .any(|value| value.node.has_value() && value.node.text() == text)
    }

    /// The value of a bound.
    pub fn bound(&self, bound: Bound) -> Option<Node<'q>> {
        self.bounds.iter().find(|(b, _)| *b == bound).map(|(_, value)| *value)
    }

    fn add(&mut self, member: Node<'q>) {
        let text = || if member.has_value() { member.text() } else { Cow::Borrowed("") };
        match member.name_text() {
            "linkId" => self.link_id = text(),
            "type" => self.kind = text(),
            "required" => self.required = member.text() == "true",
            "repeats" => self.repeats = member.text() == "true",
            "maxLength" => self.max_length = member.text().parse().ok(),
            "answerConstraint" => {
                self.open = match &*member.text() {
                    "optionsOrType" => Open::Type,
                    "optionsOrString" => Open::Text,
                    _ => Open::Nothing,
                }
            }
            "answerValueSet" => self.value_set = Some(text()).filter(|t| !t.is_empty()),
            "text" => self.text = Some(member).filter(|m| m.has_value()),
            "answerOption" => {
                let option = choice(member, "value");
                self.exclusive.extend(option.filter(|_| is_exclusive(member)));
                self.options.extend(option);
            }
            "extension" => self.extension(member),
            _ => {}
        }
    }

    fn extension(&mut self, x: Node<'q>) {
        let Some(url) = x.child_text(NameId::URL) else { return };
        let value = choice(x, "value");
        if url == ENABLE_WHEN_EXPRESSION {
            if !matches!(self.enable, Enable::Expression(_)) {
                self.enable = Enable::Expression(value.filter(|v| v.kind == "Expression").map(|v| v.node));
            }
            return;
        }
        let Some(Choice { node, .. }) = value else { return };
        match Bound::of(&url) {
            None => {}
            Some(Bound::UnitOption) => self.unit_options.push(node),
            Some(Bound::MimeType) => self.mime_types.push(node),
            Some(Bound::TargetType) => self.target_types.push(node),
            Some(bound) if self.bound(bound).is_none() => self.bounds.push((bound, node)),
            Some(_) => {}
        }
    }
}

impl<'q> Form<'q> {
    pub fn new(questionnaire: Node<'q>) -> Form<'q> {
        let mut form = Form::default();
        form.items.push(Definition::default());
        form.add_items(questionnaire, ROOT);
        form
    }

    fn add_items(&mut self, node: Node<'q>, holder: u32) {
        for c in node.children_named(NameId::ITEM).filter(|c| c.is_object()) {
            let at = self.items.len() as u32;
            let mut definition = Definition::default();
            c.children().for_each(|member| definition.add(member));
            if matches!(definition.enable, Enable::Always) {
                definition.enable = self.when(c);
            }
            if !definition.link_id.is_empty() {
                let next = self.links.len() as u32;
                let link = *self.links.entry(definition.link_id.clone()).or_insert(next);
                self.places.entry((holder, link)).or_insert(at);
                self.places.entry((ANYWHERE, link)).or_insert(at);
            }
            if let Some(holder) = self.items.get_mut(holder as usize) {
                holder.inner.push(at);
                if definition.required {
                    holder.demanded.push(at);
                }
            }
            self.items.push(definition);
            self.add_items(c, at);
        }
    }

    fn when(&mut self, item: Node<'q>) -> Enable<'q> {
        let start = self.conditions.len() as u32;
        for c in all_named(item, "enableWhen") {
            let next = self.asked.len() as u32;
            let asked = *self.asked.entry(text_of(c, "question").unwrap_or_default()).or_insert(next);
            self.conditions.push(Condition {
                asked,
                operator: text_of(c, "operator").unwrap_or_default(),
                wanted: choice(c, "answer"),
            });
        }
        let conditions = start..self.conditions.len() as u32;
        let all = match text_of(item, "enableBehavior").as_deref() {
            Some("all") => Some(true),
            Some("any") => Some(false),
            _ => (conditions.len() == 1).then_some(true),
        };
        if conditions.is_empty() { Enable::Always } else { Enable::When { conditions, all } }
    }

    /// The item of this number.
    #[allow(clippy::indexing_slicing, reason = "numbers of items come from this form only")]
    pub fn item(&self, at: u32) -> &Definition<'q> {
        &self.items[at as usize]
    }

    /// The condition of this number.
    #[allow(clippy::indexing_slicing, reason = "numbers of conditions come from this form only")]
    pub fn condition(&self, at: u32) -> &Condition<'q> {
        &self.conditions[at as usize]
    }

    /// The item of this linkId directly inside another.
    pub fn inside(&self, holder: u32, link_id: &str) -> Option<u32> {
        self.places.get(&(holder, *self.links.get(link_id)?)).copied()
    }

    /// The item of this linkId, at any depth.
    pub fn anywhere(&self, link_id: &str) -> Option<u32> {
        self.inside(ANYWHERE, link_id)
    }

    /// The number of a linkId that conditions refer to.
    pub fn asked(&self, link_id: &str) -> Option<u32> {
        self.asked.get(link_id).copied()
    }

    /// How many linkIds conditions refer to.
    pub fn asked_count(&self) -> usize {
        self.asked.len()
    }
}
