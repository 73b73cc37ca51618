//! Why the two differ, by the ids of rules and messages.

use crate::compare::{Case, Side};
use crate::issue::Said;
use crate::reasons::LEDGER;

/// A row: the side, the id, an id that the other side must tell of the same instance (`*`: any or none), the kind (`*`:
/// any), the reason, and the explanation.
struct Row<'t> {
    side: &'t str,
    id: &'t str,
    beside: &'t str,
    kind: &'t str,
    reason: &'t str,
    why: &'t str,
}

/// All rows.
pub struct Ledger<'t>(Vec<Row<'t>>);

impl Ledger<'static> {
    /// The rows of `ledger.tsv`.
    pub fn embedded() -> Ledger<'static> {
        Ledger::read(LEDGER)
    }
}

impl<'t> Ledger<'t> {
    /// The rows of a table; lines with `#` are remarks.
    pub fn read(text: &'t str) -> Ledger<'t> {
        let row = |line: &'t str| {
            let mut cells = line.split('\t');
            let mut next = || cells.next().unwrap_or_default();
            Row { side: next(), id: next(), beside: next(), kind: next(), reason: next(), why: next() }
        };
        Ledger(text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(row).collect())
    }

    /// The reason of a difference with its explanation, of the first row that fits; `None` where no row does.
    pub fn reason(&self, case: &Case<'_>, side: Side, said: &Said) -> Option<(&'t str, &'t str)> {
        let others = if side == Side::Theirs { &case.ours[..] } else { case.theirs.as_deref().unwrap_or_default() };
        let fits = |cell: &str, value: &str| cell == "*" || cell == value;
        let found = self.0.iter().find(|r| {
            r.side == side.name()
                && fits(r.id, &said.id)
                && fits(r.kind, case.mutant.kind)
                && (r.beside == "*" || others.iter().any(|o| o.id == r.beside))
        });
        found.map(|r| (r.reason, r.why))
    }
}
