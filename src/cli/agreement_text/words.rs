//! The words for values of an agreement.

use crate::capability::agreement::{CombinationAgreement, Counts, Tally, Verdict};
use crate::capability::expectation::Weight;
use crate::capability::issue::Party;
use crate::capability::rules::meaning;

/// How many lines of one kind are written.
pub(super) const LINES_LIMIT: usize = 24;

pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "COMPATIBLE",
        Verdict::Degraded => "DEGRADED",
        Verdict::Indeterminate => "INDETERMINATE",
        Verdict::Incompatible => "INCOMPATIBLE",
    }
}

pub(super) fn weight_word(weight: Option<Weight>) -> &'static str {
    match weight {
        Some(Weight::Shall) => "SHALL",
        Some(Weight::Should) => "SHOULD",
        Some(Weight::May) => "MAY",
        None => "-",
    }
}

pub(super) fn party_word(party: Party) -> &'static str {
    match party {
        Party::Client => "client",
        Party::Server => "server",
        Party::Scope => "scope",
        Party::Smart => "SMART configuration",
        Party::Policy => "policy",
        Party::Request => "request",
        Party::Both => "both sides",
    }
}

pub(super) fn counts_line(counts: &Counts) -> String {
    let tally = |name: &str, t: Tally| format!("{name} {} met, {} failed, {} unknown", t.ok, t.failed, t.unknown);
    [tally("SHALL", counts.shall), tally("SHOULD", counts.should), tally("MAY", counts.may)].join("; ")
}

/// The meanings of rule ids, joined.
pub(super) fn sentence(why: &[&'static str]) -> String {
    why.iter().map(|rule| meaning(rule).unwrap_or(rule)).collect::<Vec<_>>().join("; ")
}

pub(super) fn combination_name(combination: &CombinationAgreement) -> String {
    let optional: Vec<String> = combination.optional.iter().map(|p| format!("[{p}]")).collect();
    combination.required.iter().cloned().chain(optional).collect::<Vec<_>>().join(" + ")
}

/// The last part of a canonical's path, with its version; the whole canonical is in the JSON form.
pub(super) fn short(canonical: &str) -> &str {
    canonical.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(canonical)
}
