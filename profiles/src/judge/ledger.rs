//! The ledger: what was found, how often, and the truth that follows. It is the only way to a verdict.
//!
//! Findings are kept up to a bound for each weight; what is not kept is still counted, and once only, so that no bound
//! changes a verdict or a count. Only notes, where nobody asked to see them, are counted as often as they come, or
//! not looked for. During a trial nothing is kept and everything is counted.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::finding::{Detail, Finding, Weight};
use super::truth::Truth;
use crate::issue::RuleId;
use crate::plan::Handle;

/// How many findings there are of each weight, kept or not.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Findings that make the instance invalid.
    pub errors: u64,
    /// Findings that leave it valid.
    pub warnings: u64,
    /// Open questions that could become errors.
    pub questions: u64,
    /// Findings that change nothing.
    pub notes: u64,
}

impl Counts {
    /// False with any error, unknown with any question, else true.
    pub fn truth(&self) -> Truth {
        match (self.errors, self.questions) {
            (1.., _) => Truth::False,
            (0, 1..) => Truth::Unknown,
            _ => Truth::True,
        }
    }

    fn of(&mut self, weight: Weight) -> &mut u64 {
        match weight {
            Weight::Error => &mut self.errors,
            Weight::Warning => &mut self.warnings,
            Weight::Question => &mut self.questions,
            Weight::Note => &mut self.notes,
        }
    }
}

/// How many findings of each weight are kept to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Bound on the errors that are kept.
    pub errors: usize,
    /// Bound on the warnings that are kept.
    pub warnings: usize,
    /// Bound on the questions that are kept.
    pub questions: usize,
    /// Bound on the notes that are kept; with 0 they are not even compared.
    pub notes: usize,
}

impl Shown {
    /// The same bound for all.
    pub fn all(limit: usize) -> Shown {
        Shown { errors: limit, warnings: limit, questions: limit, notes: limit }
    }

    fn of(&self, weight: Weight) -> usize {
        match weight {
            Weight::Error => self.errors,
            Weight::Warning => self.warnings,
            Weight::Question => self.questions,
            Weight::Note => self.notes,
        }
    }
}

/// What was counted and not kept.
const BEYOND: usize = usize::MAX;
/// What was not said yet.
const NEW: usize = usize::MAX - 1;

/// The findings of one validation.
pub struct Ledger {
    findings: Vec<Finding>,
    kept: [usize; 4],
    counts: Counts,
    shown: Shown,
    /// By hash: which finding says it, so that what comes twice counts once; [`BEYOND`] for one that was not kept.
    said: FxHashMap<u64, usize>,
    /// What the trials under way have counted, innermost last.
    trials: Vec<Counts>,
    /// Whether nothing of it counts for the verdict.
    apart: bool,
}

impl Ledger {
    /// An empty ledger that keeps findings up to these bounds.
    pub fn new(shown: Shown) -> Ledger {
        Ledger {
            findings: Vec::new(),
            kept: [0; 4],
            counts: Counts::default(),
            shown,
            said: FxHashMap::default(),
            trials: Vec::new(),
            apart: false,
        }
    }

    /// A ledger apart from the one that the verdict follows from, inside trials, `depth` of them.
    pub(super) fn of_trial(depth: u32) -> Ledger {
        Ledger { trials: vec![Counts::default(); depth as usize], apart: true, ..Ledger::new(Shown::all(0)) }
    }

    /// A ledger apart from the one that the verdict follows from, which keeps so many errors.
    pub(super) fn of_errors(bound: usize) -> Ledger {
        Ledger { apart: true, ..Ledger::new(Shown { errors: bound, ..Shown::all(0) }) }
    }

    /// Whether what is found now counts for the verdict itself, not for a trial.
    pub fn is_final(&self) -> bool {
        self.trials.is_empty() && !self.apart
    }

    /// Whether notes are kept now: only then is it looked for what could be no more than a note.
    #[inline]
    pub fn keeps_notes(&self) -> bool {
        self.shown.notes > 0 && self.trials.is_empty()
    }

    /// Writes down a finding. `detail` is asked for only where it is kept.
    pub fn find(
        &mut self,
        rule: RuleId,
        weight: Weight,
        node: u32,
        handles: &[Handle],
        detail: impl FnOnce() -> Detail,
    ) {
        if let Some(counts) = self.trials.last_mut() {
            *counts.of(weight) += 1;
            return;
        }
        let bound = self.shown.of(weight);
        if bound == 0 && weight == Weight::Note {
            *self.counts.of(weight) += 1;
            return;
        }
        self.keep(Finding::new(rule, weight, node, handles, detail()), bound);
    }

    #[allow(clippy::indexing_slicing, reason = "there is a count for each weight")]
    fn keep(&mut self, finding: Finding, bound: usize) {
        let at = *self.said.entry(hash(&finding)).or_insert(NEW);
        if let Some(known) = self.findings.get_mut(at) {
            known.join(&finding.handles);
            return;
        }
        if at == BEYOND {
            return;
        }
        *self.counts.of(finding.weight) += 1;
        let kept = &mut self.kept[finding.weight as usize];
        // That the work was broken off is told however much else was found.
        let has_room = *kept < bound || (bound > 0 && finding.rule == RuleId::LIMIT_TIME);
        let place = if has_room { self.findings.len() } else { BEYOND };
        self.said.insert(hash(&finding), place);
        if place != BEYOND {
            *kept += 1;
            self.findings.push(finding);
        }
    }

    /// How many trials are under way.
    pub fn trials(&self) -> u32 {
        self.trials.len() as u32
    }

    /// Whether what is being judged is a trial that is false already: nothing more need be looked at.
    #[inline]
    pub fn is_decided(&self) -> bool {
        self.trials.last().is_some_and(|c| c.errors > 0)
    }

    pub(super) fn open_trial(&mut self) {
        self.trials.push(Counts::default());
    }

    pub(super) fn close_trial(&mut self) -> Truth {
        self.trials.pop().unwrap_or_default().truth()
    }

    /// How many there are of each weight.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The findings that were kept, by place and rule, and how many there are in all.
    pub fn into_findings(mut self) -> (Vec<Finding>, Counts) {
        self.findings.sort_by(|a, b| (a.node, a.weight, a.rule, &a.detail).cmp(&(b.node, b.weight, b.rule, &b.detail)));
        for f in &mut self.findings {
            f.handles.sort_unstable();
            f.handles.dedup();
        }
        (self.findings, self.counts)
    }
}

fn hash(f: &Finding) -> u64 {
    let mut hasher = FxHasher::default();
    (f.rule, f.weight, f.node, &f.detail).hash(&mut hasher);
    hasher.finish()
}
