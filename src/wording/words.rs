//! The words for values of an agreement.

use crate::capability::Part;
use crate::capability::agreement::{
    Answer, Counts, Item, LaunchContext, Outcome, PatientSelection, ProfileStatus, RefreshToken, Row, RowVerdict,
    ScopeAnswer, Tally, Usable, Verdict,
};
use crate::capability::expectation::{Expectation, Weight};
use crate::capability::issue::Party;
use crate::capability::reason::Reason;
use crate::capability::rules::meaning;

/// In capitals, as a text begins.
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "COMPATIBLE",
        Verdict::Degraded => "DEGRADED",
        Verdict::Indeterminate => "INDETERMINATE",
        Verdict::Incompatible => "INCOMPATIBLE",
    }
}

/// As the specification writes it; a dash for what requires nothing.
pub fn weight_word(weight: Option<Weight>) -> &'static str {
    match weight {
        Some(Weight::Shall) => "SHALL",
        Some(Weight::Should) => "SHOULD",
        Some(Weight::May) => "MAY",
        None => "-",
    }
}

/// Whether it can be used.
pub fn usable_word(usable: Usable) -> &'static str {
    match usable {
        Usable::Yes => "yes",
        Usable::Likely => "likely",
        Usable::Unknown => "unknown",
        Usable::No => "no",
    }
}

/// What a row says about its requirement.
pub fn row_word(verdict: RowVerdict) -> &'static str {
    match verdict {
        RowVerdict::Ok => "ok",
        RowVerdict::Failed => "failed",
        RowVerdict::Unknown => "unknown",
        RowVerdict::Told => "told",
    }
}

/// What the server offers.
pub fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unknown => "unknown",
    }
}

/// What is known about the grant; a dash where no scope is involved.
pub fn scope_word(scope: Option<ScopeAnswer>) -> &'static str {
    match scope {
        Some(ScopeAnswer::NotAsked) => "not asked",
        Some(ScopeAnswer::Missing) => "missing",
        Some(ScopeAnswer::Unknown) => "unknown",
        Some(ScopeAnswer::Likely) => "likely",
        Some(ScopeAnswer::Granted) => "granted",
        None => "-",
    }
}

/// The expectation of an item itself; a dash where it has none.
pub fn expectation_word(expectation: Option<Expectation>) -> &'static str {
    match expectation {
        Some(Expectation::Shall) => "SHALL",
        Some(Expectation::Should) => "SHOULD",
        Some(Expectation::May) => "MAY",
        Some(Expectation::ShouldNot) => "SHOULD NOT",
        Some(Expectation::ShallNot) => "SHALL NOT",
        None => "-",
    }
}

/// What becomes of a requested scope.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "granted",
        Outcome::Downscoped => "downscoped",
        Outcome::Upgraded => "upgraded",
        Outcome::Dropped => "dropped",
        Outcome::Rejected => "rejected",
        Outcome::Unknown => "unknown",
    }
}

/// What the launch puts in context.
pub fn context_words(context: LaunchContext) -> &'static str {
    match context {
        LaunchContext::Granted => "a patient in context",
        LaunchContext::Conditional => "a patient in context only if the server infers one",
        LaunchContext::Missing => "no launch context",
    }
}

/// Who chooses the patient.
pub fn selection_words(selection: PatientSelection) -> &'static str {
    match selection {
        PatientSelection::Ehr => "chosen in the EHR, at launch",
        PatientSelection::App => "chosen in the app, by searching",
        PatientSelection::None => "nobody can choose one",
    }
}

/// Which refresh token is asked for.
pub fn refresh_word(refresh: RefreshToken) -> &'static str {
    match refresh {
        RefreshToken::Online => "online",
        RefreshToken::Offline => "offline",
        RefreshToken::None => "none",
    }
}

/// How a profile stands.
pub fn status_word(status: ProfileStatus) -> &'static str {
    match status {
        ProfileStatus::Proven => "proven",
        ProfileStatus::Claimed => "claimed",
        ProfileStatus::Partial => "partial",
        ProfileStatus::Refuted => "refuted",
        ProfileStatus::Unknown => "unknown",
    }
}

/// Whose input something is about.
pub fn party_word(party: Party) -> &'static str {
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

/// All counts, weight by weight.
pub fn counts_line(counts: &Counts) -> String {
    let tally = |name: &str, t: Tally| format!("{name} {} met, {} failed, {} unknown", t.ok, t.failed, t.unknown);
    [tally("SHALL", counts.shall), tally("SHOULD", counts.should), tally("MAY", counts.may)].join("; ")
}

/// The meanings of reasons, joined.
pub fn sentence(why: &[Reason]) -> String {
    why.iter().map(|r| meaning(r.id()).unwrap_or(r.id())).collect::<Vec<_>>().join("; ")
}

/// What a row is about, after the name of its type: `search by name`, `profile us-core-patient|6.1.0`.
pub fn item_name(row: &Row) -> String {
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
pub fn short(canonical: &str) -> &str {
    canonical.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(canonical)
}

/// A part of a client's statement, a profile by its short name: `Condition:us-core-condition|6.1.0`.
pub fn part_name(part: &Part) -> String {
    let whole = part.to_string();
    match part.profile().and_then(|canonical| Some((whole.strip_suffix(canonical)?, short(canonical)))) {
        Some((lead, name)) => format!("{lead}{name}"),
        None => whole,
    }
}

/// A part without the name of its type.
pub fn own_part(part: &str, on: &str) -> String {
    let rest = part.strip_prefix(on).unwrap_or(part);
    short(rest.trim_start_matches(['.', ':'])).to_owned()
}

/// The option that makes these parts optional, as a shell takes it whatever is in it.
pub fn without_option(parts: &[String]) -> String {
    format!("--without '{}'", parts.join(",").replace('\'', r"'\''"))
}
