//! A slice discriminated by a profile that no entry conforms to: the entry that comes nearest, and what it lacks.

use super::matching::{Spot, places};
use super::{Entry, SliceMatch};
use crate::judge::{Finding, Judge, Place};
use crate::plan::{Check, PlanSlice};

/// How many entries are looked at, and how many errors of the nearest are reported.
const ENTRIES: usize = 8;
const ERRORS: usize = 5;

/// What keeps the nearest of the entries that are in no slice from conforming to the profile that discriminates a
/// slice; nothing where it has another discriminator, or no entry is of the profile's type.
pub(super) fn misses<'t>(
    j: &mut Judge<'_, 't>,
    slice: &PlanSlice,
    entries: &[Entry<'t>],
    matches: &[SliceMatch],
) -> Vec<Finding> {
    let told = slice.tests.iter().find_map(|t| match &t.check {
        Check::Profile(roots) => Some((&t.path, roots)),
        _ => None,
    });
    let Some((path, roots)) = told else { return Vec::new() };
    let mut nearest: Option<(u64, Vec<Finding>)> = None;
    let mut looked_at = 0;
    for (e, _) in entries.iter().zip(matches).filter(|(_, f)| f.slice.is_none()) {
        for Spot { node, type_id, .. } in places(j, path, e.node, e.type_id) {
            for root in roots {
                if looked_at == ENTRIES || !j.fits(type_id, *root) {
                    continue;
                }
                looked_at += 1;
                let plan = j.plans.node(type_id, &[*root]);
                let errors = j.errors_at(&Place { node, plan: &plan, up: None, frame: &j.frame_of(node) }, ERRORS);
                if errors.0 > 0 && nearest.as_ref().is_none_or(|known| errors.0 < known.0) {
                    nearest = Some(errors);
                }
            }
        }
    }
    nearest.map(|(_, errors)| errors).unwrap_or_default()
}
