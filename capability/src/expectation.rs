//! Expectations (SHALL, SHOULD, MAY …) and what a requirement weighs.

use serde::Serialize;

/// The expectation that a statement attaches to one of its items
/// (<https://hl7.org/fhir/R4/extension-capabilitystatement-expectation.html>); `SHALL-NOT` is the prohibited modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Expectation {
    #[serde(rename = "SHALL")]
    Shall,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "MAY")]
    May,
    #[serde(rename = "SHOULD-NOT")]
    ShouldNot,
    #[serde(rename = "SHALL-NOT")]
    ShallNot,
}

impl Expectation {
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

    /// What the expectation weighs as a requirement; `None`: it requires nothing.
    pub fn weight(self) -> Option<Weight> {
        match self {
            Expectation::Shall => Some(Weight::Shall),
            Expectation::Should => Some(Weight::Should),
            Expectation::May => Some(Weight::May),
            Expectation::ShouldNot | Expectation::ShallNot => None,
        }
    }

    /// The stronger demand; a prohibition yields to none.
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

    /// This expectation, no stronger than `cap`; prohibitions stay what they are.
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
    #[serde(rename = "MAY")]
    May,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHALL")]
    Shall,
}

/// The weakest expectation on the path: an item with `own` under a parent that weighs `parent`.
/// Without an expectation of its own an item weighs as its parent. `None` requires nothing.
pub fn weigh(parent: Option<Weight>, own: Option<Expectation>) -> Option<Weight> {
    match own {
        None => parent,
        Some(own) => parent.zip(own.weight()).map(|(p, o)| p.min(o)),
    }
}
