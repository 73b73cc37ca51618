//! Reports to annotations: commands in the log of a GitHub workflow.

use std::io::{self, Write};

use fhir_accord_profiles::issue::{Issue, Report, Severity};

use super::origin::Origin;
use super::run::Run;

/// A text behind the last colons of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Writes the issues of a report, a line each.
///
/// # Errors
/// What `out` gives.
pub fn github(report: &Report, origin: &Origin<'_>, out: &mut dyn Write) -> io::Result<()> {
    report.issues.iter().try_for_each(|i| issue(i, origin, out))
}

fn issue(i: &Issue, origin: &Origin<'_>, out: &mut dyn Write) -> io::Result<()> {
    let command = match i.severity {
        Severity::Fatal | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "notice",
    };
    let open = if i.open { " (undetermined)" } else { "" };
    write!(out, "::{command} ")?;
    if let Some(file) = origin.path() {
        write!(out, "file={},", property(file))?;
        if let Some(line) = origin.line(i.place.line) {
            write!(out, "line={line},col={},", i.place.column)?;
        }
    }
    write!(out, "title={}::", property(&format!("{}{open}", i.rule.as_str())))?;
    // Where the place cannot be told as a property, it is in the text.
    let place = if origin.file.is_none() || origin.first_line.is_none() { origin.source } else { "" };
    let before: String = [place, &i.expression].iter().filter(|t| !t.is_empty()).map(|t| format!("{t}: ")).collect();
    let help = i.help.as_deref().map(|h| format!("\n{h}")).unwrap_or_default();
    writeln!(out, "{}", data(&format!("{before}{}{help}", i.text)))
}

/// Writes an annotation for each input that could not be read, and one on the whole.
///
/// # Errors
/// What `out` gives.
pub fn github_end(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    run.failures().try_for_each(|why| writeln!(out, "::error title=not read::{}", data(&why)))?;
    writeln!(out, "::notice title=accord validate::{}", data(&run.line()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_no_command_and_no_property() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,line=3:b%"), "a%2Cline=3%3Ab%25");
    }
}
