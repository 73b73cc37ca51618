//! What a run over any number of inputs came to, for forms that say so.

use std::collections::BTreeMap;

use fhir_accord_profiles::issue::{RuleId, Tally};

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Inputs that were examined, by verdict: valid, undetermined, invalid.
    pub verdicts: [u64; 3],
    /// Inputs that a limit of intake kept from being examined.
    pub stopped: u64,
    /// Their issues, listed or not.
    pub tally: Tally,
    /// How many of them are not listed.
    pub unlisted: u64,
    /// Issues that are listed, by rule.
    pub rules: &'a BTreeMap<RuleId, u64>,
    /// How much could not be read.
    pub failures: usize,
    /// Why, of the first of them.
    pub failed: &'a [String],
    /// What the settings of a project changed, where they did.
    pub settings: Option<String>,
    /// The exit code of the program.
    pub code: u8,
}

impl Run<'_> {
    /// How many inputs were read.
    pub fn inputs(&self) -> u64 {
        self.verdicts.iter().sum::<u64>() + self.stopped
    }

    /// Why something could not be read, and at the end how much more could not.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        let more = self.failures.saturating_sub(self.failed.len());
        self.failed.iter().cloned().chain((more > 0).then(|| format!("{more} more could not be read")))
    }

    /// The run in one line: inputs by verdict, and what is not listed.
    pub fn line(&self) -> String {
        let [valid, undetermined, invalid] = self.verdicts;
        let mut line = format!(
            "{}: {valid} valid, {undetermined} undetermined, {invalid} invalid",
            counted(self.inputs(), "input", "inputs")
        );
        if self.stopped > 0 {
            line += &format!(", {} beyond a limit of intake", self.stopped);
        }
        if self.failures > 0 {
            line += &format!("; {} could not be read", self.failures);
        }
        if self.unlisted > 0 {
            line += &format!("; {} not listed", counted(self.unlisted, "issue", "issues"));
        }
        if let Some(settings) = &self.settings {
            line += &format!("; {settings}");
        }
        line
    }
}

/// A number of things, as text.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
