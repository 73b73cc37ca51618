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
    /// No cardinality, or one that no instance can keep beside the base's.
    Cardinality,
    /// A cardinality wider than the base's, which goes on holding.
    Loosened,
    /// A type that the base does not allow.
    Type,
    /// A slice of an element that is not sliced.
    Slicing,
    /// A slice of one type that is not called after the type (`valueQuantity`).
    SliceName,
    /// A required binding made weaker; the base's goes on holding.
    Binding,
    /// What must be supported made optional.
    MustSupport,
    /// Elements in another order than the base's.
    Order,
    /// An element that the differential has twice, with nothing in the one place that the other contradicts.
    Repeated,
    /// The definition that this one is derived from cannot be used.
    Base,
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
        matches!(self, Problem::MustSupport | Problem::Order | Problem::Repeated | Problem::SliceName)
            || self.is_overruled()
    }

    /// Whether the definition loosens what its base demands, and the base's demand goes on holding.
    pub fn is_overruled(self) -> bool {
        matches!(self, Problem::Binding | Problem::Loosened)
    }
}

/// Why no snapshot could be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// The JSON is no StructureDefinition with a snapshot or a differential.
    NotAStructureDefinition,
    /// The base definition is not among the packages; `other` is a version of it that is.
    BaseAbsent { profile: String, base: String, other: Option<String> },
    /// The base definition leads back to the definition itself, by way of these others.
    Circular { profile: String, by: Vec<String> },
    /// The definition says that it is of another type than its base.
    OtherType { profile: String, of: String, base: String },
    /// The chain of bases is longer than the limit.
    TooDeep { profile: String, limit_definitions: usize },
    /// The differential has more elements than the limit, or the snapshot would have.
    TooLarge { profile: String, limit_elements: usize },
    /// A differential in DSTU2's form, without a snapshot.
    Dstu2 { profile: String },
}

impl SnapshotError {
    /// The definition at fault; `asked` where the error names none.
    pub fn profile<'e>(&'e self, asked: &'e str) -> &'e str {
        match self {
            SnapshotError::NotAStructureDefinition => asked,
            SnapshotError::BaseAbsent { profile, .. }
            | SnapshotError::Circular { profile, .. }
            | SnapshotError::OtherType { profile, .. }
            | SnapshotError::TooDeep { profile, .. }
            | SnapshotError::TooLarge { profile, .. }
            | SnapshotError::Dstu2 { profile } => profile,
        }
    }

    /// What is wrong, said of the definition at fault: `its base … is not loaded`.
    pub fn fault(&self) -> String {
        match self {
            SnapshotError::NotAStructureDefinition => {
                "it is not a StructureDefinition with a snapshot or a differential".to_owned()
            }
            SnapshotError::BaseAbsent { base, other: None, .. } => format!("its base `{base}` is not loaded"),
            SnapshotError::BaseAbsent { base, other: Some(other), .. } => {
                format!("its base `{base}` is not loaded, only version `{other}` is")
            }
            SnapshotError::Circular { by, .. } if by.is_empty() => "it is its own base".to_owned(),
            SnapshotError::Circular { by, .. } => {
                let by: Vec<String> = by.iter().map(|url| format!("`{url}`")).collect();
                format!("its base definitions lead back to it, by way of {}", by.join(", "))
            }
            SnapshotError::OtherType { of, base, .. } => format!("it is of type `{of}`, its base of type `{base}`"),
            SnapshotError::TooDeep { limit_definitions, .. } => {
                format!("its base definitions are more than {limit_definitions}")
            }
            SnapshotError::TooLarge { limit_elements, .. } => {
                format!("it has, or would have, more than {limit_elements} elements")
            }
            SnapshotError::Dstu2 { .. } => {
                "it is a DSTU2 definition without a snapshot; publish it with one".to_owned()
            }
        }
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.profile("") {
            "" => f.write_str("not a StructureDefinition with a snapshot or a differential"),
            profile => write!(f, "`{profile}` has no snapshot: {}", self.fault()),
        }
    }
}

impl std::error::Error for SnapshotError {}
