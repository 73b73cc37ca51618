//! The shape of a proof: the steps taken at one node, and what was proven below it.

use std::sync::Arc;

use crate::instance::NameId;
use crate::model::TypeId;
use crate::plan::Handle;

/// What was compared at one node of two plans, and below it.
#[derive(Debug)]
pub struct Proof {
    /// The type of the node.
    pub type_id: TypeId,
    /// The demands of B at this node, each with whether A meets it.
    pub steps: Vec<Step>,
    /// What stands below: children, slices, targets.
    pub subs: Vec<Sub>,
    /// Every step here and below is proven.
    pub holds: bool,
}

/// One demand of B.
#[derive(Debug)]
pub struct Step {
    /// What is demanded.
    pub kind: StepKind,
    /// The element of A that was held against it, where there is one.
    pub left: Option<Handle>,
    /// The element of B that makes the demand.
    pub right: Handle,
    /// A meets it.
    pub holds: bool,
    /// What is demanded, where it is a constraint, a value set, a type or a profile; empty else.
    pub what: String,
    /// How an instance could break the demand, seen from the step's node. Empty for a step that holds.
    pub breaks: Vec<(Vec<Way>, Break)>,
}

/// The kinds of demands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StepKind {
    /// The definition itself is at fault, or not loaded.
    Definition,
    /// The types that an element may have.
    Type,
    /// How often an element has to occur.
    Min,
    /// How often it may occur.
    Max,
    /// A fixed value or pattern.
    Value,
    /// Bounds of a value or its length.
    Bound,
    /// A primitive has its value.
    Presence,
    /// A required or maximum value set.
    Binding,
    /// A constraint of error severity.
    Constraint,
    /// What a reference may point to.
    Target,
    /// A profile of a data type, of an extension or of a resource.
    Profile,
    /// How the entries of an element are divided.
    Slicing,
    /// How often entries of a slice have to occur.
    SliceMin,
    /// How often they may occur.
    SliceMax,
    /// Several rules that would have to be seen together.
    Nesting,
}

impl StepKind {
    /// Its name in reports, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            StepKind::Definition => "definition",
            StepKind::Type => "type",
            StepKind::Min => "min",
            StepKind::Max => "max",
            StepKind::Value => "value",
            StepKind::Bound => "bound",
            StepKind::Presence => "presence",
            StepKind::Binding => "binding",
            StepKind::Constraint => "constraint",
            StepKind::Target => "target",
            StepKind::Profile => "profile",
            StepKind::Slicing => "slicing",
            StepKind::SliceMin => "slice-min",
            StepKind::SliceMax => "slice-max",
            StepKind::Nesting => "nesting",
        }
    }
}

/// A proof about what stands below a node.
#[derive(Debug)]
pub struct Sub {
    /// From the node above: an element's name, then maybe a slice of A.
    pub way: Vec<Way>,
    /// `None`: assumed, because it is being proven further up.
    pub proof: Option<Arc<Proof>>,
}

/// A step from a node to one below.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Way {
    /// A child by its name, for a choice its base.
    Child(NameId),
    /// The choice's type.
    Type(TypeId),
    /// Of the child before, the entries of this slice (its element).
    Slice(Handle),
    /// The target of the reference.
    Target(TypeId),
}

/// How an instance of A could break a demand of B.
#[derive(Clone, PartialEq, Debug)]
pub enum Break {
    /// The child occurs only so often.
    Count(u32),
    /// The choice has this type.
    Type(TypeId),
    /// Some other value than the one that B demands.
    OtherValue,
    /// One of these codes (system, code).
    Codes(Vec<(String, String)>),
    /// A code that B's value set does not have, or none at all.
    OtherCode,
    /// A reference to this type.
    Target(TypeId),
    /// A reference to a resource of A's target profile (its root element) that none of B's target profiles fits.
    TargetOf(Handle, Vec<Handle>),
    /// A value beyond B's bounds, as JSON text.
    Text(String),
    /// One more entry that is in no slice of A.
    ExtraEntry,
    /// The constraint with this expression fails.
    Constraint(String),
    /// No value, only an extension in its place.
    NoValue,
    /// An entry of B's slice (its element).
    SliceEntry(Handle, u32),
    /// Nobody can tell: what would have to be compared is not loaded, or not told by an instance alone.
    Undecided,
}
