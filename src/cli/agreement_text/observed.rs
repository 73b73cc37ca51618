//! What real answers of the server tell, by required profile.

use std::io::{Result, Write};

use super::limit::LINES_LIMIT;
use crate::capability::agreement::Agreement;
use crate::capability::observed::ObservedProfile;
use crate::wording::words::short;
use crate::wording::{observed_line, place_words, rule_words, totals_line};

/// Writes what was read, then the profiles for which instances speak.
pub(super) fn observed(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let Some(totals) = agreement.observed else { return Ok(()) };
    writeln!(out, "\nobserved answers: {}", totals_line(totals))?;
    let rows = agreement.resources.iter().flat_map(|r| r.profiles());
    let told =
        rows.flat_map(|(_, p)| p.evidence.iter().filter_map(|e| Some((p.required.as_str(), e.observed.as_ref()?))));
    let (told, silent): (Vec<_>, Vec<_>) = told.partition(|(_, profile)| profile.speaking > 0);
    for (required, profile) in told.iter().take(LINES_LIMIT) {
        one(required, profile, out)?;
    }
    if told.len() > LINES_LIMIT {
        writeln!(out, "  … and {} more, see `--format json`", told.len() - LINES_LIMIT)?;
    }
    match silent.len() {
        0 => Ok(()),
        silent => writeln!(out, "  no answer speaks for {silent} other profiles of these types"),
    }
}

fn one(required: &str, profile: &ObservedProfile, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "  {}: {}", short(required), observed_line(profile))?;
    for rule in &profile.rules {
        writeln!(out, "    {}", rule_words(rule))?;
    }
    profile.witness.as_ref().map_or(Ok(()), |place| writeln!(out, "    {}", place_words(place)))
}
