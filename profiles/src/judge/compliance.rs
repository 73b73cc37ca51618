//! The port to a comparison of profiles: whether a definition keeps to a profile that it claims to comply with.

use crate::interrupt::Interrupt;

/// What a comparison tells of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Compliance {
    /// Every instance of the definition is valid for the profile: proven.
    Kept,
    /// It is not: an instance that shows it, or another reason.
    Broken(String),
    /// Neither is known, and why.
    Open(String),
}

/// Who compares a definition that is judged as an instance with a loaded profile. The rooms above implement it, so that
/// no rule can see the compiler.
pub trait Comparer: Send + Sync {
    /// Whether the definition, a StructureDefinition as JSON, keeps all that the profile of this canonical demands.
    /// `interrupt` breaks the comparison off, which leaves it open.
    fn complies(&self, definition: &str, canonical: &str, interrupt: &Interrupt) -> Compliance;
}
