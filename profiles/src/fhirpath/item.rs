//! What expressions yield: nodes of an instance with their types, and system values.

use std::rc::Rc;

use smallvec::SmallVec;

use super::quantity::Quantity;
use super::temporal::{Temporal, TemporalKind};
use super::typing::{SystemType, Typing};
use crate::decimal::Decimal;
use crate::instance::Node;
use crate::model::TypeId;

/// One element of a collection.
#[derive(Clone, Debug)]
pub enum Item<'t> {
    /// An element of an instance with its FHIR type; [`TypeId::UNKNOWN`] where the definitions do not know it.
    Node(Node<'t>, TypeId),
    /// A Boolean.
    Bool(bool),
    /// An Integer; of 64 bits, so that intermediate results do not overflow.
    Integer(i64),
    /// A Long.
    Long(i64),
    /// A Decimal with the precision that it was written with.
    Decimal(Decimal),
    /// A String that is in the instance or the code.
    Str(&'t str),
    /// A String that the evaluation made.
    Text(Rc<str>),
    /// A Date, DateTime or Time.
    Temporal(Temporal),
    /// A Quantity.
    Quantity(Rc<Quantity>),
    /// What `type()` returns.
    Type(Rc<TypeInfo>),
    /// An open question: maybe an item, maybe none, of this type where it is known.
    Unknown(TypeId),
}

/// The namespace and name of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeInfo {
    /// `FHIR` or `System`.
    pub namespace: &'static str,
    /// The name inside the namespace.
    pub name: Box<str>,
}

/// The items of a result, in order.
pub type Collection<'t> = SmallVec<[Item<'t>; 4]>;

impl<'t> Item<'t> {
    /// The item of a resource's root, or of any node whose type is known.
    pub fn node(node: Node<'t>, type_id: TypeId) -> Item<'t> {
        Item::Node(node, type_id)
    }

    /// A String of its own.
    pub fn text(text: &str) -> Item<'t> {
        Item::Text(text.into())
    }

    /// The node, where the item is one.
    pub fn as_node(&self) -> Option<Node<'t>> {
        match self {
            Item::Node(n, _) => Some(*n),
            _ => None,
        }
    }

    /// The text of a string value (not of a node).
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Item::Str(s) => Some(s),
            Item::Text(s) => Some(s),
            _ => None,
        }
    }

    /// The system type of a value; `None` for a node or an open question.
    pub fn system_type(&self) -> Option<SystemType> {
        Some(match self {
            Item::Bool(_) => SystemType::Boolean,
            Item::Integer(_) => SystemType::Integer,
            Item::Long(_) => SystemType::Long,
            Item::Decimal(_) => SystemType::Decimal,
            Item::Str(_) | Item::Text(_) => SystemType::String,
            Item::Temporal(t) => match t.kind {
                TemporalKind::Date => SystemType::Date,
                TemporalKind::DateTime => SystemType::DateTime,
                TemporalKind::Time => SystemType::Time,
            },
            Item::Quantity(_) => SystemType::Quantity,
            Item::Type(_) => SystemType::Type,
            Item::Node(..) | Item::Unknown(_) => return None,
        })
    }

    /// The name of the type: FHIR's for a node (`""` where unknown), else the System one.
    pub fn type_name(&self, typing: &Typing<'t>) -> &'t str {
        match self {
            Item::Node(_, t) | Item::Unknown(t) => typing.model().type_name(*t),
            _ => self.system_type().map_or("", SystemType::name),
        }
    }
}
