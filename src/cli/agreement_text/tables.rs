//! The tables of the system level and of each type.

use std::io::{Result, Write};

use super::words::{combination_name, sentence, short, verdict_word, weight_word};
use crate::capability::agreement::{
    Agreement, Answer, Direction, InteractionAgreement, ProfileAgreement, ProfileStatus, ResourceAgreement, Usable,
};
use crate::capability::expectation::Weight;

pub(super) fn system(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let system = &agreement.system;
    if system.interactions.is_empty() && system.search_params.is_empty() && system.operations.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nsystem")?;
    for item in &system.interactions {
        writeln!(out, "  {}", interaction_line(item))?;
    }
    list(out, "search by", system.search_params.iter().map(|p| (p.name.clone(), p.server)).collect())?;
    list(out, "operations", system.operations.iter().map(|o| (format!("${}", o.name), o.server)).collect())
}

pub(super) fn resource_table(resource: &ResourceAgreement, out: &mut dyn Write) -> Result<()> {
    let why = if resource.why.is_empty() { String::new() } else { format!(" ({})", sentence(&resource.why)) };
    writeln!(
        out,
        "\n{}: {} [{}]{why}",
        resource.resource_type,
        verdict_word(resource.verdict).to_lowercase(),
        weight_word(resource.weighs)
    )?;
    if resource.server == Answer::No {
        return Ok(());
    }
    for interaction in resource.interactions.iter().filter(|i| i.weighs > Some(Weight::May) || i.usable > Usable::No) {
        writeln!(out, "  {}", interaction_line(interaction))?;
    }
    for profile in &resource.profiles {
        writeln!(out, "  {}", profile_line(profile))?;
        for condition in &profile.conditions {
            writeln!(out, "    where {condition}")?;
        }
    }
    let params = resource.search_params.iter().map(|p| (p.name.clone(), p.server));
    list(out, "search by", params.collect())?;
    list(out, "combinations", resource.combinations.iter().map(|c| (combination_name(c), c.server)).collect())?;
    list(out, "include", resource.includes.iter().map(|i| (i.code.clone(), i.server)).collect())?;
    list(out, "operations", resource.operations.iter().map(|o| (format!("${}", o.name), o.server)).collect())
}

fn interaction_line(item: &InteractionAgreement) -> String {
    let usable = match item.usable {
        Usable::Yes => "yes",
        Usable::Likely => "likely",
        Usable::Unknown => "unknown",
        Usable::No => "no",
    };
    let why = if item.why.is_empty() { String::new() } else { format!("  {}", sentence(&item.why)) };
    format!("{:<17} {:<7} {usable:<8}{why}", item.code, weight_word(item.weighs)).trim_end().to_owned()
}

fn profile_line(profile: &ProfileAgreement) -> String {
    let status = match profile.status {
        ProfileStatus::Proven => "proven",
        ProfileStatus::Claimed => "claimed",
        ProfileStatus::Partial => "partial",
        ProfileStatus::Refuted => "refuted",
        ProfileStatus::Unknown => "unknown",
    };
    let direction = if profile.direction == Direction::Read { "" } else { " (write)" };
    let by = profile
        .satisfied_by
        .as_ref()
        .filter(|by| **by != profile.required)
        .map(|by| format!(" by {}", short(by)))
        .unwrap_or_default();
    let realm = if profile.realm.is_empty() { String::new() } else { format!(" ({})", profile.realm.join(", ")) };
    let rules: Vec<&'static str> = profile
        .evidence
        .iter()
        .map(|e| e.rule)
        .filter(|r| !profile.why.contains(r))
        .chain(profile.why.iter().copied())
        .collect();
    format!(
        "{:<17} {:<7} {status:<8}  {}{realm}{direction}{by}: {}",
        "profile",
        weight_word(profile.weighs),
        short(&profile.required),
        sentence(&rules)
    )
}

/// One line per list: what the server offers, what it does not, what is unknown.
fn list(out: &mut dyn Write, title: &str, items: Vec<(String, Answer)>) -> Result<()> {
    let of = |answer: Answer| {
        items.iter().filter(|(_, a)| *a == answer).map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let parts = [("", of(Answer::Yes)), ("not ", of(Answer::No)), ("unknown ", of(Answer::Unknown))];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(lead, names)| format!("{lead}{names}"))
        .collect();
    if parts.is_empty() { Ok(()) } else { writeln!(out, "  {title:<17} {}", parts.join("; ")) }
}
