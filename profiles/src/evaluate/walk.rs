//! The loop: one node after another along its plan. It finds the plan of each child, hands sliced entries to slicing,
//! and calls the rules of a node in their order.

use crate::assertion::{
    alternative, bidi, binding, bounds, canonical, cardinality, coding, definition, element_value, extension, fixed,
    format, html, identifier, invariant, narrative, narrative_control, reference, shape, slicing,
};
use crate::assertion::{attachment, quantity};
use crate::instance::{Kind, NameId, Node};
use crate::judge::{Judge, Place};
use crate::model::{Primitive, Role};
use crate::plan::{Handle, PlanChild, Variant};

/// Judges a node, and all below it, along its plan.
pub fn visit<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    // A trial that is false stays false.
    if j.is_decided() || !j.step(at.node) {
        return;
    }
    if !at.plan.faults.is_empty() {
        definition::check(j, at);
    }
    match at.plan.primitive {
        Some(p) => primitive(j, at, p),
        None => complex(j, at),
    }
}

fn complex<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    if shape::object(j, at) {
        children(j, at);
        if !j.shared.is_broken_off() {
            node(j, at);
        }
    }
}

/// What is demanded of a node as a whole.
fn node<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let plan = at.plan;
    if !plan.values.is_empty() {
        fixed::check(j, at);
    }
    for b in &plan.bounds {
        bounds::check(j, at, b);
    }
    if !plan.bindings.is_empty() {
        binding::check(j, at);
    }
    if !plan.alternatives.is_empty() {
        alternative::check(j, at);
    }
    match plan.role {
        Role::Reference => reference::check(j, at),
        Role::Coding => coding::check(j, at),
        Role::Quantity => quantity::check(j, at),
        Role::Identifier => identifier::check(j, at),
        Role::Attachment => attachment::check(j, at),
        Role::Narrative => narrative_control::check(j, at),
        _ => {}
    }
    invariant::check(j, at);
}

fn primitive<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    let (n, plan) = (at.node, at.plan);
    match n.kind() {
        Kind::String | Kind::Number | Kind::True | Kind::False => format::check(j, at, p),
        Kind::Absent | Kind::Null => {}
        // In XML a primitive without a value is an element like any other.
        Kind::Object if j.tape.is_xml() => {
            children(j, at);
            meaning(j, at, p);
            element_value::check(j, at);
            invariant::check(j, at);
            return;
        }
        _ => {
            shape::not_simple(j, at, p);
            return;
        }
    }
    let has_children = n.primitive_extension().is_some_and(|t| t.kind() != Kind::Null);
    if has_children || plan.asks_children {
        children(j, at);
    }
    meaning(j, at, p);
    if !has_children && plan.plain && plan.is_bare && !n.raw_bytes().is_empty() {
        return;
    }
    if n.has_value() {
        node(j, at);
    } else {
        element_value::check(j, at);
        invariant::check(j, at);
    }
}

/// What the value of a primitive means beyond its format.
#[inline]
fn meaning<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    match p {
        Primitive::Canonical | Primitive::Uri | Primitive::Url => canonical::check(j, at, p),
        Primitive::Xhtml => narrative::check(j, at),
        Primitive::String | Primitive::Markdown => {
            html::check(j, at, p);
            bidi::check(j, at);
        }
        _ => {}
    }
}

/// An entry that slicing has to sort: the child, the variant, the node.
struct Sliced<'t> {
    child: usize,
    variant: usize,
    node: Node<'t>,
}

#[allow(clippy::indexing_slicing, reason = "the plan found the numbers of the child and its variant itself")]
fn children<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let (n, plan) = (at.node, at.plan);
    let (mut seen, mut repeated) = (0u64, 0u64);
    let mut sliced: Vec<Sliced<'t>> = Vec::new();
    let mut any = false;
    let xml = j.tape.is_xml();
    if xml {
        shape::order(j, at);
    }
    for c in n.children() {
        any = true;
        let Some((ci, vi)) = plan.find(c.name()) else {
            shape::unknown(j, at, c);
            continue;
        };
        let child = &plan.children[ci];
        let variant = &child.variants[vi];
        if !xml && (c.primitive_extension().is_some() || c.extension_in_array()) {
            shape::primitive_extension(j, at, c, child, variant);
        }
        if !shape::entry(j, c, child) {
            continue;
        }
        let bit = 1u64.checked_shl(ci as u32).unwrap_or(0);
        repeated |= seen & bit;
        seen |= bit;
        if !variant.refused.is_empty() {
            shape::refused(j, c, variant);
        }
        if !child.slicings.is_empty() {
            sliced.push(Sliced { child: ci, variant: vi, node: c });
        } else if child.is_extension {
            extension_entry(j, at, c, child, variant, None);
        } else {
            entry(j, at, c, child, variant, &[]);
        }
        if j.is_decided() {
            return;
        }
    }
    if !any && n.is_object() {
        shape::empty(j, at);
    }
    cardinality::check(j, at, seen, repeated);
    if plan.is_sliced {
        sorted(j, at, &sliced);
    }
}

/// Sorts the entries of sliced elements into their slices, and judges each along the plan of its slices.
#[allow(clippy::indexing_slicing, reason = "the plan found the numbers of the child and its variant itself")]
fn sorted<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, sliced: &[Sliced<'t>]) {
    for (ci, child) in at.plan.children.iter().enumerate().filter(|(_, c)| !c.slicings.is_empty()) {
        let entries: Vec<(usize, Node<'t>)> =
            sliced.iter().filter(|s| s.child == ci).map(|s| (s.variant, s.node)).collect();
        let matched = slicing::sort(j, at, child, &entries);
        for ((vi, e), slices) in entries.iter().zip(&matched) {
            let variant = &child.variants[*vi];
            if child.is_extension {
                extension_entry(j, at, *e, child, variant, Some(slices));
            } else {
                entry(j, at, *e, child, variant, slices);
            }
            if j.is_decided() {
                return;
            }
        }
    }
}

/// Judges one entry of an element along the plan of the slices that it matches.
fn entry<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    c: Node<'t>,
    child: &PlanChild,
    variant: &Variant,
    slices: &[Handle],
) {
    if variant.is_resource {
        super::resource::nested(j, at, c, child, slices);
    } else if slices.is_empty() {
        j.scene.plans.with_variant(child, variant, |plan| visit(j, &at.below(c, plan)));
    } else {
        let plan = j.plans.sliced(child, variant, variant.type_id, slices);
        visit(j, &at.below(c, &plan));
    }
}

/// Judges one extension; `slices` are those that it matches, where its element is sliced.
fn extension_entry<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    x: Node<'t>,
    child: &PlanChild,
    variant: &Variant,
    slices: Option<&[Handle]>,
) {
    let slices = slices.unwrap_or_default();
    let Some(url) = x.child(NameId::URL).filter(|u| u.has_value()).map(Node::text) else {
        extension::no_url(j, x, child);
        entry(j, at, x, child, variant, slices);
        return;
    };
    let known = j.plans.extension(child, variant, &url);
    let named = extension::Entry { node: x, url: &url, child, sliced: !slices.is_empty() };
    extension::check(j, at, &named, &known);
    if slices.is_empty() || child.slicings.iter().all(|s| s.by_url.is_some()) {
        // The plan by url holds the slices that the url matches.
        visit(j, &at.below(x, &known.node));
        return;
    }
    let mut handles = slices.to_vec();
    handles.extend(known.definition.and_then(|d| j.set.root(d)));
    let node = j.plans.sliced(child, variant, variant.type_id, &handles);
    visit(j, &at.below(x, &node));
}
