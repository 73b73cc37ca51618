//! The plan: what is demanded at one place of an instance by a type and a set of profiles, merged. Built on first
//! use, shared, and kept in memory; the rows it points to stay in the images. No logic beyond look-up.

use std::sync::{Arc, RwLock};

use arc_swap::ArcSwapOption;

use rustc_hash::FxHashMap;

use super::kinds::{Aggregation, BindingStrength, ReferenceVersioning, SlicingRules};
use super::native::Native;
use super::rows::Run;
use super::set::Handle;
use crate::instance::NameId;
use crate::model::{Primitive, Role, TypeId};

/// What is demanded of one node.
pub struct PlanNode {
    pub type_id: TypeId,
    pub role: Role,
    pub primitive: Option<Primitive>,
    pub is_resource: bool,
    /// The element rows that make the demands, sorted.
    pub handles: Box<[Handle]>,
    pub children: Box<[PlanChild]>,
    pub(super) table: Box<[(NameId, u16, u16)]>,
    /// How often the children may occur, as bits.
    pub occurs: Occurs,
    pub constraints: Box<[PlanConstraint]>,
    /// All constraints are the one that a value satisfies.
    pub plain: bool,
    /// Nothing but constraints is demanded of the node itself.
    pub is_bare: bool,
    /// A child has slices.
    pub is_sliced: bool,
    /// A child, or a slice of one, has to be there.
    pub asks_children: bool,
    pub values: Box<[PlanValue]>,
    pub bounds: Box<[PlanBounds]>,
    /// Elements that ask a primitive for its value.
    pub presence: Box<[PlanPresence]>,
    pub bindings: Box<[PlanBinding]>,
    /// References: what each demanding element allows as target.
    pub targets: Box<[PlanTargets]>,
    /// Elements that name profiles for the type, of which one must hold.
    pub alternatives: Box<[PlanAlternatives]>,
    /// What is wrong with the structures that begin here.
    pub faults: Box<[PlanFault]>,
}

/// How often the children of a node may occur, as bits in their order: enough to see that all is well.
#[derive(Clone, Copy, Default)]
pub struct Occurs {
    /// Those with a minimum above zero.
    pub required: u64,
    /// Those with a maximum of zero.
    pub prohibited: u64,
    /// Those with a maximum.
    pub limited: u64,
    /// The bits are not enough: there are more than 64 children, or one has to occur more than once.
    pub uncounted: bool,
}

impl Occurs {
    /// The bits of these children.
    pub(super) fn of(children: &[PlanChild]) -> Occurs {
        let mut occurs =
            Occurs { uncounted: children.len() > 64 || children.iter().any(|c| c.min > 1), ..Occurs::default() };
        for (i, c) in children.iter().enumerate().take(64) {
            occurs.required |= u64::from(c.min > 0) << i;
            occurs.prohibited |= u64::from(c.max == 0) << i;
            occurs.limited |= u64::from(c.max != u32::MAX) << i;
        }
        occurs
    }
}

/// One element among the children of a node; the types of a choice are its variants.
pub struct PlanChild {
    pub name: NameId,
    pub is_list: bool,
    pub is_choice: bool,
    pub is_extension: bool,
    pub min: u32,
    pub max: u32,
    /// The element rows of all profiles.
    pub handles: Box<[Handle]>,
    pub variants: Box<[Variant]>,
    pub slicings: Box<[PlanSlicing]>,
    /// Extensions by url: what is known of each and the plan of its entries.
    pub by_url: RwLock<FxHashMap<Box<str>, Arc<ExtensionPlan>>>,
}

impl PlanChild {
    /// The element rows that have a say about entries of one type: those that do not allow it have said so.
    pub fn handles_of<'p>(&'p self, variant: &'p Variant) -> impl Iterator<Item = Handle> + 'p {
        self.handles.iter().filter(|h| !variant.refused.contains(h)).copied()
    }
}

/// A plan of the entries that match slices: the slices' rows, the entries' type, and the plan.
type SlicedPlan = (Box<[Handle]>, TypeId, Arc<PlanNode>);

/// One type of an element.
pub struct Variant {
    pub name: NameId,
    pub type_id: TypeId,
    pub is_resource: bool,
    /// The element rows that do not allow this type.
    pub refused: Box<[Handle]>,
    /// The plan of entries that match no slice, once it was asked for.
    pub node: ArcSwapOption<PlanNode>,
    /// Plans of entries that match slices, by the slices' rows.
    pub sliced: RwLock<Vec<SlicedPlan>>,
}

/// The plan of the entries of one extension url.
pub struct ExtensionPlan {
    pub node: Arc<PlanNode>,
    /// The extension's definition.
    pub definition: Option<Handle>,
    /// For each slicing of the child the slice that the url matches.
    pub slices: Box<[Option<u16>]>,
}

/// A constraint on a node.
pub struct PlanConstraint {
    /// The layer of its row in the set of images, and the row.
    pub layer: u32,
    pub row: u32,
    pub native: Native,
    pub code: Run,
    /// Of a mask its words.
    pub mask: Run,
    pub warning: bool,
    pub best_practice: bool,
    /// A result that is empty satisfies it.
    pub empty_holds: bool,
    /// The element rows that carry it.
    pub handles: Box<[Handle]>,
}

/// The profiles that one element names for the type of a node.
pub struct PlanAlternatives {
    pub element: Handle,
    /// Their root elements.
    pub roots: Box<[Handle]>,
    /// There are others that are not loaded.
    pub unknown: bool,
}

/// A fault of a structure.
#[derive(Clone, Copy)]
pub struct PlanFault {
    /// The structure's root element.
    pub element: Handle,
    pub fault: Handle,
    /// What its base demands was compiled instead: the fault leaves nothing open.
    pub overruled: bool,
}

/// A fixed value or pattern.
pub struct PlanValue {
    /// The element that demands it.
    pub element: Handle,
    pub value: Handle,
    pub fixed: bool,
}

/// Bounds of a value or of its length.
pub struct PlanBounds {
    /// The element that demands them.
    pub element: Handle,
    pub min_value: Option<Handle>,
    pub max_value: Option<Handle>,
    pub max_length: Option<u32>,
    /// 0: none.
    pub min_length: u32,
    /// What extensions demand, in the string lists of the element's layer.
    pub controls: Run,
}

/// What one element asks of a primitive that has no value.
pub struct PlanPresence {
    pub element: Handle,
    /// The extensions of which one must take its place, in the string lists of the element's layer; empty: none may.
    pub alternatives: Run,
}

/// A binding of a coded node.
pub struct PlanBinding {
    /// The element with the strongest binding to the value set.
    pub element: Handle,
    /// Required, extensible or preferred; a maximum value set counts as required.
    pub strength: BindingStrength,
    pub is_max: bool,
    pub canonical: String,
    pub value_set: Option<Handle>,
}

/// The targets that one element allows.
pub struct PlanTargets {
    pub element: Handle,
    /// Target types; empty: any.
    pub types: Box<[TypeId]>,
    /// Target profiles that are known and say more than their type, with it.
    pub profiles: Box<[(TypeId, Handle)]>,
    /// Where the target may lie.
    pub aggregation: Aggregation,
    pub versioning: ReferenceVersioning,
}

/// The slicing that one profile lays on an element.
pub struct PlanSlicing {
    pub element: Handle,
    pub rules: SlicingRules,
    pub ordered: bool,
    pub slices: Box<[PlanSlice]>,
    /// Of each slice the numbers of its entries, from and up to but without, where position tells the slices apart.
    pub by_position: Option<Box<[(u32, u32)]>>,
    /// Url to slice, where every slice is identified by the url of an extension only.
    pub by_url: Option<FxHashMap<Box<str>, u16>>,
}

/// One slice of an element.
pub struct PlanSlice {
    /// The slice's element row.
    pub element: Handle,
    pub min: u32,
    pub max: u32,
    pub tests: Box<[SliceTest]>,
    /// The slicing of the slice's own entries.
    pub reslicing: Option<Box<PlanSlicing>>,
    /// It demands more of an entry than its discriminators do.
    pub demands_more: bool,
    /// Another slice has the same discriminators: what is in one is in the other, too.
    pub twin: bool,
}

/// One discriminator of one slice: where to look and what must be there.
pub struct SliceTest {
    pub path: Box<[Step]>,
    pub check: Check,
}

/// A step of a discriminator's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Child(NameId),
    Extension(Box<str>),
    Resolve,
    OfType(TypeId),
}

/// What a discriminator asks at its place.
pub enum Check {
    /// Any of the nodes equals a fixed value or holds a pattern.
    Value {
        value: Handle,
        fixed: bool,
    },
    /// Any of the codes is in the value set.
    Binding {
        value_set: Option<Handle>,
        canonical: String,
    },
    Exists(bool),
    /// Any of the nodes has this text.
    Text(Box<str>),
    /// Any of the nodes has one of these types.
    Type(Box<[TypeId]>),
    /// Any of the nodes conforms to one of these profiles' root elements.
    Profile(Box<[Handle]>),
    /// All of these.
    All(Box<[SliceTest]>),
    /// The slice says nothing at this place.
    Nothing,
    /// The discriminator can't be evaluated; the reason.
    Unsupported(String),
}

impl PlanNode {
    /// The child that an instance names so, and the variant of its type.
    pub fn child(&self, name: NameId) -> Option<(&PlanChild, &Variant)> {
        let (child, variant) = self.find(name)?;
        let child = self.children.get(child)?;
        Some((child, child.variants.get(variant)?))
    }

    /// The places of the child and of the variant that an instance names so.
    #[inline]
    #[allow(clippy::indexing_slicing, reason = "the mask keeps places inside the table")]
    pub fn find(&self, name: NameId) -> Option<(usize, usize)> {
        let mask = self.table.len().wrapping_sub(1);
        if self.table.is_empty() {
            return None;
        }
        let mut at = name.0.wrapping_mul(0x9E37_79B9) as usize >> 16 & mask;
        loop {
            let (n, child, variant) = self.table[at];
            if n == name {
                return Some((child as usize, variant as usize));
            }
            if n == NameId::NONE {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    /// The table over the children's variants.
    #[allow(clippy::indexing_slicing, reason = "the mask keeps places inside the table")]
    pub(super) fn table(children: &[PlanChild]) -> Box<[(NameId, u16, u16)]> {
        let count: usize = children.iter().map(|c| c.variants.len()).sum();
        if count == 0 {
            return Box::default();
        }
        let size = (count * 2).next_power_of_two();
        let mut table = vec![(NameId::NONE, 0u16, 0u16); size].into_boxed_slice();
        for (i, c) in children.iter().enumerate() {
            for (j, v) in c.variants.iter().enumerate() {
                let mut at = v.name.0.wrapping_mul(0x9E37_79B9) as usize >> 16 & (size - 1);
                while table[at].0 != NameId::NONE {
                    at = (at + 1) & (size - 1);
                }
                table[at] = (v.name, i as u16, j as u16);
            }
        }
        table
    }
}
