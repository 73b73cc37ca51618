//! The flat tape that every instance format writes, and the view above it.

#![allow(clippy::indexing_slicing, reason = "links between nodes are indices that the readers themselves wrote")]

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::fault::Fault;
use super::names::{NameId, Names};
use super::raw::{END, ESCAPED, EXTENSION_IN_ARRAY, FIRST, IN_ARRAY, Kind, RawNode};

/// Objects with fewer nodes inside are searched child by child.
const LARGE: usize = 64;

/// An instance as a flat array of nodes over its text. Repeated elements are consecutive siblings of one
/// name; primitive extensions (`_name`) hang on their element. The tape records and does not judge.
#[derive(Debug)]
pub struct Tape<'t> {
    pub(super) text: &'t [u8],
    /// The same text, once it is known to be UTF-8.
    pub(super) utf8: &'t str,
    pub(super) names: &'t Names,
    pub(super) nodes: Vec<RawNode>,
    pub(super) extra: Vec<Box<str>>,
    pub(super) faults: Vec<Fault>,
    pub(super) fatal: bool,
    /// Faults beyond the limit of those that are kept.
    pub(super) more_faults: usize,
    /// Those of them that are only against the form of FHIR's XML.
    pub(super) more_of_form: usize,
    pub(super) extra_ids: FxHashMap<Box<str>, NameId>,
    pub(super) xml: bool,
    /// How many nodes are named `id`.
    pub(super) ids: u32,
    /// By the narrative: the prefixes that stand for XHTML in it and are declared around it.
    pub(super) outer_prefixes: FxHashMap<u32, Box<[Box<str>]>>,
}

/// A place in the tape: copyable, and all that the layers above see of an instance.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tape: &'t Tape<'t>,
    index: u32,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.name_text(), self.index)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.tape, other.tape)
    }
}
impl Eq for Node<'_> {}

impl<'t> Tape<'t> {
    /// A tape without nodes over a text.
    pub(super) fn empty(text: &'t [u8], names: &'t Names, xml: bool) -> Tape<'t> {
        let nodes = Vec::with_capacity(text.len() / 16 + 16);
        Tape {
            text,
            utf8: "",
            names,
            nodes,
            extra: Vec::new(),
            faults: Vec::new(),
            fatal: false,
            more_faults: 0,
            more_of_form: 0,
            extra_ids: Default::default(),
            xml,
            ids: 0,
            outer_prefixes: Default::default(),
        }
    }

    /// Whether the text is XML: every value is a string then, and only runs of one name show what repeats.
    pub fn is_xml(&self) -> bool {
        self.xml
    }

    /// Links the runs of equal names among the children of an object that was read to its end, so that looking for a
    /// child passes over an array of any length in one step.
    pub(super) fn link_runs(&mut self, object: u32) {
        if self.nodes.len() - (object as usize) < LARGE {
            return;
        }
        let mut at = self.nodes[object as usize].child;
        let mut first = at;
        while at != 0 {
            let next = self.nodes[at as usize].next;
            if next == 0 || self.nodes[next as usize].name != self.nodes[at as usize].name {
                self.nodes[first as usize].skip = if next == 0 { END } else { next };
                first = next;
            }
            at = next;
        }
    }

    /// Ends the root where the text ends, when reading stopped before its end.
    pub(super) fn end_root(&mut self) {
        if let Some(root) = self.nodes.first_mut().filter(|root| self.fatal && root.end == 0) {
            root.end = self.text.len().min(u32::MAX as usize) as u32;
        }
    }

    /// The root object; `None` where the input held none.
    pub fn root(&'t self) -> Option<Node<'t>> {
        (!self.nodes.is_empty()).then_some(Node { tape: self, index: 0 })
    }

    /// The node with this index, as [`Node::index`] gave it.
    pub fn node(&'t self, index: u32) -> Node<'t> {
        Node { tape: self, index: index.min(self.nodes.len().saturating_sub(1) as u32) }
    }

    /// The faults of the syntax in the order of the text.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How many faults there are, those that were not kept included.
    pub fn fault_count(&self) -> usize {
        self.faults.len() + self.more_faults
    }

    /// How many of the faults that were not kept are against more than the form of FHIR's XML.
    pub fn more_faults_of_syntax(&self) -> usize {
        self.more_faults - self.more_of_form
    }

    /// Whether a fault ended the reading: what follows it is not on the tape.
    pub fn is_fatal(&self) -> bool {
        self.fatal
    }

    /// The whole text that was read, in bytes.
    pub fn text(&self) -> &'t [u8] {
        self.text
    }

    /// The table of names that the tape was read with.
    pub fn names(&self) -> &'t Names {
        self.names
    }

    /// Whether any element but a resource has an id, where there are two at all.
    pub fn has_element_ids(&'t self) -> bool {
        let of_element =
            |n: &RawNode| n.name == NameId::ID && self.node(n.parent).child(NameId::RESOURCE_TYPE).is_none();
        self.ids > 1 && self.nodes.iter().any(of_element)
    }

    /// How many nodes the tape holds.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the text held no node at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The id of a name that the table may not hold.
    pub(super) fn intern(&mut self, text: &str) -> NameId {
        if let Some(id) = self.names.find(text.as_bytes()) {
            return id;
        }
        if let Some(id) = self.extra_ids.get(text) {
            return *id;
        }
        self.extra.push(text.into());
        let id = NameId((self.names.len() + self.extra.len()) as u32);
        self.extra_ids.insert(text.into(), id);
        id
    }

    pub(super) fn name_text(&self, id: NameId) -> &str {
        let known = self.names.len() as u32;
        if id.0 > known { self.extra.get((id.0 - known - 1) as usize).map_or("", |t| t) } else { self.names.text(id) }
    }
}

impl<'t> Node<'t> {
    #[inline]
    fn raw_node(self) -> &'t RawNode {
        &self.tape.nodes[self.index as usize]
    }

    #[inline]
    fn at(self, index: u32) -> Node<'t> {
        Node { tape: self.tape, index }
    }

    /// The prefixes that stand for XHTML in a narrative and are declared around it, in XML.
    pub fn outer_prefixes(self) -> &'t [Box<str>] {
        self.tape.outer_prefixes.get(&self.index).map_or(&[], |all| all)
    }

    /// The index of this node in its tape: stable, and ordered as the text is.
    #[inline]
    pub fn index(self) -> u32 {
        self.index
    }

    /// The tape that the node is on.
    #[inline]
    pub fn tape(self) -> &'t Tape<'t> {
        self.tape
    }

    /// What was written: an object, a string, a number …
    #[inline]
    pub fn kind(self) -> Kind {
        self.raw_node().kind
    }

    /// The element's name; entries of an array carry the name of the array.
    #[inline]
    pub fn name(self) -> NameId {
        self.raw_node().name
    }

    /// The element's name as text, as the instance wrote it.
    pub fn name_text(self) -> &'t str {
        self.tape.name_text(self.name())
    }

    /// Whether the value is an entry of an array; in XML, whether an element of the same name is next to it.
    #[inline]
    pub fn in_array(self) -> bool {
        self.raw_node().flags & IN_ARRAY != 0
    }

    /// Whether this is the first entry of its array, or not in an array.
    #[inline]
    pub fn is_first(self) -> bool {
        self.raw_node().flags & FIRST != 0
    }

    /// Whether the primitive extension (`_name`) was in an array.
    pub fn extension_in_array(self) -> bool {
        self.raw_node().flags & EXTENSION_IN_ARRAY != 0
    }

    /// Byte range of the value in the text: strings without their quotes, objects with their braces.
    pub fn span(self) -> Range<u32> {
        let n = self.raw_node();
        n.start..n.end
    }

    /// The exact text of the value, escapes not yet undone.
    #[inline]
    pub fn raw(self) -> &'t str {
        let n = self.raw_node();
        if matches!(n.kind, Kind::Absent | Kind::EmptyArray) {
            return "";
        }
        self.tape.utf8.get(n.start as usize..n.end as usize).unwrap_or_default()
    }

    /// The exact bytes of the value, escapes not yet undone.
    #[inline]
    pub fn raw_bytes(self) -> &'t [u8] {
        let n = self.raw_node();
        self.tape.text.get(n.start as usize..n.end as usize).unwrap_or_default()
    }

    /// Whether the value holds escape sequences or references, which [`Node::text`] resolves.
    #[inline]
    pub fn is_escaped(self) -> bool {
        self.raw_node().flags & ESCAPED != 0
    }

    /// The value as text, escapes undone. Numbers and booleans give their lexeme, objects `""`.
    #[inline]
    pub fn text(self) -> Cow<'t, str> {
        match self.kind() {
            Kind::String if self.is_escaped() && self.tape.xml => Cow::Owned(super::xml::unescape(self.raw())),
            Kind::String if self.is_escaped() => Cow::Owned(super::json::unescape(self.raw())),
            Kind::String | Kind::Number | Kind::True | Kind::False => Cow::Borrowed(self.raw()),
            _ => Cow::Borrowed(""),
        }
    }

    /// Whether a value is written here: a string, a number or a boolean.
    #[inline]
    pub fn has_value(self) -> bool {
        matches!(self.kind(), Kind::String | Kind::Number | Kind::True | Kind::False)
    }

    /// Whether it is an object, or an XML element without a value.
    #[inline]
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// The `_name` object of a primitive.
    #[inline]
    pub fn primitive_extension(self) -> Option<Node<'t>> {
        let t = self.raw_node().primitive_extension;
        (t != 0).then(|| self.at(t))
    }

    /// The node that holds this one; `None` at the root. The parent of a primitive extension's child is the primitive
    /// itself.
    pub fn parent(self) -> Option<Node<'t>> {
        (self.index != 0).then(|| self.at(self.raw_node().parent))
    }

    /// The way down to this node: the root of the instance first, the node itself last. Never empty.
    pub fn way(self) -> Vec<Node<'t>> {
        let mut way: Vec<Node<'t>> = std::iter::successors(Some(self), |n| n.parent()).collect();
        way.reverse();
        way
    }

    /// The children in the order of the text; of a primitive those of its primitive extension (`id`, `extension`).
    #[inline]
    pub fn children(self) -> Children<'t> {
        let n = self.raw_node();
        let first = if n.child != 0 || n.primitive_extension == 0 {
            n.child
        } else {
            self.tape.nodes[n.primitive_extension as usize].child
        };
        Children { tape: self.tape, next: first }
    }

    /// The first child of this name.
    #[inline]
    pub fn child(self, name: NameId) -> Option<Node<'t>> {
        self.children_named(name).next()
    }

    /// The children of this name, in order.
    #[inline]
    pub fn children_named(self, name: NameId) -> impl Iterator<Item = Node<'t>> {
        self.named_from(self.children().next, name)
    }

    /// The siblings of this name from the one with this index on.
    #[inline]
    fn named_from(self, mut at: u32, name: NameId) -> impl Iterator<Item = Node<'t>> {
        std::iter::from_fn(move || {
            while at != 0 {
                let raw = &self.tape.nodes[at as usize];
                if raw.name == name {
                    return Some(self.at(std::mem::replace(&mut at, raw.next)));
                }
                at = match raw.skip {
                    0 => raw.next,
                    END => 0,
                    next => next,
                };
            }
            None
        })
    }

    /// The text of the first child of this name that has a value.
    pub fn child_text(self, name: NameId) -> Option<Cow<'t, str>> {
        self.child(name).filter(|c| c.has_value()).map(Node::text)
    }

    /// Which entry of its array this is, from 0; `None` where it is not in an array.
    pub fn ordinal(self) -> Option<usize> {
        self.parent().filter(|_| self.in_array())?.children_named(self.name()).position(|c| c == self)
    }

    /// How many entries of its array there are from an earlier one to this one; `None` where it does not follow.
    pub fn entries_since(self, earlier: Node<'t>) -> Option<usize> {
        self.named_from(earlier.index, self.name()).position(|c| c == self)
    }
}

/// Iterator over a node's children.
#[derive(Clone)]
pub struct Children<'t> {
    tape: &'t Tape<'t>,
    next: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;
    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        if self.next == 0 {
            return None;
        }
        let node = Node { tape: self.tape, index: self.next };
        self.next = self.tape.nodes[self.next as usize].next;
        Some(node)
    }
}
