//! A report as text.

use std::io::{Result, Write};

use super::report::{Break, ProfileChanges, Report};
use super::status::Status;

/// Writes a report for people.
///
/// # Errors
/// Where `out` fails.
pub fn text(report: &Report, out: &mut dyn Write) -> Result<()> {
    let n = &report.counts;
    writeln!(out, "{} -> {}", report.old, report.new)?;
    writeln!(
        out,
        "writer {}, reader {}, must-support {}, documentation {}; {} proven harmless",
        n.writer, n.reader, n.must_support, n.documentation, n.harmless
    )?;
    writeln!(
        out,
        "profiles: {} changed, {} unchanged, {} added, {} removed",
        report.profiles.len(),
        report.unchanged,
        report.added.len(),
        report.removed.len()
    )?;
    for (word, list) in [("added", &report.added), ("removed", &report.removed)] {
        for canonical in list {
            writeln!(out, "  {word} {canonical}")?;
        }
    }
    for profile in &report.profiles {
        writeln!(out)?;
        one(profile, out)?;
    }
    Ok(())
}

fn one(p: &ProfileChanges, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{} -> {}", p.old, p.new.rsplit('|').next().unwrap_or(&p.new))?;
    writeln!(out, "  breaks of validity: writer {}, reader {}", p.writer.status.name(), p.reader.status.name())?;
    for c in &p.changes {
        let harmless = if c.harmless { " [harmless]" } else { "" };
        writeln!(out, "  {:<13} {}: {}{harmless}", c.level, c.element, c.words("`"))?;
    }
    witness("valid for the old version, invalid for the new one", &p.writer, out)?;
    witness("valid for the new version, invalid for the old one", &p.reader, out)
}

fn witness(what: &str, found: &Break, out: &mut dyn Write) -> Result<()> {
    let Some(w) = found.witness.as_ref().filter(|_| found.status == Status::Confirmed) else { return Ok(()) };
    writeln!(out, "  {what}:")?;
    writeln!(out, "    {}", w.instance)?;
    for i in &w.issues {
        let place = if i.path.is_empty() { "the resource" } else { &i.path };
        writeln!(out, "    {} at {place} (demanded by {})", i.rule, i.element)?;
    }
    Ok(())
}
