//! What real answers of a server tell of the profiles that a client requires: counts, rules and places, never a value.
//!
//! An instance speaks for a profile only where it claims it or meets its selector. Success never lowers a rank: it adds
//! counts, and makes partial what was unknown. One that speaks and fails refutes.

use std::collections::BTreeMap;

use fhir_accord_profiles::definition::Canonical;
use serde::Serialize;

/// A rule that instances fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FailingRule {
    /// The id of the rule; see `accord explain`.
    pub rule: String,
    /// The id of the element definition that demands it, as `Patient.identifier`.
    pub element: Option<String>,
    /// The key of the constraint, where the rule is one.
    pub constraint: Option<String>,
    /// How many instances fail it.
    pub instances: usize,
}

/// Where an instance is that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObservedPlace {
    /// The file, by its place among those that were read, from 1, in the order of their names.
    pub file: usize,
    /// The name of the file; null where words of its text stand in it.
    pub name: Option<String>,
    /// The line of the first element that fails, from 1.
    pub line: usize,
    /// The elements that fail, as FHIRPath expressions.
    pub paths: Vec<String>,
}

/// What was observed of one required profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ObservedProfile {
    /// Instances that claim the profile or meet its selector.
    pub speaking: usize,
    /// Of those, how many fail.
    pub failed: usize,
    /// Of those, of how many it cannot be determined.
    pub undetermined: usize,
    /// Instances of the type that do not speak for the profile.
    pub outside: usize,
    /// The rules that most instances fail, the most frequent first.
    pub rules: Vec<FailingRule>,
    /// The first instance that fails.
    pub witness: Option<ObservedPlace>,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ObservedTotals {
    /// Files.
    pub files: usize,
    /// Resources in them.
    pub instances: usize,
    /// Files, lines and entries that could not be read, or are beyond a bound: nothing is known of them.
    pub unread: usize,
}

/// Observed evidence for all required profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Observed {
    /// What was read.
    pub totals: ObservedTotals,
    /// By the canonical of the required profile, as the client names it.
    pub profiles: BTreeMap<String, ObservedProfile>,
}

impl Observed {
    /// What was observed of a required profile; `None` where no instance of its type was read.
    pub fn of(&self, required: &Canonical) -> Option<&ObservedProfile> {
        self.profiles.get(&required.to_string()).filter(|p| p.speaking + p.outside > 0)
    }
}
