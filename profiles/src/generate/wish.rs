//! Wishes: what an instance shall be like at one place, other than the smallest.

use serde_json::Value;

use crate::instance::NameId;
use crate::model::TypeId;
use crate::plan::Handle;

/// What an instance shall be like at one place. It implies that everything on the way there is present, unless it asks
/// for an absence.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The way from the root, without the root.
    pub path: Vec<Step>,
    /// What shall be there.
    pub want: Want,
}

/// A step on the way to the place of a wish.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// The element of this name; of a choice its base (`value`).
    Child(NameId),
    /// The entries of the child before that are in this slice, by the slice's element row.
    Slice(Handle),
    /// One entry of the child or the slice before, from 0.
    Entry(u32),
}

/// What shall be at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    /// Nothing.
    Absent,
    /// At least one entry.
    Present,
    /// This many entries.
    Count(u32),
    /// A value of this type, in a choice.
    Type(TypeId),
    /// Exactly this.
    Value(Value),
    /// This code.
    Code {
        /// The url of the code system; `None` for a code by itself.
        system: Option<String>,
        /// The code.
        code: String,
    },
    /// A code that no required binding of the profiles forbids, but other than their patterns have.
    OtherCode,
    /// Only an extension that tells that the value is absent.
    NoValue,
    /// A reference to a resource of this type.
    TargetType(TypeId),
    /// One more entry of a list, in no slice.
    ExtraEntry,
}
