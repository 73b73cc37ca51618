//! An agreement as text: the verdict, what works, what does not and what to do, and a line for each type; on demand
//! every row.

mod bridges;
mod hooks;
mod limit;
mod observed;
mod reasons;
mod tables;

use std::io::{Result, Write};

use self::bridges::bridges;
use self::hooks::hooks;
use self::limit::LINES_LIMIT;
use self::reasons::reasons;
use self::tables::{rows, types};
use crate::capability::agreement::Agreement;
use crate::capability::issue::Severity;
use crate::wording;
use crate::wording::words::{
    context_words, counts_line, outcome_word, party_word, refresh_word, sentence, short, verdict_word, weight_word,
};

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
    hooks(agreement, out)?;
    works(agreement, out)?;
    reasons(agreement, out)?;
    policy(agreement, out)?;
    scopes(agreement, out)?;
    types(agreement, out)?;
    observed::observed(agreement, out)?;
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
    let works = wording::works(agreement);
    if works.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nwhat works")?;
    if !works.types.is_empty() {
        writeln!(out, "  all that is needed of {}", works.types.join(", "))?;
    }
    if !works.profiles.is_empty() {
        writeln!(out, "  profiles that both sides can use: {}", works.profiles.join(", "))?;
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
        let outcome = outcome_word(scope.outcome);
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
    let (context, refresh) = (context_words(launch.context), refresh_word(launch.refresh));
    writeln!(out, "  launch: {context}; identity: {}; refresh: {refresh}", launch.identity)
}

fn issues(agreement: &Agreement, out: &mut dyn Write, severity: Severity, title: &str) -> Result<()> {
    let chosen = wording::remarks(agreement, severity);
    if chosen.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for wording::Remark { issue, places } in chosen.iter().take(LINES_LIMIT) {
        let path = if issue.path.is_empty() { String::new() } else { format!(" at {}", issue.path) };
        let more = if *places > 1 { format!(" and {} more places", places - 1) } else { String::new() };
        writeln!(out, "  {}{path}{more}: {} [{}]", party_word(issue.party), issue.text, issue.rule)?;
    }
    if chosen.len() > LINES_LIMIT {
        writeln!(out, "  … and {} more, see `--format json`", chosen.len() - LINES_LIMIT)?;
    }
    Ok(())
}
