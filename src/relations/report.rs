//! Answers as data, for JSON and text.

use serde::Serialize;
use serde_json::Value;

use crate::profiles::generate::{JudgedFault, PathStep};
use crate::profiles::plan::ImageSet;
use crate::profiles::relation::{OpenStep, Validity, Witness, element_id, way_text};

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
