//! A report once the settings of a project are applied.

use std::fmt;
use std::sync::Arc;

use fhir_accord_profiles::issue::{Issue, Report, Verdict};

use crate::render::{Note, RAW_VERDICT_SYSTEM};

/// How many issues the settings changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// Suppressed, with a reason.
    pub suppressed: u64,
    /// In the baseline.
    pub known: u64,
    /// Of a rule whose level is `off`.
    pub off: u64,
    /// With another severity, by the level of their rule.
    pub levelled: u64,
    /// Beyond the bound on issues that are looked at: they count as they are.
    pub beyond: u64,
}

impl Set {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        *self == Set::default()
    }

    /// Adds what was changed elsewhere.
    pub fn join(&mut self, other: &Set) {
        self.suppressed += other.suppressed;
        self.known += other.known;
        self.off += other.off;
        self.levelled += other.levelled;
        self.beyond += other.beyond;
    }
}

/// `2 suppressed, 1 known, 1 off, 3 with another level`; empty where nothing was changed.
impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.suppressed, "suppressed"),
            (self.known, "in the baseline"),
            (self.off, "of rules that are off"),
            (self.levelled, "with another level"),
            (self.beyond, "not looked at, which count as they are"),
        ];
        let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        f.write_str(&said.join(", "))
    }
}

/// Why an issue does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A suppression, with its reason and its line in the file of settings.
    Suppressed {
        /// The reason.
        reason: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
    /// It is in the baseline.
    Known,
    /// The level of its rule is `off`, at this line.
    Off {
        /// The line, from 1.
        line: u32,
    },
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Suppressed { reason, .. } => f.write_str(reason),
            Why::Known => f.write_str("in the baseline"),
            Why::Off { line } => write!(f, "the rule is off (accord.toml, line {line})"),
        }
    }
}

/// An issue that does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppressed {
    /// The issue.
    pub issue: Issue,
    /// Why it does not count.
    pub why: Why,
}

/// What is in force of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The report with the issues that count: its verdict and its counts follow from all of them.
    pub report: Report,
    /// The verdict that the instance has without the settings.
    pub raw: Verdict,
    /// How many issues the settings changed.
    pub set: Set,
    /// Issues that do not count, up to the bound on issues that are listed, in the order of the text.
    pub suppressed: Vec<Suppressed>,
}

impl Applied {
    /// A report as it is, without settings.
    pub fn plain(report: Report) -> Applied {
        Applied { raw: report.verdict, report, set: Set::default(), suppressed: Vec::new() }
    }

    /// What is said of it beside the issues; `None` where the settings changed nothing.
    pub fn remark(&self) -> Option<String> {
        (!self.set.is_empty()).then(|| format!("settings: {}; without them: {}", self.set, self.raw.code()))
    }

    /// The same as a note of an OperationOutcome, whose code is the verdict without the settings.
    pub fn note(&self) -> Option<Note> {
        Some(Note { system: RAW_VERDICT_SYSTEM, code: self.raw.code(), text: self.remark()?.into() })
    }
}
