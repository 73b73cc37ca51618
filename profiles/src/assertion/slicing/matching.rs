//! Discriminators: what an entry has at their paths, and whether it is what a slice requires.

use crate::assertion::value::{equals, holds};
use crate::instance::{NameId, Node};
use crate::judge::{Frame, Judge, Target, Truth};
use crate::model::{Model, TypeId};
use crate::plan::{Check, PlanSlice, SliceTest, Step};

/// Whether an entry is in a slice: all of its discriminators agree.
pub fn matches<'t>(j: &mut Judge<'_, 't>, frame: &Frame<'t>, slice: &PlanSlice, e: Node<'t>, type_id: TypeId) -> Truth {
    if slice.tests.iter().all(|t| matches!(t.check, Check::Nothing)) {
        // The profile has no discriminator for the slice. Extensions are discriminated by url, and this slice names
        // none.
        return if matches!(e.name(), NameId::EXTENSION | NameId::MODIFIER_EXTENSION) {
            Truth::False
        } else {
            Truth::Unknown
        };
    }
    let mut all = Truth::True;
    for t in &slice.tests {
        all = all.and(test(j, frame, t, e, type_id));
        if all == Truth::False {
            break;
        }
    }
    all
}

/// A place that a path leads to.
#[derive(Clone, Copy)]
pub(super) struct Spot<'t> {
    pub node: Node<'t>,
    pub type_id: TypeId,
    /// The node is a reference whose target is not available; only the target's type is known.
    away: bool,
}

impl<'t> Spot<'t> {
    fn here(node: Node<'t>, type_id: TypeId) -> Spot<'t> {
        Spot { node, type_id, away: false }
    }
}

/// The places that a path leads to from an entry, as far as they are present.
pub(super) fn places<'t>(j: &mut Judge<'_, 't>, path: &[Step], entry: Node<'t>, type_id: TypeId) -> Vec<Spot<'t>> {
    let mut found = Vec::new();
    let frame = j.frame_of(entry);
    reach(j, &frame, path, Spot::here(entry, type_id), &mut false, &mut |_, spot| {
        if !spot.away {
            found.push(spot);
        }
        true
    });
    found
}

/// Receives the places of a path one by one; returns whether to go on.
type Sink<'s, 'e, 't> = dyn FnMut(&mut Judge<'e, 't>, Spot<'t>) -> bool + 's;

fn test<'e, 't>(j: &mut Judge<'e, 't>, frame: &Frame<'t>, test: &SliceTest, e: Node<'t>, type_id: TypeId) -> Truth {
    let mut any = Truth::False;
    let mut open = false;
    let start = Spot::here(e, type_id);
    let wanted = match test.check {
        Check::Exists(wanted) => Some(wanted),
        _ => None,
    };
    reach(j, frame, &test.path, start, &mut open, &mut |j: &mut Judge<'e, 't>, spot| {
        any = any.or(if wanted.is_some() { Truth::True } else { agrees(j, &test.check, spot) });
        any != Truth::True
    });
    if open {
        any = any.or(Truth::Unknown);
    }
    match (wanted, &test.check) {
        (Some(false), _) => any.not(),
        (None, Check::Nothing) => Truth::True,
        (None, Check::Unsupported(_)) => Truth::Unknown,
        _ => any,
    }
}

/// Whether the node at one place is what a discriminator requires.
fn agrees<'t>(j: &mut Judge<'_, 't>, check: &Check, spot: Spot<'t>) -> Truth {
    let Spot { node, type_id, away } = spot;
    let set = j.set;
    match check {
        Check::Type(types) => {
            let fits = types.iter().any(|w| j.model().is_a(type_id, *w));
            if type_id.is_known() { Truth::of(fits) } else { Truth::Unknown }
        }
        Check::Profile(roots) if away => {
            if roots.iter().any(|r| j.fits(type_id, *r)) {
                Truth::Unknown
            } else {
                Truth::False
            }
        }
        _ if away => Truth::Unknown,
        Check::Value { value, fixed } => {
            Truth::of(if *fixed { equals(set, node, *value) } else { holds(set, node, *value) })
        }
        Check::Text(wanted) => Truth::of(node.text() == **wanted),
        Check::Binding { value_set, .. } => value_set.map_or(Truth::Unknown, |v| j.member(node, type_id, v)),
        Check::Profile(roots) => j.conforms(node, j.frame_of(node), type_id, roots),
        Check::All(tests) => {
            let frame = j.frame_of(node);
            tests.iter().fold(Truth::True, |all, x| {
                if all == Truth::False { all } else { all.and(test(j, &frame, x, node, type_id)) }
            })
        }
        Check::Exists(_) | Check::Nothing => Truth::True,
        Check::Unsupported(_) => Truth::Unknown,
    }
}

/// Walks a path, and passes on the places that it leads to. `open` is set where it may lead to more that is not
/// available. Returns whether to go on.
fn reach<'e, 't>(
    j: &mut Judge<'e, 't>,
    frame: &Frame<'t>,
    steps: &[Step],
    spot: Spot<'t>,
    open: &mut bool,
    sink: &mut Sink<'_, 'e, 't>,
) -> bool {
    let Some((step, rest)) = steps.split_first() else { return sink(j, spot) };
    let model = j.model();
    let Spot { node: n, type_id: t, away } = spot;
    if away {
        *open = true;
        return true;
    }
    match step {
        Step::Child(name) => n
            .children()
            .filter_map(|c| Some(Spot::here(c, child_type(model, t, c, *name)?)))
            .all(|spot| reach(j, frame, rest, spot, open, sink)),
        Step::Extension(url) => n
            .children_named(NameId::EXTENSION)
            .filter(|x| x.child_text(NameId::URL).is_some_and(|u| u == **url))
            .all(|x| reach(j, frame, rest, Spot::here(x, model.type_of_child(t, x)), open, sink)),
        Step::OfType(wanted) => !model.is_a(t, *wanted) || reach(j, frame, rest, spot, open, sink),
        Step::Resolve => resolve(j, frame, rest, n, open, sink),
    }
}

/// The type of a child, if it is the element of this name or one of its choices.
fn child_type(model: &Model, parent: TypeId, child: Node<'_>, name: NameId) -> Option<TypeId> {
    if child.name() == name {
        return Some(model.type_of_child(parent, child));
    }
    model.child(parent, child.name()).filter(|row| row.choice_base == name).map(|row| row.type_id)
}

/// As [`reach`], from the target of a reference.
fn resolve<'e, 't>(
    j: &mut Judge<'e, 't>,
    frame: &Frame<'t>,
    rest: &[Step],
    reference: Node<'t>,
    open: &mut bool,
    sink: &mut Sink<'_, 'e, 't>,
) -> bool {
    if reference.child(NameId::REFERENCE).is_none() {
        // A target given only by its type or an identifier cannot be examined.
        *open |= reference.children().any(|c| !matches!(c.name(), NameId::ID | NameId::EXTENSION | NameId::DISPLAY));
        return true;
    }
    match j.resolve(reference, frame) {
        Target::Found(target) => {
            let (frame, type_id) = (j.frame_of(target), j.model().resource_type(target));
            reach(j, &frame, rest, Spot::here(target, type_id), open, sink)
        }
        Target::Typed(type_id) => reach(j, frame, rest, Spot { node: reference, type_id, away: true }, open, sink),
        Target::Missing | Target::Unknown => {
            *open = true;
            true
        }
    }
}
