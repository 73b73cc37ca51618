//! Report to text for a terminal: each issue with its source line and the place underlined.

use std::io::{self, Write};

use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Issue, Report};

/// How much of a long line is shown before and after the place, in characters.
const AROUND: usize = 60;
/// A line up to this long, in characters, is shown whole.
const WHOLE: usize = 140;

/// Writes a report on the instance `text` that came from `source`.
///
/// # Errors
/// What `out` gives.
pub fn text(report: &Report, source: &str, text: &[u8], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{source}: {}", report.verdict.code())?;
    if report.issues.is_empty() {
        return Ok(());
    }
    let lines = LineIndex::new(text);
    for i in &report.issues {
        issue(i, source, &lines, out)?;
    }
    Ok(())
}

fn issue(i: &Issue, source: &str, lines: &LineIndex<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}[{}]: {}", i.severity.code(), i.rule.as_str(), i.text)?;
    writeln!(out, "  --> {source}:{}:{}  {}", i.place.line, i.place.column, i.expression)?;
    underline(i, lines, out)?;
    if let Some(e) = &i.element {
        writeln!(out, "  = element {e}")?;
    }
    for p in &i.profiles {
        writeln!(out, "  = demanded by {p}")?;
    }
    for e in &i.evidence {
        writeln!(out, "  = {}: {}", e.about, e.says)?;
    }
    if let Some(h) = &i.help {
        writeln!(out, "  = help: {h}")?;
    }
    Ok(())
}

/// The characters of a text, those that show nothing as spaces.
fn chars(text: &[u8]) -> impl Iterator<Item = char> {
    let shown: Vec<char> =
        String::from_utf8_lossy(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.into_iter()
}

/// The source line, cut around the place, and the place underlined.
fn underline(i: &Issue, lines: &LineIndex<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whole = lines.line(i.place.line);
    let len = (i.span.end.saturating_sub(i.span.start) as usize).clamp(1, AROUND);
    // Of a long line only the part that is shown is read: a character has at most four bytes.
    let (at, cut) = match whole.len() > 8 * WHOLE {
        true => {
            let start = (i.span.start as usize).saturating_sub(lines.start(i.place.line)).min(whole.len());
            let first = start.saturating_sub(4 * (AROUND + 1));
            let last = start.saturating_add(4 * (AROUND + 1)).min(whole.len());
            let part = |from: usize, to: usize| whole.get(from..to).unwrap_or_default();
            (chars(part(first, start)).count(), (first > 0, part(first, last), last < whole.len()))
        }
        false => (i.place.column as usize - 1, (false, whole, false)),
    };
    let line: Vec<char> = chars(cut.1).collect();
    if line.is_empty() {
        return Ok(());
    }
    let at = at.min(line.len());
    let is_whole = line.len() <= WHOLE && whole.len() == cut.1.len();
    let (from, to) =
        if is_whole { (0, line.len()) } else { (at.saturating_sub(AROUND), (at + len.max(AROUND)).min(line.len())) };
    let shown: String = line.get(from..to).unwrap_or_default().iter().collect();
    let number = i.place.line.to_string();
    let marks = "^".repeat(len.min((to - at).max(1)));
    let (before, after) = (if cut.0 || from > 0 { "…" } else { "" }, if cut.2 || to < line.len() { "…" } else { "" });
    writeln!(out, "{number} | {before}{shown}{after}")?;
    writeln!(out, "{} | {}{marks}", " ".repeat(number.len()), " ".repeat(at - from + before.chars().count()))
}
