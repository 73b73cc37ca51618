//! What does not work, and what cannot be determined: grouped by reason, with what to do about it.

use std::io::{Result, Write};

use super::limit::LINES_LIMIT;
use crate::capability::agreement::{Agreement, Finding};
use crate::wording::words::{sentence, weight_word};
use crate::wording::{Group, groups, help};

/// How many items of one reason are named.
const NAMED: usize = 8;

/// The failed requirements, then the unknown ones.
pub(super) fn reasons(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    section(agreement, out, Finding::Unmet, "what does not work")?;
    section(agreement, out, Finding::Unknown, "what cannot be determined")
}

fn section(agreement: &Agreement, out: &mut dyn Write, finding: Finding, title: &str) -> Result<()> {
    let groups = groups(agreement, finding);
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for group in groups.iter().take(LINES_LIMIT) {
        one(group, out)?;
    }
    match groups.len().saturating_sub(LINES_LIMIT) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more reasons, see `--verbose`"),
    }
}

fn one(group: &Group<'_>, out: &mut dyn Write) -> Result<()> {
    let direction = if group.is_write { ", for writing" } else { "" };
    let weight = weight_word(Some(group.weight));
    writeln!(out, "  {weight}{direction}: {}", sentence(group.why))?;
    let named = group.items.iter().take(NAMED).map(|item| item.name.as_str()).collect::<Vec<_>>().join(", ");
    let more = match group.items.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    writeln!(out, "    {named}{more}")?;
    help(group.why).map_or(Ok(()), |help| writeln!(out, "    to do: {help}"))
}
