//! Search parameters: a composite one has at least two components (https://hl7.org/fhir/R4/search.html#composite).

use super::{named, text};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges a SearchParameter.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    if text(at.node, "type").is_some_and(|t| t == "composite") && named(at.node, "component").count() < 2 {
        j.error(RuleId::SEARCH_COMPOSITE, at.node, &[], || Detail::None);
    }
}
