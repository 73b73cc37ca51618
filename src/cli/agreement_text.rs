//! An agreement for a person to read: the verdict, the reasons for it, then a short table for each type.

use std::io::{Result, Write};

use crate::capability::agreement::{
    Agreement, Answer, CombinationAgreement, Counts, Direction, InteractionAgreement, LaunchContext, Outcome,
    ProfileAgreement, ProfileStatus, RefreshToken, ResourceAgreement, ScopeAnswer, Tally, Usable, Verdict,
};
use crate::capability::expectation::Weight;
use crate::capability::issue::{Issue, Party, Severity};
use crate::capability::rules::meaning;

const REASONS_LIMIT: usize = 24;

/// Writes the agreement between the sides of these names.
pub(super) fn write(agreement: &Agreement, client: &str, server: &str, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}: {client} with {server}", verdict_word(agreement.verdict))?;
    writeln!(out, "  {}", counts_line(&agreement.counts))?;
    match &agreement.fhir_version.chosen {
        Some(version) => writeln!(out, "  FHIR {version}")?,
        None => writeln!(out, "  no FHIR version in common")?,
    }
    issues(agreement, out, Severity::Error, "what prevents it")?;
    reasons(agreement, out)?;
    policy(agreement, out)?;
    scopes(agreement, out)?;
    system(agreement, out)?;
    for resource in &agreement.resources {
        resource_table(resource, out)?;
    }
    if !agreement.unused_grants.is_empty() {
        writeln!(out, "\ngranted and not used by the client: {}", agreement.unused_grants.join(" "))?;
    }
    issues(agreement, out, Severity::Warning, "warnings")?;
    issues(agreement, out, Severity::Information, "notes")
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "COMPATIBLE",
        Verdict::Degraded => "DEGRADED",
        Verdict::Indeterminate => "INDETERMINATE",
        Verdict::Incompatible => "INCOMPATIBLE",
    }
}

fn counts_line(counts: &Counts) -> String {
    let tally = |name: &str, t: Tally| format!("{name} {} met, {} failed, {} unknown", t.ok, t.failed, t.unknown);
    [tally("SHALL", counts.shall), tally("SHOULD", counts.should), tally("MAY", counts.may)].join("; ")
}

fn weight_word(weight: Option<Weight>) -> &'static str {
    match weight {
        Some(Weight::Shall) => "SHALL",
        Some(Weight::Should) => "SHOULD",
        Some(Weight::May) => "MAY",
        None => "-",
    }
}

/// The findings that decide the verdict, the gravest first.
fn reasons(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let wanted: &[(Weight, bool)] = match agreement.verdict {
        Verdict::Incompatible => &[(Weight::Shall, true)],
        Verdict::Indeterminate => &[(Weight::Shall, false)],
        Verdict::Degraded => &[(Weight::Should, true)],
        Verdict::Compatible => &[],
    };
    for (weight, failed) in wanted {
        let lines = findings(agreement, *weight, *failed);
        if lines.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n{} {}:",
            weight_word(Some(*weight)),
            if *failed { "and not met" } else { "and not known to be met" }
        )?;
        for line in lines.iter().take(REASONS_LIMIT) {
            writeln!(out, "  {line}")?;
        }
        if lines.len() > REASONS_LIMIT {
            writeln!(out, "  … and {} more; see the tables below", lines.len() - REASONS_LIMIT)?;
        }
    }
    Ok(())
}

/// What the policy's script weighs otherwise.
fn policy(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let Some(effect) = &agreement.policy else { return Ok(()) };
    if effect.changes.is_empty() {
        return writeln!(out, "\nthe policy `{}` changes no weight", effect.file);
    }
    writeln!(out, "\nweighed otherwise by the policy `{}`:", effect.file)?;
    for c in effect.changes.iter().take(REASONS_LIMIT) {
        let resource = c.resource_type.as_deref().unwrap_or("system");
        let item = if c.resource_type.as_deref() == Some(&c.item) { "" } else { short(&c.item) };
        let because = c.because.as_ref().map(|b| format!(": {b}")).unwrap_or_default();
        let place = [resource, c.dimension, item].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        writeln!(
            out,
            "  {place} ({}) {} in place of {}{because}",
            c.state,
            weight_word(Some(c.to)),
            weight_word(Some(c.from))
        )?;
    }
    match effect.changes.len().checked_sub(REASONS_LIMIT) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "  … and {more} more; see `--format json`"),
    }
}

/// `Type item: reason` for every finding of this weight that failed, or is unknown.
fn findings(agreement: &Agreement, weight: Weight, failed: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let wanted = |weighs: Option<Weight>, server: Answer, scope: Option<ScopeAnswer>| {
        let lost = server == Answer::No || matches!(scope, Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing));
        weighs == Some(weight) && if failed { lost } else { !lost && server == Answer::Unknown }
    };
    for i in agreement.system.interactions.iter().filter(|i| wanted(i.weighs, i.server, i.scope)) {
        lines.push(format!("system {}: {}", i.code, sentence(&i.why)));
    }
    for resource in &agreement.resources {
        let name = &resource.resource_type;
        if wanted(resource.weighs, resource.server, None) {
            lines.push(format!("{name}: {}", sentence(&resource.why)));
            continue;
        }
        for i in resource.interactions.iter().filter(|i| wanted(i.weighs, i.server, i.scope)) {
            lines.push(format!("{name} {}: {}", i.code, sentence(&i.why)));
        }
        for p in resource.profiles.iter().filter(|p| {
            p.weighs == Some(weight)
                && if failed {
                    p.status == ProfileStatus::Refuted
                } else {
                    matches!(p.status, ProfileStatus::Unknown | ProfileStatus::Partial)
                }
        }) {
            lines.push(format!("{name} profile {}: {}", short(&p.required), sentence(&p.why)));
        }
        for p in resource.search_params.iter().filter(|p| wanted(p.weighs, p.server, None)) {
            lines.push(format!("{name} search by {}: {}", p.name, sentence(&p.why)));
        }
        for c in resource.combinations.iter().filter(|c| wanted(c.weighs, c.server, None)) {
            lines.push(format!("{name} search by {}: {}", combination_name(c), sentence(&c.why)));
        }
        for i in resource.includes.iter().filter(|i| wanted(i.weighs, i.server, None)) {
            lines.push(format!("{name} include {}: {}", i.code, sentence(&i.why)));
        }
        for o in resource.operations.iter().filter(|o| wanted(o.weighs, o.server, o.scope)) {
            lines.push(format!("{name} ${}: {}", o.name, sentence(&o.why)));
        }
    }
    lines
}

/// The meanings of rule ids, joined.
fn sentence(why: &[&'static str]) -> String {
    why.iter().map(|rule| meaning(rule).unwrap_or(rule)).collect::<Vec<_>>().join("; ")
}

fn combination_name(combination: &CombinationAgreement) -> String {
    let optional: Vec<String> = combination.optional.iter().map(|p| format!("[{p}]")).collect();
    combination.required.iter().cloned().chain(optional).collect::<Vec<_>>().join(" + ")
}

fn scopes(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    if agreement.scopes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nscopes")?;
    for scope in &agreement.scopes {
        let outcome = match scope.outcome {
            Outcome::Granted => "granted",
            Outcome::Downscoped => "downscoped",
            Outcome::Upgraded => "upgraded",
            Outcome::Dropped => "dropped",
            Outcome::Rejected => "rejected",
            Outcome::Unknown => "unknown",
        };
        let predicted = scope.predicted.join(" ");
        let predicted = if predicted.is_empty() || predicted == scope.normalised {
            String::new()
        } else {
            format!(" as {predicted}")
        };
        writeln!(out, "  {:<40} {outcome}{predicted}: {}", scope.requested, sentence(&scope.why))?;
    }
    let launch = &agreement.launch;
    let context = match launch.context {
        LaunchContext::Granted => "a patient in context",
        LaunchContext::Conditional => "a patient in context only if the server infers one",
        LaunchContext::Missing => "no launch context",
    };
    let refresh = match launch.refresh {
        RefreshToken::Online => "online",
        RefreshToken::Offline => "offline",
        RefreshToken::None => "none",
    };
    writeln!(out, "  launch: {context}; identity: {}; refresh: {refresh}", launch.identity)
}

fn system(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
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

/// The last part of a canonical's path, with its version: enough for a person; the JSON form has the whole.
fn short(canonical: &str) -> &str {
    canonical.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(canonical)
}

fn resource_table(resource: &ResourceAgreement, out: &mut dyn Write) -> Result<()> {
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
    }
    let params = resource.search_params.iter().map(|p| (p.name.clone(), p.server));
    list(out, "search by", params.collect())?;
    list(out, "together", resource.combinations.iter().map(|c| (combination_name(c), c.server)).collect())?;
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

/// One line a list: what is there, what is not, what is unknown.
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

fn party_word(party: Party) -> &'static str {
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

fn issues(agreement: &Agreement, out: &mut dyn Write, severity: Severity, title: &str) -> Result<()> {
    // The same remark on several places is one line.
    let mut chosen: Vec<(&Issue, usize)> = Vec::new();
    for issue in agreement.issues.iter().filter(|i| i.severity == severity) {
        match chosen.iter_mut().find(|(known, _)| known.party == issue.party && known.text == issue.text) {
            Some((_, places)) => *places += 1,
            None => chosen.push((issue, 1)),
        }
    }
    if chosen.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for (issue, places) in chosen.iter().take(REASONS_LIMIT) {
        let path = if issue.path.is_empty() { String::new() } else { format!(" at {}", issue.path) };
        let more = if *places > 1 { format!(" and {} more places", places - 1) } else { String::new() };
        writeln!(out, "  {}{path}{more}: {} [{}]", party_word(issue.party), issue.text, issue.rule)?;
    }
    if chosen.len() > REASONS_LIMIT {
        writeln!(out, "  … and {} more; see `--format json`", chosen.len() - REASONS_LIMIT)?;
    }
    Ok(())
}
