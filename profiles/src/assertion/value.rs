//! Whether a node equals, or contains, the value of a definition.

use rustc_hash::FxHashMap;

use crate::decimal;
use crate::instance::{Kind, NameId, Node};
use crate::model::{Model, TypeId};
use crate::plan::rows::{NONE, ValueRow};
use crate::plan::{Handle, ImageSet, ValueKind};

fn children<'s>(set: &'s ImageSet, layer: u32, row: &ValueRow) -> impl Iterator<Item = &'s ValueRow> + use<'s> {
    let image = set.layer(layer);
    let mut at = row.first_child;
    std::iter::from_fn(move || {
        let r = image.value(at).filter(|_| at != NONE)?;
        at = r.next;
        Some(r)
    })
}

/// Whether the node equals the fixed value: the same children with the same values, arrays in order
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_>).
pub fn equals(set: &ImageSet, node: Node<'_>, value: Handle) -> bool {
    set.value(value).is_some_and(|row| equal(set, node, value.layer, row))
}

fn equal(set: &ImageSet, node: Node<'_>, layer: u32, row: &ValueRow) -> bool {
    let same = match row.kind() {
        ValueKind::Object => !node.has_value(),
        _ => simple(set, node, layer, row),
    };
    // In a definition the entries of one name follow each other.
    let mut name = NameId::NONE;
    let mut entries = node.children_named(name);
    let mut parts = 0;
    same && children(set, layer, row).all(|w| {
        if w.name != name {
            name = w.name;
            entries = node.children_named(name);
        }
        parts += 1;
        entries.next().is_some_and(|c| equal(set, c, layer, w))
    }) && members(node).count() == parts
}

/// The children of a node, or of a primitive's extension. The id of a primitive is not part of its value.
fn members<'n>(node: Node<'n>) -> impl Iterator<Item = Node<'n>> {
    node.children().filter(move |c| node.is_object() || c.name() != NameId::ID)
}

/// The places in which a node differs from the fixed value: what is surplus, or another value; the holder of what is
/// missing.
pub fn differences<'n>(set: &ImageSet, node: Node<'n>, value: Handle) -> Vec<Node<'n>> {
    let mut out = Vec::new();
    if let Some(row) = set.value(value) {
        differ(set, node, value.layer, row, &mut out);
    }
    out
}

fn differ<'n>(set: &ImageSet, node: Node<'n>, layer: u32, row: &ValueRow, out: &mut Vec<Node<'n>>) {
    if row.kind() != ValueKind::Object || !node.is_object() {
        if !equal(set, node, layer, row) {
            out.push(node);
        }
        return;
    }
    let found: Vec<Node<'n>> = members(node).collect();
    let mut surplus = vec![true; found.len()];
    // By name: the entries that no part of the value has taken yet, the first of them last.
    let mut left: FxHashMap<NameId, Vec<(&Node<'n>, &mut bool)>> = FxHashMap::default();
    for (c, surplus) in found.iter().zip(&mut surplus).rev() {
        left.entry(c.name()).or_default().push((c, surplus));
    }
    let mut missing = false;
    for wanted in children(set, layer, row) {
        match left.get_mut(&wanted.name).and_then(Vec::pop) {
            Some((c, surplus)) => {
                *surplus = false;
                differ(set, *c, layer, wanted, out);
            }
            None => missing = true,
        }
    }
    if missing {
        out.push(node);
    }
    out.extend(found.iter().zip(surplus).filter(|(_, surplus)| *surplus).map(|(c, _)| *c));
}

/// Whether the node matches the pattern: every part of it is present; of a repeated part some entry matches it
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_>).
pub fn holds(set: &ImageSet, node: Node<'_>, value: Handle) -> bool {
    set.value(value).is_some_and(|row| hold(set, node, value.layer, row))
}

fn hold(set: &ImageSet, node: Node<'_>, layer: u32, row: &ValueRow) -> bool {
    (row.kind() == ValueKind::Object || simple(set, node, layer, row))
        && children(set, layer, row).all(|w| node.children().any(|c| c.name() == w.name && hold(set, c, layer, w)))
}

/// The places in which a node of this type does not match the pattern: a member with another value; the holder of what
/// is missing, or of what repeats and has no entry that matches.
pub fn misses<'n>(set: &ImageSet, model: &Model, at: (Node<'n>, TypeId), value: Handle) -> Vec<Node<'n>> {
    let mut out = Vec::new();
    if let Some(row) = set.value(value) {
        miss(set, model, at, (value.layer, row), &mut out);
    }
    out
}

fn miss<'n>(
    set: &ImageSet,
    model: &Model,
    (node, type_id): (Node<'n>, TypeId),
    (layer, row): (u32, &ValueRow),
    out: &mut Vec<Node<'n>>,
) {
    if row.kind() != ValueKind::Object && !simple(set, node, layer, row) {
        out.push(node);
        return;
    }
    let mut here = false;
    for wanted in children(set, layer, row) {
        let mut found = node.children_named(wanted.name);
        let is_single = model.child(type_id, wanted.name).is_some_and(|c| !c.is_list());
        match found.next().filter(|_| is_single) {
            Some(c) if hold(set, c, layer, wanted) => {}
            Some(c) => miss(set, model, (c, model.type_of_child(type_id, c)), (layer, wanted), out),
            None => here |= !node.children_named(wanted.name).any(|c| hold(set, c, layer, wanted)),
        }
    }
    if here {
        out.push(node);
    }
}

fn simple(set: &ImageSet, node: Node<'_>, layer: u32, row: &ValueRow) -> bool {
    let image = set.layer(layer);
    let same = || node.raw_bytes() == image.bytes(row.text);
    match node.kind() {
        Kind::Number => same() || same_number(node.raw(), image.str(row.text)),
        // In XML every value is a string; the expected value says that it is a number.
        Kind::String if row.kind() == ValueKind::Number && node.tape().is_xml() => {
            same() || same_number(node.raw(), image.str(row.text))
        }
        Kind::String if node.is_escaped() => node.text() == image.str(row.text),
        Kind::String | Kind::True | Kind::False => same(),
        _ => false,
    }
}

/// Numbers of the same value and precision (<https://hl7.org/fhir/R4/datatypes.html#decimal>); the exact text decides
/// where they are not decimals.
fn same_number(a: &str, b: &str) -> bool {
    matches!((decimal::exact(a), decimal::exact(b)), (Some(x), Some(y)) if x == y && x.scale() == y.scale())
}
