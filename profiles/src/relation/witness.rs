//! Witnesses: instances that our own validator finds valid for A and invalid for B. Nothing is refuted without one.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::apart::Contradiction;
use super::coverage::Coverage;
use super::open::{OpenStep, open_steps};
use super::proof::{Break, Proof, StepKind};
use super::prover::Prover;
use super::shrink::shrink;
use super::wishes::wishes;
use crate::generate::{Generator, Judge, JudgedFault, Kind, Verdict, Wish};
use crate::interrupt::Interrupt;
use crate::model::TypeId;
use crate::plan::{Handle, Plans};

/// Bound on the instances of a profile, beside the smallest and the fullest, that are kept to be tried on others.
const POOL: usize = 24;
/// Bound on the profiles whose instances are kept; reaching it starts anew.
const POOLS: usize = 2_000;
/// Bound on the pairs of profiles of which is kept whether they have an instance in common; reaching it starts anew.
const COMMON: usize = 100_000;
/// Bound on the instances that are built for the open steps of one pair.
const BUILT: usize = 60;
/// Bound on the instances of one pair that are mended until A accepts them.
const MENDED: usize = 3;
/// The seed of all instances: the same question gives the same witness.
pub(super) const SEED: u64 = 1;

/// An instance that is valid for A and invalid for B.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The resource.
    pub instance: Value,
    /// Why it is invalid for B.
    pub faults: Vec<JudgedFault>,
}

/// Whether every instance of A is valid for B.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Validity {
    /// By a proof over both definitions.
    Proven,
    /// Of the instances that a condition selects, by a proof; of others not, by a witness.
    Partial,
    /// By a witness.
    Refuted,
    /// Demands stay open.
    Unknown,
}

impl Validity {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Validity::Proven => "proven",
            Validity::Partial => "partial",
            Validity::Refuted => "refuted",
            Validity::Unknown => "unknown",
        }
    }
}

/// The answer for one pair of profiles.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The answer.
    pub validity: Validity,
    /// What was compared.
    pub proof: Arc<Proof>,
    /// The steps that are not proven.
    pub open: Vec<OpenStep>,
    /// What refutes it; `None` where it is not refuted. Of a partial answer one that no condition selects.
    pub witness: Option<Witness>,
    /// The conditions that together select the instances of a partial answer.
    pub conditions: Vec<String>,
}

/// Valid instances of a profile.
#[derive(Default)]
pub(super) struct Pool {
    /// The smallest first.
    pub instances: Vec<Value>,
    /// What made the smallest one valid.
    pub wishes: Vec<Wish>,
}

/// Compares profiles, and keeps the instances that it builds. Not shared by threads.
pub struct Relations<'p, J: Judge> {
    pub(super) prover: Prover<'p>,
    pub(super) generator: Generator<'p>,
    pub(super) judge: J,
    pools: FxHashMap<Handle, Arc<Pool>>,
    /// Pairs of profiles, the lesser handle first, and whether an instance is valid for both.
    common: FxHashMap<(Handle, Handle), bool>,
    /// Witnesses for the targets of references, found for the pair that is being compared; empty where none was found,
    /// or where the search is under way.
    pub(super) targets: FxHashMap<(Handle, Vec<Handle>), Arc<Vec<Value>>>,
}

impl<'p, J: Judge> Relations<'p, J> {
    /// Over these plans; `judge` confirms witnesses.
    pub fn new(plans: &'p Plans, judge: J) -> Relations<'p, J> {
        Relations {
            prover: Prover::new(plans),
            generator: Generator::new(plans),
            judge,
            pools: FxHashMap::default(),
            common: FxHashMap::default(),
            targets: FxHashMap::default(),
        }
    }

    /// The same, whose proofs are broken off by this interrupt; searches for witnesses are broken off by that of the
    /// judge.
    pub fn under(self, interrupt: &Interrupt) -> Relations<'p, J> {
        Relations { prover: self.prover.under(interrupt), ..self }
    }

    /// The proof alone, without a search for a witness; `None` where the types of the profiles differ.
    pub fn prove(&mut self, left: Handle, right: Handle) -> Option<Arc<Proof>> {
        self.prover.prove(left, right)
    }

    /// Whether every instance of `left` (the root element of a profile) is valid for `right`; `None` where `right` is
    /// no profile of the same type.
    pub fn compare(&mut self, left: Handle, right: Handle) -> Option<Comparison> {
        let proof = self.prover.prove(left, right)?;
        if proof.holds {
            return Some(Comparison {
                validity: Validity::Proven,
                proof,
                open: Vec::new(),
                witness: None,
                conditions: Vec::new(),
            });
        }
        let open = open_steps(&proof);
        // An answer does not depend on what was asked before.
        self.targets.clear();
        let found = self.search(left, right, proof.type_id, &open);
        let witness = found.map(|instance| {
            let faults = self.judge.judge(&instance.to_string(), right).faults;
            Witness { instance, faults }
        });
        let right_node = self.prover.plans().node(proof.type_id, &[right]);
        let conditions = witness.as_ref().and_then(|_| self.prover.conditions(&right_node, &open)).unwrap_or_default();
        let validity = match (&witness, conditions.is_empty()) {
            (None, _) => Validity::Unknown,
            // Whether there are conditions was not asked to the end.
            (Some(_), true) if self.prover.is_broken_off() => Validity::Unknown,
            (Some(_), true) => Validity::Refuted,
            (Some(_), false) => Validity::Partial,
        };
        Some(Comparison { validity, proof, open, witness, conditions })
    }

    /// How much of what `asked` selects the instances of `given` serve; `None` where their types differ.
    pub fn coverage(&mut self, asked: Handle, given: Handle) -> Option<Coverage> {
        let selected = self.prover.selection(asked, given)?;
        if selected.conditions.is_empty() && !selected.is_open {
            return Some(Coverage::All);
        }
        if self.prover.contradiction(asked, given).is_some() {
            return Some(Coverage::None);
        }
        let is_part = !selected.is_open && self.have_common(asked, given);
        Some(if is_part { Coverage::Part(selected.conditions) } else { Coverage::Unknown })
    }

    /// Why no instance can be valid for both profiles, or with a profile beside itself for it at all; `None` where no
    /// contradiction is found.
    pub fn contradiction(&mut self, left: Handle, right: Handle) -> Option<Contradiction> {
        self.prover.contradiction(left, right)
    }

    /// Whether an instance was found that is valid for both profiles, in whichever order they are named.
    fn have_common(&mut self, one: Handle, other: Handle) -> bool {
        let pair = if one <= other { (one, other) } else { (other, one) };
        if let Some(known) = self.common.get(&pair) {
            return *known;
        }
        let found = self.common(pair.0, pair.1);
        if self.common.len() >= COMMON {
            self.common.clear();
        }
        self.common.insert(pair, found);
        found
    }

    fn common(&mut self, left: Handle, right: Handle) -> bool {
        let Some(type_id) = self.prover.common_type(left, right) else { return false };
        for wishes in [self.pool(right).wishes.clone(), self.pool(left).wishes.clone(), Vec::new()] {
            let Ok(instance) = self.generator.build(type_id, &[left, right], &wishes, SEED) else { continue };
            let text = instance.to_string();
            if [left, right].iter().all(|p| self.judge.judge(&text, *p).verdict == Verdict::Valid) {
                return true;
            }
        }
        false
    }

    /// Valid instances of a profile: the smallest first.
    pub(super) fn pool(&mut self, profile: Handle) -> Arc<Pool> {
        if let Some(known) = self.pools.get(&profile) {
            return known.clone();
        }
        if self.pools.len() >= POOLS {
            self.pools.clear();
        }
        let mut all = Pool::default();
        for (kind, count) in [(Kind::Minimal, 1), (Kind::Full, 1), (Kind::Boundary, POOL)] {
            let made = self.generator.instances(profile, kind, count, SEED, &mut self.judge);
            for i in made.instances.into_iter().filter(|i| i.judged.verdict == Verdict::Valid) {
                if all.instances.is_empty() {
                    all.wishes = i.wishes;
                }
                all.instances.push(i.value);
            }
        }
        let pool = Arc::new(all);
        self.pools.insert(profile, pool.clone());
        pool
    }

    /// An instance of A's pool that B refuses.
    fn pooled(&mut self, left: Handle, right: Handle) -> Option<Value> {
        let pool = self.pool(left);
        pool.instances.iter().find(|i| self.judge.judge(&i.to_string(), right).verdict == Verdict::Invalid).cloned()
    }

    pub(super) fn search(&mut self, left: Handle, right: Handle, type_id: TypeId, open: &[OpenStep]) -> Option<Value> {
        self.pooled(left, right)
            .or_else(|| self.directed(left, right, type_id, open))
            .or_else(|| self.by_targets(left, right, type_id, open))
            .or_else(|| self.mended(left, right, type_id, open))
    }

    /// An instance built to break an open step about counts, and mended until A accepts it.
    fn mended(&mut self, left: Handle, right: Handle, type_id: TypeId, open: &[OpenStep]) -> Option<Value> {
        let about_counts = |s: &&OpenStep| matches!(s.kind, StepKind::Max | StepKind::SliceMax | StepKind::SliceMin);
        let breaks = open.iter().filter(about_counts).flat_map(|s| &s.breaks);
        for wishes in breaks.flat_map(|(way, how)| wishes(way, how)).take(MENDED) {
            let made = self.generator.valid(left, type_id, &wishes, SEED, &mut self.judge);
            if let Some(instance) = made.filter(|i| self.judge.judge(&i.to_string(), right).verdict == Verdict::Invalid)
            {
                return Some(instance);
            }
        }
        None
    }

    /// Each set of wishes as it is, and with what makes the smallest instance valid.
    pub(super) fn with_pool(&mut self, profile: Handle, all: Vec<Vec<Wish>>) -> Vec<Vec<Wish>> {
        let own = &self.pool(profile).wishes;
        let mut out = Vec::new();
        for wishes in all {
            if !own.is_empty() {
                out.push(wishes.iter().chain(own).cloned().collect());
            }
            out.push(wishes);
        }
        out
    }

    /// An instance built to break an open step.
    fn directed(&mut self, left: Handle, right: Handle, type_id: TypeId, open: &[OpenStep]) -> Option<Value> {
        let mut built = 0;
        for step in open {
            for (way, how) in &step.breaks {
                // Those need a target first.
                if matches!(how, Break::TargetOf(..)) {
                    continue;
                }
                for wishes in self.with_pool(left, wishes(way, how)) {
                    for profiles in [&[left][..], &[left, right]] {
                        if built >= BUILT || self.prover.is_broken_off() {
                            return None;
                        }
                        built += 1;
                        let Ok(instance) = self.generator.build(type_id, profiles, &wishes, SEED) else { continue };
                        if self.refutes(left, right, &instance) {
                            return Some(instance);
                        }
                    }
                }
            }
        }
        None
    }

    pub(super) fn refutes(&mut self, left: Handle, right: Handle, instance: &Value) -> bool {
        let text = instance.to_string();
        self.judge.judge(&text, left).verdict == Verdict::Valid
            && self.judge.judge(&text, right).verdict == Verdict::Invalid
    }

    /// The witness without what can go.
    pub fn shrink(&mut self, left: Handle, right: Handle, witness: Witness) -> Witness {
        let best = shrink(witness.instance, |candidate| self.refutes(left, right, candidate));
        let faults = self.judge.judge(&best.to_string(), right).faults;
        Witness { instance: best, faults }
    }
}
