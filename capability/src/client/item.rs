//! What a client needs of a server, item by item.

use std::fmt;

/// Where an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// `[base]/$name`
    System,
    /// `[base]/Type/$name`
    Type,
    /// `[base]/Type/id/$name`
    Instance,
}

impl Level {
    /// `system`, `type` or `instance`.
    pub fn name(self) -> &'static str {
        match self {
            Level::System => "system",
            Level::Type => "type",
            Level::Instance => "instance",
        }
    }
}

/// One thing that a client needs, of a type or of the system.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// An interaction by its code, as `search-type`.
    Interaction(&'static str),
    /// A member of the type's entry that is to be set, as `conditionalCreate`.
    Flag(&'static str),
    /// A search parameter by its name, without modifier and chain.
    Parameter(String),
    /// The search parameters of one search, sorted; two or more.
    Combination(Vec<String>),
    /// A value of `_include`.
    Include(String),
    /// A value of `_revinclude`.
    RevInclude(String),
    /// An operation by its name without `$`.
    Operation(String, Level),
    /// A profile by its canonical.
    Profile(String),
    /// The type of the compartment in which the type is searched.
    Compartment(&'static str),
    /// A parameter of the result, which is no search parameter.
    ResultParameter(String),
    /// A search parameter in the criteria of a conditional request.
    Criterion(String),
    /// A patch by criteria, for which R4 has no flag.
    ConditionalPatch,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Interaction(name) | Item::Flag(name) => f.write_str(name),
            Item::Parameter(name) => write!(f, "search by {name}"),
            Item::Combination(names) => write!(f, "search by {}", names.join(" + ")),
            Item::Include(value) => write!(f, "_include {value}"),
            Item::RevInclude(value) => write!(f, "_revinclude {value}"),
            Item::Operation(name, level) => write!(f, "${name} ({} level)", level.name()),
            Item::Profile(canonical) => write!(f, "profile {canonical}"),
            Item::Compartment(name) => write!(f, "search in the compartment of a {name}"),
            Item::ResultParameter(name) => write!(f, "result parameter {name}"),
            Item::Criterion(name) => write!(f, "criterion {name}"),
            Item::ConditionalPatch => f.write_str("conditional patch"),
        }
    }
}
