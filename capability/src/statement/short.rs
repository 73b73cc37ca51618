//! Tells that a statement was not read as a whole.

use super::Statement;
use super::limits::{ENTRIES_LIMIT, IMPORTS_LIMIT};
use crate::issue::{Issue, Party};
use crate::reason::Reason;

impl Statement {
    /// Tells, once, what of the statement was left out.
    pub(super) fn tell_short(&mut self, issues: &mut Vec<Issue>) {
        if let Some(path) = self.left.not_merged.take() {
            let text = format!("more than {IMPORTS_LIMIT} statements are imported; what the others add is unknown");
            issues.push(Issue::warning(Reason::ImportsLimit, self.party, path, text));
            self.leave_open();
        }
        if std::mem::take(&mut self.left.is_short) {
            let text = format!("there are more than {ENTRIES_LIMIT} entries; what lies beyond is unknown");
            issues.push(Issue::warning(Reason::EntriesLimit, self.party, "", text));
            self.leave_open();
        }
    }

    /// Lets what lies beyond a bound be unknown: what a server offers, what a client requires.
    fn leave_open(&mut self) {
        self.open = true;
        self.usable &= self.party != Party::Client;
    }
}
