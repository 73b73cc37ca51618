//! An issue as a `ValidationMessage` of the official validator, with the members that its JSON has
//! (`org.hl7.fhir.utilities.validation.ValidationMessage` of hapifhir/org.hl7.fhir.core).

use std::borrow::Cow;

use fhir_accord_profiles::issue::{Issue, Report, RuleId, Severity, Verdict};
use serde::Serialize;

use super::chosen::{Chosen, Least};
use crate::render::{constraint_id, message_id};

/// How severe a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Nothing, or not all, was examined.
    Fatal,
    /// The instance is invalid, or a limit of work was reached.
    Error,
    /// Worth attention, or an open question.
    Warning,
    /// For information only.
    Information,
}

/// A message. Members that the official validator leaves out where they are null are left out here, too.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message<'r> {
    source: &'static str,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub col: u32,
    /// A FHIRPath expression of the place, or [`DOCUMENT`].
    pub location: &'r str,
    /// The text; of an open question it begins with `undetermined`.
    pub message: Cow<'r, str>,
    /// The official id where the rule has one, else the id of the rule; of an invariant its URL and key.
    pub message_id: Cow<'r, str>,
    #[serde(rename = "type")]
    kind: String,
    /// How severe it is.
    pub level: Level,
    html: String,
    slicing_hint: bool,
    signpost: bool,
    critical_signpost: bool,
    matched: bool,
    ignorable_error: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    inv_id: Option<String>,
    count: u32,
    /// Who demands it, what was tried, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<String>,
    /// The IssueType code.
    #[serde(skip)]
    pub code: &'static str,
}

/// The place of what concerns all of an input, as that validator has it.
pub const DOCUMENT: &str = "(document)";

/// The limits of work on one instance: what lies behind them was not examined.
const LIMITS: [RuleId; 5] =
    [RuleId::LIMIT_VISITS, RuleId::LIMIT_TRIALS, RuleId::LIMIT_EXPRESSION, RuleId::LIMIT_TIME, RuleId::LIMIT_REGEX];

impl Message<'static> {
    /// A message beside those of a report; `code` is an IssueType code.
    pub fn beside(level: Level, rule: &'static str, code: &'static str, text: String) -> Message<'static> {
        Message {
            source: "InstanceValidator",
            line: 1,
            col: 1,
            location: DOCUMENT,
            html: escaped(&text),
            message: Cow::Owned(text),
            message_id: Cow::Borrowed(rule),
            kind: kind(code),
            level,
            slicing_hint: false,
            signpost: false,
            critical_signpost: false,
            matched: false,
            ignorable_error: false,
            inv_id: None,
            count: 0,
            diagnostics: None,
            code,
        }
    }
}

/// The name of an IssueType code there.
fn kind(code: &str) -> String {
    code.replace('-', "").to_ascii_uppercase()
}

/// The messages of a report that are shown under what is chosen, in the order of the text. That something is open is
/// always told, for else it looked like a pass.
pub fn messages<'r>(report: &'r Report, chosen: &Chosen) -> Vec<Message<'r>> {
    let least = match chosen.least {
        Least::Hints => Level::Information,
        Least::Warnings => Level::Warning,
        Least::Errors => Level::Error,
    };
    let is_shown = |issue: &&Issue| chosen.shows(issue) && level(report, chosen, issue) <= least;
    let shown: Vec<&Issue> = report.issues.iter().filter(is_shown).collect();
    let is_told = report.verdict != Verdict::Undetermined || shown.iter().any(|issue| issue.open);
    let mut all: Vec<Message<'r>> = shown.into_iter().map(|issue| message(report, chosen, issue)).collect();
    if !is_told {
        let text = format!("undetermined: open questions are not listed ({})", report.tally.questions);
        all.push(Message::beside(Level::Warning, "undetermined", "incomplete", text));
    }
    all
}

fn message<'r>(report: &Report, chosen: &Chosen, issue: &'r Issue) -> Message<'r> {
    let inv_id = constraint_id(issue);
    let text = match issue.open {
        true => Cow::Owned(format!("undetermined: {}", issue.text)),
        false => Cow::Borrowed(issue.text.as_str()),
    };
    let id = match &inv_id {
        Some(id) => Cow::Owned(id.clone()),
        None => Cow::Borrowed(message_id(issue.rule).unwrap_or(issue.rule.as_str())),
    };
    Message {
        line: issue.place.line,
        col: issue.place.column,
        location: if issue.expression.is_empty() { DOCUMENT } else { &issue.expression },
        html: escaped(&text),
        message: text,
        message_id: id,
        inv_id,
        diagnostics: diagnostics(issue),
        ..Message::beside(level(report, chosen, issue), "", issue.code, String::new())
    }
}

fn level(report: &Report, chosen: &Chosen, issue: &Issue) -> Level {
    match issue.severity {
        _ if issue.rule == RuleId::LIMIT_ISSUES && hides_an_error(report, chosen) => Level::Error,
        _ if report.stopped == Some(issue.rule) => Level::Fatal,
        Severity::Fatal => Level::Fatal,
        Severity::Error => Level::Error,
        _ if issue.open && chosen.open_errors => Level::Error,
        _ if issue.open && LIMITS.contains(&issue.rule) => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Information => Level::Information,
    }
}

/// Whether errors are among what is not listed.
fn hides_an_error(report: &Report, chosen: &Chosen) -> bool {
    let listed = |is_it: fn(&Issue) -> bool| report.issues.iter().filter(|issue| is_it(issue)).count() as u64;
    report.tally.errors > listed(|issue| issue.severity.is_error())
        || chosen.open_errors && report.tally.questions > listed(|issue| issue.open)
}

fn diagnostics(issue: &Issue) -> Option<String> {
    let demanded = (!issue.profiles.is_empty()).then(|| format!("demanded by {}", issue.profiles.join(", ")));
    let tried = issue.evidence.iter().map(|e| format!("{}: {}", e.about, e.says));
    let lines: Vec<String> = demanded.into_iter().chain(tried).chain(issue.help.clone()).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// A text in HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
