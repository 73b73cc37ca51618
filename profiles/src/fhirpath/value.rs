//! From nodes to system values, and the texts of values.

use std::borrow::Cow;
use std::rc::Rc;

use super::item::Item;
use super::quantity::Quantity;
use super::temporal::Temporal;
use super::typing::{Class, Typing};
use crate::decimal;
use crate::instance::{Kind, NameId, Node};
use crate::model::TypeId;

/// A whole number from text: digits with an optional sign.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn string<'t>(node: Node<'t>) -> Item<'t> {
    match node.text() {
        Cow::Borrowed(s) => Item::Str(s),
        Cow::Owned(s) => Item::Text(s.into()),
    }
}

/// A number by its lexeme.
fn number<'t>(text: &'t str) -> Item<'t> {
    integer(text).map(Item::Integer).or_else(|| decimal::nearest(text).map(Item::Decimal)).unwrap_or(Item::Str(text))
}

/// The value of a node without regard to FHIR's type: by the kind of its lexeme.
fn by_lexeme<'t>(node: Node<'t>) -> Item<'t> {
    match node.kind() {
        Kind::True => Item::Bool(true),
        Kind::False => Item::Bool(false),
        Kind::Number => number(node.raw()),
        _ => string(node),
    }
}

/// The lexeme of a value is not one that its type allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Typing<'_> {
    /// The class of a node's value; [`Class::None`] where it has children and no value.
    #[inline]
    pub(super) fn class_of(&self, node: Node<'_>, type_id: TypeId) -> Class {
        match self.class(type_id) {
            Class::Unknown if !node.has_value() => Class::None,
            class => class,
        }
    }

    /// The system value of a primitive node, or the quantity of a FHIR Quantity; `None` where it has none.
    ///
    /// # Errors
    /// The lexeme is not one that the type allows.
    pub fn value<'t>(&self, node: Node<'t>, type_id: TypeId) -> Result<Option<Item<'t>>, Malformed> {
        let class = self.class(type_id);
        if class == Class::Quantity {
            return Ok(self.quantity(node).map(|q| Item::Quantity(Rc::new(q))));
        }
        if !node.has_value() {
            return Ok(None);
        }
        let value = match class {
            Class::Unknown => Some(by_lexeme(node)),
            Class::None | Class::String | Class::Quantity => Some(string(node)),
            Class::Boolean => match node.raw() {
                "true" => Some(Item::Bool(true)),
                "false" => Some(Item::Bool(false)),
                _ => None,
            },
            Class::Integer => integer(&node.text()).map(Item::Integer),
            Class::Long => integer(&node.text()).map(Item::Long),
            Class::Decimal => decimal::nearest(&node.text()).map(Item::Decimal),
            Class::Date => Temporal::date(node.raw()).map(Item::Temporal),
            Class::DateTime => Temporal::date_time(node.raw()).map(Item::Temporal),
            Class::Time => Temporal::time(node.raw()).map(Item::Temporal),
        };
        value.map(Some).ok_or(Malformed)
    }

    /// FHIR's Quantity as a quantity: its code, else its unit. `None` with a comparator or without a value.
    pub(super) fn quantity(&self, node: Node<'_>) -> Option<Quantity> {
        if node.child(self.value.comparator).is_some_and(Node::has_value) {
            return None;
        }
        let value = decimal::nearest(&node.child(NameId::VALUE).filter(|v| v.has_value())?.text())?;
        let system = node.child_text(NameId::SYSTEM);
        let code = node.child_text(NameId::CODE);
        let calendar = system.as_deref() == Some("http://hl7.org/fhirpath/CodeSystem/calendar-units");
        let unit = match code.or_else(|| node.child_text(NameId::UNIT)) {
            Some(unit) => Rc::from(&*unit),
            None => Rc::from("1"),
        };
        Some(Quantity { value, unit, calendar })
    }
}

impl<'t> Item<'t> {
    /// The text of a value as `toString()` gives it; `None` for elements with children and open questions.
    pub fn string(&self, typing: &Typing<'t>) -> Option<String> {
        Some(match self {
            Item::Node(node, t) => {
                if !node.has_value() || matches!(typing.class(*t), Class::Quantity) {
                    return typing.quantity(*node).filter(|_| typing.class(*t) == Class::Quantity).map(|q| q.text());
                }
                node.text().into_owned()
            }
            Item::Bool(b) => b.to_string(),
            Item::Integer(n) | Item::Long(n) => n.to_string(),
            Item::Decimal(d) => d.to_string(),
            Item::Str(s) => (*s).to_owned(),
            Item::Text(s) => s.to_string(),
            Item::Temporal(t) => t.text(),
            Item::Quantity(q) => q.text(),
            Item::Type(t) => format!("{}.{}", t.namespace, t.name),
            Item::Unknown(_) => return None,
        })
    }
}
