//! The search for a change that mends an instance: bounded and deterministic, over the elements that a failing rule
//! names.
//! Each change is a wish more; the one that leaves the fewest faults is kept, and the search goes on from there.

use serde_json::Value;

use super::build::Generator;
use super::draft::Extent;
use super::{Instance, Judge, Unbuildable, Wish};
use crate::model::TypeId;
use crate::plan::Handle;

/// How many changes are kept, one upon the other.
const CHANGES: usize = 8;
/// How many instances are built and judged in the search for one.
const TRIES: usize = 160;
/// How many where the caller has other ways to go on.
const FEW_TRIES: usize = 60;
/// How many faults of an instance are looked at.
const FAULTS: usize = 4;
/// How many changes are combined in pairs.
const PAIRED: usize = 10;

impl Generator<'_> {
    /// Builds an instance, judges it, and mends it as far as that succeeds.
    pub(super) fn mended(
        &self,
        (profile, type_id, extent): (Handle, TypeId, Extent),
        wishes: &[Wish],
        seed: u64,
        judge: &mut dyn Judge,
    ) -> Result<(Instance, Vec<Unbuildable>), Unbuildable> {
        self.mended_within((profile, type_id, extent), wishes, (seed, TRIES), judge)
    }

    /// The smallest instance with what the wishes ask for, mended as far as few tries go; `None` where it stays invalid
    /// or cannot be built.
    pub fn valid(
        &self,
        profile: Handle,
        type_id: TypeId,
        wishes: &[Wish],
        seed: u64,
        judge: &mut dyn Judge,
    ) -> Option<Value> {
        let what = (profile, type_id, Extent::Smallest);
        let (made, _) = self.mended_within(what, wishes, (seed, FEW_TRIES), judge).ok()?;
        made.judged.is_valid().then_some(made.value)
    }

    fn mended_within(
        &self,
        what: (Handle, TypeId, Extent),
        wishes: &[Wish],
        (seed, most): (u64, usize),
        judge: &mut dyn Judge,
    ) -> Result<(Instance, Vec<Unbuildable>), Unbuildable> {
        let mut best = self.judged(what, wishes, seed, judge)?;
        let mut tries = TRIES.saturating_sub(most);
        for _ in 0..CHANGES {
            if best.0.judged.is_valid() {
                break;
            }
            let Some(better) = self.better(what, &best.0, seed, &mut tries, judge) else { break };
            best = better;
        }
        Ok(best)
    }

    /// An instance with fewer faults, by one change or two.
    fn better(
        &self,
        what: (Handle, TypeId, Extent),
        from: &Instance,
        seed: u64,
        tries: &mut usize,
        judge: &mut dyn Judge,
    ) -> Option<(Instance, Vec<Unbuildable>)> {
        let changes = &self.changes(what.1, from);
        let singles = changes.iter().map(|c| vec![c.clone()]);
        let first = changes.iter().take(PAIRED);
        let pairs = first.clone().enumerate().flat_map(move |(i, a)| {
            let later = changes.iter().take(PAIRED).skip(i + 1);
            later.filter(move |b| b.path != a.path).map(move |b| vec![a.clone(), b.clone()])
        });
        for added in singles.chain(pairs) {
            if *tries >= TRIES {
                return None;
            }
            *tries += 1;
            let wishes: Vec<Wish> = from.wishes.iter().cloned().chain(added).collect();
            match self.judged(what, &wishes, seed, judge) {
                Ok(found) if found.0.judged.distance() < from.judged.distance() => return Some(found),
                _ => {}
            }
        }
        None
    }

    /// What may mend the faults of an instance, the likeliest first.
    fn changes(&self, type_id: TypeId, instance: &Instance) -> Vec<Wish> {
        let mut changes: Vec<Wish> = Vec::new();
        for fault in instance.judged.faults.iter().take(FAULTS) {
            let Some(place) = self.way(type_id, &instance.value, &fault.path) else { continue };
            for wish in self.remedies(&place, fault) {
                if !changes.contains(&wish) && !instance.wishes.contains(&wish) {
                    changes.push(wish);
                }
            }
        }
        changes
    }
}
