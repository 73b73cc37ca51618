//! The type model of one FHIR version: types, the children of each, choice bases, primitives. Everything below
//! (FHIRPath, plans, the walk) stands on it.

mod build;
mod json;
mod primitive;
mod role;

use rustc_hash::FxHashMap;

use crate::instance::{NameId, Names, Node};

pub use build::{build, type_name};
pub use json::{Damage, node_json, primitive_extension, xml_to_json};
pub use primitive::{
    JsonLexeme, Primitive, PrimitiveFault, days_in_month, decode_base64, decoded_length, is_absolute_uri, is_id,
};
pub(crate) use role::Role;

/// A type of the model: a datatype, a resource, or a backbone element by its path. `TypeId::UNKNOWN` is none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct TypeId(pub u32);

impl TypeId {
    /// No type: what a node has whose type the model does not know.
    pub const UNKNOWN: TypeId = TypeId(0);

    /// Whether it is any type at all.
    pub fn is_known(self) -> bool {
        self.0 != 0
    }
}

/// What a type is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeKind {
    /// A datatype with a value and no children but `id` and `extension`.
    Primitive,
    /// A datatype with children.
    Complex,
    /// A concrete resource type.
    Resource,
    /// An element defined in place, named by its path (`Patient.contact`).
    Backbone,
    /// `Element`, `Resource`, `DomainResource` and the like.
    Abstract,
}

/// One type; fixed size, the same in memory and in an image.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct TypeRow {
    /// The type that this one specialises; [`TypeId::UNKNOWN`] where there is none.
    pub base: TypeId,
    /// A [`TypeKind`] as a number.
    pub kind: u32,
    /// The row of the first child.
    pub first_child: u32,
    /// How many rows of children there are.
    pub child_count: u32,
}

/// One child of a type: for a choice one row for each type that it may take.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct ChildRow {
    /// The name in an instance (`valueQuantity`).
    pub name: NameId,
    /// The element's name in FHIRPath (`value`); the same as `name` where there is no choice.
    pub choice_base: NameId,
    /// The child's type.
    pub type_id: TypeId,
    /// The minimum cardinality.
    pub min: u32,
    /// `u32::MAX` = unbounded. More than one means a JSON array.
    pub max: u32,
    /// The position of the element among its siblings' definitions, from 0; the same for all types of a choice.
    pub order: u32,
}

impl ChildRow {
    /// Whether the element is a choice (`value[x]`).
    pub fn is_choice(&self) -> bool {
        self.name != self.choice_base
    }

    /// Whether the element repeats: an array in JSON.
    pub fn is_list(&self) -> bool {
        self.max > 1
    }
}

/// The types of one FHIR version with their names.
#[derive(Debug, Default)]
pub struct Model {
    names: Names,
    type_names: Vec<Box<str>>,
    types: Vec<TypeRow>,
    children: Vec<ChildRow>,
    by_name: FxHashMap<Box<str>, TypeId>,
    table: Vec<u32>,
    resource: TypeId,
    roles: Vec<Role>,
}

fn slot(parent: TypeId, name: NameId, mask: usize) -> usize {
    let h = (u64::from(parent.0) << 32 | u64::from(name.0)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (h >> 32) as usize & mask
}

impl Model {
    /// A model from its rows; `type_names[i]` names `types[i]`, which has the id `i + 1`.
    #[allow(clippy::indexing_slicing, reason = "the mask keeps places inside the table")]
    pub fn from_rows(names: Names, type_names: Vec<Box<str>>, types: Vec<TypeRow>, children: Vec<ChildRow>) -> Model {
        let by_name: FxHashMap<Box<str>, TypeId> =
            type_names.iter().enumerate().map(|(i, n)| (n.clone(), TypeId(i as u32 + 1))).collect();
        let mask = (children.len() * 2).next_power_of_two().max(16) - 1;
        let mut table = vec![0u32; mask + 1];
        for (i, t) in types.iter().enumerate() {
            let range = t.first_child as usize..(t.first_child + t.child_count) as usize;
            for (j, c) in children.get(range.clone()).unwrap_or_default().iter().enumerate() {
                let mut at = slot(TypeId(i as u32 + 1), c.name, mask);
                while table[at] != 0 {
                    at = (at + 1) & mask;
                }
                table[at] = (range.start + j) as u32 + 1;
            }
        }
        let resource = by_name.get("Resource").copied().unwrap_or_default();
        let roles = type_names
            .iter()
            .zip(&types)
            .map(|(name, row)| Role::of(name, row.kind == TypeKind::Primitive as u32))
            .collect();
        Model { names, type_names, types, children, by_name, table, resource, roles }
    }

    /// The names of all elements.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The names of the types; that at index `i` is of the type with the id `i + 1`.
    pub fn type_names(&self) -> &[Box<str>] {
        &self.type_names
    }

    /// The rows of the types, in the order of their names.
    pub fn type_rows(&self) -> &[TypeRow] {
        &self.types
    }

    /// The rows of all children, those of one type together.
    pub fn child_rows(&self) -> &[ChildRow] {
        &self.children
    }

    /// The type of this name (`Patient`, `string`, `Patient.contact`).
    pub fn find(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// The name of a type; `""` for an unknown one.
    pub fn type_name(&self, id: TypeId) -> &str {
        (id.0 as usize).checked_sub(1).and_then(|i| self.type_names.get(i)).map_or("", |n| n)
    }

    fn row(&self, id: TypeId) -> Option<&TypeRow> {
        (id.0 as usize).checked_sub(1).and_then(|i| self.types.get(i))
    }

    /// What rules see in a type.
    #[inline]
    pub fn role(&self, id: TypeId) -> Role {
        (id.0 as usize).checked_sub(1).and_then(|i| self.roles.get(i)).copied().unwrap_or_default()
    }

    /// What a type is; `None` for an unknown one.
    pub fn kind(&self, id: TypeId) -> Option<TypeKind> {
        Some(match self.row(id)?.kind {
            0 => TypeKind::Primitive,
            1 => TypeKind::Complex,
            2 => TypeKind::Resource,
            3 => TypeKind::Backbone,
            _ => TypeKind::Abstract,
        })
    }

    /// Whether a type is a primitive.
    pub fn is_primitive(&self, id: TypeId) -> bool {
        self.row(id).is_some_and(|r| r.kind == TypeKind::Primitive as u32)
    }

    /// Whether the type is a resource type, an abstract one included.
    pub fn is_resource(&self, id: TypeId) -> bool {
        self.is_a(id, self.resource)
    }

    /// The resource types that instances can have, by name.
    pub fn resource_types(&self) -> Vec<&str> {
        let rows = self.type_names.iter().zip(&self.types).filter(|(_, row)| row.kind == TypeKind::Resource as u32);
        let mut names: Vec<&str> = rows.map(|(name, _)| &**name).collect();
        names.sort_unstable();
        names
    }

    /// The type that this one specialises.
    pub fn base(&self, id: TypeId) -> TypeId {
        self.row(id).map_or(TypeId::UNKNOWN, |r| r.base)
    }

    /// Whether `id` is `ancestor` or specialises it.
    pub fn is_a(&self, id: TypeId, ancestor: TypeId) -> bool {
        let mut at = id;
        for _ in 0..16 {
            if at == ancestor {
                return at.is_known();
            }
            at = self.base(at);
        }
        false
    }

    /// The children of a type in the order of their definitions.
    pub fn children(&self, id: TypeId) -> &[ChildRow] {
        self.row(id)
            .and_then(|r| self.children.get(r.first_child as usize..(r.first_child + r.child_count) as usize))
            .unwrap_or_default()
    }

    /// The child of this type that an instance names so.
    #[inline]
    #[allow(
        clippy::indexing_slicing,
        reason = "the mask keeps places inside the table, which holds rows of the children"
    )]
    pub fn child(&self, parent: TypeId, name: NameId) -> Option<&ChildRow> {
        let row = self.row(parent)?;
        let range = row.first_child..row.first_child + row.child_count;
        let mask = self.table.len() - 1;
        let mut at = slot(parent, name, mask);
        loop {
            let i = self.table[at].checked_sub(1)?;
            let c = &self.children[i as usize];
            if c.name == name && range.contains(&i) {
                return Some(c);
            }
            at = (at + 1) & mask;
        }
    }

    /// The type that a resource says it has; unknown where it says none or one that is no resource type.
    pub fn resource_type(&self, node: Node<'_>) -> TypeId {
        node.child(NameId::RESOURCE_TYPE)
            .filter(|n| n.has_value())
            .and_then(|n| self.find(&n.text()))
            .filter(|t| self.is_resource(*t))
            .unwrap_or_default()
    }

    /// The type of a node, found from the root of its instance.
    pub fn type_of(&self, node: Node<'_>) -> TypeId {
        self.types_along(&node.way()).last().copied().unwrap_or_default()
    }

    /// The types of the nodes on a way down from the root of an instance ([`Node::way`]), one for each.
    pub fn types_along(&self, way: &[Node<'_>]) -> Vec<TypeId> {
        let mut types = Vec::with_capacity(way.len());
        for n in way {
            types.push(types.last().map_or_else(|| self.resource_type(*n), |parent| self.type_of_child(*parent, *n)));
        }
        types
    }

    /// The type of a child node: that of its row, or for a nested resource the one that it says.
    #[inline]
    pub fn type_of_child(&self, parent: TypeId, child: Node<'_>) -> TypeId {
        match self.child(parent, child.name()) {
            Some(row) if row.type_id == self.resource => self.resource_type(child),
            Some(row) => row.type_id,
            // Below what is no element of FHIR, a resource says itself what it is.
            None if !parent.is_known() => self.resource_type(child),
            None => TypeId::UNKNOWN,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
