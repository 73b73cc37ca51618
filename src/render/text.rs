//! Report to text for a terminal: each issue with its source line and the place underlined.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Issue, Report, Severity, Verdict};

use crate::printable::{Printable, one_line};

/// How much of a long line is shown before and after the place, in characters.
const AROUND: usize = 60;
/// A line up to this long, in characters, is shown whole.
const WHOLE: usize = 140;

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

/// The characters of a text, those that show nothing, or turn the others around, as spaces.
fn chars(text: &[u8]) -> impl Iterator<Item = char> {
    let is_hidden = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown: Vec<char> = String::from_utf8_lossy(text).chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
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
