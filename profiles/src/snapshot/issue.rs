//! What can be wrong with a definition, and why a snapshot cannot be generated at all.

use std::fmt;

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
        write!(f, "{} at `{}`: {}", self.profile, self.element, self.message)
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
    /// A required binding made weaker.
    Binding,
}

/// Why no snapshot could be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// The JSON is no StructureDefinition with a snapshot or a differential.
    NotAStructureDefinition,
    /// The base definition is not among the packages.
    BaseAbsent { profile: String, base: String },
    /// The base definition leads back to the definition itself.
    Circular { profile: String },
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::NotAStructureDefinition => f.write_str("not a StructureDefinition with a snapshot or a differential"),
            SnapshotError::BaseAbsent { profile, base } => {
                write!(f, "the base `{base}` of `{profile}` is in none of the packages; add the package that defines it")
            }
            SnapshotError::Circular { profile } => write!(f, "the base definitions of `{profile}` lead back to it"),
        }
    }
}

impl std::error::Error for SnapshotError {}
