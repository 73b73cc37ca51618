//! How often the nodes of a simple path occur, by cardinalities.

use super::Match;
use super::constraint::Ground;
use super::fact::{self, Fact};
use super::prover::Prover;
use crate::fhirpath::{BinaryOp, Expr, ExprKind};
use crate::instance::NameId;
use crate::plan::PlanNode;

impl Prover<'_> {
    /// How often a simple path's nodes occur: the fewest and the most.
    fn occurrences(&self, path: &Expr, ground: &Ground<'_>) -> Option<(u32, u32)> {
        let mut names = Vec::new();
        let mut at = path;
        loop {
            match &at.kind {
                ExprKind::Member { input, name } => {
                    names.push(self.model().names().find(name.as_bytes())?);
                    match input {
                        Some(i) => at = i,
                        None => break,
                    }
                }
                ExprKind::This => break,
                _ => return None,
            }
        }
        names.reverse();
        self.range(ground.node, ground.facts, &names)
    }

    fn range(&self, node: &PlanNode, facts: &[Fact], names: &[NameId]) -> Option<(u32, u32)> {
        let (name, rest) = match names.split_first() {
            None => return Some((1, 1)),
            Some(split) => split,
        };
        let child = node.children.iter().find(|c| c.name == *name)?;
        let entries = self.entries(child, facts);
        if rest.is_empty() {
            return Some((entries.lower, entries.upper));
        }
        let (mut least, mut most) = (u32::MAX, 0);
        for case in entries.cases.iter().filter(|c| c.max > 0) {
            for variant in child.variants.iter().filter(|v| self.is_possible(child, v, case)) {
                let entry = self.case_node(child, variant, case);
                let facts = fact::at_node(&entry, &entries.facts);
                let (l, m) = self.range(&entry, &facts, rest)?;
                least = least.min(l);
                most = most.max(m);
            }
        }
        let least = if least == u32::MAX { 0 } else { least };
        Some((entries.lower.saturating_mul(least), entries.upper.saturating_mul(most)))
    }

    pub(super) fn occurs(&self, path: &Expr, ground: &Ground<'_>) -> Match {
        match self.occurrences(path, ground) {
            Some((1.., _)) => Match::Always,
            Some((_, 0)) => Match::Never,
            _ => Match::Maybe,
        }
    }

    /// `path.count()` beside a number.
    pub(super) fn counted(&self, op: BinaryOp, left: &Expr, right: &Expr, ground: &Ground<'_>) -> Match {
        let ExprKind::Call { input: Some(path), name, args } = &left.kind else { return Match::Maybe };
        let ExprKind::Number(n) = &right.kind else { return Match::Maybe };
        let (Ok(n), "count", true) = (n.parse::<u32>(), &**name, args.is_empty()) else { return Match::Maybe };
        let Some((least, most)) = self.occurrences(path, ground) else { return Match::Maybe };
        let holds = |x: u32| match op {
            BinaryOp::Greater => x > n,
            BinaryOp::GreaterOrEqual => x >= n,
            BinaryOp::Less => x < n,
            _ => x <= n,
        };
        match (holds(least), holds(most)) {
            (true, true) => Match::Always,
            (false, false) => Match::Never,
            _ => Match::Maybe,
        }
    }
}
