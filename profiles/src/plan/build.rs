//! Merges the rows of a type and a set of profiles to a plan node, on first use.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::native::Native;
use super::node::{ExtensionPlan, Occurs, PlanAlternatives, PlanChild, PlanNode, Variant};
use super::rows::STRUCTURE_EXTENSION;
use super::set::{Handle, ImageSet};
use super::weight::weight;
use crate::fhirpath::{Tables, Typing};
use crate::model::{Primitive, TypeId};
use crate::release::release;

type Key = (TypeId, Box<[Handle]>);
type Nodes = FxHashMap<Key, Arc<PlanNode>>;

/// Bounds on the plan nodes kept in memory, and on what they weigh together, in bytes; reaching one starts anew.
const NODES: usize = 200_000;
const NODE_BYTES: usize = 256 << 20;
/// Bound on the extension urls of one element, and on the bytes of each, whose plans are kept; others are planned anew.
const URLS: usize = 1000;
const URL: usize = 1024;
/// Bound on the bytes of all such urls, with what is kept beside each.
const GROWN_BYTES: usize = 64 << 20;
const GROWN_ENTRY: usize = 256;
/// Bound on the sets of slices of one element's type whose plans are kept with it.
const SLICED: usize = 256;

/// The plan nodes that are kept.
#[derive(Default)]
struct Kept {
    nodes: Nodes,
    bytes: usize,
}

impl Kept {
    /// Keeps a node within so many bytes, or gives the one that was kept meanwhile; with the others, where they are
    /// forgotten for it.
    fn keep(&mut self, key: Key, node: Arc<PlanNode>, most: usize) -> (Arc<PlanNode>, Option<Nodes>) {
        if let Some(known) = self.nodes.get(&key) {
            return (Arc::clone(known), None);
        }
        let bytes = weight(&node);
        let is_full = self.nodes.len() >= NODES || self.bytes.saturating_add(bytes) > most;
        let forgotten = is_full.then(|| {
            self.bytes = 0;
            std::mem::take(&mut self.nodes)
        });
        self.bytes = self.bytes.saturating_add(bytes);
        self.nodes.insert(key, Arc::clone(&node));
        (node, forgotten)
    }
}

/// The plans over one set of images. Shared by threads.
pub struct Plans {
    /// No other plans of this process have it.
    id: u64,
    set: Arc<ImageSet>,
    nodes: RwLock<Kept>,
    /// Bound on the bytes of the nodes that are kept.
    most: usize,
    /// How often all of them were forgotten.
    forgotten: AtomicU64,
    /// The bytes by which nodes that are kept have grown since: urls of extensions, combinations of slices.
    grown_bytes: AtomicUsize,
    tables: Arc<Tables>,
    /// The profiles that guides lay on all resources of a type.
    globals: Vec<(TypeId, Result<Handle, String>)>,
    /// The profiles that the FHIR version lays on resources by a code of theirs.
    by_code: OnceLock<FxHashMap<(&'static str, &'static str), Handle>>,
}

impl Plans {
    /// Plans over a set of images; none is built yet.
    pub fn new(set: Arc<ImageSet>) -> Plans {
        let tables = Arc::new(Tables::new(set.model()));
        let globals = set.globals();
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Plans {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            set,
            nodes: RwLock::default(),
            most: NODE_BYTES,
            forgotten: AtomicU64::new(0),
            grown_bytes: AtomicUsize::new(0),
            tables,
            globals,
            by_code: OnceLock::new(),
        }
    }

    /// The same, with a bound on the bytes of the nodes that are kept, in place of the usual one of 256 MiB.
    pub fn within(mut self, bytes: usize) -> Plans {
        self.most = bytes;
        self
    }

    /// An id that no other plans of this process have: memory that refers to their rows is not valid for others.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The roots of the profiles that the loaded guides lay on all resources of a type
    /// (<https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global>).
    pub(crate) fn globals(&self, type_id: TypeId) -> impl Iterator<Item = Handle> {
        self.globals.iter().filter(move |(t, _)| *t == type_id).filter_map(|(_, root)| root.as_ref().ok().copied())
    }

    /// The canonicals of such profiles that no package defines.
    pub(crate) fn unknown_globals(&self, type_id: TypeId) -> impl Iterator<Item = &str> {
        let of_type = self.globals.iter().filter(move |(t, _)| *t == type_id);
        of_type.filter_map(|(_, root)| root.as_ref().err().map(String::as_str))
    }

    /// The root of the profile that the FHIR version lays on resources with this code.
    pub(crate) fn by_code(&self, system: &str, code: &str) -> Option<Handle> {
        let set = &self.set;
        let known = self.by_code.get_or_init(|| {
            let coded = release(set.fhir_version()).profiles_by_code.iter();
            coded
                .filter_map(|(system, code, profile)| Some(((*system, *code), set.root(set.core_type(profile)?)?)))
                .collect()
        });
        known.get(&(system, code)).copied()
    }

    /// What FHIRPath needs of the set's model.
    pub fn typing(&self) -> Typing<'_> {
        Typing::with(self.set.model(), self.tables.clone())
    }

    /// The set of images that the plans are built from.
    pub fn set(&self) -> &Arc<ImageSet> {
        &self.set
    }

    /// How many plan nodes are kept in memory now, and the bytes that they weigh together, about.
    pub fn kept(&self) -> (usize, usize) {
        let kept = self.nodes.read().unwrap_or_else(PoisonError::into_inner);
        (kept.nodes.len(), kept.bytes)
    }

    /// The plan of a type under these element rows (roots of profiles, elements, slices).
    pub fn node(&self, type_id: TypeId, handles: &[Handle]) -> Arc<PlanNode> {
        let (handles, alternatives) = self.close(type_id, handles);
        let key: Key = (type_id, handles.into());
        if let Some(n) = self.nodes.read().unwrap_or_else(PoisonError::into_inner).nodes.get(&key) {
            return n.clone();
        }
        let node = Arc::new(self.build(type_id, key.1.clone(), alternatives));
        let (node, forgotten) = self.nodes.write().unwrap_or_else(PoisonError::into_inner).keep(key, node, self.most);
        if let Some(forgotten) = forgotten {
            self.grown_bytes.store(0, Ordering::Relaxed);
            self.forgotten.fetch_add(1, Ordering::Release);
            unlink(&forgotten);
        }
        node
    }

    /// How often all nodes that were kept have been forgotten: who keeps some of them lets go of them then.
    pub(crate) fn times_forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    /// The plan of an element's entries of one type that match no slice.
    pub(crate) fn variant(&self, child: &PlanChild, variant: &Variant) -> Arc<PlanNode> {
        self.with_variant(child, variant, Arc::clone)
    }

    /// The same, lent: nobody counts who has it.
    pub(crate) fn with_variant<T>(
        &self,
        child: &PlanChild,
        variant: &Variant,
        work: impl FnOnce(&Arc<PlanNode>) -> T,
    ) -> T {
        if let Some(node) = &*variant.node.load() {
            return work(node);
        }
        let handles: Vec<Handle> = child.handles_of(variant).collect();
        let before = self.times_forgotten();
        let node = self.node(variant.type_id, &handles);
        // What was forgotten meanwhile is not tied to what is kept.
        if self.times_forgotten() == before {
            variant.node.store(Some(Arc::clone(&node)));
        }
        work(&node)
    }

    /// The plan of an element's entries that match these slices, as this type (a resource's own where the element takes
    /// any).
    pub(crate) fn sliced(
        &self,
        child: &PlanChild,
        variant: &Variant,
        type_id: TypeId,
        slices: &[Handle],
    ) -> Arc<PlanNode> {
        let known = variant.sliced.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, n)) = known.iter().find(|(s, t, _)| **s == *slices && *t == type_id) {
            return n.clone();
        }
        drop(known);
        let handles: Vec<Handle> = child.handles_of(variant).chain(slices.iter().copied()).collect();
        let before = self.times_forgotten();
        let node = self.node(type_id, &handles);
        let mut known = variant.sliced.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < SLICED && self.may_grow(before, size_of_val(slices)) {
            known.push((slices.into(), type_id, node.clone()));
        }
        node
    }

    /// The plan of the extensions of one url at this element, with the definition and the slices that the url names, if
    /// any.
    pub(crate) fn extension(&self, child: &PlanChild, variant: &Variant, url: &str) -> Arc<ExtensionPlan> {
        if let Some(p) = child.by_url.read().unwrap_or_else(PoisonError::into_inner).get(url) {
            return p.clone();
        }
        let slices: Box<[Option<u16>]> =
            child.slicings.iter().map(|s| s.by_url.as_ref().and_then(|m| m.get(url).copied())).collect();
        let mut handles: Vec<Handle> = child.handles.to_vec();
        for (s, hit) in child.slicings.iter().zip(&slices) {
            handles.extend(hit.and_then(|i| s.slices.get(i as usize)).map(|s| s.element));
        }
        let core = self.set.core() as u32;
        let asking = handles.iter().rev().map(|h| h.layer).find(|l| *l != core);
        let definition = self
            .set
            .find_structure(url, asking)
            .filter(|h| self.set.structure(*h).is_some_and(|s| s.flags & STRUCTURE_EXTENSION != 0));
        handles.extend(definition.and_then(|d| self.set.root(d)));
        let before = self.times_forgotten();
        let plan = Arc::new(ExtensionPlan { node: self.node(variant.type_id, &handles), definition, slices });
        let mut known = child.by_url.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < URLS && url.len() <= URL && self.may_grow(before, url.len()) {
            known.insert(url.into(), plan.clone());
        }
        plan
    }

    /// Whether what is kept may grow by an entry of so many bytes, which was made when all had been forgotten `before`
    /// times. What was forgotten since is not tied to what is kept.
    fn may_grow(&self, before: u64, bytes: usize) -> bool {
        if self.times_forgotten() != before || self.grown_bytes.load(Ordering::Relaxed) >= GROWN_BYTES {
            return false;
        }
        self.grown_bytes.fetch_add(bytes + GROWN_ENTRY, Ordering::Relaxed);
        true
    }

    fn build(&self, type_id: TypeId, handles: Box<[Handle]>, alternatives: Vec<PlanAlternatives>) -> PlanNode {
        let model = self.set.model();
        let children = self.children(type_id, &handles);
        let occurs = Occurs::of(&children);
        let constraints = self.constraints(&handles);
        let plain = constraints.iter().all(|c| c.native == Native::ValueOrChildren);
        let name = model.type_name(type_id);
        let (values, bounds, bindings, targets) =
            (self.values(&handles), self.bounds(&handles), self.bindings(&handles), self.targets(&handles, name));
        let presence = self.presence(&handles);
        PlanNode {
            type_id,
            role: model.role(type_id),
            is_bare: values.is_empty()
                && bounds.is_empty()
                && presence.is_empty()
                && bindings.is_empty()
                && targets.is_empty()
                && alternatives.is_empty(),
            is_sliced: children.iter().any(|c| !c.slicings.is_empty()),
            asks_children: children
                .iter()
                .any(|c| c.min > 0 || c.slicings.iter().any(|s| s.slices.iter().any(|s| s.min > 0))),
            primitive: model.is_primitive(type_id).then(|| Primitive::from_name(name)).flatten(),
            is_resource: model.is_resource(type_id),
            table: PlanNode::table(&children),
            children,
            occurs,
            plain,
            constraints,
            values,
            bounds,
            presence,
            bindings,
            targets,
            alternatives: alternatives.into(),
            faults: self.faults(&handles),
            handles,
        }
    }
}

/// Plans lead to one another in circles: what is forgotten has to let go of what it leads to.
impl Drop for Plans {
    fn drop(&mut self) {
        unlink(&self.nodes.get_mut().unwrap_or_else(PoisonError::into_inner).nodes);
    }
}

fn unlink(nodes: &Nodes) {
    for child in nodes.values().flat_map(|node| node.children.iter()) {
        child.by_url.write().unwrap_or_else(PoisonError::into_inner).clear();
        for variant in child.variants.iter() {
            variant.node.store(None);
            variant.sliced.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}
