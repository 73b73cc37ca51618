//! SARIF: the results as they come, and behind them the rules that they name, each once.

use std::collections::HashMap;
use std::io::{self, Write};

use fhir_accord_profiles::issue::RuleId;

use super::form::Form;
use super::told::Told;
use crate::printable::Printable;
use crate::render::{Run, sarif};

/// A log as far as it is.
#[derive(Default)]
pub(super) struct Sarif {
    /// Whether the start of the log is written.
    is_begun: bool,
    results: u64,
    /// The rules of the results so far, in the order of their indices.
    rules: Vec<RuleId>,
    indices: HashMap<RuleId, usize>,
}

impl Sarif {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match std::mem::replace(&mut self.is_begun, true) {
            true => Ok(()),
            false => out.write_all(sarif::START.as_bytes()),
        }
    }

    /// Where a rule stands among the rules of the tool.
    fn index(&mut self, rule: RuleId) -> usize {
        *self.indices.entry(rule).or_insert_with(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        })
    }
}

impl Form for Sarif {
    fn add(&mut self, told: Told, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        for result in told.results {
            let before = if self.results == 0 { "\n" } else { ",\n" };
            self.results += 1;
            let index = self.index(result.rule);
            write!(Printable::new(&mut *out), "{before}{}", result.json(index))?;
        }
        Ok(())
    }

    fn finish(&mut self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let mut out = Printable::new(out);
        sarif::end(&self.rules, run, &mut out)?;
        writeln!(out)
    }
}
