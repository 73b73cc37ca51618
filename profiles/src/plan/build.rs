//! Merges the rows of a type and a set of profiles to a plan node, on first use.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::native::Native;
use super::node::{ExtensionPlan, Occurs, PlanAlternatives, PlanChild, PlanNode, Variant};
use super::rows::{ELEMENT_CHOICE, ELEMENT_LIST, ElementRow, NONE, STRUCTURE_EXTENSION};
use super::set::{Handle, ImageSet};
use super::slicing;
use crate::fhirpath::{Tables, Typing};
use crate::instance::NameId;
use crate::model::{ChildRow, Primitive, TypeId, TypeKind, version_facts};

type Key = (TypeId, Box<[Handle]>);

/// Bound on the plan nodes kept in memory; reaching it starts anew.
const NODES: usize = 200_000;
/// Bound on the extension urls of one element, and on the bytes of each, whose plans are kept; others are planned anew.
const URLS: usize = 1000;
const URL: usize = 1024;
/// Bound on the sets of slices of one element's type whose plans are kept beside it.
const SLICED: usize = 256;

/// The plans over one set of images. Shared by threads.
pub struct Plans {
    /// No other plans of this process have it.
    id: u64,
    set: Arc<ImageSet>,
    nodes: RwLock<FxHashMap<Key, Arc<PlanNode>>>,
    tables: Arc<Tables>,
    /// The profiles that guides lay on all resources of a type.
    globals: Vec<(TypeId, Handle)>,
    /// The profiles that the FHIR version lays on resources by a code of theirs.
    by_code: OnceLock<FxHashMap<(&'static str, &'static str), Handle>>,
}

fn children_of(set: &ImageSet, parent: Handle) -> impl Iterator<Item = (Handle, &ElementRow)> {
    let image = set.layer(parent.layer);
    let mut at = image.element(parent.row).map_or(NONE, |e| e.first_child);
    std::iter::from_fn(move || {
        let e = image.element(at)?;
        let h = Handle { layer: parent.layer, row: at };
        at = e.next;
        Some((h, e))
    })
}

impl Plans {
    pub fn new(set: Arc<ImageSet>) -> Plans {
        let tables = Arc::new(Tables::new(set.model()));
        let globals = set.globals();
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Plans {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            set,
            nodes: RwLock::default(),
            tables,
            globals,
            by_code: OnceLock::new(),
        }
    }

    /// What tells these plans from all others of the process: memory that holds rows of theirs is of no use to others.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The roots of the profiles that the loaded guides lay on all resources of a type
    /// (https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global).
    pub fn globals(&self, type_id: TypeId) -> impl Iterator<Item = Handle> {
        self.globals.iter().filter(move |(t, _)| *t == type_id).map(|(_, root)| *root)
    }

    /// The root of the profile that the FHIR version lays on resources with this code.
    pub fn by_code(&self, system: &str, code: &str) -> Option<Handle> {
        let set = &self.set;
        let known = self.by_code.get_or_init(|| {
            let coded = version_facts(set.fhir_version()).profiles_by_code.iter();
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

    pub fn set(&self) -> &Arc<ImageSet> {
        &self.set
    }

    /// The plan of a type under these element rows (roots of profiles, elements, slices).
    pub fn node(&self, type_id: TypeId, handles: &[Handle]) -> Arc<PlanNode> {
        let (handles, alternatives) = self.close(type_id, handles);
        let key: Key = (type_id, handles.into());
        if let Some(n) = self.nodes.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return n.clone();
        }
        let node = Arc::new(self.build(type_id, key.1.clone(), alternatives));
        let mut nodes = self.nodes.write().unwrap_or_else(PoisonError::into_inner);
        if nodes.len() >= NODES {
            nodes.clear();
        }
        nodes.entry(key).or_insert(node).clone()
    }

    /// The plan of an element's entries of one type that match no slice.
    pub fn variant<'n>(&self, child: &PlanChild, variant: &'n Variant) -> &'n Arc<PlanNode> {
        variant.node.get_or_init(|| self.node(variant.type_id, &child.handles))
    }

    /// The plan of an element's entries that match these slices, as this type (a resource's own where the element takes any).
    pub fn sliced(&self, child: &PlanChild, variant: &Variant, type_id: TypeId, slices: &[Handle]) -> Arc<PlanNode> {
        let known = variant.sliced.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, n)) = known.iter().find(|(s, t, _)| **s == *slices && *t == type_id) {
            return n.clone();
        }
        drop(known);
        let handles: Vec<Handle> = child.handles.iter().chain(slices).copied().collect();
        let node = self.node(type_id, &handles);
        let mut known = variant.sliced.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < SLICED {
            known.push((slices.into(), type_id, node.clone()));
        }
        node
    }

    /// The plan of the extensions of one url at this element, with the definition and the slices that the url names, if any.
    pub fn extension(&self, child: &PlanChild, variant: &Variant, url: &str) -> Arc<ExtensionPlan> {
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
        let plan = Arc::new(ExtensionPlan { node: self.node(variant.type_id, &handles), definition, slices });
        let mut known = child.by_url.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < URLS && url.len() <= URL {
            known.insert(url.into(), plan.clone());
        }
        plan
    }

    /// Adds what elements imply: the one profile of their type, the content that they take over, what profiles impose, the type itself. Elements
    /// that name several profiles of the type are given back apart. The value of a primitive is the primitive's node itself:
    /// what a profile demands of it is demanded of the node.
    fn close(&self, type_id: TypeId, handles: &[Handle]) -> (Vec<Handle>, Vec<PlanAlternatives>) {
        let set = &*self.set;
        let type_name = set.model().type_name(type_id);
        let is_primitive = set.model().is_primitive(type_id);
        let mut all: Vec<Handle> = Vec::with_capacity(handles.len() + 2);
        let mut alternatives = Vec::new();
        let mut queue: Vec<Handle> = handles.iter().rev().copied().collect();
        while let Some(h) = queue.pop() {
            let Some(e) = set.element(h) else { continue };
            if all.contains(&h) {
                continue;
            }
            all.push(h);
            if e.content != NONE {
                queue.push(slicing::content_of(set, h, e));
            }
            if is_primitive && h.layer as usize != set.core() {
                queue.extend(children_of(set, h).filter(|(_, e)| e.name == NameId::VALUE).map(|(h, _)| h));
            }
            if e.parent == NONE {
                let (imposed, unknown) = self.imposed_by(h, e, type_name);
                queue.extend(imposed);
                if unknown {
                    alternatives.push(PlanAlternatives { element: h, roots: Box::default(), unknown });
                }
            }
            let (roots, unknown) = self.profiles_of(h, e, type_name);
            match roots.as_slice() {
                [one] if !unknown => queue.push(*one),
                [] if !unknown => {}
                _ => alternatives.push(PlanAlternatives { element: h, roots: roots.into_boxed_slice(), unknown }),
            }
        }
        let model = set.model();
        let own = matches!(model.kind(type_id), Some(TypeKind::Primitive | TypeKind::Complex | TypeKind::Resource));
        let has_root = all.iter().any(|h| set.element(*h).is_some_and(|e| e.parent == NONE));
        if own
            && !has_root
            && let Some(root) = set.core_type(type_name).and_then(|s| set.root(s))
        {
            all.push(root);
        }
        all.sort_unstable();
        (all, alternatives)
    }

    /// The root elements of the profiles that an element names for a type, and whether it names others that are not loaded.
    /// An extension whose definition is not loaded is told by its url.
    fn profiles_of(&self, h: Handle, e: &ElementRow, type_name: &str) -> (Vec<Handle>, bool) {
        let image = self.set.layer(h.layer);
        let mut roots = Vec::new();
        let mut unknown = false;
        for t in image.type_refs(e.types) {
            if image.str(t.code) != type_name && !self.is_base(type_name, image.str(t.code)) {
                continue;
            }
            if t.profiles.len == 0 {
                return (Vec::new(), false);
            }
            for p in image.list(t.profiles) {
                let (url, fragment) = p.split_once('#').map_or((p, None), |(u, f)| (u, Some(f)));
                let Some(s) = self.set.find_structure(url, Some(h.layer)) else {
                    unknown |= type_name != "Extension";
                    continue;
                };
                let of_type = self.set.structure(s).map(|r| self.set.str(s.layer, r.type_name));
                if fragment.is_none() && of_type.is_none_or(|t| t != type_name && !self.is_base(type_name, t)) {
                    continue;
                }
                let root = match fragment {
                    None => self.set.root(s),
                    Some(f) => slicing::by_id(&self.set, s, f),
                };
                unknown |= root.is_none();
                roots.extend(root);
            }
        }
        roots.dedup();
        (roots, unknown)
    }

    /// The root elements of the profiles that a profile imposes, and whether it imposes others that are not loaded
    /// (https://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-imposeProfile.html).
    fn imposed_by(&self, h: Handle, e: &ElementRow, type_name: &str) -> (Vec<Handle>, bool) {
        let image = self.set.layer(h.layer);
        let Some(row) = image.structure(e.structure).filter(|row| row.imposed.len > 0) else {
            return Default::default();
        };
        let roots = image.list(row.imposed).map(|url| {
            let found = self.set.find_structure(url, Some(h.layer))?;
            let of_type = self.set.structure(found).map(|r| self.set.str(found.layer, r.type_name))?;
            self.set.root(found).filter(|_| type_name == of_type || self.is_base(type_name, of_type))
        });
        let known: Vec<Option<Handle>> = roots.collect();
        let unknown = known.contains(&None);
        (known.into_iter().flatten().collect(), unknown)
    }

    fn is_base(&self, type_name: &str, base: &str) -> bool {
        let model = self.set.model();
        matches!((model.find(type_name), model.find(base)), (Some(t), Some(b)) if model.is_a(t, b))
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

    fn children(&self, type_id: TypeId, handles: &[Handle]) -> Box<[PlanChild]> {
        let set = &*self.set;
        let rows = set.model().children(type_id);
        let demands: Vec<(Handle, &ElementRow)> = handles.iter().flat_map(|h| children_of(set, *h)).collect();
        let mut children: Vec<PlanChild> = Vec::new();
        let mut i = 0;
        while i < rows.len() {
            let run = rows[i..].iter().take_while(|r| r.order == rows[i].order).count();
            children.push(self.child(&rows[i..i + run], &demands));
            i += run;
        }
        children.into()
    }

    fn child(&self, rows: &[ChildRow], demands: &[(Handle, &ElementRow)]) -> PlanChild {
        let set = &*self.set;
        let choice_base = rows[0].choice_base;
        let is_choice = rows[0].is_choice();
        let mine: Vec<(Handle, &ElementRow)> = demands
            .iter()
            .filter(|(_, e)| e.name == choice_base || (is_choice && rows.iter().any(|r| r.name == e.name)))
            .copied()
            .collect();
        let handles: Box<[Handle]> = mine.iter().map(|(h, _)| *h).collect();
        let min = mine.iter().map(|(_, e)| e.min).max().unwrap_or(rows[0].min);
        let max = mine.iter().map(|(_, e)| e.max).min().unwrap_or(rows[0].max);
        let is_list = mine.first().map_or(rows[0].is_list(), |(_, e)| e.flags & ELEMENT_LIST != 0) || rows[0].is_list();
        let variants = rows
            .iter()
            .map(|r| Variant {
                name: r.name,
                type_id: r.type_id,
                is_resource: set.model().is_resource(r.type_id),
                refused: mine.iter().filter(|(h, e)| !self.allows(*h, e, r)).map(|(h, _)| *h).collect(),
                node: OnceLock::new(),
                sliced: RwLock::default(),
            })
            .collect();
        let is_extension = matches!(choice_base, NameId::EXTENSION | NameId::MODIFIER_EXTENSION);
        let slicings = mine
            .iter()
            .filter(|(_, e)| e.slicing != NONE || e.first_slice != NONE)
            .filter_map(|(h, e)| slicing::plan(set, *h, e, is_extension))
            .collect();
        PlanChild {
            name: choice_base,
            is_list,
            is_choice,
            is_extension,
            min,
            max,
            handles,
            variants,
            slicings,
            by_url: RwLock::default(),
        }
    }

    /// Whether an element allows a variant: by its types, or by its name where a snapshot narrowed a choice to one.
    fn allows(&self, h: Handle, e: &ElementRow, row: &ChildRow) -> bool {
        let image = self.set.layer(h.layer);
        let model = self.set.model();
        if e.flags & ELEMENT_CHOICE == 0 && !row.is_choice() {
            return true;
        }
        let types = image.type_refs(e.types);
        let name = model.type_name(row.type_id);
        types.is_empty()
            || types
                .iter()
                .any(|t| image.str(t.code) == name || image.str(t.code) == "*" || self.is_base(name, image.str(t.code)))
    }
}
