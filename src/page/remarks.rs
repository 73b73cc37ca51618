//! Remarks on the inputs, and what a policy changed.

use askama::Template;

use super::bounds::{CHANGES, REMARKS};
use super::chip::{Chip, Tone};
use super::prose::Prose;
use super::reasons::{Named, Reasons};
use super::text::Shown;
use crate::capability::agreement::{Agreement, Change, PolicyEffect};
use crate::capability::expectation::Weight;
use crate::capability::issue::Severity;
use crate::wording;
use crate::wording::words::{party_word, weight_word};

/// The remarks of all severities.
#[derive(Template)]
#[template(path = "page/remarks.html")]
pub struct RemarksPart<'a> {
    remarks: Vec<Remark<'a>>,
    more: usize,
}

struct Remark<'a> {
    severity: Chip,
    party: &'static str,
    path: Shown<'a>,
    other_places: usize,
    text: Prose<'a>,
    rule: Reasons,
}

impl<'a> RemarksPart<'a> {
    /// The remarks of a result, the most severe first.
    pub fn of(agreement: &'a Agreement, named: &mut Named) -> RemarksPart<'a> {
        let mut made = RemarksPart { remarks: Vec::new(), more: 0 };
        for (severity, chip) in [
            (Severity::Error, Chip::new("error", Tone::Bad)),
            (Severity::Warning, Chip::new("warning", Tone::Fair)),
            (Severity::Information, Chip::new("note", Tone::Quiet)),
        ] {
            let all = wording::remarks(agreement, severity);
            made.more += all.len().saturating_sub(REMARKS);
            made.remarks.extend(all.iter().take(REMARKS).map(|remark| Remark {
                severity: chip,
                party: party_word(remark.issue.party),
                path: Shown::text(&remark.issue.path),
                other_places: remark.places - 1,
                text: Prose::of(&remark.issue.text),
                rule: named.reasons(&[remark.issue.rule]),
            }));
        }
        made
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.remarks.is_empty()
    }
}

/// The weights that a policy's script changed.
#[derive(Template)]
#[template(path = "page/policy.html")]
pub struct PolicyPart<'a> {
    file: Shown<'a>,
    changes: &'a [Change],
    more: usize,
}

impl<'a> PolicyPart<'a> {
    /// Of what a script did.
    pub fn of(effect: &'a PolicyEffect) -> PolicyPart<'a> {
        let changes = effect.changes.get(..CHANGES).unwrap_or(&effect.changes);
        PolicyPart { file: Shown::name(&effect.file), changes, more: effect.changes.len() - changes.len() }
    }

    fn weight(&self, weight: &Weight) -> &'static str {
        weight_word(Some(*weight))
    }
}
