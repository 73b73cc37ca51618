//! What does not work, and what cannot be determined: grouped by reason, with what to do about it.

use std::io::{Result, Write};

use super::words::{LINES_LIMIT, item_name, sentence, weight_word};
use crate::capability::agreement::{Agreement, Answer, Direction, Finding, Row};
use crate::capability::expectation::Weight;
use crate::capability::reason::Reason;
use crate::capability::rules::rule;

/// How many items of one reason are named.
const NAMED: usize = 8;

/// Rows that share their weight, their reasons and their direction.
struct Group<'a> {
    weight: Weight,
    why: &'a [Reason],
    is_write: bool,
    items: Vec<String>,
}

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
    let named = group.items.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match group.items.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    writeln!(out, "    {named}{more}")?;
    let help = group.why.first().and_then(|r| rule(r.id())).map(|r| r.help).filter(|h| !h.is_empty());
    help.map_or(Ok(()), |help| writeln!(out, "    to do: {help}"))
}

/// The groups that weigh SHALL, then those that weigh SHOULD; the largest first.
fn groups(agreement: &Agreement, finding: Finding) -> Vec<Group<'_>> {
    let mut all: Vec<Group<'_>> = Vec::new();
    for row in &agreement.system.rows {
        add(&mut all, "system", row, finding);
    }
    for resource in &agreement.resources {
        add(&mut all, &resource.resource_type, &resource.entry, finding);
        // What an absent type lacks is told with the type.
        if resource.entry.server != Answer::No {
            for row in &resource.rows {
                add(&mut all, &resource.resource_type, row, finding);
            }
        }
    }
    all.sort_by_key(|g| (std::cmp::Reverse(g.weight), std::cmp::Reverse(g.items.len())));
    all
}

fn add<'a>(all: &mut Vec<Group<'a>>, place: &str, row: &'a Row, finding: Finding) {
    let Some(weight) = row.weighs.filter(|w| *w > Weight::May && row.finding == finding) else { return };
    let is_write = row.profile().is_some_and(|p| p.direction == Direction::Write);
    let item = format!("{place} {}", item_name(row)).trim_end().to_owned();
    match all.iter_mut().find(|g| g.weight == weight && g.why == row.why && g.is_write == is_write) {
        Some(group) => group.items.push(item),
        None => all.push(Group { weight, why: &row.why, is_write, items: vec![item] }),
    }
}
