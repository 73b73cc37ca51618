//! Constraints of error severity: the same expression after normal form, or one that cardinalities, fixed values and
//! A's own constraints imply. Anything else stays open, named by its key.

use std::sync::Arc;

use super::Match;
use super::fact::{self, Fact};
use super::gathered::{Gathered, Pair};
use super::proof::{Break, StepKind};
use super::prover::Prover;
use crate::fhirpath::{BinaryOp, Expr, ExprKind};
use crate::plan::{Handle, PlanConstraint, PlanNode};

/// Bound on how deep the parts of an expression are looked at.
const DEPTH: usize = 32;

/// What is known where an expression is looked at.
pub(super) struct Ground<'n> {
    pub node: &'n PlanNode,
    pub facts: &'n [Fact],
    /// What A's constraints say, in normal form: each an alternative of which one holds.
    told: &'n [Vec<String>],
}

impl<'p> Prover<'p> {
    pub(super) fn constraints(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        let mut told: Option<Vec<Vec<String>>> = None;
        for c in pair.right.constraints.iter().filter(|c| is_error(c)) {
            let right = c.handles.first().copied().unwrap_or(Handle { layer: c.layer, row: 0 });
            let (key, text) = (self.key(c), self.text(c));
            let same = pair.left.constraints.iter().filter(|l| is_error(l)).find(|l| self.text(l) == text);
            if let Some(l) = same {
                out.holds(StepKind::Constraint, l.handles.first().copied(), right, key);
                continue;
            }
            let told = match &told {
                Some(t) => t,
                None => &*told.insert(self.told(pair.left)),
            };
            let implied = self.expression(text).is_some_and(|e| {
                let ground = Ground { node: pair.left, facts: &pair.facts, told };
                self.truth(&e, &ground, 0) == Match::Always
            });
            let left =
                pair.left.constraints.iter().find(|l| self.key(l) == key).and_then(|l| l.handles.first().copied());
            if implied {
                out.holds(StepKind::Constraint, left, right, key);
            } else {
                let breaks = vec![(Vec::new(), Break::Constraint(text.to_owned()))];
                out.open(StepKind::Constraint, (left, right), key, breaks);
            }
        }
    }

    fn key(&self, c: &PlanConstraint) -> &'p str {
        let image = self.set().layer(c.layer);
        image.constraint(c.row).map_or("", |row| image.str(row.key))
    }

    fn text(&self, c: &PlanConstraint) -> &'p str {
        let image = self.set().layer(c.layer);
        image.constraint(c.row).map_or("", |row| image.str(row.expression))
    }

    /// What the constraints of a node say, each as alternatives in normal form. One that an empty result satisfies too
    /// says less than its expression: it is left out.
    fn told(&mut self, node: &PlanNode) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        for c in node.constraints.iter().filter(|c| is_error(c) && !c.empty_holds) {
            let text = self.text(c).to_owned();
            if let Some(e) = self.expression(&text) {
                conjuncts(&e, &mut |part| {
                    let mut any = Vec::new();
                    disjuncts(part, &mut |d| any.push(normal(d)));
                    out.push(any);
                });
            }
        }
        out
    }

    /// Whether an expression is true, or false, of every instance of A.
    fn truth(&mut self, e: &Expr, ground: &Ground<'_>, depth: usize) -> Match {
        if depth > DEPTH {
            return Match::Maybe;
        }
        let mut own = Vec::new();
        disjuncts(e, &mut |d| own.push(normal(d)));
        if ground.told.iter().any(|any| any.iter().all(|d| own.contains(d))) {
            return Match::Always;
        }
        match &e.kind {
            ExprKind::Bool(b) => Match::of(*b),
            ExprKind::Binary { op, left, right } => {
                let sides = |p: &mut Self| (p.truth(left, ground, depth + 1), p.truth(right, ground, depth + 1));
                match op {
                    BinaryOp::And => {
                        let (l, r) = sides(self);
                        l.and(r)
                    }
                    BinaryOp::Or => {
                        let (l, r) = sides(self);
                        l.not().and(r.not()).not()
                    }
                    BinaryOp::Implies => {
                        let (l, r) = sides(self);
                        l.and(r.not()).not()
                    }
                    BinaryOp::GreaterOrEqual | BinaryOp::Greater | BinaryOp::LessOrEqual | BinaryOp::Less => {
                        self.counted(*op, left, right, ground)
                    }
                    BinaryOp::Equal => self.equal(left, right, ground),
                    _ => Match::Maybe,
                }
            }
            ExprKind::Call { input: Some(input), name, args } if args.is_empty() => match &**name {
                "exists" => self.occurs(input, ground),
                "empty" => self.occurs(input, ground).not(),
                "not" => self.truth(input, ground, depth + 1).not(),
                _ => Match::Maybe,
            },
            _ => Match::Maybe,
        }
    }

    /// A path beside a literal, where a fixed value or pattern tells it.
    fn equal(&self, left: &Expr, right: &Expr, ground: &Ground<'_>) -> Match {
        let (ExprKind::Member { input: None, name }, ExprKind::Text(text)) = (&left.kind, &right.kind) else {
            return Match::Maybe;
        };
        let Some(name) = self.model().names().find(name.as_bytes()) else { return Match::Maybe };
        let Some((child, variant)) = ground
            .node
            .children
            .iter()
            .find(|c| c.name == name && !c.is_choice)
            .and_then(|c| Some((c, c.variants.first()?)))
        else {
            return Match::Maybe;
        };
        let entries = self.entries(child, ground.facts);
        if child.is_list || entries.lower == 0 {
            return Match::Maybe;
        }
        let entry: Arc<PlanNode> = self.plans().variant(child, variant);
        let facts = fact::at_node(&entry, &entries.facts);
        let value = fact::own_values(&facts).next().map(|(value, _)| self.values().text(value));
        value.map_or(Match::Maybe, |v| Match::of(v == &**text))
    }
}

/// Constraints whose failure is an error.
fn is_error(c: &PlanConstraint) -> bool {
    !c.warning && !c.best_practice
}

/// The parts that all hold.
fn conjuncts<'e>(e: &'e Expr, sink: &mut dyn FnMut(&'e Expr)) {
    match &e.kind {
        ExprKind::Binary { op: BinaryOp::And, left, right } => {
            conjuncts(left, sink);
            conjuncts(right, sink);
        }
        _ => sink(e),
    }
}

/// The parts of which one holds.
fn disjuncts<'e>(e: &'e Expr, sink: &mut dyn FnMut(&'e Expr)) {
    match &e.kind {
        ExprKind::Binary { op: BinaryOp::Or, left, right } => {
            disjuncts(left, sink);
            disjuncts(right, sink);
        }
        _ => sink(e),
    }
}

/// An expression without its places: the same for any layout of the text.
fn normal(e: &Expr) -> String {
    e.tree()
}
