//! Definitions that make a type of their own: the base's elements under the new name, then the type's own.

use serde_json::Value;

use super::Problem;
use super::apply::Walk;
use super::canonical::type_canonical;
use super::choice;
use super::differential::Change;
use super::element::{Element, Members};
use super::merge::inherit_constraints;
use super::tree::{Node, ensure_base};

/// What a specialization is called and what it is made of.
pub(super) struct Kind<'k> {
    /// The definition's `type`.
    pub(super) name: Option<&'k str>,
    pub(super) logical: bool,
}

/// The tree of a specialization; `None` where neither the differential nor the definition names the type.
pub(super) fn specialize(
    walk: &mut Walk<'_>,
    base: Option<&Node>,
    change: &Change<'_>,
    kind: &Kind<'_>,
) -> Option<Node> {
    let name = if change.name.is_empty() { kind.name?.rsplit('/').next()? } else { &change.name };
    let mut root = base.cloned().unwrap_or_else(|| Node::new(name, None, Element::own(Members::new())));
    root.name = name.into();
    if !kind.logical {
        root.element.change().shift_remove("base");
        root.element.change().shift_remove("path");
    }
    walk.merge(&mut root.element, change);
    ensure_base(root.element.change(), name);
    add_children(walk, &mut root, name, change, kind.logical);
    Some(root)
}

/// Merges into elements that the base has, and appends those that it has not.
fn add_children(walk: &mut Walk<'_>, node: &mut Node, path: &str, change: &Change<'_>, logical: bool) {
    let inherited = node.children.len();
    for below in &change.children {
        let path = format!("{path}.{}", below.name);
        if let Some(known) = node.children.iter_mut().take(inherited).find(|c| *c.name == *below.name) {
            let adds = below.slice.is_none() && below.children.iter().any(|c| !has_child(known, &c.name));
            if adds && logical && is_own(known) {
                walk.merge(&mut known.element, below);
                add_children(walk, known, &path, below, logical);
            } else {
                walk.apply_group(known, &[below], false);
            }
            continue;
        }
        let mut child = Node::new(&below.name, below.slice.as_deref(), Element::own(Members::new()));
        walk.merge(&mut child.element, below);
        ensure_base(child.element.change(), &path);
        if !logical || !below.children.is_empty() {
            inherit_from_type(walk, &mut child, below);
        }
        add_children(walk, &mut child, &path, below, logical);
        node.children.push(child);
    }
}

fn has_child(node: &Node, name: &str) -> bool {
    node.children.iter().any(|c| *c.name == *name || choice::type_of(c, name).is_some())
}

/// Whether the children of an element are its model's own, and not those of a data type.
fn is_own(node: &Node) -> bool {
    node.element.types().all(|code| matches!(code, "Base" | "Element" | "BackboneElement"))
}

/// An element of a type is an Element, with its constraints; one with children of its own has those of its type first.
fn inherit_from_type(walk: &mut Walk<'_>, child: &mut Node, change: &Change<'_>) {
    let code = match child.element.types().next() {
        Some(code) if !code.contains(':') => code.to_owned(),
        None if child.element.get("contentReference").is_some() => "Element".to_owned(),
        _ => return,
    };
    let Ok(tree) = walk.trees.tree(&type_canonical(&code)) else {
        return walk.report(change.label(), Problem::Absent, format!("type `{code}` is not in the loaded packages"));
    };
    if tree.root.element.list("constraint").iter().any(|c| c.get("key").and_then(Value::as_str) == Some("ele-1")) {
        let common = if code == "Extension" { "Extension" } else { "Element" };
        if let Ok(common) = walk.trees.tree(&type_canonical(common)) {
            inherit_constraints(&mut child.element, &common.root.element);
        }
    }
    if !change.children.is_empty() {
        child.children = walk.copy(&tree.root.children);
    }
}
