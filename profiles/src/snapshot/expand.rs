//! Children put in where a differential goes into a datatype, a profile on one, or a content reference.

use serde_json::Value;

use super::Problem;
use super::apply::Walk;
use super::canonical::type_canonical;
use super::differential::Change;
use super::element::{Element, strings};
use super::generated::Missing;
use super::inherit::inherit;
use super::merge::Fault;
use super::tree::Node;

impl Walk<'_> {
    /// Gives an element the children of its type, or of what it refers to.
    pub(super) fn expand(&mut self, node: &mut Node, change: &Change<'_>) -> Result<(), Fault> {
        if let Some(reference) = node.element.text("contentReference").map(str::to_owned) {
            return self.expand_reference(node, &reference);
        }
        let canonical = self.type_to_enter(&node.element, change)?;
        let tree = self.trees.tree(&canonical).map_err(|missing| match missing {
            Missing::Absent => (Problem::Absent, format!("`{canonical}` is not in the loaded packages")),
            Missing::Circular(_) => (Problem::Absent, format!("`{canonical}` refers back to this definition")),
            Missing::Faulty(error) => (Problem::Absent, error.to_string()),
        })?;
        if tree.root.children.is_empty() {
            return Err((Problem::NoChildren, format!("`{canonical}` has no children")));
        }
        node.children = self.copy(&tree.root.children);
        node.children.iter_mut().for_each(|child| inherit(child, &tree.own_type));
        let extensions =
            node.children.iter_mut().filter(|c| &*c.name == "extension" && c.element.get("slicing").is_none());
        for extension in extensions.filter(|_| canonical == type_canonical("Element")) {
            let slicing = extension.implied_slicing();
            extension.element.change().extend(slicing.map(|s| ("slicing".to_owned(), s)));
        }
        Ok(())
    }

    /// The canonical of the one definition whose children the element has.
    fn type_to_enter(&self, element: &Element, change: &Change<'_>) -> Result<String, Fault> {
        let types = element.list("type");
        let code = |t: &Value| t.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(first) = types.first() else {
            return Err((Problem::NoChildren, "the element has no type, so it cannot have children".to_owned()));
        };
        if types.iter().any(|t| code(t) != code(first)) {
            let common = change.children.iter().all(|c| c.name == "id" || c.name == "extension");
            return match common {
                true => Ok(type_canonical("Element")),
                false => Err((
                    Problem::NoChildren,
                    "the element has several types; constrain it to the one whose children are meant".to_owned(),
                )),
            };
        }
        let profiles: Vec<&str> = types.iter().flat_map(|t| strings(t.get("profile"))).collect();
        match profiles[..] {
            [profile] if self.trees.tree(profile).is_ok() => Ok(profile.to_owned()),
            _ => Ok(type_canonical(&code(first))),
        }
    }

    /// Puts in the type and the children of the element that a content reference names, in the reference's place.
    fn expand_reference(&mut self, node: &mut Node, reference: &str) -> Result<(), Fault> {
        let target = self.referred(reference)?;
        let members = node.element.change();
        members.shift_remove("contentReference");
        if let Some(types) = target.element.get("type") {
            members.insert("type".to_owned(), types.clone());
        }
        node.children = self.copy(&target.children);
        Ok(())
    }

    /// A copy of the element that a content reference names.
    pub(super) fn referred(&self, reference: &str) -> Result<Node, Fault> {
        let (url, path) = reference.split_once('#').unwrap_or((reference, ""));
        let absent = || (Problem::Absent, format!("content reference `{reference}` does not resolve"));
        let own = self.base.filter(|_| url.is_empty()).and_then(|b| Some((b.root.find(path)?.clone(), &b.own_type)));
        if let Some((mut target, own_type)) = own {
            inherit(&mut target, own_type);
            return Ok(target);
        }
        let tree = self.trees.tree(url).map_err(|_| absent())?;
        let mut target = tree.root.find(path).cloned().ok_or_else(absent)?;
        inherit(&mut target, &tree.own_type);
        Ok(target)
    }
}
