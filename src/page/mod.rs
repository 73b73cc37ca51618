//! An agreement, a matrix (`matrix/`), or reports on instances (`report/`), as one HTML page for people: it loads
//! nothing, runs nothing, and can be read in any light, at any width, by keyboard, aloud, and on paper. The markup is
//! in `templates/page/`, a file a part; what is in the parts is here. Nothing is judged here.
//!
//! Each part is a piece that any page can use: `frame` (head, sections and foot), `grid` (a table of rows by columns),
//! `chip` (a value as a word with a tone), `reasons` (reasons with links to their meanings), `prose` (sentences with
//! names in backticks), `details` (what a cell has to say beyond its words), `text` (texts of the inputs, cleaned and
//! bounded), `bounds`.

mod advice;
pub mod bounds;
mod chip;
mod details;
mod frame;
mod grid;
mod hooks;
mod matrix;
mod parties;
mod profiles;
mod prose;
mod reasons;
mod remarks;
pub mod report;
mod row_details;
mod rows;
mod scopes;
mod summary;
mod text;
mod types;

pub use self::matrix::matrix;

use std::io::{Result, Write};

use askama::Template;

use self::advice::{GroupsPart, WorksPart};
use self::frame::{Foot, Head, SECTION_END, Section};
use self::parties::PartiesPart;
use self::profiles::ProfilesPart;
use self::reasons::Named;
use self::remarks::{PolicyPart, RemarksPart};
use self::scopes::ScopesPart;
use self::summary::SummaryPart;
use crate::capability::agreement::{Agreement, Verdict};

const ITEMS: &str = "Every item of the client's statement: what the client expects, what it weighs in the verdict, \
                     what the server offers, whether a scope covers it, and what follows.";

/// Writes an agreement as a page, part by part and row by row.
///
/// # Errors
/// Those of `out`.
pub fn agreement(agreement: &Agreement, out: &mut dyn Write) -> Result<()> {
    let mut named = Named::default();
    let failed = GroupsPart::failed(agreement, &mut named);
    let unknown = GroupsPart::unknown(agreement, &mut named);
    let remarks = RemarksPart::of(agreement, &mut named);
    head(agreement, &failed, &unknown, &remarks).write_into(out)?;
    PartiesPart::of(&agreement.parties).write_into(out)?;
    SummaryPart::of(agreement, &mut named).write_into(out)?;
    WorksPart::of(agreement).write_into(out)?;
    for groups in [&failed, &unknown] {
        if !groups.is_empty() {
            groups.write_into(out)?;
        }
    }
    ScopesPart::of(agreement, &mut named).write_into(out)?;
    ProfilesPart::of(agreement).write_into(out)?;
    hooks::write(agreement, &mut named, out)?;
    Section { anchor: "types", title: "Types", intro: "" }.write_into(out)?;
    types::write(agreement, &mut named, out)?;
    out.write_all(SECTION_END)?;
    Section { anchor: "rows", title: "All items", intro: ITEMS }.write_into(out)?;
    rows::write(agreement, &mut named, out)?;
    out.write_all(SECTION_END)?;
    if let Some(effect) = &agreement.policy {
        PolicyPart::of(effect).write_into(out)?;
    }
    if !remarks.is_empty() {
        remarks.write_into(out)?;
    }
    named.write(out)?;
    Foot { accord: agreement.accord, id: Some(&agreement.id) }.write_into(out)
}

fn head<'a>(
    agreement: &'a Agreement,
    failed: &GroupsPart,
    unknown: &GroupsPart,
    remarks: &RemarksPart<'_>,
) -> Head<'a> {
    let sections = [
        ("summary", "Summary", true),
        ("works", "What works", true),
        ("failed", "What does not work", !failed.is_empty()),
        ("unknown", "What cannot be determined", !unknown.is_empty()),
        ("scopes", "Scopes", true),
        ("profiles", "Profiles for both", true),
        ("hooks", "CDS Hooks", !agreement.hooks.is_empty()),
        ("types", "Types", true),
        ("rows", "All items", true),
        ("policy", "Policy", agreement.policy.is_some()),
        ("remarks", "Remarks", !remarks.is_empty()),
        ("rules", "Rules", true),
    ];
    let (lead, meaning) = verdict_words(agreement.verdict);
    Head {
        lead,
        left: parties::name(&agreement.parties.client, "the client"),
        right: parties::name(&agreement.parties.server, "the server"),
        verdict: Some((agreement.verdict.into(), meaning)),
        sections: sections.into_iter().filter(|s| s.2).map(|(anchor, name, _)| (anchor, name)).collect(),
    }
}

/// The verdict as the first word of a title, and as a sentence.
fn verdict_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Compatible => ("Compatible", "Every SHALL is met, and no SHOULD failed."),
        Verdict::Degraded => ("Degraded", "Every SHALL is met, but a SHOULD failed."),
        Verdict::Indeterminate => ("Indeterminate", "No SHALL failed, but it is unknown whether enough is met."),
        Verdict::Incompatible => ("Incompatible", "A SHALL failed."),
    }
}
