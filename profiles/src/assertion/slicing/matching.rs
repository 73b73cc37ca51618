//! Discriminators: what stands at their places in an entry, and whether it is what a slice demands.

use crate::assertion::value::{equals, holds};
use crate::instance::{NameId, Node};
use crate::judge::{Frame, Judge, Target, Truth};
use crate::model::TypeId;
use crate::plan::{Check, PlanSlice, SliceTest, Step};

/// Whether an entry is in a slice: all of its discriminators agree.
pub fn matches<'t>(j: &mut Judge<'_, 't>, frame: &Frame<'t>, slice: &PlanSlice, e: Node<'t>, type_id: TypeId) -> Truth {
    if slice.tests.iter().all(|t| matches!(t.check, Check::Nothing)) {
        // The profile does not say by what the slice is told. An extension is told by its url, and this slice names none.
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
    /// The node is a reference whose target is not here; only the target's type is known.
    away: bool,
}

/// The places that a path leads to from an entry, those alone that are here.
pub(super) fn places<'t>(j: &mut Judge<'_, 't>, path: &[Step], entry: Node<'t>, type_id: TypeId) -> Vec<Spot<'t>> {
    let mut found = Vec::new();
    let frame = j.frame_of(entry);
    reach(j, &frame, path, Spot { node: entry, type_id, away: false }, &mut false, &mut |_, spot| {
        if !spot.away {
            found.push(spot);
        }
        true
    });
    found
}

/// Takes the places of a path one by one; gives whether it wants more.
type Sink<'s, 'e, 't> = dyn FnMut(&mut Judge<'e, 't>, Spot<'t>) -> bool + 's;

fn test<'e, 't>(j: &mut Judge<'e, 't>, frame: &Frame<'t>, test: &SliceTest, e: Node<'t>, type_id: TypeId) -> Truth {
    let mut any = Truth::False;
    let mut open = false;
    let start = Spot { node: e, type_id, away: false };
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

/// Whether what stands at one place is what a discriminator asks for.
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

/// Walks a path, and passes on the places that it leads to. `open` is set where it may lead to more that is not here.
/// Gives whether the sink wants more.
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
        Step::Child(name) => {
            for c in n.children() {
                let type_id = if c.name() == *name {
                    model.type_of_child(t, c)
                } else if let Some(row) = model.child(t, c.name()).filter(|r| r.choice_base == *name) {
                    row.type_id
                } else {
                    continue;
                };
                if !reach(j, frame, rest, Spot { node: c, type_id, away: false }, open, sink) {
                    return false;
                }
            }
            true
        }
        Step::Extension(url) => {
            for x in n.children_named(NameId::EXTENSION) {
                let named = x.child_text(NameId::URL).is_some_and(|u| u == **url);
                if named
                    && !reach(
                        j,
                        frame,
                        rest,
                        Spot { node: x, type_id: model.type_of_child(t, x), away: false },
                        open,
                        sink,
                    )
                {
                    return false;
                }
            }
            true
        }
        Step::OfType(wanted) => !model.is_a(t, *wanted) || reach(j, frame, rest, spot, open, sink),
        Step::Resolve => {
            if n.child(NameId::REFERENCE).is_none() {
                // A target that is told by its type or an identifier is not here to be looked at.
                *open |= n.children().any(|c| !matches!(c.name(), NameId::ID | NameId::EXTENSION | NameId::DISPLAY));
                return true;
            }
            match j.resolve(n, frame) {
                Target::Found(target) => {
                    let frame = j.frame_of(target);
                    reach(
                        j,
                        &frame,
                        rest,
                        Spot { node: target, type_id: model.resource_type(target), away: false },
                        open,
                        sink,
                    )
                }
                Target::Typed(type_id) => reach(j, frame, rest, Spot { node: n, type_id, away: true }, open, sink),
                Target::Missing | Target::Unknown => {
                    *open = true;
                    true
                }
            }
        }
    }
}
