//! The report of a run.

use serde::Serialize;

/// What became of a guide's tests.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `id#version` of the guide.
    pub guide: String,
    /// The FHIR version that its instances are judged by.
    pub fhir_version: String,
    /// The tests, counted.
    pub tests: Tests,
    /// Percentages of the whole guide.
    pub totals: Totals,
    /// What could not be read, or does not fit together: expectations without an instance.
    pub faults: Vec<String>,
    /// What was passed over.
    pub notes: Vec<String>,
    /// Every instance, by name.
    pub instances: Vec<Instance>,
    /// The profiles, in the order of their files.
    pub profiles: Vec<Profile>,
}

/// Tests, counted by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tests {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Nothing is wrong, and it is not known to be right.
    pub undetermined: usize,
    /// A bound kept them from being examined.
    pub not_examined: usize,
}

/// Percentages of the whole guide; none where there is nothing to count.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// What the instances show of all that is counted.
    pub coverage: Option<f64>,
    /// The rules that negative instances notice, of those that a mutant breaks.
    pub mutation_score: Option<f64>,
    /// Rules that a mutant breaks.
    pub mutants: usize,
    /// Those of them that negative instances notice.
    pub noticed: usize,
    /// Rules that no mutant breaks, and that count for nothing.
    pub unmade: usize,
    /// Those of them that a bound kept from being examined.
    pub not_examined: usize,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Result {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Not known to be as expected.
    Undetermined,
    /// Not examined.
    NotExamined,
}

/// One instance.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// The path below the guide.
    pub name: String,
    /// How the test ended.
    pub result: Result,
    /// `valid`, `undetermined` or `invalid`; none where it was not validated.
    pub verdict: Option<&'static str>,
    /// What is not as expected.
    pub problems: Vec<String>,
}

/// One profile.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Its canonical url.
    pub url: String,
    /// Its id.
    pub id: String,
    /// What the examples show of it.
    pub coverage: Coverage,
    /// Which of its rules negative instances notice.
    pub rules: Rules,
}

/// What examples show of a profile.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// How many examples there are; of a data type's profile, how many have it.
    pub examples: usize,
    /// In percent; none where there is nothing to count.
    pub percent: Option<f64>,
    /// By kind.
    pub parts: Vec<Part>,
    /// What is not counted, and why.
    pub uncounted: Vec<String>,
}

/// One kind of what is counted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The kind, as `must support`.
    pub name: &'static str,
    /// How many there are.
    pub total: usize,
    /// How many are shown.
    pub shown: usize,
    /// What is never shown.
    pub missing: Vec<String>,
}

/// The rules of a profile.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rules {
    /// How many there are.
    pub total: usize,
    /// In percent of those that a mutant breaks.
    pub score: Option<f64>,
    /// Those that a mutant breaks and negative instances notice.
    pub noticed: Vec<Rule>,
    /// Those that a mutant breaks and no negative instance notices.
    pub unnoticed: Vec<Rule>,
    /// Those that no mutant breaks.
    pub unmade: Vec<Rule>,
}

/// One rule of a profile.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The id of the engine's rule.
    pub rule: &'static str,
    /// The id of the element definition.
    pub element: String,
    /// What it demands, in words.
    pub demands: String,
    /// The negative instances that notice it.
    pub noticed_by: Vec<String>,
    /// What breaks it, or why nothing does.
    pub mutant: Missing,
}

/// The mutant of a rule, or why there is none.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Missing {
    /// The instance that was changed, where the rule is broken then, and the file that was written.
    Made {
        /// The instance that was changed.
        of: String,
        /// The FHIRPath expression of the place.
        path: String,
        /// The file below the folder of mutants.
        file: Option<String>,
    },
    /// Why there is none.
    None {
        /// In words.
        reason: String,
    },
}

/// Percent with one digit behind the point; `None` of nothing.
pub fn percent(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| (part as f64 * 1000.0 / of as f64).floor() / 10.0)
}

/// A percentage in words.
pub fn said(percent: Option<f64>) -> String {
    percent.map_or_else(|| "nothing to count".to_owned(), |p| format!("{p} %"))
}
