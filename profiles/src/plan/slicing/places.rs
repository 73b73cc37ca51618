//! The places in the definitions that the paths of discriminators lead to.

use super::super::elements::by_id;
use super::super::node::Step;
use super::super::rows::{NONE, STRUCTURE_CONSTRAINT};
use super::super::set::{Handle, ImageSet};
use crate::instance::NameId;

/// The element that a type's profile stands for: the root of the structure, or the element that a fragment names.
fn profile_root(set: &ImageSet, profile: &str, layer: u32) -> Option<Handle> {
    let (url, element) = profile.split_once('#').map_or((profile, None), |(url, id)| (url, Some(id)));
    let structure = set.find_structure(url, Some(layer))?;
    element.map_or_else(|| set.root(structure), |id| by_id(set, structure, id))
}

/// A place in the definitions that a path leads to, with how many steps were taken to it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub element: Handle,
    pub taken: usize,
}

/// The elements that the path leads to from a slice: the deepest, and on the way those that may hold a pattern.
pub(super) fn resolve(set: &ImageSet, slice: Handle, steps: &[Step]) -> Vec<Place> {
    let mut places = vec![Place { element: slice, taken: 0 }];
    let mut current = vec![slice];
    for (i, step) in steps.iter().enumerate() {
        let mut next = Vec::new();
        for &h in &current {
            next.extend(step_into(set, h, step));
        }
        places.extend(next.iter().map(|&element| Place { element, taken: i + 1 }));
        current = next;
    }
    places
}

pub(super) fn children(set: &ImageSet, h: Handle) -> Vec<Handle> {
    let image = set.layer(h.layer);
    let mut out = Vec::new();
    let mut at = image.element(h.row).map_or(NONE, |e| {
        if e.first_child == NONE && e.content != NONE {
            image.element(e.content).map_or(NONE, |c| c.first_child)
        } else {
            e.first_child
        }
    });
    while let Some(e) = image.element(at) {
        out.push(Handle { layer: h.layer, row: at });
        at = e.next;
    }
    out
}

/// The roots of the profiles of an element's types; the core type where it names none.
fn roots(set: &ImageSet, h: Handle) -> Vec<Handle> {
    let image = set.layer(h.layer);
    let Some(e) = image.element(h.row) else { return Vec::new() };
    let mut out = Vec::new();
    for t in image.type_refs(e.types) {
        let profiles: Vec<Handle> = image.list(t.profiles).filter_map(|p| profile_root(set, p, h.layer)).collect();
        if profiles.is_empty() {
            out.extend(set.core_type(image.str(t.code)).and_then(|s| set.root(s)));
        } else {
            out.extend(profiles);
        }
    }
    out
}

fn is_constraint(set: &ImageSet, element: Handle) -> bool {
    set.structure_of(element).is_some_and(|s| s.flags & STRUCTURE_CONSTRAINT != 0)
}

/// Elements, each followed by its slices: what a slice fixes holds for the entries that the path meets.
fn with_slices(set: &ImageSet, elements: Vec<Handle>) -> Vec<Handle> {
    let mut out = Vec::new();
    for h in elements {
        out.push(h);
        slices_of(set, h, &mut out);
    }
    out
}

/// The slices of an element, each followed by those that divide it further.
fn slices_of(set: &ImageSet, h: Handle, out: &mut Vec<Handle>) {
    let image = set.layer(h.layer);
    let mut at = image.element(h.row).map_or(NONE, |e| e.first_slice);
    while let Some(s) = image.element(at) {
        let slice = Handle { layer: h.layer, row: at };
        out.push(slice);
        slices_of(set, slice, out);
        at = s.next_slice;
    }
}

fn step_into(set: &ImageSet, h: Handle, step: &Step) -> Vec<Handle> {
    let image = set.layer(h.layer);
    match step {
        Step::OfType(_) => vec![h],
        Step::Resolve => {
            let Some(e) = image.element(h.row) else { return Vec::new() };
            let targets = image.type_refs(e.types).iter().flat_map(|t| image.list(t.targets));
            targets.filter_map(|p| set.find_structure(p, Some(h.layer))).filter_map(|s| set.root(s)).collect()
        }
        Step::Child(name) => {
            let named = |c: &Handle| set.element(*c).is_some_and(|e| e.name == *name);
            let mut found: Vec<Handle> = children(set, h).into_iter().filter(named).collect();
            // Own children leave open what the profiles of the type say; the core type says nothing beyond them.
            let own = !found.is_empty();
            let further = roots(set, h).into_iter().filter(|r| !own || is_constraint(set, *r));
            found.extend(further.flat_map(|r| children(set, r)).filter(named));
            with_slices(set, found)
        }
        Step::Extension(url) => {
            let extensions: Vec<Handle> = children(set, h)
                .into_iter()
                .filter(|c| set.element(*c).is_some_and(|e| e.name == NameId::EXTENSION))
                .collect();
            let mut slices = Vec::new();
            for x in extensions {
                slices_of(set, x, &mut slices);
            }
            let named = |s: &Handle| {
                let types = set.element(*s).map_or(&[][..], |e| image.type_refs(e.types));
                types.iter().any(|t| image.list(t.profiles).any(|p| p.split('|').next() == Some(url)))
            };
            slices.retain(named);
            slices
        }
    }
}
