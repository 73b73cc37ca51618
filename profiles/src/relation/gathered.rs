//! A pair of nodes that is being compared, and the steps gathered about it.

use std::sync::Arc;

use super::fact::Fact;
use super::proof::{Break, Proof, Step, StepKind, Sub, Way};
use crate::plan::{Handle, PlanNode};

/// Two plan nodes of one type, and what is known of the left one's instances from above.
pub(super) struct Pair<'n> {
    pub left: &'n PlanNode,
    pub right: &'n PlanNode,
    /// With those of the left node itself.
    pub facts: Vec<Fact>,
}

/// Where the steps of a node are gathered.
#[derive(Default)]
pub(super) struct Gathered {
    pub steps: Vec<Step>,
    pub subs: Vec<Sub>,
}

impl Gathered {
    pub fn holds(&mut self, kind: StepKind, left: Option<Handle>, right: Handle, what: &str) {
        self.steps.push(Step { kind, left, right, holds: true, what: what.to_owned(), breaks: Vec::new() });
    }

    pub fn open(
        &mut self,
        kind: StepKind,
        (left, right): (Option<Handle>, Handle),
        what: impl Into<String>,
        breaks: Vec<(Vec<Way>, Break)>,
    ) {
        self.steps.push(Step { kind, left, right, holds: false, what: what.into(), breaks });
    }

    pub fn below(&mut self, way: Vec<Way>, (holds, proof): Answer) -> bool {
        self.subs.push(Sub { way, proof });
        holds
    }
}

/// Whether a pair holds, and its proof; `None` where it is assumed.
pub(super) type Answer = (bool, Option<Arc<Proof>>);
