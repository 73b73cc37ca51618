//! Why the membership of a code is an open question.

use std::fmt;

/// What is not available, or cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The code system (its url) is not among the packages, or without its codes.
    CodeSystemAbsent(String),
    /// Only a part of the code system (its url) is here.
    CodeSystemPartial(String),
    /// Another version of the code system is here than the one asked for (`url|version`).
    CodeSystemVersion(String),
    /// A value set (its canonical) is not among the packages.
    ValueSetAbsent(String),
    /// A value set (its url) contains itself.
    Cycle(String),
    /// A filter that cannot be evaluated here, as `property op value` with its system.
    Filter {
        /// The url of the code system.
        system: String,
        /// `property op value`
        filter: String,
    },
    /// The value set has no definition that could be evaluated (its url).
    NoDefinition(String),
    /// The value set (its url) is here as an expansion that says of itself that codes are missing.
    ExpansionPartial(String),
    /// A value set (its canonical) imports others deeper than this, which is not followed.
    TooDeep(String, u32),
    /// A value set imports more than this many others, of which the rest is not looked at.
    TooManyImports(usize),
    /// More codes than are expanded.
    TooLarge,
    /// Rules that cannot be combined here.
    Combination,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::CodeSystemAbsent(url) => write!(f, "the code system `{url}` is not loaded"),
            Reason::CodeSystemPartial(url) => write!(f, "only a part of the code system `{url}` is loaded"),
            Reason::CodeSystemVersion(url) => write!(f, "only another version of the code system `{url}` is loaded"),
            Reason::ValueSetAbsent(url) => write!(f, "the value set `{url}` is not loaded"),
            Reason::Cycle(url) => write!(f, "the value set `{url}` contains itself"),
            Reason::Filter { system, filter } => {
                write!(f, "the filter `{filter}` over `{system}` cannot be evaluated here")
            }
            Reason::NoDefinition(url) => write!(f, "the value set `{url}` holds neither a definition nor an expansion"),
            Reason::ExpansionPartial(url) => write!(f, "only a part of the value set `{url}` is here"),
            Reason::TooDeep(url, most) => {
                write!(f, "the value set `{url}` imports others more than {most} deep, which is not followed")
            }
            Reason::TooManyImports(most) => {
                write!(f, "it imports more than {most} value sets, and the rest is not looked at")
            }
            Reason::TooLarge => write!(f, "the value set is larger than what is expanded"),
            Reason::Combination => write!(f, "two rules over an open code system cannot be combined here"),
        }
    }
}
