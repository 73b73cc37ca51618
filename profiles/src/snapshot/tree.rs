//! The element tree: a snapshot's flat list as children and slices, and back.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::element::{Element, Members, ordered};
use super::merge::max_of;

/// How deep paths may go; what lies deeper is left out.
pub(super) const DEPTH_LIMIT: usize = 64;

/// An element with its children and its slices.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The last segment of the path: `name`, `value[x]`; the type's name at the root.
    pub(super) name: Rc<str>,
    /// The slice's name; a reslice's is `slice/reslice`.
    pub(super) slice: Option<Rc<str>>,
    pub(super) element: Element,
    pub(super) children: Vec<Node>,
    /// The slices of this element in order, reslices behind the slice that they divide.
    pub(super) slices: Vec<Node>,
}

impl Node {
    pub(super) fn new(name: &str, slice: Option<&str>, element: Element) -> Node {
        Node { name: name.into(), slice: slice.map(Rc::from), element, children: Vec::new(), slices: Vec::new() }
    }

    /// The tree of a published snapshot; `None` where it has no element with a path.
    pub(super) fn from_snapshot(definition: &Arc<Value>) -> Option<Node> {
        let elements = definition.get("snapshot")?.get("element")?.as_array()?;
        let mut open: Vec<Node> = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let Some(path) = element.get("path").and_then(Value::as_str) else { continue };
            let depth = path.matches('.').count();
            if (depth == 0) != open.is_empty() || depth > open.len().min(DEPTH_LIMIT) {
                continue;
            }
            close(&mut open, depth);
            let name = path.rsplit('.').next().unwrap_or(path);
            let slice = element.get("sliceName").and_then(Value::as_str).filter(|_| depth > 0);
            open.push(Node::new(name, slice, Element::published(definition, index)));
        }
        close(&mut open, 1);
        open.pop()
    }

    /// Takes in a child that comes after the present ones: as a slice where it is one of the last child.
    fn adopt(&mut self, child: Node) {
        match self.children.last_mut() {
            Some(head) if child.slice.is_some() && head.name == child.name => head.slices.push(child),
            _ => self.children.push(child),
        }
    }

    /// The node that a path names; a segment may name a slice, as in an id.
    pub(super) fn find(&self, path: &str) -> Option<&Node> {
        let mut node = self;
        for segment in path.split('.').skip(1) {
            let (name, slice) = segment.split_once(':').map_or((segment, None), |(name, slice)| (name, Some(slice)));
            let head = node.children.iter().find(|c| &*c.name == name)?;
            node = match slice {
                Some(slice) => head.slices.iter().find(|s| s.slice.as_deref() == Some(slice))?,
                None => head,
            };
        }
        Some(node)
    }

    /// How many elements lie above one another, this one included.
    pub(super) fn depth(&self) -> usize {
        1 + self.children.iter().chain(&self.slices).map(Node::depth).max().unwrap_or(0)
    }

    /// The elements in order, with paths and ids as the tree has them.
    pub(super) fn flatten(&self) -> Vec<Value> {
        let mut elements = Vec::new();
        self.emit(&self.name, &self.name, &mut elements);
        elements
    }

    fn emit(&self, path: &str, id: &str, out: &mut Vec<Value>) {
        let mut members = self.element.members();
        let own_path = self.element.text("path").unwrap_or(path);
        ensure_base(&mut members, own_path);
        if members.get("path").and_then(Value::as_str) != Some(path) {
            members.insert("path".into(), path.into());
        }
        if members.get("id").and_then(Value::as_str) != Some(id) {
            members.insert("id".into(), id.into());
        }
        out.push(Value::Object(ordered(members)));
        for child in &self.children {
            let path = format!("{path}.{}", child.name);
            child.emit(&path, &format!("{id}.{}", child.segment()), out);
            for slice in &child.slices {
                slice.emit(&path, &format!("{id}.{}", slice.segment()), out);
            }
        }
    }

    /// Adds minimum and maximum of this element and of those below it, by id.
    pub(super) fn cardinalities(&self, id: &str, out: &mut FxHashMap<String, (u64, u64)>) {
        let min = self.element.get("min").and_then(Value::as_u64).unwrap_or(0);
        out.insert(id.to_owned(), (min, max_of(self.element.get("max")).unwrap_or(u64::MAX)));
        for child in &self.children {
            child.cardinalities(&format!("{id}.{}", child.segment()), out);
            for slice in &child.slices {
                slice.cardinalities(&format!("{id}.{}", slice.segment()), out);
            }
        }
    }

    /// The slicing that goes without saying: extensions are sliced by url, choices by type; `None` for any other
    /// element.
    pub(super) fn implied_slicing(&self) -> Option<Value> {
        let (by, path) = match &*self.name {
            _ if self.element.has_type("Extension") => ("value", "url"),
            name if name.ends_with("[x]") => ("type", "$this"),
            _ => return None,
        };
        Some(json!({ "discriminator": [{ "type": by, "path": path }], "ordered": false, "rules": "open" }))
    }

    /// The element's part of an id: `name` or `name:slice`.
    pub(super) fn segment(&self) -> String {
        match &self.slice {
            Some(slice) => format!("{}:{slice}", self.name),
            None => self.name.to_string(),
        }
    }
}

/// Hands the open nodes deeper than `depth` to their parents.
fn close(open: &mut Vec<Node>, depth: usize) {
    while open.len() > depth.max(1) {
        let Some(child) = open.pop() else { return };
        if let Some(parent) = open.last_mut() {
            parent.adopt(child);
        }
    }
}

/// Gives an element that knows no base its own path and cardinality as one.
pub(super) fn ensure_base(members: &mut Members, path: &str) {
    if members.contains_key("base") {
        return;
    }
    let mut base = Members::new();
    base.insert("path".into(), path.into());
    base.insert("min".into(), members.get("min").cloned().unwrap_or(0.into()));
    base.insert("max".into(), members.get("max").cloned().unwrap_or("*".into()));
    members.insert("base".into(), Value::Object(base));
}
