//! What can be wrong with a definition, and why a snapshot cannot be generated at all.

use std::fmt;

use crate::issue::RuleId;

/// A fault of a definition, found while its snapshot was generated; the snapshot goes on without the faulty part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionIssue {
    /// The canonical url of the definition at fault.
    pub profile: String,
    /// The id (or path) of the differential's element.
    pub element: String,
    pub problem: Problem,
    /// The fault in words, lower case and without a full stop.
    pub message: String,
}

impl fmt::Display for DefinitionIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at `{}`: {} [{}]", self.profile, self.element, self.message, self.problem.rule())
    }
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    /// The element has no path, or one outside the definition's type.
    Path,
    /// The base has no such element.
    UnknownElement,
    /// The element's children were wanted, and its type does not tell which they are.
    NoChildren,
    /// A definition that the differential walks into is not here, or is at fault itself.
    Absent,
    /// The cardinality is wider than the base allows, or is none.
    Cardinality,
    /// A type that the base does not allow.
    Type,
    /// A slice of an element that is not sliced.
    Slicing,
    /// A slice of one type that is not called after the type (`valueQuantity`).
    SliceName,
    /// A required binding made weaker.
    Binding,
    /// What must be supported made optional.
    MustSupport,
    /// Elements in another order than the base's.
    Order,
    /// The expression of a constraint cannot mean what it says.
    Invariant,
}

impl Problem {
    /// The rule that the fault is of.
    pub fn rule(self) -> RuleId {
        if self == Problem::Invariant { RuleId::INVARIANT_BROKEN } else { RuleId::DEFINITION }
    }

    /// Whether the snapshot says all the same what the author meant: the fault is of form, or loosens what the base keeps.
    pub fn is_harmless(self) -> bool {
        matches!(self, Problem::Binding | Problem::MustSupport | Problem::Order | Problem::SliceName)
    }
}

/// Why no snapshot could be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// The JSON is no StructureDefinition with a snapshot or a differential.
    NotAStructureDefinition,
    /// The base definition is not among the packages.
    BaseAbsent { profile: String, base: String },
    /// The base definition leads back to the definition itself, or the chain of bases is longer than 64.
    Circular { profile: String },
    /// The differential has more elements than the limit, or the snapshot would have.
    TooLarge { profile: String, limit_elements: usize },
    /// A differential in DSTU2's form, without a snapshot.
    Dstu2 { profile: String },
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::NotAStructureDefinition => f.write_str("not a StructureDefinition with a snapshot or a differential"),
            SnapshotError::BaseAbsent { profile, base } => {
                write!(f, "the base `{base}` of `{profile}` is in none of the packages; add the package that defines it")
            }
            SnapshotError::TooLarge { profile, limit_elements } => write!(f, "`{profile}` has, or would have, more than {limit_elements} elements"),
            SnapshotError::Dstu2 { profile } => write!(f, "`{profile}` is a DSTU2 definition without a snapshot; publish it with one"),
            SnapshotError::Circular { profile } => write!(f, "the base definitions of `{profile}` lead back to it"),
        }
    }
}

impl std::error::Error for SnapshotError {}
