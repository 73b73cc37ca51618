//! The walk: a differential's tree laid over the base's.

use serde_json::Value;

use super::choice;
use super::differential::Change;
use super::element::{Element, Members, strings};
use super::generated::{Generated, Missing, Trees};
use super::merge::{merge, overlay_datatype, overlay_extension};
use super::tree::{Node, ensure_base};
use super::{DefinitionIssue, Problem};

/// How many elements may be put into a snapshot.
pub(super) const SNAPSHOT_LIMIT: usize = 200_000;

/// One differential's way over its base.
pub(super) struct Walk<'w> {
    /// The definitions that the differential enters.
    pub(super) trees: &'w dyn Trees,
    /// The canonical of the definition at work.
    pub(super) profile: &'w str,
    /// The base as it was, for content references.
    pub(super) base: Option<&'w Generated>,
    pub(super) issues: Vec<DefinitionIssue>,
    /// How many elements may still be put in; 0 once the limit is met.
    pub(super) room: usize,
    /// Whether the definition makes a type of its own, which may say of inherited elements what a profile may not.
    pub(super) specializes: bool,
}

/// The changes that concern one child of an element: to itself, and to its slices.
struct Group<'c, 'd> {
    child: usize,
    changes: Vec<&'c Change<'d>>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(trees: &'w dyn Trees, profile: &'w str, base: Option<&'w Generated>) -> Walk<'w> {
        Walk { trees, profile, base, issues: Vec::new(), room: SNAPSHOT_LIMIT, specializes: false }
    }

    pub(super) fn report(&mut self, element: &str, problem: Problem, message: String) {
        self.issues.push(DefinitionIssue {
            profile: self.profile.to_owned(),
            element: element.to_owned(),
            problem,
            message,
        });
    }

    /// Copies of children for another element; none once the limit is met.
    pub(super) fn copy(&mut self, children: &[Node]) -> Vec<Node> {
        fn size(nodes: &[Node]) -> usize {
            nodes.iter().fold(0usize, |sum, n| sum.saturating_add(1 + size(&n.children) + size(&n.slices)))
        }
        self.room = self.room.saturating_sub(size(children));
        if self.room == 0 { Vec::new() } else { children.to_vec() }
    }

    /// Reports the elements that no path places in the tree.
    pub(super) fn report_stray(&mut self, stray: &[&Value]) {
        for element in stray {
            let named = ["id", "path"].iter().find_map(|k| element.get(k)?.as_str()).unwrap_or_default();
            self.report(
                named,
                Problem::Path,
                "the element has no usable path, or one outside the definition's type".to_owned(),
            );
        }
    }

    /// Lays a whole differential over the tree of the base.
    pub(super) fn constrain(&mut self, root: &mut Node, change: &Change<'_>) {
        if !change.name.is_empty() && *change.name != *root.name {
            let message = format!("the differential is for `{}`, its base for `{}`", change.name, root.name);
            self.report(change.label(), Problem::Path, message);
            return;
        }
        self.apply(root, change, false);
    }

    /// Lays a change over the element that it is about, and over its children.
    ///
    /// `sliced` is true below a slice, as far as its children are those of the sliced element itself.
    pub(super) fn apply(&mut self, node: &mut Node, change: &Change<'_>, sliced: bool) {
        if self.trees.is_broken_off() {
            return;
        }
        self.merge(&mut node.element, change);
        self.apply_children(node, change, sliced);
    }

    /// Merges what a change says of the element itself.
    pub(super) fn merge(&mut self, element: &mut Element, change: &Change<'_>) {
        if self.trees.is_broken_off() {
            return;
        }
        for said in &change.says {
            self.check(element, change, said);
        }
        if change.says.len() > 1 {
            let problem = if change.contradicts_itself() { Problem::Path } else { Problem::Repeated };
            self.report(change.label(), problem, "the differential has this element twice".to_owned());
        }
        // STU3's snapshots leave out `base`: it is what the element is before anything changes it.
        if let Some(path) = element.text("path").filter(|_| element.get("base").is_none()).map(str::to_owned) {
            ensure_base(element.change(), &path);
        }
        self.describe_by_profile(element, change);
        for said in &change.says {
            merge(element, said, self.profile);
        }
    }

    /// Where a change names one type with one profile, the profile's root describes the element too.
    fn describe_by_profile(&mut self, element: &mut Element, change: &Change<'_>) {
        let Some((code, profile)) = type_profile(change) else { return };
        match self.trees.tree(profile) {
            Ok(tree) if code == "Extension" => overlay_extension(element, &tree.root.element),
            Ok(tree) => overlay_datatype(element, &tree.root.element),
            // Further down it is recursion: an extension may hold extensions of its own kind.
            Err(Missing::Circular(_)) if profile == self.profile && is_root(change) => {
                self.report(
                    change.label(),
                    Problem::Type,
                    "the element's type is the profile that contains it".to_owned(),
                );
            }
            Err(_) => {}
        }
    }

    pub(super) fn apply_children(&mut self, node: &mut Node, change: &Change<'_>, sliced: bool) {
        let Some(first) = change.children.first() else { return };
        let mut sliced = sliced;
        if node.children.is_empty() {
            sliced = false;
            if let Err((problem, message)) = self.expand(node, change) {
                self.report(first.label(), problem, message);
                return;
            }
        }
        for group in self.group(node, change) {
            if let Some(child) = node.children.get_mut(group.child) {
                self.apply_group(child, &group.changes, sliced);
            }
        }
    }

    /// The changes below an element by the child that they concern, in the differential's order.
    fn group<'c, 'd>(&mut self, node: &Node, change: &'c Change<'d>) -> Vec<Group<'c, 'd>> {
        let mut groups: Vec<Group<'c, 'd>> = Vec::new();
        let mut last = 0;
        for below in &change.children {
            let Some(child) = self.child(node, below) else {
                let message = format!("the base has no element `{}` here", below.name);
                self.report(below.label(), Problem::UnknownElement, message);
                continue;
            };
            if let Some(before) = node.children.get(last).filter(|_| child < last) {
                let message = format!("`{}` is out of order: the base has it before `{}`", below.name, before.name);
                self.report(below.label(), Problem::Order, message);
            }
            last = last.max(child);
            match groups.iter_mut().find(|g| g.child == child) {
                Some(group) => group.changes.push(below),
                None => groups.push(Group { child, changes: vec![below] }),
            }
        }
        groups
    }

    /// The child that a change names: by its name, or as a choice by the name of one type.
    fn child(&self, node: &Node, change: &Change<'_>) -> Option<usize> {
        let named = |name: &str| node.children.iter().position(|c| *c.name == *name);
        let by_type = || node.children.iter().position(|c| choice::type_of(c, &change.name).is_some());
        // A choice that is one no longer (`reported[x]` to `reported` in R5) is still meant.
        named(&change.name).or_else(by_type).or_else(|| named(change.name.strip_suffix("[x]")?))
    }
}

/// Whether a change is about the definition's first element.
fn is_root(change: &Change<'_>) -> bool {
    change.said("path").and_then(Value::as_str).is_some_and(|path| !path.contains('.'))
}

/// The one type with one profile that a change names: code and profile. A profile that stands for an element inside it
/// (`elementdefinition-profile-element`) has no root that describes the change.
pub(super) fn type_profile<'d>(change: &Change<'d>) -> Option<(&'d str, &'d str)> {
    let [one] = change.said("type")?.as_array()?.as_slice() else { return None };
    let mut profiles = strings(one.get("profile"));
    let profile = profiles.next().filter(|_| profiles.next().is_none())?;
    let inside = |x: &Value| x["url"].as_str().is_some_and(|url| url.ends_with("/elementdefinition-profile-element"));
    if one.pointer("/_profile/0/extension").and_then(Value::as_array).is_some_and(|all| all.iter().any(inside)) {
        return None;
    }
    Some((one.get("code")?.as_str()?, profile))
}

/// The members with a type of this code only: the one that the element has, else a bare one.
pub(super) fn narrow(members: &mut Members, code: &str) {
    let types = members.get("type").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let kept: Vec<Value> =
        types.iter().filter(|t| t.get("code").and_then(Value::as_str) == Some(code)).cloned().collect();
    let kept = if kept.is_empty() { vec![serde_json::json!({ "code": code })] } else { kept };
    members.insert("type".to_owned(), Value::Array(kept));
}
