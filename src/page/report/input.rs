//! What is shown of one input.

use std::io;

use askama::Template;
use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Report, Severity, Verdict};

use super::super::chip::{Chip, Tone};
use super::super::text::Shown;
use super::bounds::INPUT_ISSUES;
use super::issue::IssuePart;
use crate::render::{Origin, counted};

/// What is shown of one input.
#[derive(Debug)]
pub struct InputPart {
    /// What it is shown under.
    pub(super) verdict: Verdict,
    /// Where it came from.
    pub(super) source: String,
    /// How many of its issues are shown.
    pub(super) issues: usize,
    /// How many it has, whatever of them is shown.
    pub(super) found: u64,
    /// It as HTML; empty where there is nothing to say but its name.
    pub(super) html: String,
}

#[derive(Template)]
#[template(path = "page/report/input.html")]
struct Shape<'a> {
    source: Shown<'a>,
    chip: Chip,
    counts: String,
    issues: Vec<IssuePart<'a>>,
    /// Issues that are listed in the report, and not on the page.
    more: usize,
    /// Issues that are not listed in the report.
    unlisted: u64,
}

/// The verdict as a word with a tone.
pub(super) fn chip(verdict: Verdict) -> Chip {
    match verdict {
        Verdict::Valid => Chip::new("valid", Tone::Good),
        Verdict::Undetermined => Chip::new("undetermined", Tone::Open),
        Verdict::Invalid => Chip::new("invalid", Tone::Bad),
    }
}

/// What is shown of a report on the instance `text`.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn input(report: &Report, origin: &Origin<'_>, text: &[u8]) -> io::Result<InputPart> {
    let source = origin.source.to_owned();
    if report.issues.is_empty() && report.verdict == Verdict::Valid && report.unlisted == 0 {
        return Ok(InputPart { verdict: report.verdict, source, issues: 0, found: 0, html: String::new() });
    }
    let lines = LineIndex::new(if report.issues.is_empty() { b"" } else { text });
    let issues: Vec<IssuePart<'_>> =
        report.issues.iter().take(INPUT_ISSUES).map(|i| IssuePart::of(i, origin, &lines)).collect();
    let shown = issues.len();
    let shape = Shape {
        source: Shown::name(origin.source),
        chip: chip(report.verdict),
        counts: counts(report),
        issues,
        more: report.issues.len() - shown,
        unlisted: report.unlisted,
    };
    let html = shape.render().map_err(io::Error::other)?;
    let found = report.tally.up_to(Severity::Information);
    Ok(InputPart { verdict: report.verdict, source, issues: shown, found, html })
}

fn counts(report: &Report) -> String {
    let tally = report.tally;
    let of = [
        (tally.errors, "error", "errors"),
        (tally.questions, "open question", "open questions"),
        (tally.warnings.saturating_sub(tally.questions), "warning", "warnings"),
        (tally.information, "note", "notes"),
    ];
    let told = of.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| counted(*n, one, many));
    told.collect::<Vec<_>>().join(", ")
}
