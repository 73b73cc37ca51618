//! Fixed values, patterns and bounds: does a node equal, or hold, the value of a definition?

use crate::instance::{Kind, Node};
use crate::plan::rows::{NONE, ValueRow};
use crate::plan::{Handle, ImageSet};

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
/// (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_).
pub fn equals(set: &ImageSet, node: Node<'_>, value: Handle) -> bool {
    set.value(value).is_some_and(|row| equal(set, node, value.layer, row))
}

fn equal(set: &ImageSet, node: Node<'_>, layer: u32, row: &ValueRow) -> bool {
    if row.kind != 0 {
        return simple(set, node, layer, row);
    }
    let mut rows = 0;
    for wanted in children(set, layer, row) {
        let nth = children(set, layer, row).take(rows).filter(|r| r.name == wanted.name).count();
        let found = node.children_named(wanted.name).nth(nth);
        if !found.is_some_and(|c| equal(set, c, layer, wanted)) {
            return false;
        }
        rows += 1;
    }
    node.children().filter(|c| c.kind() != Kind::Absent).count() == rows
}

/// The places in which a node differs from the fixed value: what is surplus, or another value; the holder of what is missing.
pub fn differences<'n>(set: &ImageSet, node: Node<'n>, value: Handle) -> Vec<Node<'n>> {
    let mut out = Vec::new();
    if let Some(row) = set.value(value) {
        differ(set, node, value.layer, row, &mut out);
    }
    out
}

fn differ<'n>(set: &ImageSet, node: Node<'n>, layer: u32, row: &ValueRow, out: &mut Vec<Node<'n>>) {
    if row.kind != 0 || !node.is_object() {
        if !simple(set, node, layer, row) {
            out.push(node);
        }
        return;
    }
    let mut left: Vec<Node<'n>> = node.children().filter(|c| c.kind() != Kind::Absent).collect();
    let mut missing = false;
    for wanted in children(set, layer, row) {
        match left.iter().position(|c| c.name() == wanted.name) {
            Some(at) => differ(set, left.remove(at), layer, wanted, out),
            None => missing = true,
        }
    }
    if missing {
        out.push(node);
    }
    out.extend(left);
}

/// Whether the node holds the pattern: every part of it is there; of a repeated part some entry holds it
/// (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_).
pub fn holds(set: &ImageSet, node: Node<'_>, value: Handle) -> bool {
    set.value(value).is_some_and(|row| hold(set, node, value.layer, row))
}

fn hold(set: &ImageSet, node: Node<'_>, layer: u32, row: &ValueRow) -> bool {
    if row.kind != 0 {
        return simple(set, node, layer, row);
    }
    children(set, layer, row).all(|w| node.children().any(|c| c.name() == w.name && hold(set, c, layer, w)))
}

fn simple(set: &ImageSet, node: Node<'_>, layer: u32, row: &ValueRow) -> bool {
    let wanted = set.str(layer, row.text);
    match node.kind() {
        Kind::Number => node.raw() == wanted || same_number(node.raw(), wanted),
        // In XML every value is a string; what is wanted says that it is a number.
        Kind::String if row.kind == 2 && node.tape().is_xml() => node.raw() == wanted || same_number(node.raw(), wanted),
        Kind::String | Kind::True | Kind::False => {
            if node.is_escaped() {
                node.text() == wanted
            } else {
                node.raw_bytes() == wanted.as_bytes()
            }
        }
        _ => false,
    }
}

/// Numbers of the same value; the exact text decides where they are no decimals.
fn same_number(a: &str, b: &str) -> bool {
    use rust_decimal::Decimal;
    let read = |s: &str| Decimal::from_str_exact(s).or_else(|_| Decimal::from_scientific(s)).ok();
    matches!((read(a), read(b)), (Some(x), Some(y)) if x == y)
}
