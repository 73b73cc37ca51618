//! A report as Markdown: for release notes and comments on changes.

use std::io::{Result, Write};

use super::report::{Break, ProfileChanges, Report};

/// Writes a report as Markdown.
///
/// # Errors
/// Where `out` fails.
pub fn markdown(report: &Report, out: &mut dyn Write) -> Result<()> {
    let n = &report.counts;
    writeln!(out, "# {} → {}\n", report.old, report.new)?;
    writeln!(out, "| writer | reader | must-support | documentation | proven harmless |")?;
    writeln!(out, "|---|---|---|---|---|")?;
    writeln!(out, "| {} | {} | {} | {} | {} |", n.writer, n.reader, n.must_support, n.documentation, n.harmless)?;
    for (title, list) in [("Added profiles", &report.added), ("Removed profiles", &report.removed)] {
        if !list.is_empty() {
            writeln!(out, "\n## {title}\n")?;
        }
        for canonical in list {
            writeln!(out, "- `{canonical}`")?;
        }
    }
    for profile in &report.profiles {
        one(profile, out)?;
    }
    Ok(())
}

fn one(p: &ProfileChanges, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "\n## {}\n", p.new.split('|').next().unwrap_or(&p.new))?;
    writeln!(
        out,
        "`{}` → `{}`; breaks of validity: writer {}, reader {}\n",
        p.old,
        p.new,
        p.writer.status.name(),
        p.reader.status.name()
    )?;
    writeln!(out, "| level | element | change |")?;
    writeln!(out, "|---|---|---|")?;
    for c in &p.changes {
        let harmless = if c.harmless { ", harmless" } else { "" };
        writeln!(out, "| {}{harmless} | `{}` | {} |", c.level, cell(&c.element), cell(&c.words("`")))?;
    }
    witness("Valid for the old version, invalid for the new one", &p.writer, out)?;
    witness("Valid for the new version, invalid for the old one", &p.reader, out)
}

fn witness(what: &str, found: &Break, out: &mut dyn Write) -> Result<()> {
    let Some(w) = &found.witness else { return Ok(()) };
    writeln!(out, "\n{what}:\n\n```json\n{}\n```", w.instance)
}

/// A text within a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
