//! Evidence on slices: for each entry and each slice tried, what was expected at the discriminator and what was found.

use crate::assertion::text::{beside, shown, value_text};
use crate::assertion::value::{equals, holds};
use crate::instance::{NameId, Node};
use crate::model::TypeId;
use crate::plan::rows::{ELEMENT_CHOICE, NONE};
use crate::plan::{Check, Handle, ImageSet, PlanSlice, PlanSlicing, SliceTest, Step, slicing_of};

/// At most this many entries are described.
const ENTRIES: usize = 5;

/// Why no entry of `parent` is in a slice that is missing.
pub(super) fn missing(set: &ImageSet, parent: Node<'_>, slice: Handle) -> Vec<(String, String)> {
    let Some((element, slicing)) = owner(set, slice) else { return Vec::new() };
    let Some(wanted) = slicing.slices.iter().find(|s| s.element == slice) else { return Vec::new() };
    let entries = entries(set, parent, element);
    if entries.is_empty() {
        return vec![(
            format!("slice {}", name(set, slice)),
            format!("there is no entry; expected {}", wants(set, wanted)),
        )];
    }
    let told = entries.iter().enumerate().take(ENTRIES);
    told.map(|(i, (e, t))| (format!("slice {}, entry {i}", name(set, slice)), against(set, wanted, *e, *t))).collect()
}

/// Why an entry is in no slice of `element`.
pub(super) fn unmatched(set: &ImageSet, entry: Node<'_>, element: Handle) -> Vec<(String, String)> {
    let Some(slicing) = slicing_of(set, element) else { return Vec::new() };
    let type_id = set.model().type_of(entry);
    slicing
        .slices
        .iter()
        .map(|s| (format!("slice {}", name(set, s.element)), against(set, s, entry, type_id)))
        .collect()
}

/// The element that a slice belongs to, with its slicing.
fn owner(set: &ImageSet, slice: Handle) -> Option<(Handle, PlanSlicing)> {
    let image = set.layer(slice.layer);
    let mut at = image.element(image.element(slice.row)?.parent)?.first_child;
    while let Some(e) = image.element(at) {
        let h = Handle { layer: slice.layer, row: at };
        if e.first_slice != NONE
            && let Some(slicing) = slicing_of(set, h)
            && slicing.slices.iter().any(|s| s.element == slice)
        {
            return Some((h, slicing));
        }
        at = e.next;
    }
    None
}

/// The entries of an element among the children of a node, with their types.
fn entries<'t>(set: &ImageSet, parent: Node<'t>, element: Handle) -> Vec<(Node<'t>, TypeId)> {
    let model = set.model();
    let Some(e) = set.element(element) else { return Vec::new() };
    let outer = model.type_of(parent);
    let fits = |c: &Node<'t>| {
        c.name() == e.name
            || (e.flags & ELEMENT_CHOICE != 0 && model.child(outer, c.name()).is_some_and(|r| r.choice_base == e.name))
    };
    parent.children().filter(fits).map(|c| (c, model.type_of_child(outer, c))).collect()
}

fn name(set: &ImageSet, slice: Handle) -> String {
    set.element(slice).map_or_else(String::new, |e| set.str(slice.layer, e.slice_name).to_owned())
}

fn wants(set: &ImageSet, slice: &PlanSlice) -> String {
    let all: Vec<String> =
        slice.tests.iter().map(|t| format!("{} at `{}`", wanted(set, &t.check), path(set, t))).collect();
    if all.is_empty() { "an entry for the slice".to_owned() } else { all.join(" and ") }
}

fn against(set: &ImageSet, slice: &PlanSlice, entry: Node<'_>, type_id: TypeId) -> String {
    let all: Vec<String> = slice
        .tests
        .iter()
        .map(|t| (t, places(set, t, entry, type_id)))
        .filter(|(t, places)| !agrees(set, t, places))
        .map(|(t, places)| {
            let found = found(set, t, &places);
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
            format!("expected {} at `{}`, found {found}", wanted(set, &t.check), path(set, t))
        })
        .collect();
    match (all.is_empty(), slice.tests.is_empty()) {
        (false, _) => all.join("; "),
        (true, true) => "the slice has no discriminator".to_owned(),
        (true, false) => "the entry matches another slice".to_owned(),
    }
}

/// Whether the node at a discriminator's path shows that the entry is what the slice requires.
fn agrees(set: &ImageSet, test: &SliceTest, places: &[(Node<'_>, TypeId)]) -> bool {
    if test.path.contains(&Step::Resolve) {
        return false;
    }
    let any = |holds: &dyn Fn(Node<'_>, TypeId) -> bool| places.iter().any(|(n, t)| holds(*n, *t));
    match &test.check {
        Check::Value { value, fixed: true } => any(&|n, _| equals(set, n, *value)),
        Check::Value { value, fixed: false } => any(&|n, _| holds(set, n, *value)),
        Check::Text(wanted) => any(&|n, _| n.text() == **wanted),
        Check::Type(types) => any(&|_, t| types.iter().any(|w| set.model().is_a(t, *w))),
        Check::Exists(wanted) => places.is_empty() != *wanted,
        Check::Nothing => true,
        Check::Binding { .. } | Check::Profile(_) | Check::All(_) | Check::Unsupported(_) => false,
    }
}

fn path(set: &ImageSet, test: &SliceTest) -> String {
    if test.path.is_empty() {
        return "$this".to_owned();
    }
    let steps = test.path.iter().map(|s| match s {
        Step::Child(n) => set.model().names().text(*n).to_owned(),
        Step::Extension(url) => format!("extension('{url}')"),
        Step::Resolve => "resolve()".to_owned(),
        Step::OfType(t) => format!("ofType({})", set.model().type_name(*t)),
    });
    steps.collect::<Vec<_>>().join(".")
}

fn wanted(set: &ImageSet, check: &Check) -> String {
    match check {
        Check::Value { value, .. } => value_text(set, *value),
        Check::Text(text) => format!("`\"{text}\"`"),
        Check::Binding { canonical, .. } => format!("a code from value set `{canonical}`"),
        Check::Exists(true) => "a value".to_owned(),
        Check::Exists(false) => "no value".to_owned(),
        Check::Type(types) => {
            format!("type {}", types.iter().map(|t| set.model().type_name(*t)).collect::<Vec<_>>().join(" or "))
        }
        Check::Profile(roots) => {
            format!("profile {}", roots.iter().map(|r| set.canonical_of(*r)).collect::<Vec<_>>().join(" or "))
        }
        Check::All(tests) => tests
            .iter()
            .map(|t| format!("{} at `{}`", wanted(set, &t.check), path(set, t)))
            .collect::<Vec<_>>()
            .join(" and "),
        Check::Nothing => "anything".to_owned(),
        Check::Unsupported(why) => why.clone(),
    }
}

/// The places of a discriminator; a reference that would have to be resolved stands for its target.
fn places<'n>(set: &ImageSet, test: &SliceTest, entry: Node<'n>, type_id: TypeId) -> Vec<(Node<'n>, TypeId)> {
    let model = set.model();
    let mut places = vec![(entry, type_id)];
    for step in &test.path {
        let mut next = Vec::new();
        for (n, t) in places {
            match step {
                Step::Child(name) => {
                    let fits = |c: &Node<'_>| {
                        c.name() == *name || model.child(t, c.name()).is_some_and(|r| r.choice_base == *name)
                    };
                    next.extend(n.children().filter(fits).map(|c| (c, model.type_of_child(t, c))));
                }
                Step::Extension(url) => {
                    let named = n
                        .children_named(NameId::EXTENSION)
                        .filter(|x| x.child_text(NameId::URL).is_some_and(|u| u == **url));
                    next.extend(named.map(|x| (x, model.type_of_child(t, x))));
                }
                Step::OfType(wanted) if !model.is_a(t, *wanted) => {}
                Step::OfType(_) | Step::Resolve => next.push((n, t)),
            }
        }
        places = next;
    }
    places
}

/// The values at the places of a discriminator.
fn found(set: &ImageSet, test: &SliceTest, places: &[(Node<'_>, TypeId)]) -> Vec<String> {
    let said = |(n, t): &(Node<'_>, TypeId)| match test.check {
        Check::Type(_) => format!("type {}", set.model().type_name(*t)),
        Check::Value { value, .. } => beside(set, *n, value),
        _ => shown(*n),
    };
    places.iter().map(said).collect()
}
