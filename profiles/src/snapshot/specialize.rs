//! Definitions that make a type of their own: the base's elements under the new name, then the type's own.

use super::apply::Walk;
use super::differential::Change;
use super::element::{Element, Members};
use super::tree::{Node, ensure_base};

/// The tree of a specialization; `None` where neither the differential nor `kind_name` names the type.
pub(super) fn specialize(walk: &mut Walk<'_, '_>, base: Option<&Node>, change: &Change<'_>, kind_name: Option<&str>) -> Option<Node> {
    let name = if change.name.is_empty() { kind_name?.rsplit('/').next()? } else { &change.name };
    let mut root = base.cloned().unwrap_or_else(|| Node::new(name, None, Element::own(Members::new())));
    root.name = name.into();
    let members = root.element.change();
    members.shift_remove("base");
    walk.merge(&mut root.element, change);
    ensure_base(root.element.change(), name);
    add_children(walk, &mut root, name, change);
    Some(root)
}

/// Merges into elements that the base has, and appends those that it has not.
fn add_children(walk: &mut Walk<'_, '_>, node: &mut Node, path: &str, change: &Change<'_>) {
    for below in &change.children {
        let path = format!("{path}.{}", below.name);
        let known = node.children.iter().position(|c| *c.name == *below.name);
        let place = known.unwrap_or_else(|| {
            node.children.push(Node::new(&below.name, None, Element::own(Members::new())));
            node.children.len() - 1
        });
        let child = &mut node.children[place];
        if known.is_some() && !child.children.is_empty() {
            walk.apply(child, below, false);
            continue;
        }
        walk.merge(&mut child.element, below);
        ensure_base(child.element.change(), &path);
        add_children(walk, child, &path, below);
    }
}
