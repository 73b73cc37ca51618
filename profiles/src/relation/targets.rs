//! Witnesses by what a reference points to: the target is contained, and B refuses it.

use std::sync::Arc;

use serde_json::Value;

use super::contained::contain;
use super::open::{OpenStep, open_steps};
use super::proof::Break;
use super::shrink::shrink;
use super::wishes::wishes;
use super::witness::{Relations, SEED};
use crate::generate::{Judge, Verdict};
use crate::model::TypeId;
use crate::plan::Handle;

/// Bound on the containers that are built for the targets of one pair's references.
const CONTAINERS: usize = 12;
/// Bound on the targets that are tried for one reference, beside one that was built for it.
const SAME_TARGETS: usize = 3;
/// Bound on the pairs of target profiles that are looked at for one pair of profiles; beyond it nothing is found.
const TARGETS: usize = 64;

impl<J: Judge> Relations<'_, J> {
    /// An instance that contains the target of a reference, which breaks what B demands of targets.
    pub(super) fn by_targets(
        &mut self,
        left: Handle,
        right: Handle,
        type_id: TypeId,
        open: &[OpenStep],
    ) -> Option<Value> {
        let mut built = 0;
        for step in open {
            for (way, how) in &step.breaks {
                let Break::TargetOf(own, wide) = how else { continue };
                if built >= CONTAINERS {
                    return None;
                }
                built += 1;
                for target in self.targets(*own, wide).iter() {
                    for wishes in self.with_pool(left, wishes(way, how)) {
                        let Ok(instance) = self.generator.build(type_id, &[left], &wishes, SEED) else { continue };
                        let Some(instance) = contain(instance, target.clone()) else { continue };
                        if self.refutes(left, right, &instance) {
                            return Some(instance);
                        }
                    }
                }
            }
        }
        None
    }

    /// Resources that are valid for one profile and for none of the others, a few.
    fn targets(&mut self, own: Handle, wide: &[Handle]) -> Arc<Vec<Value>> {
        let key = (own, wide.to_vec());
        if let Some(known) = self.targets.get(&key) {
            return known.clone();
        }
        if self.targets.len() >= TARGETS {
            return Arc::default();
        }
        // What leads back here finds none.
        self.targets.insert(key.clone(), Arc::default());
        let found = Arc::new(self.targets_of(own, wide).unwrap_or_default());
        self.targets.insert(key, found.clone());
        found
    }

    fn targets_of(&mut self, own: Handle, wide: &[Handle]) -> Option<Vec<Value>> {
        let first = *wide.first()?;
        let proof = self.prover.prove(own, first).filter(|p| !p.holds)?;
        let pool = self.pool(own);
        let mut found: Vec<Value> =
            pool.instances.iter().filter(|v| self.fits_none(v, wide)).take(SAME_TARGETS).cloned().collect();
        let open = open_steps(&proof);
        found.extend(self.search(own, first, proof.type_id, &open).filter(|v| self.fits_none(v, wide)));
        for instance in &mut found {
            *instance = shrink(instance.clone(), |v| self.refutes(own, first, v) && self.fits_none(v, wide));
        }
        found.dedup();
        Some(found)
    }

    fn fits_none(&mut self, instance: &Value, profiles: &[Handle]) -> bool {
        let text = instance.to_string();
        profiles.iter().all(|p| self.judge.judge(&text, *p).verdict == Verdict::Invalid)
    }
}
