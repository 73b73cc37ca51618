//! The words for values of an agreement.

use crate::capability::agreement::{Counts, Item, ProfileStatus, Row, Tally, Usable, Verdict};
use crate::capability::expectation::Weight;
use crate::capability::issue::Party;
use crate::capability::reason::Reason;
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

pub(super) fn usable_word(usable: Usable) -> &'static str {
    match usable {
        Usable::Yes => "yes",
        Usable::Likely => "likely",
        Usable::Unknown => "unknown",
        Usable::No => "no",
    }
}

pub(super) fn status_word(status: ProfileStatus) -> &'static str {
    match status {
        ProfileStatus::Proven => "proven",
        ProfileStatus::Claimed => "claimed",
        ProfileStatus::Partial => "partial",
        ProfileStatus::Refuted => "refuted",
        ProfileStatus::Unknown => "unknown",
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

/// The meanings of reasons, joined.
pub(super) fn sentence(why: &[Reason]) -> String {
    why.iter().map(|r| meaning(r.id()).unwrap_or(r.id())).collect::<Vec<_>>().join("; ")
}

/// What a row is about, after the name of its type: `search by name`, `profile us-core-patient|6.1.0`.
pub(super) fn item_name(row: &Row) -> String {
    match &row.item {
        Item::Type(_) => String::new(),
        Item::Profile(profile) => format!("profile {}", short(&profile.required)),
        Item::Interaction(code) => code.clone(),
        Item::SearchParam { name, .. } => format!("search by {name}"),
        Item::Combination { required, optional } => {
            let optional = optional.iter().map(|p| format!("[{p}]"));
            format!("search by {}", required.iter().cloned().chain(optional).collect::<Vec<_>>().join(" + "))
        }
        Item::Include { code, reverse: true } => format!("_revinclude {code}"),
        Item::Include { code, reverse: false } => format!("_include {code}"),
        Item::Operation { name, .. } => format!("${name}"),
        Item::Flag { name, value } if value == "true" => name.clone(),
        Item::Flag { name, value } => format!("{name} {value}"),
    }
}

/// The last part of a canonical's path, with its version; the whole canonical is in the JSON form.
pub(super) fn short(canonical: &str) -> &str {
    canonical.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(canonical)
}
