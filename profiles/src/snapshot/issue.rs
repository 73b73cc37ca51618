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
    /// What kind of fault it is.
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
    /// The differential has children of the element, and its type does not say which it may have.
    NoChildren,
    /// A definition that the differential walks into is not loaded, or is at fault itself.
    Absent,
    /// Not a cardinality, or one that no instance can satisfy together with the base's.
    Cardinality,
    /// A cardinality wider than the base's, which goes on holding.
    Loosened,
    /// A type that the base does not allow.
    Type,
    /// A slice of an element that is not sliced.
    Slicing,
    /// A slicing of an element that does not repeat and is no choice.
    Unrepeated,
    /// A slice of one type that is not named after the type (`valueQuantity`), or one that only an id names.
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

    /// Whether the snapshot still says what the author meant: the fault is of form, or loosens what the base keeps.
    pub fn is_harmless(self) -> bool {
        matches!(
            self,
            Problem::MustSupport | Problem::Order | Problem::Repeated | Problem::SliceName | Problem::Unrepeated
        ) || self.is_overruled()
    }

    /// Whether the definition loosens what its base demands, and the base's demand goes on holding.
    pub fn is_overruled(self) -> bool {
        matches!(self, Problem::Binding | Problem::Loosened)
    }
}

/// Why no snapshot could be generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The JSON is not a StructureDefinition with a snapshot or a differential.
    #[error("not a StructureDefinition with a snapshot or a differential")]
    NotAStructureDefinition,
    /// It was broken off ([`super::Generator::under`]).
    #[error("the snapshot was not finished in time")]
    BrokenOff,
    /// A definition cannot be used: the one that was asked for, or one that it is derived from.
    #[error("`{profile}` has no snapshot: {fault}")]
    Unusable {
        /// The canonical url of the definition at fault.
        profile: String,
        /// What is wrong with it.
        fault: SnapshotFault,
    },
}

/// What is wrong with a definition that has no snapshot, said of the definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFault {
    /// The base definition is not among the packages.
    #[error("its base `{base}` is not loaded{}", only(other.as_deref()))]
    BaseAbsent {
        /// The canonical of the base.
        base: String,
        /// A version of it that is loaded.
        other: Option<String>,
    },
    /// The base definition leads back to the definition itself.
    #[error("{}", circle(by))]
    Circular {
        /// The definitions on the way, by url; empty where the definition is its own base.
        by: Vec<String>,
    },
    /// The definition says that it is of another type than its base.
    #[error("it is of type `{of}`, its base of type `{base}`")]
    OtherType {
        /// The definition's type.
        of: String,
        /// The type of its base.
        base: String,
    },
    /// The chain of bases is longer than the limit.
    #[error("it has more than {limit_definitions} base definitions")]
    TooDeep {
        /// How many definitions may be derived from one another.
        limit_definitions: usize,
    },
    /// The differential has more elements than the limit, or the snapshot would have.
    #[error("it has, or would have, more than {limit_elements} elements")]
    TooLarge {
        /// How many elements are allowed.
        limit_elements: usize,
    },
    /// A differential in DSTU2's form, without a snapshot.
    #[error("it is a DSTU2 definition without a snapshot; publish it with one")]
    Dstu2,
}

/// What is added where another version is loaded.
fn only(other: Option<&str>) -> String {
    other.map_or_else(String::new, |version| format!(", only version `{version}` is"))
}

/// The message of a definition whose bases lead back to it.
fn circle(by: &[String]) -> String {
    if by.is_empty() {
        return "it is its own base".to_owned();
    }
    let by: Vec<String> = by.iter().map(|url| format!("`{url}`")).collect();
    format!("its base definitions lead back to it by way of {}", by.join(", "))
}

impl SnapshotFault {
    /// The fault as an error of the definition with this canonical.
    pub(super) fn of(self, profile: &str) -> SnapshotError {
        SnapshotError::Unusable { profile: profile.to_owned(), fault: self }
    }
}

impl SnapshotError {
    /// The definition at fault; `asked` where the error names none.
    pub fn profile<'e>(&'e self, asked: &'e str) -> &'e str {
        match self {
            SnapshotError::NotAStructureDefinition | SnapshotError::BrokenOff => asked,
            SnapshotError::Unusable { profile, .. } => profile,
        }
    }

    /// What is wrong, said of the definition at fault: `its base … is not loaded`.
    pub fn fault(&self) -> String {
        match self {
            SnapshotError::NotAStructureDefinition => format!("it is {self}"),
            SnapshotError::BrokenOff => self.to_string(),
            SnapshotError::Unusable { fault, .. } => fault.to_string(),
        }
    }
}
