//! Slices that their discriminators do not tell apart: each asks for the same at the same places.

use std::fmt::Write;

use rustc_hash::FxHashMap;

use super::super::node::{Check, PlanSlice, SliceTest};
use super::super::rows::NONE;
use super::super::set::{Handle, ImageSet};

/// Values deeper than this are taken as different.
const DEPTH: usize = 16;

/// Marks the slices that have the same discriminators as another.
pub(super) fn mark_twins(set: &ImageSet, slices: &mut [PlanSlice]) {
    if slices.len() < 2 {
        return;
    }
    let keys: Vec<Option<String>> = slices.iter().map(|s| key(set, &s.tests)).collect();
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    keys.iter().flatten().for_each(|key| *counts.entry(key).or_default() += 1);
    for (slice, key) in slices.iter_mut().zip(&keys) {
        slice.twin = key.as_deref().is_some_and(|key| counts.get(key).is_some_and(|n| *n > 1));
    }
}

/// What a slice's discriminators ask, as a text that is the same for the same; `None` where it cannot be compared, or
/// nothing is asked.
fn key(set: &ImageSet, tests: &[SliceTest]) -> Option<String> {
    let mut out = String::new();
    for test in tests {
        _ = write!(out, "{:?} ", test.path);
        match &test.check {
            Check::Value { value, fixed } => {
                _ = write!(out, "{fixed} ");
                value_key(set, *value, DEPTH, &mut out)?;
            }
            Check::Text(text) => _ = write!(out, "{text:?}"),
            Check::Binding { canonical, .. } => _ = write!(out, "{canonical:?}"),
            Check::Exists(exists) => _ = write!(out, "{exists}"),
            Check::Type(types) => _ = write!(out, "{types:?}"),
            Check::Profile(roots) => _ = write!(out, "{roots:?}"),
            Check::All(tests) => out.push_str(&key(set, tests)?),
            Check::Nothing => out.push('-'),
            Check::Unsupported(_) => return None,
        }
        out.push('\n');
    }
    tests.iter().any(|t| !matches!(t.check, Check::Nothing)).then_some(out)
}

fn value_key(set: &ImageSet, at: Handle, depth: usize, out: &mut String) -> Option<()> {
    let row = set.value(at)?;
    let depth = depth.checked_sub(1)?;
    _ = write!(out, "{:?} {:?} {:?} (", row.name, row.kind(), set.str(at.layer, row.text));
    let mut child = row.first_child;
    while child != NONE {
        let inner = Handle { layer: at.layer, row: child };
        value_key(set, inner, depth, out)?;
        child = set.value(inner)?.next;
    }
    out.push(')');
    Some(())
}
