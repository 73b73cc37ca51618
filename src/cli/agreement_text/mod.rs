//! An agreement as text: the verdict, what works, what does not and what to do, and a line for each type; on demand
//! every row.

mod bridges;
mod reasons;
mod tables;
mod words;

use std::io::{Result, Write};

use self::bridges::bridges;
use self::reasons::reasons;
use self::tables::{rows, types};
use self::words::{LINES_LIMIT, counts_line, party_word, sentence, short, verdict_word, weight_word};
use crate::capability::agreement::{
    Agreement, Answer, LaunchContext, Outcome, RefreshToken, ResourceAgreement, Verdict,
};
use crate::capability::issue::{Issue, Severity};

/// The names of the sides, and whether every row is written.
pub struct Form<'a> {
    /// As the client was named.
    pub client: &'a str,
    /// As the server was named.
    pub server: &'a str,
    /// Every row, with its places.
    pub verbose: bool,
}

/// Writes an agreement.
///
/// # Errors
/// Those of `out`.
pub fn write(agreement: &Agreement, form: &Form<'_>, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}: {} with {}", verdict_word(agreement.verdict), form.client, form.server)?;
    if !agreement.why.is_empty() {
        writeln!(out, "  {}", sentence(&agreement.why))?;
    }
    writeln!(out, "  {}", counts_line(&agreement.counts))?;
    summary(agreement, out)?;
    match &agreement.fhir_version.chosen {
        Some(version) => writeln!(out, "  FHIR {version}")?,
        None => writeln!(out, "  no FHIR version in common")?,
    }
    issues(agreement, out, Severity::Error, "errors")?;
    works(agreement, out)?;
    reasons(agreement, out)?;
    policy(agreement, out)?;
    scopes(agreement, out)?;
    types(agreement, out)?;
    if form.verbose {
        rows(agreement, out)?;
    }
    bridges(agreement, out)?;
    if !agreement.unused_grants.is_empty() {
        writeln!(out, "\ngranted but not used by the client: {}", agreement.unused_grants.join(" "))?;
    }
    issues(agreement, out, Severity::Warning, "warnings")?;
    issues(agreement, out, Severity::Information, "notes")
}

/// What the server has of the client's types.
fn summary(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let (types, shall) = (agreement.summary.types, agreement.summary.shall);
    writeln!(
        out,
        "  types: {} needed, {} of them on the server, {} without a failing SHALL of their own ({} met, {} failed, {} \
         unknown)",
        types.client, types.server, types.whole, shall.ok, shall.failed, shall.unknown
    )
}

/// The types on which all is met, and the profiles that both sides can use.
fn works(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let met = |r: &&ResourceAgreement| r.verdict == Verdict::Compatible && r.entry.server == Answer::Yes;
    let whole = agreement.resources.iter().filter(met);
    let whole: Vec<&str> = whole.map(|r| r.resource_type.as_str()).collect();
    let mut profiles: Vec<&str> = agreement.profile_set.iter().map(|p| short(&p.profile)).collect();
    profiles.dedup();
    if whole.is_empty() && profiles.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nwhat works")?;
    if !whole.is_empty() {
        writeln!(out, "  all that is needed of {}", whole.join(", "))?;
    }
    if !profiles.is_empty() {
        writeln!(out, "  profiles that both sides can use: {}", profiles.join(", "))?;
    }
    Ok(())
}

/// The weights that the policy's script changed.
fn policy(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let Some(effect) = &agreement.policy else { return Ok(()) };
    if effect.changes.is_empty() {
        return writeln!(out, "\npolicy `{}` changed no weights", effect.file);
    }
    writeln!(out, "\nweights changed by policy `{}`:", effect.file)?;
    for c in effect.changes.iter().take(LINES_LIMIT) {
        let resource = c.resource_type.as_deref().unwrap_or("system");
        let item = if c.resource_type.as_deref() == Some(&c.item) { "" } else { short(&c.item) };
        let because = c.because.as_ref().map(|b| format!(": {b}")).unwrap_or_default();
        let place = [resource, c.dimension, item].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        writeln!(
            out,
            "  {place} ({}): {} instead of {}{because}",
            c.state,
            weight_word(Some(c.to)),
            weight_word(Some(c.from))
        )?;
    }
    match effect.changes.len().checked_sub(LINES_LIMIT) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "  … and {more} more, see `--format json`"),
    }
}

/// The scope string to send, and how the requested one differs from it.
fn asked(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let ask = &agreement.ask;
    if !ask.scope.is_empty() {
        writeln!(out, "\nscopes to request: {}", ask.scope)?;
    }
    for (title, tokens) in [("missing in the request", &ask.missing), ("requested and not needed", &ask.beyond)] {
        if !tokens.is_empty() {
            let tokens = tokens.iter().map(|t| t.token.as_str()).collect::<Vec<_>>().join(" ");
            writeln!(out, "  {title}: {tokens}")?;
        }
    }
    Ok(())
}

fn scopes(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    asked(agreement, out)?;
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
        if !scope.breaks.is_empty() {
            writeln!(out, "    breaks: {}", scope.breaks.join(", "))?;
        }
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

fn issues(agreement: &Agreement, out: &mut dyn Write, severity: Severity, title: &str) -> Result<()> {
    // The same remark about several places is one line.
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
    for (issue, places) in chosen.iter().take(LINES_LIMIT) {
        let path = if issue.path.is_empty() { String::new() } else { format!(" at {}", issue.path) };
        let more = if *places > 1 { format!(" and {} more places", places - 1) } else { String::new() };
        writeln!(out, "  {}{path}{more}: {} [{}]", party_word(issue.party), issue.text, issue.rule)?;
    }
    if chosen.len() > LINES_LIMIT {
        writeln!(out, "  … and {} more, see `--format json`", chosen.len() - LINES_LIMIT)?;
    }
    Ok(())
}
