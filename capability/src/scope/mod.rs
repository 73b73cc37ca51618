//! SMART scopes: parse, explain, normalise, cover, minimise
//! (<https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html>). Knows neither servers nor statements.

mod atom;
mod cover;
mod explain;
mod grammar;
mod index;
mod limits;
mod minimise;
mod parse;
mod permission;
mod query;
mod repair;
mod token;
mod types;

use std::collections::BTreeSet;

use crate::reason::Reason;
use rustc_hash::FxHashSet;
use serde::Serialize;

pub use atom::{Atom, atoms};
pub use cover::Effort;
pub use explain::{Explained, Explanation, explain};
pub use index::Granted;
pub use limits::{
    FAULTS_LIMIT, LISTED_LIMIT, OVERLAPS_BYTES, OVERLAPS_LIMIT, PAIRS_LIMIT, PROPOSED_BYTES, PROPOSED_LIMIT,
    TOKENS_LIMIT, VALUES_LIMIT, alternatives_limit,
};
pub use minimise::{minimal, minimal_within};
pub use parse::parse;
pub use permission::{Permission, Permissions};
pub use query::{Pair, Query};
pub use token::{Context, Fault, Kind, ResourceScope, Syntax, Token};
pub use types::{is_known_type, known_types, type_in_any_case};

/// A fault in a scope string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeFault {
    /// The token as it was written.
    pub token: String,
    /// Its byte offset in the scope string, from 0.
    pub at: usize,
    /// A rule id, see [`crate::rules`].
    pub rule: Reason,
    /// The corrected token where there is one, else what to write.
    pub hint: String,
}

/// A scope string in its normal and in its shortest form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Normalised {
    /// Each valid token once, in the string's order: v1 as v2; letters, pairs and values sorted.
    pub normalised: String,
    /// The fewest tokens that grant exactly the same, then the fewest characters; other tokens follow.
    pub minimal: String,
    /// Faulty tokens, which both forms leave out.
    pub faults: Vec<ScopeFault>,
}

/// Whether grants cover a request, and what of it they do not cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// True where nothing is missing.
    pub covers: bool,
    /// Normalised atoms (one letter each), other tokens, and faulty tokens word for word, in the request's order.
    pub missing: Vec<String>,
}

/// Brings a scope string to its normal and its shortest form.
///
/// ```
/// use fhir_accord_capability::scope::normalise;
///
/// let forms = normalise("patient/Observation.read patient/Observation.s openid patient/observation.rs");
/// assert_eq!(forms.normalised, "patient/Observation.rs patient/Observation.s openid");
/// assert_eq!(forms.minimal, "patient/Observation.rs openid");
/// assert_eq!((forms.faults[0].rule.id(), forms.faults[0].hint.as_str()), ("type-case", "patient/Observation.rs"));
/// ```
pub fn normalise(text: &str) -> Normalised {
    let tokens = parse(text);
    let mut seen = FxHashSet::default();
    let normal: Vec<&str> =
        tokens.iter().filter(|t| t.fault().is_none()).map(|t| t.normal.as_str()).filter(|n| seen.insert(*n)).collect();
    let faults = tokens
        .iter()
        .filter_map(|t| {
            t.fault().map(|f| ScopeFault { token: t.text.clone(), at: t.at, rule: f.rule, hint: f.hint.clone() })
        })
        .collect();
    Normalised { normalised: normal.join(" "), minimal: minimal_string(&tokens), faults }
}

/// The shortest form of these tokens: resource scopes first, then the other valid ones, each once.
pub fn minimal_string(tokens: &[Token]) -> String {
    minimal_string_within(tokens, &mut Effort::default())
}

/// The same as a part of a larger task, see [`minimal_within`].
pub fn minimal_string_within(tokens: &[Token], effort: &mut Effort) -> String {
    let scopes: Vec<ResourceScope> = tokens.iter().filter_map(|t| t.resource().cloned()).collect();
    let mut parts: Vec<String> = minimal_within(&scopes, effort).iter().map(ResourceScope::to_string).collect();
    let mut seen = FxHashSet::default();
    parts.extend(
        tokens
            .iter()
            .filter(|t| t.fault().is_none() && t.resource().is_none())
            .map(|t| t.normal.clone())
            .filter(|n| seen.insert(n.clone())),
    );
    parts.join(" ")
}

/// Whether `granted` covers all of `requested`.
///
/// ```
/// use fhir_accord_capability::scope::covers;
///
/// assert!(covers("patient/*.rs", "patient/Observation.read").covers);
/// assert_eq!(covers("patient/*.rs", "patient/Observation.cr user/Group.r").missing, [
///     "patient/Observation.c",
///     "user/Group.r",
/// ]);
/// ```
pub fn covers(granted: &str, requested: &str) -> Coverage {
    let bytes = granted.len().max(requested.len());
    let (granted, requested) = (parse(granted), parse(requested));
    let limit = alternatives_limit(granted.len().max(requested.len()), bytes);
    let scopes = Granted::new(granted.iter().filter_map(Token::resource));
    let words: BTreeSet<&str> =
        granted.iter().filter(|t| t.fault().is_none()).map(|token| token.normal.as_str()).collect();
    let mut missing: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut miss = |text: String| {
        if seen.insert(text.clone()) {
            missing.push(text);
        }
    };
    for token in &requested {
        match &token.kind {
            Kind::Resource(scope, _) => {
                scopes.missing(scope, limit).iter().for_each(|atom| miss(atom.to_string()));
            }
            Kind::Faulty(_) => miss(token.text.clone()),
            _ if words.contains(token.normal.as_str()) => {}
            _ => miss(token.normal.clone()),
        }
    }
    Coverage { covers: missing.is_empty(), missing }
}

#[cfg(test)]
mod tests;
