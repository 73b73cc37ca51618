//! Expectations (SHALL, SHOULD, MAY …) and the weight of a requirement.

use serde::Serialize;

/// The expectation that a statement attaches to one of its items
/// (<https://hl7.org/fhir/R4/extension-capabilitystatement-expectation.html>); `SHALL-NOT` is the prohibited modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Expectation {
    /// Mandatory.
    #[serde(rename = "SHALL")]
    Shall,
    /// Recommended.
    #[serde(rename = "SHOULD")]
    Should,
    /// Optional.
    #[serde(rename = "MAY")]
    May,
    /// Discouraged.
    #[serde(rename = "SHOULD-NOT")]
    ShouldNot,
    /// Prohibited.
    #[serde(rename = "SHALL-NOT")]
    ShallNot,
}

impl Expectation {
    /// Reads a code, with a hyphen or a space in the negative ones; `None` for any other code.
    pub fn parse(code: &str) -> Option<Expectation> {
        Some(match code {
            "SHALL" => Expectation::Shall,
            "SHOULD" => Expectation::Should,
            "MAY" => Expectation::May,
            "SHOULD-NOT" | "SHOULD NOT" => Expectation::ShouldNot,
            "SHALL-NOT" | "SHALL NOT" => Expectation::ShallNot,
            _ => return None,
        })
    }

    /// The weight of the expectation as a requirement; `None` where it requires nothing.
    pub fn weight(self) -> Option<Weight> {
        match self {
            Expectation::Shall => Some(Weight::Shall),
            Expectation::Should => Some(Weight::Should),
            Expectation::May => Some(Weight::May),
            Expectation::ShouldNot | Expectation::ShallNot => None,
        }
    }

    /// The stronger of two; a prohibition is the strongest.
    pub fn stronger(self, other: Expectation) -> Expectation {
        let rank = |e: Expectation| match e {
            Expectation::ShallNot => 4,
            Expectation::Shall => 3,
            Expectation::Should => 2,
            Expectation::May => 1,
            Expectation::ShouldNot => 0,
        };
        if rank(other) > rank(self) { other } else { self }
    }

    /// This expectation, no stronger than `cap`; prohibitions stay as they are.
    pub fn capped(self, cap: Expectation) -> Expectation {
        match (self.weight(), cap.weight()) {
            (Some(own), Some(most)) if most < own => cap,
            (Some(_), None) => cap,
            _ => self,
        }
    }
}

/// What a requirement weighs in the verdict. Ordered: MAY < SHOULD < SHALL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Weight {
    /// A failure changes nothing.
    #[serde(rename = "MAY")]
    May,
    /// A failure degrades the verdict.
    #[serde(rename = "SHOULD")]
    Should,
    /// A failure makes the sides incompatible.
    #[serde(rename = "SHALL")]
    Shall,
}

/// The weakest expectation on the path: that of an item with `own` under a parent that weighs `parent`. An item without
/// an expectation has the weight of its parent. `None` requires nothing.
///
/// ```
/// use fhir_accord_capability::expectation::{Expectation, Weight, weigh};
///
/// assert_eq!(weigh(Some(Weight::Should), Some(Expectation::Shall)), Some(Weight::Should));
/// assert_eq!(weigh(Some(Weight::Should), None), Some(Weight::Should));
/// assert_eq!(weigh(Some(Weight::Should), Some(Expectation::ShallNot)), None);
/// ```
pub fn weigh(parent: Option<Weight>, own: Option<Expectation>) -> Option<Weight> {
    match own {
        None => parent,
        Some(own) => parent.zip(own.weight()).map(|(p, o)| p.min(o)),
    }
}
