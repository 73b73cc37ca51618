//! What it comes to: numbers by weight, numbers of types, the FHIR version.

use askama::Template;

use super::reasons::{Named, Reasons};
use super::text::Shown;
use crate::capability::agreement::{Agreement, ShallCounts, Tally, TypeCounts};
use crate::wording::totals_line;

/// What a result comes to.
#[derive(Template)]
#[template(path = "page/summary.html")]
pub struct SummaryPart<'a> {
    why: Reasons,
    version: Option<Shown<'a>>,
    version_why: Reasons,
    tallies: [(&'static str, Tally); 3],
    types: TypeCounts,
    shall: ShallCounts,
    observed: Option<String>,
}

impl<'a> SummaryPart<'a> {
    /// Of a result.
    pub fn of(agreement: &'a Agreement, named: &mut Named) -> SummaryPart<'a> {
        let counts = agreement.counts;
        SummaryPart {
            why: named.reasons(&agreement.why),
            version: agreement.fhir_version.chosen.as_deref().map(Shown::name),
            version_why: named.reasons(&agreement.fhir_version.why),
            tallies: [("SHALL", counts.shall), ("SHOULD", counts.should), ("MAY", counts.may)],
            types: agreement.summary.types,
            shall: agreement.summary.shall,
            observed: agreement.observed.map(totals_line),
        }
    }
}
