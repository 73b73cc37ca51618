//! Reports to JUnit XML: a test case an input. Cases are written as they come; their numbers, which stand before them,
//! are known at the end.

use std::io::{self, Write};

use fhir_accord_profiles::instance::is_xml_char;
use fhir_accord_profiles::issue::{Issue, Report, Severity, Verdict};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::origin::Origin;
use super::run::{Run, counted};
use crate::printable::one_line;

/// The name of the one suite.
const SUITE: &str = "accord validate";
/// What follows the cases.
pub const JUNIT_END: &str = "  </testsuite>\n</testsuites>\n";

/// A text without the characters that XML 1.0 cannot have.
fn kept(text: &str) -> String {
    text.chars().filter(|c| is_xml_char(*c)).collect()
}

fn started(name: &'static str, attributes: &[(&str, &str)]) -> BytesStart<'static> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        // An end of a line in an attribute would be read as a space.
        start.push_attribute((*key, kept(value).replace(['\n', '\r', '\t'], " ").as_str()));
    }
    start
}

/// Writes an element with a text.
fn element(writer: &mut Writer<&mut Vec<u8>>, name: &'static str, of: &[(&str, &str)], text: &str) -> io::Result<()> {
    writer.write_event(Event::Start(started(name, of)))?;
    writer.write_event(Event::Text(BytesText::new(&kept(text))))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// The case of a report.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn junit(report: &Report, origin: &Origin<'_>) -> io::Result<Vec<u8>> {
    let file = origin.path().unwrap_or_default();
    let (folder, name) = folder_and_name(origin.source, file);
    let mut of = vec![("classname", folder), ("name", name)];
    if !file.is_empty() {
        of.push(("file", file));
    }
    case(&of, |writer| {
        let (decides, others): (Vec<&Issue>, Vec<&Issue>) =
            report.issues.iter().partition(|i| i.severity.is_error() || i.open);
        let found = findings(report);
        match (report.verdict, report.stopped) {
            (_, Some(rule)) => {
                element(writer, "error", &[("type", rule.as_str()), ("message", &found)], &told(&decides, origin))?
            }
            (Verdict::Invalid, _) => {
                element(writer, "failure", &[("type", "invalid"), ("message", &found)], &told(&decides, origin))?
            }
            (Verdict::Undetermined, _) => {
                element(writer, "error", &[("type", "undetermined"), ("message", &found)], &told(&decides, origin))?
            }
            (Verdict::Valid, _) => {}
        }
        let more = match report.unlisted {
            0 => String::new(),
            n => format!("{} not listed\n", counted(n, "issue", "issues")),
        };
        let rest = format!("{}{more}", told(&others, origin));
        if rest.is_empty() { Ok(()) } else { element(writer, "system-out", &[], &rest) }
    })
}

/// A case with these attributes, with what `body` writes in it.
fn case(of: &[(&str, &str)], body: impl FnOnce(&mut Writer<&mut Vec<u8>>) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut out = b"    ".to_vec();
    let mut writer = Writer::new(&mut out);
    writer.write_event(Event::Start(started("testcase", of)))?;
    body(&mut writer)?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))?;
    out.push(b'\n');
    Ok(out)
}

/// The folder of an input, as a reader of results groups cases, and what is left of its name.
fn folder_and_name<'a>(source: &'a str, file: &str) -> (&'a str, &'a str) {
    let at = file.rfind('/').or_else(|| file.rfind('\\').filter(|_| cfg!(windows)));
    let parts = at.and_then(|at| Some((source.get(..at)?, source.get(at + 1..)?)));
    parts.filter(|(folder, _)| !folder.is_empty()).unwrap_or((SUITE, source))
}

fn findings(report: &Report) -> String {
    let tally = report.tally;
    let errors = counted(tally.errors, "error", "errors");
    let open = counted(tally.questions, "open question", "open questions");
    let warnings = counted(tally.warnings.saturating_sub(tally.questions), "warning", "warnings");
    format!("{}: {errors}, {open}, {warnings}", report.verdict.code())
}

/// The issues as text, a paragraph each.
fn told(issues: &[&Issue], origin: &Origin<'_>) -> String {
    issues.iter().map(|i| paragraph(i, origin)).collect()
}

fn paragraph(i: &Issue, origin: &Origin<'_>) -> String {
    let word = match i.severity {
        Severity::Warning if i.open => "undetermined",
        severity => severity.code(),
    };
    let place = origin.line(i.place.line).map(|line| format!("{line}:{} ", i.place.column)).unwrap_or_default();
    let mut text = format!("{word}[{}] {place}{}\n", i.rule.as_str(), one_line(&i.expression));
    // No value begins a line, which the log of a build might read as a command.
    let mut line = |line: &str| text += &format!("  {}\n", one_line(line));
    line(&i.text);
    i.profiles.iter().for_each(|profile| line(&format!("demanded by {profile}")));
    i.evidence.iter().for_each(|e| line(&format!("{}: {}", e.about, e.says)));
    i.help.iter().for_each(|help| line(&format!("help: {help}")));
    text
}

/// The cases of what could not be read, and what settings of a project changed.
///
/// # Errors
/// None in practice: they are written to memory.
pub fn junit_end(run: &Run<'_>) -> io::Result<Vec<u8>> {
    let cases = run.failures().map(|why| {
        let of = [("classname", SUITE), ("name", why.as_str())];
        case(&of, |writer| element(writer, "error", &[("type", "not read"), ("message", &why)], &why))
    });
    let mut out = cases.collect::<io::Result<Vec<_>>>()?.concat();
    if let Some(settings) = &run.settings {
        out.extend_from_slice(b"    ");
        element(&mut Writer::new(&mut out), "system-out", &[], settings)?;
        out.push(b'\n');
    }
    Ok(out)
}

/// Writes what precedes the cases: how many there are, and of which outcome.
///
/// # Errors
/// What `out` gives.
pub fn junit_start(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let [_, undetermined, invalid] = run.verdicts;
    let unread = run.failures().count() as u64;
    let counts = [run.inputs() + unread, invalid, undetermined + run.stopped + unread].map(|n| n.to_string());
    let [tests, failures, errors] = &counts;
    let of = [("name", SUITE), ("tests", tests), ("failures", failures), ("errors", errors), ("skipped", "0")];
    let mut writer = Writer::new(out);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.get_mut().write_all(b"\n")?;
    writer.write_event(Event::Start(started("testsuites", of.get(..4).unwrap_or_default())))?;
    writer.get_mut().write_all(b"\n  ")?;
    writer.write_event(Event::Start(started("testsuite", &of)))?;
    writer.get_mut().write_all(b"\n")
}

#[cfg(test)]
#[path = "junit_tests.rs"]
mod tests;
