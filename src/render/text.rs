//! Report to text for a terminal: each issue with its source line and the place underlined.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Issue, Report, Severity, Verdict};

use super::excerpt::{Excerpt, excerpt};
use crate::printable::{Printable, one_line};

/// Writes a report on the instance `text` that came from `source`; `color` says whether verdict and severities are
/// coloured. Control characters in what comes from the instance are escaped.
///
/// # Errors
/// What `out` gives.
pub fn text(report: &Report, source: &str, text: &[u8], color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out: Printable::new(out), source: &one_line(source), color };
    write!(page.out, "{}: ", page.source)?;
    page.painted(of_verdict(report.verdict), report.verdict.code())?;
    writeln!(page.out)?;
    if report.issues.is_empty() {
        return Ok(());
    }
    let lines = LineIndex::new(text);
    report.issues.iter().try_for_each(|i| page.issue(i, &lines))
}

fn of_verdict(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Valid => AnsiColor::Green,
        Verdict::Undetermined => AnsiColor::Yellow,
        Verdict::Invalid => AnsiColor::Red,
    };
    color.on_default().bold()
}

fn of_severity(severity: Severity) -> Style {
    let color = match severity {
        Severity::Fatal | Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Information => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

/// What a report is written on.
struct Page<'a, 'o> {
    out: Printable<&'o mut dyn Write>,
    source: &'a str,
    color: bool,
}

impl Page<'_, '_> {
    /// A word of the program's own, coloured.
    fn painted(&mut self, style: Style, word: &str) -> io::Result<()> {
        match self.color {
            true => self.out.raw(format_args!("{style}{word}{style:#}")),
            false => self.out.raw(format_args!("{word}")),
        }
    }

    fn issue(&mut self, i: &Issue, lines: &LineIndex<'_>) -> io::Result<()> {
        writeln!(self.out)?;
        self.painted(of_severity(i.severity), i.severity.code())?;
        writeln!(self.out, "[{}]: {}", i.rule.as_str(), one_line(&i.text))?;
        let Issue { place, expression, .. } = i;
        writeln!(self.out, "  --> {}:{}:{}  {}", self.source, place.line, place.column, one_line(expression))?;
        underline(i, lines, &mut self.out)?;
        if let Some(e) = &i.element {
            writeln!(self.out, "  = element {}", one_line(e))?;
        }
        for p in &i.profiles {
            writeln!(self.out, "  = demanded by {}", one_line(p))?;
        }
        for e in &i.evidence {
            writeln!(self.out, "  = {}: {}", one_line(&e.about), one_line(&e.says))?;
        }
        if let Some(h) = &i.help {
            writeln!(self.out, "  = help: {}", one_line(h))?;
        }
        Ok(())
    }
}

/// The source line, cut around the place, and the place underlined.
fn underline(i: &Issue, lines: &LineIndex<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(Excerpt { before, marked, after }) = excerpt(i, lines) else { return Ok(()) };
    let number = i.place.line.to_string();
    writeln!(out, "{number} | {before}{marked}{after}")?;
    let marks = "^".repeat(marked.chars().count().max(1));
    writeln!(out, "{} | {}{marks}", " ".repeat(number.len()), " ".repeat(before.chars().count()))
}
