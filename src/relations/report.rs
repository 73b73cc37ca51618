//! Answers as data, for JSON and text.

use serde::Serialize;
use serde_json::Value;

use crate::profiles::difference::Unsupported;
use crate::profiles::generate::{JudgedFault, PathStep};
use crate::profiles::plan::ImageSet;
use crate::profiles::relation::{Contradiction, OpenStep, Validity, Witness, element_id, way_text};

/// How many open steps, and how many elements that need not be filled, are reported of a pair.
pub const STEPS: usize = 50;

/// The answers of a comparison, pair by pair.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// The one side, as it was found.
    pub left: String,
    /// The other.
    pub right: String,
    /// Every pair of profiles of one type.
    pub pairs: Vec<Pair>,
}

/// Whether every instance of one profile is valid for another.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// The type of both.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The profile whose instances are looked at, as `url|version`.
    pub left: String,
    /// The profile that they are held against.
    pub right: String,
    /// The answer.
    #[serde(serialize_with = "name")]
    pub validity: Validity,
    /// The conditions that together select the instances of a partial answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// How much of what the right profile selects the instances of the left one serve: `all`, `part`, `none` or
    /// `unknown`.
    pub coverage: &'static str,
    /// The conditions that together select the part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub covered: Vec<String>,
    /// Why no instance can be valid for both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impossible: Option<ContradictionText>,
    /// Whether makers of the left profile's instances can fill what users of the right one must be able to read.
    pub must_support: MustSupport,
    /// How many demands are not proven.
    pub open_count: usize,
    /// The first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<StepText>,
    /// What refutes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<WitnessText>,
    /// The proof as a tree, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// A demand of the right profile that is not proven.
#[derive(Clone, Debug, Serialize)]
pub struct StepText {
    /// What is demanded: `min`, `binding`, `slice-max` …
    pub kind: &'static str,
    /// Where in an instance of the left profile.
    pub path: String,
    /// The element of the right profile that demands it.
    pub element: String,
    /// The constraint, value set, type or profile that is demanded; empty where the kind says all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// Demands that no instance can meet together.
#[derive(Clone, Debug, Serialize)]
pub struct ContradictionText {
    /// An element of the left profile; empty where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub left: String,
    /// The element of the right profile that it cannot go with.
    pub right: String,
    /// What contradicts what.
    pub reason: String,
}

/// Must-support and obligations, which are no part of validity.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MustSupport {
    /// How many elements the right profile marks (or has obligations for) and the left one does not.
    pub missing_count: usize,
    /// The first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<UnsupportedText>,
}

/// An element that users must be able to read and makers need not fill.
#[derive(Clone, Debug, Serialize)]
pub struct UnsupportedText {
    /// The element of the right profile.
    pub element: String,
    /// `not-must-support`, `no-obligation` or `prohibited`.
    pub why: &'static str,
    /// The obligation, where it is about one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub obligation: String,
}

/// An instance that is valid for the left profile and invalid for the right one.
#[derive(Clone, Debug, Serialize)]
pub struct WitnessText {
    /// The resource.
    pub instance: Value,
    /// Why the right profile refuses it: rule and place.
    pub issues: Vec<WitnessIssue>,
}

/// Why a witness is invalid.
#[derive(Clone, Debug, Serialize)]
pub struct WitnessIssue {
    /// The id of the rule.
    pub rule: &'static str,
    /// Where, from the resource; empty for itself.
    pub path: String,
    /// The element that demands it.
    pub element: String,
}

fn name<S: serde::Serializer>(v: &Validity, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(v.name())
}

impl StepText {
    /// A step as data.
    pub fn of(set: &ImageSet, root: &str, step: &OpenStep) -> StepText {
        StepText {
            kind: step.kind.name(),
            path: way_text(set, root, &step.way),
            element: element_id(set, Some(step.right)).to_owned(),
            what: step.what.clone(),
        }
    }
}

impl ContradictionText {
    /// A contradiction as data.
    pub fn of(set: &ImageSet, why: &Contradiction) -> ContradictionText {
        let id = |h| element_id(set, h).to_owned();
        ContradictionText {
            left: why.left.map(|h| id(Some(h))).unwrap_or_default(),
            right: id(Some(why.right)),
            reason: why.reason.clone(),
        }
    }
}

impl MustSupport {
    /// What is missing, as data.
    pub fn of(all: &[Unsupported]) -> MustSupport {
        let told = |u: &Unsupported| UnsupportedText {
            element: u.element.clone(),
            why: u.lack.name(),
            obligation: u.obligation.clone(),
        };
        MustSupport { missing_count: all.len(), missing: all.iter().take(STEPS).map(told).collect() }
    }
}

impl WitnessText {
    /// A witness as data.
    pub fn of(set: &ImageSet, witness: Witness) -> WitnessText {
        let issues = witness.faults.iter().map(|f| WitnessIssue::of(set, f)).collect();
        WitnessText { instance: witness.instance, issues }
    }
}

impl WitnessIssue {
    fn of(set: &ImageSet, fault: &JudgedFault) -> WitnessIssue {
        let step = |s: &PathStep| match s.index {
            Some(i) => format!("{}[{i}]", s.name),
            None => s.name.clone(),
        };
        WitnessIssue {
            rule: fault.rule.as_str(),
            path: fault.path.iter().map(step).collect::<Vec<_>>().join("."),
            element: element_id(set, fault.handles.first().copied()).to_owned(),
        }
    }
}
