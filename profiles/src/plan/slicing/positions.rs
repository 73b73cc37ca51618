//! Slices that are told apart by the position of their entries
//! (<https://hl7.org/fhir/R5/profiling.html#discriminator>): all but the last have as many entries as they must have.

use super::super::kinds::DiscriminatorKind;
use super::super::node::PlanSlice;

/// The numbers of each slice's entries, from and up to but without; `None` where something else tells the slices
/// apart, or a slice before the last may have more or fewer entries.
pub(super) fn positions(
    discriminators: &[(DiscriminatorKind, &str)],
    slices: &[PlanSlice],
) -> Option<Box<[(u32, u32)]>> {
    if !matches!(discriminators, [(DiscriminatorKind::Position, "$this" | "")]) {
        return None;
    }
    let (_, before) = slices.split_last()?;
    if before.iter().any(|s| s.min != s.max) {
        return None;
    }
    let mut from = 0u32;
    let range = |s: &PlanSlice| {
        let to = from.saturating_add(s.max);
        (std::mem::replace(&mut from, to), to)
    };
    Some(slices.iter().map(range).collect())
}
