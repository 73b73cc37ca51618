//! The walk: a differential's tree laid over the base's.

use serde_json::Value;

use super::differential::Change;
use super::element::{Element, Members};
use super::generator::Generator;
use super::merge::{Fault, merge, overlay_profile};
use super::tree::Node;
use super::{DefinitionIssue, Problem};

/// One differential's way over its base.
pub(super) struct Walk<'w, 's> {
    pub(super) generator: &'w Generator<'s>,
    /// The canonical of the definition at work.
    pub(super) profile: &'w str,
    /// The base's tree as it was, for content references.
    pub(super) base: Option<&'w Node>,
    pub(super) issues: Vec<DefinitionIssue>,
}

/// The changes that concern one child of an element: to itself, and to its slices.
struct Group<'c, 'd> {
    child: usize,
    changes: Vec<&'c Change<'d>>,
}

impl<'w, 's> Walk<'w, 's> {
    pub(super) fn new(generator: &'w Generator<'s>, profile: &'w str, base: Option<&'w Node>) -> Walk<'w, 's> {
        Walk { generator, profile, base, issues: Vec::new() }
    }

    pub(super) fn report(&mut self, element: &str, problem: Problem, message: String) {
        self.issues.push(DefinitionIssue { profile: self.profile.to_owned(), element: element.to_owned(), problem, message });
    }

    /// Reports the elements that no path places in the tree.
    pub(super) fn report_stray(&mut self, stray: &[&Value]) {
        for element in stray {
            let named = ["id", "path"].iter().find_map(|k| element.get(k)?.as_str()).unwrap_or_default();
            self.report(named, Problem::Path, "the element has no usable path, or one outside the definition's type".to_owned());
        }
    }

    /// Lays a whole differential over the tree of the base.
    pub(super) fn constrain(&mut self, root: &mut Node, change: &Change<'_>) {
        if !change.name.is_empty() && *change.name != *root.name {
            let message = format!("the differential is about `{}`, the base about `{}`", change.name, root.name);
            self.report(change.label(), Problem::Path, message);
            return;
        }
        self.apply(root, change, false);
    }

    /// Lays a change over the element that it is about, and over its children.
    ///
    /// `sliced` is true below a slice, as far as its children are those of the sliced element itself.
    pub(super) fn apply(&mut self, node: &mut Node, change: &Change<'_>, sliced: bool) {
        self.merge(&mut node.element, change);
        self.apply_children(node, change, sliced);
    }

    /// Merges what a change says of the element itself.
    pub(super) fn merge(&mut self, element: &mut Element, change: &Change<'_>) {
        self.describe_by_profile(element, change);
        let mut faults = Vec::new();
        for said in &change.says {
            merge(element, said, self.profile, &mut faults);
        }
        self.report_faults(change, faults);
    }

    pub(super) fn report_faults(&mut self, change: &Change<'_>, faults: Vec<Fault>) {
        for (problem, message) in faults {
            self.report(change.label(), problem, message);
        }
    }

    /// Where a change names one type with one profile, the profile's root describes the element too.
    fn describe_by_profile(&mut self, element: &mut Element, change: &Change<'_>) {
        let Some([one]) = change.said("type").and_then(Value::as_array).map(Vec::as_slice) else { return };
        let Some([profile]) = one.get("profile").and_then(Value::as_array).map(Vec::as_slice) else { return };
        let Some(profile) = profile.as_str() else { return };
        let extension = one.get("code").and_then(Value::as_str) == Some("Extension");
        if let Ok(tree) = self.generator.tree(profile) {
            overlay_profile(element, &tree.root.element, extension);
        }
    }

    pub(super) fn apply_children(&mut self, node: &mut Node, change: &Change<'_>, sliced: bool) {
        if change.children.is_empty() {
            return;
        }
        let mut sliced = sliced;
        if node.children.is_empty() {
            sliced = false;
            if let Err((problem, message)) = self.expand(node, change) {
                self.report(change.children[0].label(), problem, message);
                return;
            }
        }
        for group in self.group(node, change) {
            self.apply_group(&mut node.children[group.child], &group.changes, sliced);
        }
    }

    /// The changes below an element by the child that they concern, in the differential's order.
    fn group<'c, 'd>(&mut self, node: &Node, change: &'c Change<'d>) -> Vec<Group<'c, 'd>> {
        let mut groups: Vec<Group<'c, 'd>> = Vec::new();
        for below in &change.children {
            let Some(child) = self.child(node, below) else {
                let message = format!("the base has no element `{}` here", below.name);
                self.report(below.label(), Problem::UnknownElement, message);
                continue;
            };
            match groups.iter_mut().find(|g| g.child == child) {
                Some(group) => group.changes.push(below),
                None => groups.push(Group { child, changes: vec![below] }),
            }
        }
        groups
    }

    /// The child that a change names: by its name, or as a choice by the name of one type.
    fn child(&self, node: &Node, change: &Change<'_>) -> Option<usize> {
        let by_name = node.children.iter().position(|c| *c.name == *change.name);
        by_name.or_else(|| node.children.iter().position(|c| super::choice::type_of(c, &change.name).is_some()))
    }
}

/// The members with a type of this code alone: the one that the element has, else a bare one.
pub(super) fn narrow(members: &mut Members, code: &str) {
    let types = members.get("type").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let kept: Vec<Value> = types.iter().filter(|t| t.get("code").and_then(Value::as_str) == Some(code)).cloned().collect();
    let kept = if kept.is_empty() { vec![serde_json::json!({ "code": code })] } else { kept };
    members.insert("type".to_owned(), Value::Array(kept));
}
