//! References: what they lead to, as far as the instance and their text show. Pure: nothing is judged here.
//!
//! One place for all who ask: the walk, slices, FHIRPath, aggregation, documents. Inside a Bundle the rules are those
//! of <https://hl7.org/fhir/R4/bundle.html#references>: an absolute reference names a fullUrl; a relative one the
//! fullUrl that starts as the fullUrl of its own entry does; a version has to be that of `meta.versionId`. Only where
//! the entry around has no fullUrl at all do type and id name another that has none.

use std::rc::Rc;

use super::answers::Withheld;
use super::place::Frame;
use super::resolver::{Entries, IdUse};
use super::scene::Scene;
use crate::instance::{NameId, Node};
use crate::model::{Model, TypeId, is_absolute_uri, is_id};

/// What a reference leads to.
#[derive(Clone, Copy)]
pub enum Target<'t> {
    /// The resource itself.
    Found(Node<'t>),
    /// A resource of this type that is not in the instance.
    Typed(TypeId),
    /// A fragment that names nothing.
    Missing,
    /// It cannot be determined.
    Unknown,
}

/// The type that a RESTful reference names.
pub fn type_in(model: &Model, text: &str) -> Option<TypeId> {
    let text = memchr::memchr2(b'?', b'#', text.as_bytes()).and_then(|end| text.get(..end)).unwrap_or(text);
    let text = unversioned(text);
    let (before, id) = text.rsplit_once('/')?;
    if !is_id(id) {
        return None;
    }
    let name = before.rsplit_once('/').map_or(before, |(_, name)| name);
    model.find(name).filter(|t| model.is_resource(*t))
}

/// A reference or url without the version that it asks for.
pub fn unversioned(text: &str) -> &str {
    let versioned = memchr::memchr(b'_', text.as_bytes()).is_some();
    if versioned { text.split("/_history/").next().unwrap_or(text) } else { text }
}

/// The part before `Type/id` of a RESTful url.
fn base_of<'u>(model: &Model, url: &'u str) -> Option<&'u str> {
    type_in(model, url).filter(|_| url.starts_with("http://") || url.starts_with("https://"))?;
    let url = unversioned(url);
    let end = url.rsplit_once('/').and_then(|(before, _)| before.rfind('/'))?;
    url.get(..=end)
}

/// The entry of a Bundle that a node is in.
fn entry_around<'t>(bundle: Node<'t>, from: Node<'t>) -> Option<Node<'t>> {
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
    /// Whether an element of a resource, or one contained in it, has this id.
    pub fn has_id(&self, root: Node<'t>, id: &str) -> bool {
        self.shared.resolver.has_id(root, id)
    }

    /// Where a resource, or one contained in it, holds this id.
    pub fn id_use(&self, root: Node<'t>, id: &str) -> IdUse {
        self.shared.resolver.id_use(root, id)
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
        self.resolve_typed(text, || type_in(self.model(), text), from, frame)
    }

    /// As [`Scene::resolve_text`]; the type that the text names is asked for where the target is not in the instance.
    pub fn resolve_typed(
        &self,
        text: &str,
        named: impl FnOnce() -> Option<TypeId>,
        from: Node<'t>,
        frame: &Frame<'t>,
    ) -> Target<'t> {
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
        match named().or_else(|| self.declared_type(from)) {
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
