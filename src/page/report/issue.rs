//! One issue, with its source line.

use askama::Template;
use askama::filters::HtmlSafe;
use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Issue, Severity};

use super::super::chip::{Chip, Tone};
use super::super::prose::Prose;
use super::super::text::Shown;
use super::bounds::LIST;
use crate::render::{Excerpt, Origin, excerpt};

/// One issue.
#[derive(Template)]
#[template(path = "page/report/issue.html")]
pub struct IssuePart<'a> {
    /// The class that it is shown or hidden by.
    class: &'static str,
    chip: Chip,
    rule: &'a str,
    text: Prose<'a>,
    help: Option<Prose<'a>>,
    /// The line in its file, where there is one, and the column.
    place: String,
    line: u32,
    expression: Shown<'a>,
    excerpt: Option<Excerpt>,
    facts: Vec<(Shown<'a>, Shown<'a>)>,
    /// How many facts are not shown.
    more: usize,
}

impl HtmlSafe for IssuePart<'_> {}

impl<'a> IssuePart<'a> {
    /// An issue of an instance with these lines.
    pub fn of(i: &'a Issue, origin: &Origin<'_>, lines: &LineIndex<'_>) -> IssuePart<'a> {
        let (class, chip) = weight(i);
        let mut facts: Vec<(Shown<'a>, Shown<'a>)> = Vec::new();
        let mut fact = |label: &'a str, text: &'a str| facts.push((Shown::name(label), Shown::text(text)));
        i.element.iter().for_each(|e| fact("element", e));
        i.constraint.iter().for_each(|c| fact("constraint", c));
        i.profiles.iter().take(LIST).for_each(|p| fact("demanded by", p));
        i.evidence.iter().take(LIST).for_each(|e| fact(&e.about, &e.says));
        let more = i.profiles.len().saturating_sub(LIST) + i.evidence.len().saturating_sub(LIST);
        let line = origin.line(i.place.line).unwrap_or(i.place.line);
        IssuePart {
            class,
            chip,
            rule: i.rule.as_str(),
            text: Prose::of(&i.text),
            help: i.help.as_deref().map(Prose::of),
            line,
            place: format!("line {line}, column {}", i.place.column),
            expression: Shown::text(&i.expression),
            excerpt: excerpt(i, lines),
            facts,
            more,
        }
    }
}

fn weight(i: &Issue) -> (&'static str, Chip) {
    match i.severity {
        _ if i.open => ("question", Chip::new("undetermined", Tone::Open)),
        Severity::Fatal => ("error", Chip::new("fatal", Tone::Bad)),
        Severity::Error => ("error", Chip::new("error", Tone::Bad)),
        Severity::Warning => ("warning", Chip::new("warning", Tone::Fair)),
        Severity::Information => ("note", Chip::new("note", Tone::Quiet)),
    }
}
