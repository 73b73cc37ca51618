//! References: what they lead to, as far as the instance and their text tell. Pure: nothing is judged here.
//!
//! One place for all who ask: the walk, slices, FHIRPath, aggregation, documents. Inside a Bundle the rules are those of
//! <https://hl7.org/fhir/R4/bundle.html#references>: an absolute reference names a fullUrl; a relative one the fullUrl that
//! starts as the fullUrl of its own entry does; a version has to be that of `meta.versionId`. Only where the entry around
//! has no fullUrl at all do type and id name another that has none.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::answers::Withheld;
use super::place::Frame;
use super::scene::Scene;
use crate::instance::{NameId, Node, Tape};
use crate::model::{Model, TypeId, is_absolute_uri};

/// What a reference leads to.
#[derive(Clone, Copy)]
pub enum Target<'t> {
    /// The resource itself.
    Found(Node<'t>),
    /// A resource of this type that is not here.
    Typed(TypeId),
    /// A fragment that names nothing.
    Missing,
    /// It cannot be said.
    Unknown,
}

/// Contained resources by id.
type ById = FxHashMap<Box<str>, u32>;

/// Indices of one instance, each built when it is first asked for.
#[derive(Default)]
pub struct Resolver {
    bundles: RefCell<FxHashMap<u32, Rc<Entries>>>,
    contained: RefCell<FxHashMap<u32, Rc<ById>>>,
    ids: RefCell<FxHashMap<u32, Rc<FxHashSet<Box<str>>>>>,
}

/// The entries of a Bundle by what may name them.
#[derive(Default)]
pub struct Entries {
    /// By fullUrl: the resources, in order.
    by_url: FxHashMap<Box<str>, Vec<u32>>,
    /// By fullUrl with `/_history/` and `meta.versionId` behind it.
    by_version: FxHashMap<Box<str>, Vec<u32>>,
    /// `Type/id` of the resources whose entries have no fullUrl.
    by_id: FxHashMap<Box<str>, u32>,
    /// `Type/id` of all resources, the first of each.
    any_id: FxHashMap<Box<str>, u32>,
    /// Whether any fullUrl stands twice.
    has_shared: bool,
}

impl Entries {
    fn new(bundle: Node<'_>) -> Entries {
        let mut index = Entries::default();
        for e in bundle.children_named(NameId::ENTRY) {
            let Some(resource) = e.child(NameId::RESOURCE) else { continue };
            let url = e.child_text(NameId::FULL_URL);
            let type_and_id = resource
                .child_text(NameId::RESOURCE_TYPE)
                .zip(resource.child_text(NameId::ID))
                .map(|(t, id)| format!("{t}/{id}"));
            if let Some(key) = type_and_id {
                if url.is_none() {
                    index.by_id.entry(key.as_str().into()).or_insert(resource.index());
                }
                index.any_id.entry(key.into()).or_insert(resource.index());
            }
            if let Some(url) = url {
                if let Some(version) = version_of(resource) {
                    index
                        .by_version
                        .entry(format!("{url}/_history/{version}").into())
                        .or_default()
                        .push(resource.index());
                }
                let same = index.by_url.entry(url.into()).or_default();
                same.push(resource.index());
                index.has_shared |= same.len() > 1;
            }
        }
        index
    }

    /// The resources that an absolute reference names: the whole text as a fullUrl, else its address with the version that it
    /// asks for. They are told by their places in the tape, in order.
    pub fn named(&self, url: &str) -> &[u32] {
        self.by_url.get(url).or_else(|| self.by_version.get(url)).map_or(&[], Vec::as_slice)
    }

    /// The resource with this type and id, maybe of a version, whose entry has no fullUrl.
    fn without_url<'t>(&self, tape: &'t Tape<'t>, text: &str) -> &[u32] {
        let (plain, version) =
            text.split_once("/_history/").map_or((text, None), |(plain, version)| (plain, Some(version)));
        let fits = |at: u32| version.is_none_or(|v| version_of(tape.node(at)).is_some_and(|own| own == v));
        self.by_id.get(plain).filter(|at| fits(**at)).map_or(&[], std::slice::from_ref)
    }

    /// Whether several resources share a fullUrl.
    pub fn has_shared_urls(&self) -> bool {
        self.has_shared
    }

    /// Whether any resource has this type and id, whatever its fullUrl.
    pub fn has_id(&self, type_and_id: &str) -> bool {
        self.any_id.contains_key(type_and_id)
    }

    /// The groups of resources that share a fullUrl.
    pub fn shared_urls(&self) -> impl Iterator<Item = &[u32]> {
        self.by_url.values().map(Vec::as_slice).filter(|all| all.len() > 1)
    }
}

/// `meta.versionId` of a resource.
fn version_of<'t>(resource: Node<'t>) -> Option<Cow<'t, str>> {
    let meta = resource.child(NameId::META)?;
    meta.child(NameId::VERSION_ID).filter(|v| v.has_value()).map(Node::text)
}

impl Resolver {
    pub(super) fn clear(&self) {
        self.bundles.borrow_mut().clear();
        self.contained.borrow_mut().clear();
        self.ids.borrow_mut().clear();
    }

    /// The entries of a Bundle.
    pub fn entries(&self, bundle: Node<'_>) -> Rc<Entries> {
        if let Some(known) = self.bundles.borrow().get(&bundle.index()) {
            return Rc::clone(known);
        }
        let made = Rc::new(Entries::new(bundle));
        self.bundles.borrow_mut().insert(bundle.index(), Rc::clone(&made));
        made
    }

    /// The resource with this id among those contained in another; the first where several have it.
    pub fn contained<'t>(&self, root: Node<'t>, id: &str) -> Option<Node<'t>> {
        let known = self.contained.borrow().get(&root.index()).map(Rc::clone);
        let index = known.unwrap_or_else(|| {
            let mut index: FxHashMap<Box<str>, u32> = FxHashMap::default();
            for c in root.children_named(NameId::CONTAINED) {
                if let Some(id) = c.child_text(NameId::ID) {
                    index.entry(id.into()).or_insert(c.index());
                }
            }
            let made = Rc::new(index);
            self.contained.borrow_mut().insert(root.index(), Rc::clone(&made));
            made
        });
        index.get(id).map(|i| root.tape().node(*i))
    }

    /// Whether a resource, or one contained in it, holds this id: of an element, a contained resource, or in a narrative.
    pub fn has_id(&self, root: Node<'_>, id: &str) -> bool {
        if let Some(known) = self.ids.borrow().get(&root.index()) {
            return known.contains(id);
        }
        let mut all: FxHashSet<Box<str>> = FxHashSet::default();
        let mut stack = vec![root];
        while let Some(x) = stack.pop() {
            if let Some(id) = x.child_text(NameId::ID) {
                all.insert(id.into());
            }
            if x.name() == NameId::DIV && x.has_value() {
                all.extend(ids_of_markup(&x.text()).map(Box::from));
            }
            stack.extend(x.children());
        }
        let found = all.contains(id);
        self.ids.borrow_mut().insert(root.index(), Rc::new(all));
        found
    }
}

/// The ids of the elements of a narrative.
fn ids_of_markup(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("id").filter_map(move |(at, _)| {
        let (before, after) = (&text[..at], text[at + 2..].trim_start());
        let value = after.strip_prefix('=').filter(|_| before.ends_with(char::is_whitespace))?.trim_start();
        let quote = value.chars().next().filter(|q| matches!(q, '"' | '\''))?;
        value[1..].split(quote).next().filter(|id| !id.is_empty())
    })
}

/// The type that a RESTful reference names.
pub fn type_in(model: &Model, text: &str) -> Option<TypeId> {
    let text = memchr::memchr2(b'?', b'#', text.as_bytes()).map_or(text, |end| &text[..end]);
    let text = unversioned(text);
    let slash = memchr::memrchr(b'/', text.as_bytes())?;
    let (before, id) = (&text[..slash], &text[slash + 1..]);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
        return None;
    }
    let name = memchr::memrchr(b'/', before.as_bytes()).map_or(before, |at| &before[at + 1..]);
    model.find(name).filter(|t| model.is_resource(*t))
}

/// A reference or url without the version that it asks for.
pub fn unversioned(text: &str) -> &str {
    let versioned = memchr::memchr(b'_', text.as_bytes()).is_some();
    if versioned { text.split("/_history/").next().unwrap_or(text) } else { text }
}

/// What stands before `Type/id` in a RESTful url.
fn base_of<'u>(model: &Model, url: &'u str) -> Option<&'u str> {
    type_in(model, url).filter(|_| url.starts_with("http://") || url.starts_with("https://"))?;
    let url = unversioned(url);
    let end = url.rfind('/').and_then(|i| url[..i].rfind('/'))?;
    Some(&url[..=end])
}

/// The entry of a Bundle that a place lies in.
pub fn entry_around<'t>(bundle: Node<'t>, from: Node<'t>) -> Option<Node<'t>> {
    let mut at = from;
    loop {
        let parent = at.parent()?;
        if parent == bundle {
            return Some(at);
        }
        at = parent;
    }
}

impl<'t> Scene<'_, 't> {
    /// Whether a resource, or one contained in it, holds this id.
    pub fn has_id(&self, root: Node<'t>, id: &str) -> bool {
        self.shared.resolver.has_id(root, id)
    }

    /// What a Reference element leads to.
    pub fn resolve(&self, reference: Node<'t>, frame: &Frame<'t>) -> Target<'t> {
        match reference.child_text(NameId::REFERENCE) {
            Some(text) => self.resolve_text(&text, reference, frame),
            None => self.declared_type(reference).map_or(Target::Unknown, Target::Typed),
        }
    }

    /// What a reference's text leads to, seen from a node of the frame's resource.
    pub fn resolve_text(&self, text: &str, from: Node<'t>, frame: &Frame<'t>) -> Target<'t> {
        if self.is_withheld(Withheld::Reference) {
            return Target::Unknown;
        }
        if let Some(id) = text.strip_prefix('#') {
            return match id {
                "" => Target::Found(frame.root),
                _ => self.shared.resolver.contained(frame.root, id).map_or(Target::Missing, Target::Found),
            };
        }
        if let Some(found) = frame.bundle.and_then(|bundle| self.entry_named(bundle, text, from)) {
            return Target::Found(found);
        }
        match type_in(self.model(), text).or_else(|| self.declared_type(from)) {
            Some(t) => Target::Typed(t),
            None => Target::Unknown,
        }
    }

    /// The entries of a Bundle, by what may name them.
    pub fn entries(&self, bundle: Node<'t>) -> Rc<Entries> {
        self.shared.resolver.entries(bundle)
    }

    /// The one resource of a Bundle that a reference from this place names; `None` where there is none, or several.
    pub fn entry_named(&self, bundle: Node<'t>, text: &str, from: Node<'t>) -> Option<Node<'t>> {
        let index = self.entries(bundle);
        match self.entries_named(&index, bundle, text, from) {
            [one] => Some(self.tape.node(*one)),
            _ => None,
        }
    }

    /// The resources of a Bundle that a reference from this place names, by their places in the tape.
    pub fn entries_named<'i>(&self, index: &'i Entries, bundle: Node<'t>, text: &str, from: Node<'t>) -> &'i [u32] {
        let found = index.named(text);
        if !found.is_empty() || is_absolute_uri(text) {
            return found;
        }
        match entry_around(bundle, from).and_then(|e| e.child_text(NameId::FULL_URL)) {
            Some(url) => base_of(self.model(), &url).map_or(&[], |base| index.named(&format!("{base}{text}"))),
            None => index.without_url(self.tape, text),
        }
    }

    /// `Reference.type`, where it names a resource type.
    pub fn declared_type(&self, reference: Node<'t>) -> Option<TypeId> {
        let text = reference.child_text(NameId::TYPE)?;
        let name = text.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(&text);
        self.model().find(name).filter(|t| self.model().is_resource(*t))
    }
}
