//! The results of a batch, column by column.

use fhir_accord::profiles::issue::{Report, Verdict};
use pyo3::prelude::*;

use crate::report::BREAKDOWN;

/// Why a row has no verdict that holds no instance.
const NULL: &str = "null";

/// A list for each column; those of the issues belong to the rows by `ends`.
#[derive(Default, IntoPyObject)]
pub struct Columns {
    verdict: Vec<&'static str>,
    reason: Vec<Option<&'static str>>,
    errors: Vec<u64>,
    warnings: Vec<u64>,
    unlisted: Vec<u64>,
    /// How many issues there are up to each row, itself included.
    ends: Vec<usize>,
    severity: Vec<&'static str>,
    rule: Vec<&'static str>,
    path: Vec<String>,
    line: Vec<u32>,
    column: Vec<u32>,
    message: Vec<String>,
}

/// Why the verdict is undetermined: the limit that kept the instance from being examined, else the rule of the first
/// open question that is listed.
fn reason(report: &Report) -> Option<&'static str> {
    let open = || report.issues.iter().find(|i| i.open).map(|i| i.rule);
    let rule = report.stopped.or_else(|| if report.is_open() { open() } else { None });
    rule.map(|rule| rule.as_str())
}

impl Columns {
    /// A row; `None`: the engine broke down at it.
    pub fn add(&mut self, report: Option<Report>) {
        let Some(report) = report else { return self.unexamined(BREAKDOWN) };
        self.verdict.push(report.verdict.code());
        self.reason.push(reason(&report));
        self.errors.push(report.tally.errors);
        self.warnings.push(report.tally.warnings);
        self.unlisted.push(report.unlisted);
        for issue in report.issues {
            self.severity.push(issue.severity.code());
            self.rule.push(issue.rule.as_str());
            self.path.push(issue.expression);
            self.line.push(issue.place.line);
            self.column.push(issue.place.column);
            self.message.push(issue.text);
        }
        self.ends.push(self.severity.len());
    }

    /// A row without an instance.
    pub fn add_null(&mut self) {
        self.unexamined(NULL);
    }

    fn unexamined(&mut self, why: &'static str) {
        self.verdict.push(Verdict::Undetermined.code());
        self.reason.push(Some(why));
        for count in [&mut self.errors, &mut self.warnings, &mut self.unlisted] {
            count.push(0);
        }
        self.ends.push(self.severity.len());
    }
}
