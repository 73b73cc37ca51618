//! What FHIRPath needs to know of a model, worked out once: which value each primitive has, which names are choices.

use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::code::step;
use crate::instance::{NameId, Node};
use crate::model::{Model, TypeId};

/// The system value that a FHIR type has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Class {
    /// No value: an element with children.
    None,
    Boolean,
    Integer,
    Long,
    Decimal,
    Date,
    DateTime,
    Time,
    String,
    /// FHIR's Quantity and its specialisations, which count as a quantity where one is expected.
    Quantity,
    /// The type is not known; the lexeme decides.
    Unknown,
}

/// What FHIRPath reads off a model; built once per model and shared.
#[derive(Debug)]
pub struct Tables {
    classes: Vec<Class>,
    /// What a step does with a name, by [`NameId`]: one of [`step`]'s kinds.
    kinds: Vec<u32>,
    system: FxHashMap<&'static str, SystemType>,
    resource: TypeId,
    pub(super) value: ValueNames,
}

/// A model with its tables, borrowed by every compilation and evaluation.
#[derive(Clone, Debug)]
pub struct Typing<'m> {
    model: &'m Model,
    tables: Arc<Tables>,
}

impl Deref for Typing<'_> {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        &self.tables
    }
}

/// Ids of names that the evaluator reads by itself; `NameId::NONE` where the model has no such name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ValueNames {
    pub comparator: NameId,
    pub template_id: NameId,
}

/// The types of the System namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum SystemType {
    /// The type that all others are.
    Any = 1,
    /// `System.Boolean`
    Boolean,
    /// `System.String`
    String,
    /// `System.Integer`
    Integer,
    /// `System.Long`
    Long,
    /// `System.Decimal`
    Decimal,
    /// `System.Date`
    Date,
    /// `System.DateTime`
    DateTime,
    /// `System.Time`
    Time,
    /// `System.Quantity`
    Quantity,
    /// What `type()` returns.
    Type,
}

impl SystemType {
    pub(super) const ALL: [SystemType; 11] = [
        SystemType::Any,
        SystemType::Boolean,
        SystemType::String,
        SystemType::Integer,
        SystemType::Long,
        SystemType::Decimal,
        SystemType::Date,
        SystemType::DateTime,
        SystemType::Time,
        SystemType::Quantity,
        SystemType::Type,
    ];

    /// The name inside the System namespace.
    pub fn name(self) -> &'static str {
        match self {
            SystemType::Any => "Any",
            SystemType::Boolean => "Boolean",
            SystemType::String => "String",
            SystemType::Integer => "Integer",
            SystemType::Long => "Long",
            SystemType::Decimal => "Decimal",
            SystemType::Date => "Date",
            SystemType::DateTime => "DateTime",
            SystemType::Time => "Time",
            SystemType::Quantity => "Quantity",
            SystemType::Type => "TypeInfo",
        }
    }

    pub(super) fn from_word(word: u32) -> Option<SystemType> {
        SystemType::ALL.into_iter().find(|t| *t as u32 == word)
    }
}

fn primitive_class(name: &str) -> Class {
    match name {
        "boolean" => Class::Boolean,
        "integer" | "unsignedInt" | "positiveInt" => Class::Integer,
        "integer64" => Class::Long,
        "decimal" => Class::Decimal,
        "date" => Class::Date,
        "dateTime" | "instant" => Class::DateTime,
        "time" => Class::Time,
        _ => Class::String,
    }
}

impl Tables {
    /// The tables of a model: one look at each of its types and children.
    pub fn new(model: &Model) -> Tables {
        let quantity = model.find("Quantity").unwrap_or_default();
        let mut classes = vec![Class::Unknown];
        for (i, name) in model.type_names().iter().enumerate() {
            let id = TypeId(i as u32 + 1);
            classes.push(if model.is_primitive(id) {
                primitive_class(name)
            } else if model.is_a(id, quantity) {
                Class::Quantity
            } else {
                Class::None
            });
        }
        let mut kinds = vec![step::PLAIN; model.names().len() + 1];
        for row in model.child_rows().iter().filter(|r| r.is_choice()) {
            let mut mark = |name: NameId, kind| {
                if let Some(k) = kinds.get_mut(name.0 as usize) {
                    *k = kind;
                }
            };
            mark(row.name, step::TYPED);
            mark(row.choice_base, step::CHOICE_BASE);
        }
        let id = |n: &str| model.names().find(n.as_bytes()).unwrap_or_default();
        let value = ValueNames { comparator: id("comparator"), template_id: id("templateId") };
        let system = SystemType::ALL.into_iter().map(|t| (t.name(), t)).collect();
        let resource = model.find("Resource").unwrap_or_default();
        Tables { classes, kinds, system, resource, value }
    }
}

impl<'m> Typing<'m> {
    /// The typing of a model; where many are made, keep the tables and use [`Typing::with`].
    pub fn new(model: &'m Model) -> Typing<'m> {
        Typing::with(model, Arc::new(Tables::new(model)))
    }

    /// The typing of a model whose tables are at hand.
    pub fn with(model: &'m Model, tables: Arc<Tables>) -> Typing<'m> {
        Typing { model, tables }
    }

    /// The model.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    #[inline]
    pub(super) fn class(&self, id: TypeId) -> Class {
        self.classes.get(id.0 as usize).copied().unwrap_or(Class::Unknown)
    }

    /// Types whose values may be equal share a number; 0 for types without a value.
    pub(super) fn equality_kind(&self, id: TypeId) -> u8 {
        match self.class(id) {
            Class::None | Class::Unknown => 0,
            Class::Boolean => 1,
            Class::String => 2,
            Class::Integer | Class::Long | Class::Decimal | Class::Quantity => 3,
            Class::Date | Class::DateTime => 4,
            Class::Time => 5,
        }
    }

    /// Whether a child of a node of type `t` is what a plain or choice base step asks for.
    #[inline]
    pub(super) fn is_step(&self, word: u32, child: Node<'_>, t: TypeId) -> bool {
        let name = NameId(word & !step::KIND);
        if word & step::KIND == step::PLAIN {
            return child.name() == name;
        }
        self.model.child(t, child.name()).map_or(child.name() == name, |row| row.choice_base == name)
    }

    /// How a step of this name finds its children.
    pub(super) fn step_kind(&self, name: NameId) -> u32 {
        self.kinds.get(name.0 as usize).copied().unwrap_or(step::PLAIN)
    }

    pub(super) fn system_type(&self, name: &str) -> Option<SystemType> {
        self.system.get(name).copied()
    }

    pub(super) fn is_resource(&self, id: TypeId) -> bool {
        self.model.is_resource(id)
    }

    /// The type of a child of a node of type `parent`, the first time that a name is met under it. `None`: each
    /// child of that name says its own (a nested resource).
    #[inline]
    pub(super) fn child_type(&self, parent: TypeId, name: NameId) -> Option<TypeId> {
        match self.model.child(parent, name) {
            Some(row) if row.type_id == self.resource => None,
            Some(row) => Some(row.type_id),
            None => Some(TypeId::UNKNOWN),
        }
    }

    /// The type that a resource says it has; [`TypeId::UNKNOWN`] where the model does not have it.
    pub fn resource_type(&self, node: Node<'_>) -> TypeId {
        self.model.resource_type(node)
    }
}
