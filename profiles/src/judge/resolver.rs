//! What references may name in one instance: contained resources, the entries of Bundles and the ids of elements, as
//! indices that are built when they are first asked for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::instance::{NameId, Node, Tape};

/// Contained resources by id.
type ById = FxHashMap<Box<str>, u32>;

/// How often ids are used; no more than 255 times.
type Ids = FxHashMap<Box<str>, u8>;

/// Gives the ids of a node, without those of its children.
type IdsOf = fn(Node<'_>, &mut dyn FnMut(&str));

/// Indices of one instance, each built when it is first asked for.
#[derive(Default)]
pub struct Resolver {
    bundles: RefCell<FxHashMap<u32, Rc<Entries>>>,
    contained: RefCell<FxHashMap<u32, Rc<ById>>>,
    element_ids: RefCell<FxHashMap<u32, Rc<Ids>>>,
    narrative_ids: RefCell<FxHashMap<u32, Rc<Ids>>>,
}

/// What has an id within a resource.
#[derive(Clone, Copy, Default)]
pub struct IdUse {
    /// How many elements and contained resources have it; no more than 255.
    pub elements: u8,
    /// How many elements of narratives have it; no more than 255.
    pub in_narratives: u8,
}

impl IdUse {
    /// Whether anything has it.
    pub fn is_any(self) -> bool {
        self.elements > 0 || self.in_narratives > 0
    }
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
    /// Whether any fullUrl occurs twice.
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

    /// The resources that an absolute reference names: the whole text as a fullUrl, else its address with the version
    /// that it asks for. They are given by their indices in the tape, in order.
    pub fn named(&self, url: &str) -> &[u32] {
        self.by_url.get(url).or_else(|| self.by_version.get(url)).map_or(&[], Vec::as_slice)
    }

    /// The resource with this type and id, maybe of a version, whose entry has no fullUrl.
    pub(super) fn without_url<'t>(&self, tape: &'t Tape<'t>, text: &str) -> &[u32] {
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
        self.element_ids.borrow_mut().clear();
        self.narrative_ids.borrow_mut().clear();
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

    /// Whether an element of a resource, or one contained in it, has this id.
    pub fn has_id(&self, root: Node<'_>, id: &str) -> bool {
        times(&self.element_ids, root, id, of_element) > 0
    }

    /// Where a resource, or one contained in it, holds this id; nowhere where it is the default.
    pub fn id_use(&self, root: Node<'_>, id: &str) -> IdUse {
        IdUse {
            elements: times(&self.element_ids, root, id, of_element),
            in_narratives: times(&self.narrative_ids, root, id, of_narrative),
        }
    }
}

/// How often an id is used below a node, by an index over all nodes below it that is made once.
fn times(kept: &RefCell<FxHashMap<u32, Rc<Ids>>>, root: Node<'_>, id: &str, ids_of: IdsOf) -> u8 {
    if let Some(known) = kept.borrow().get(&root.index()) {
        return known.get(id).copied().unwrap_or_default();
    }
    let mut all = Ids::default();
    let mut add = |id: &str| {
        let times = all.entry(id.into()).or_default();
        *times = times.saturating_add(1);
    };
    let mut stack = vec![root];
    while let Some(x) = stack.pop() {
        ids_of(x, &mut add);
        stack.extend(x.children());
    }
    let found = all.get(id).copied().unwrap_or_default();
    kept.borrow_mut().insert(root.index(), Rc::new(all));
    found
}

/// The id of an element.
fn of_element(n: Node<'_>, add: &mut dyn FnMut(&str)) {
    if let Some(id) = n.child_text(NameId::ID) {
        add(&id);
    }
}

/// The ids of the elements of a narrative, if the node is its `div`.
fn of_narrative(n: Node<'_>, add: &mut dyn FnMut(&str)) {
    if n.name() == NameId::DIV && n.has_value() {
        ids_of_markup(&n.text()).for_each(add);
    }
}

/// The ids of the elements of a narrative.
fn ids_of_markup(text: &str) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(text.as_bytes(), b"id").filter_map(move |at| {
        let (before, after) = (text.get(..at)?, text.get(at + 2..)?.trim_start());
        let value = after.strip_prefix('=').filter(|_| before.ends_with(char::is_whitespace))?.trim_start();
        let quote = value.chars().next().filter(|q| matches!(q, '"' | '\''))?;
        value.get(1..)?.split(quote).next().filter(|id| !id.is_empty())
    })
}
