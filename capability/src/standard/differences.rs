//! The rows of `$conforms` that differ, as issues.

use std::collections::BTreeMap;

use super::line::{Key, Line};
use super::outcome::{Outcome, Remark, expression, meaning};
use crate::agreement::Finding;
use crate::expectation::{Expectation, Weight};
use crate::issue::Severity;
use crate::reason::Reason;

/// The two sides of a comparison: whose item a row is, and who is asked for it.
#[derive(Clone, Copy)]
pub(super) struct Sides<'s> {
    pub own: &'static str,
    pub other: &'static str,
    /// The name of the own statement's resource.
    pub root: &'s str,
    /// True where the own side is a client: what it could not use counts too.
    pub is_client: bool,
}

impl Sides<'_> {
    /// Tells an item that the other side does not match; true where it did.
    pub(super) fn tell(&self, line: &Line<'_>, outcome: &mut Outcome) -> bool {
        let row = line.row;
        let Some(weight) = row.weighs.filter(|_| !line.is_of_absent_type()) else { return false };
        let finding = if self.is_client { row.finding } else { row.server.finding() };
        let found = if line.is_shared() && !self.is_client { Finding::Satisfied } else { finding };
        let by_name = row.why.contains(&Reason::Assumed);
        let severity = match (found, weight) {
            (Finding::Satisfied, _) if by_name => Severity::Information,
            (Finding::Satisfied, _) => return false,
            (Finding::Unmet, Weight::Shall) => Severity::Error,
            (Finding::Unmet, Weight::Should) | (Finding::Unknown, Weight::Shall) => Severity::Warning,
            _ => Severity::Information,
        };
        let reason = if found == Finding::Satisfied { Reason::Assumed } else { line.reason() };
        let text = match self.is_client {
            true => format!("{}: {}", line.subject(), meaning(reason)),
            false => {
                format!("{} has {}; with {} as the server: {}", self.own, line.subject(), self.other, meaning(reason))
            }
        };
        let code = if found == Finding::Unmet { "not-supported" } else { "incomplete" };
        let code = if severity == Severity::Information { "informational" } else { code };
        outcome.add(&self.placed(line, Remark::of(severity, code, reason, text)));
        true
    }

    /// Tells where both sides list an item with another expectation.
    pub(super) fn tell_expectation(
        &self,
        line: &Line<'_>,
        others: &BTreeMap<Key<'_>, Line<'_>>,
        outcome: &mut Outcome,
    ) {
        let Some(other) = others.get(&line.key()) else { return };
        if line.row.client == other.row.client {
            return;
        }
        let text = format!(
            "the expectation of {} differs: {} in {}, {} in {}",
            line.subject(),
            code(line.row.client),
            self.own,
            code(other.row.client),
            self.other
        );
        outcome.add(&self.placed(line, Remark::information(text)));
    }

    fn placed(&self, line: &Line<'_>, remark: Remark) -> Remark {
        let paths = &line.row.paths;
        Remark {
            expression: paths.client.as_deref().map(|p| expression(self.root, p)),
            diagnostics: Some(match &paths.server {
                Some(there) => format!("expression: in {}; in {} at `{there}`", self.own, self.other),
                None => format!("expression: in {}", self.own),
            }),
            ..remark
        }
    }
}

fn code(expectation: Option<Expectation>) -> &'static str {
    match expectation {
        None => "none",
        Some(Expectation::Shall) => "SHALL",
        Some(Expectation::Should) => "SHOULD",
        Some(Expectation::May) => "MAY",
        Some(Expectation::ShouldNot) => "SHOULD-NOT",
        Some(Expectation::ShallNot) => "SHALL NOT",
    }
}
