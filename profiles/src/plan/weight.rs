//! What a plan node weighs in memory, about: so that what is kept of them has a bound in bytes, whatever sets of
//! profiles instances name.

use std::mem::size_of;

use super::node::{PlanChild, PlanConstraint, PlanNode, PlanSlice, PlanSlicing, PlanTargets, Variant};
use super::set::Handle;
use crate::model::TypeId;

/// The bytes of a node, without those of the nodes that it leads to.
pub(super) fn weight(node: &PlanNode) -> usize {
    let handles = |n: usize| n * size_of::<Handle>();
    let children: usize = node.children.iter().map(child).sum();
    let constraints: usize =
        node.constraints.iter().map(|c| size_of::<PlanConstraint>() + handles(c.handles.len())).sum();
    let targets: usize = node
        .targets
        .iter()
        .map(|t| {
            let profiles = t.profiles.len() * size_of::<(TypeId, Handle)>();
            size_of::<PlanTargets>() + t.types.len() * size_of::<TypeId>() + profiles
        })
        .sum();
    let alternatives: usize = node.alternatives.iter().map(|a| size_of_val(a) + handles(a.roots.len())).sum();
    let bindings: usize = node.bindings.iter().map(|b| size_of_val(b) + b.canonical.len()).sum();
    // The key in the map holds the handles once more.
    size_of::<PlanNode>()
        + 2 * handles(node.handles.len())
        + children
        + size_of_val(&*node.table)
        + constraints
        + targets
        + alternatives
        + bindings
        + size_of_val(&*node.values)
        + size_of_val(&*node.bounds)
        + size_of_val(&*node.presence)
        + size_of_val(&*node.faults)
}

fn child(child: &PlanChild) -> usize {
    let variants: usize =
        child.variants.iter().map(|v| size_of::<Variant>() + v.refused.len() * size_of::<Handle>()).sum();
    let slicings: usize =
        child.slicings.iter().map(|s| size_of::<PlanSlicing>() + s.slices.len() * size_of::<PlanSlice>()).sum();
    size_of::<PlanChild>() + child.handles.len() * size_of::<Handle>() + variants + slicings
}
