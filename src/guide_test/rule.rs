//! One rule of a profile, which an instance can break.

use serde_json::Value;

use super::profile::Profile;
use super::seen::Seen;

/// What a rule demands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Demand {
    Min(u64),
    Max(u64),
    SliceMin(u64),
    SliceMax(u64),
    Closed,
    /// A fixed value.
    Fixed(Value),
    Pattern(Value),
    /// The value set of a required binding.
    Binding(String),
    /// The types of a choice.
    Types(Vec<String>),
    /// The types that references may lead to.
    Targets(Vec<String>),
    MaxLength(u64),
    MinValue(Value),
    MaxValue(Value),
    /// The key and the expression of an invariant.
    Invariant(String, String),
}

/// A rule of a profile at one of its elements.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pub element: String,
    pub demand: Demand,
}

impl Rule {
    /// The id of the engine's rule that reports what breaks it.
    pub fn id(&self) -> &'static str {
        match self.demand {
            Demand::Min(_) => "element-min",
            Demand::Max(_) => "element-max",
            Demand::SliceMin(_) => "slice-min",
            Demand::SliceMax(_) => "slice-max",
            Demand::Closed => "slice-closed",
            Demand::Fixed(_) => "fixed",
            Demand::Pattern(_) => "pattern",
            Demand::Binding(_) => "binding-required",
            Demand::Types(_) => "element-type",
            Demand::Targets(_) => "reference-target",
            Demand::MaxLength(_) => "max-length",
            Demand::MinValue(_) => "min-value",
            Demand::MaxValue(_) => "max-value",
            Demand::Invariant(..) => "invariant",
        }
    }

    /// The key, where it is an invariant.
    pub fn constraint(&self) -> &str {
        match &self.demand {
            Demand::Invariant(key, _) => key,
            _ => "",
        }
    }

    /// Whether an issue says that this rule of the profile is broken. At the root of a profile of a data type the
    /// engine names the element that has the type.
    pub fn is_broken_by(&self, profile: &Profile, seen: &Seen) -> bool {
        !seen.is_open
            && seen.rule == self.id()
            && seen.constraint == self.constraint()
            && seen.profiles.iter().any(|p| profile.family.contains(p))
            && (seen.element == self.element || !self.element.contains('.') && !self.constraint().is_empty())
    }
}

impl std::fmt::Display for Demand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Demand::Min(n) | Demand::SliceMin(n) => write!(f, "at least {n}"),
            Demand::Max(n) | Demand::SliceMax(n) => write!(f, "at most {n}"),
            Demand::Closed => f.write_str("only entries of its slices"),
            Demand::Fixed(value) => write!(f, "exactly {}", shown(value)),
            Demand::Pattern(value) => write!(f, "the pattern {}", shown(value)),
            Demand::Binding(set) => write!(f, "a code of `{set}`"),
            Demand::Types(types) => write!(f, "one of the types {}", types.join(", ")),
            Demand::Targets(types) => write!(f, "a reference to {}", types.join(", ")),
            Demand::MinValue(value) => write!(f, "at least {}", shown(value)),
            Demand::MaxValue(value) => write!(f, "at most {}", shown(value)),
            Demand::MaxLength(n) => write!(f, "at most {n} characters"),
            Demand::Invariant(key, _) => write!(f, "invariant `{key}`"),
        }
    }
}

/// The most characters of a value that are shown.
const SHOWN: usize = 100;

/// A value on one line.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
