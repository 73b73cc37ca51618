//! The page: its head with the counts, the inputs by verdict, the rules.

use std::io::{Result, Write};

use askama::Template;
use fhir_accord_profiles::issue::Verdict;

use super::super::chip::{Chip, Tone};
use super::super::frame::Foot;
use super::super::prose::Prose;
use super::super::text::Shown;
use super::bounds::UNREAD;
use super::input::{InputPart, chip};
use super::rules::RulesPart;
use super::section::OfVerdict;
use crate::render::Run;

/// What a page shows, as far as it is known.
#[derive(Default, Debug)]
pub struct Page {
    invalid: OfVerdict,
    undetermined: OfVerdict,
    valid: OfVerdict,
    /// The first input.
    first: String,
}

/// From the first line to the sections of inputs.
#[derive(Template)]
#[template(path = "page/report/head.html")]
struct Head<'a> {
    lead: &'static str,
    title: Shown<'a>,
    chip: Chip,
    line: &'a str,
    sections: Vec<(&'static str, &'static str)>,
    verdicts: [(Chip, u64); 3],
    beyond: u64,
    issues: [(&'static str, u64); 4],
    unlisted: u64,
}

/// What could not be read.
#[derive(Template)]
#[template(path = "page/report/unread.html")]
struct Unread {
    all: Vec<String>,
    more: usize,
}

impl Page {
    /// Takes what is shown of an input.
    pub fn add(&mut self, part: InputPart) {
        if self.first.is_empty() {
            self.first.clone_from(&part.source);
        }
        match part.verdict {
            Verdict::Invalid => self.invalid.add(part),
            Verdict::Undetermined => self.undetermined.add(part),
            Verdict::Valid => self.valid.add(part),
        }
    }

    /// Writes the page.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        let rules = RulesPart::of(run);
        let sections = [
            ("unread", "Not read", run.failures > 0),
            ("invalid", "Invalid", !self.invalid.is_empty()),
            ("undetermined", "Undetermined", !self.undetermined.is_empty()),
            ("valid", "Valid", !self.valid.is_empty()),
            ("rules", "Rules", !rules.is_empty()),
        ];
        self.write_head(run, sections.into_iter().filter(|s| s.2).map(|(a, name, _)| (a, name)).collect(), out)?;
        if run.failures > 0 {
            let all: Vec<String> = run.failed.iter().take(UNREAD).cloned().collect();
            let more = run.failures - all.len();
            Unread { all, more }.write_into(out)?;
        }
        self.invalid.write("invalid", "Invalid", out)?;
        self.undetermined.write("undetermined", "Undetermined", out)?;
        self.valid.write("valid", "Valid", out)?;
        if !rules.is_empty() {
            rules.write_into(out)?;
        }
        Foot { accord: env!("CARGO_PKG_VERSION"), id: None }.write_into(out)
    }

    fn write_head(
        &self,
        run: &Run<'_>,
        sections: Vec<(&'static str, &'static str)>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let [valid, undetermined, invalid] = run.verdicts;
        let (lead, whole) = if invalid > 0 {
            ("Invalid", chip(Verdict::Invalid))
        } else if run.failures > 0 {
            ("Not read", Chip::new("not read", Tone::Bad))
        } else if undetermined + run.stopped > 0 || valid == 0 {
            ("Undetermined", chip(Verdict::Undetermined))
        } else {
            ("Valid", chip(Verdict::Valid))
        };
        let inputs = format!("{} inputs", run.inputs());
        let (tally, line) = (run.tally, run.line());
        let head = Head {
            lead,
            title: Shown::name(if run.inputs() == 1 { &self.first } else { &inputs }),
            chip: whole,
            line: &line,
            sections,
            verdicts: [
                (chip(Verdict::Invalid), invalid),
                (chip(Verdict::Undetermined), undetermined),
                (chip(Verdict::Valid), valid),
            ],
            beyond: run.stopped,
            issues: [
                ("errors", tally.errors),
                ("open questions", tally.questions),
                ("warnings", tally.warnings.saturating_sub(tally.questions)),
                ("notes", tally.information),
            ],
            unlisted: run.unlisted,
        };
        head.write_into(out)?;
        out.write_all(b"\n")
    }
}
