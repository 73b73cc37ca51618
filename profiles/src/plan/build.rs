//! Merges the rows of a type and a set of profiles to a plan node, on first use.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::node::{ExtensionPlan, PlanBinding, PlanBounds, PlanChild, PlanConstraint, PlanNode, PlanTargets, PlanValue, Variant};
use super::rows::{CONSTRAINT_BEST_PRACTICE, CONSTRAINT_WARNING, ELEMENT_CHOICE, ELEMENT_LIST, ElementRow, NONE, STRUCTURE_CONSTRAINT, STRUCTURE_EXTENSION, TypeRefRow};
use super::set::{Handle, ImageSet};
use super::slicing;
use crate::assertion::native::Native;
use crate::assertion::primitive::Primitive;
use crate::fhirpath::{Tables, Typing};
use crate::instance::NameId;
use crate::model::{ChildRow, TypeId, TypeKind};

type Key = (TypeId, Box<[Handle]>);

/// Bound on the plan nodes kept in memory; reaching it starts anew.
const NODES: usize = 200_000;

/// The plans over one set of images. Shared by threads.
pub struct Plans {
    set: Arc<ImageSet>,
    nodes: RwLock<FxHashMap<Key, Arc<PlanNode>>>,
    tables: Arc<Tables>,
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
        Plans { set, nodes: RwLock::default(), tables }
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
        if known.len() < 256 {
            known.push((slices.into(), type_id, node.clone()));
        }
        node
    }

    /// The plan of the extensions of one url at this element; `None` where the url belongs to no slice and no definition
    /// and the caller must say so.
    pub fn extension(&self, child: &PlanChild, variant: &Variant, url: &str) -> Arc<ExtensionPlan> {
        if let Some(p) = child.by_url.read().unwrap_or_else(PoisonError::into_inner).get(url) {
            return p.clone();
        }
        let slices: Box<[Option<u16>]> = child.slicings.iter().map(|s| s.by_url.as_ref().and_then(|m| m.get(url).copied())).collect();
        let mut handles: Vec<Handle> = child.handles.to_vec();
        for (s, hit) in child.slicings.iter().zip(&slices) {
            handles.extend(hit.and_then(|i| s.slices.get(i as usize)).map(|s| s.element));
        }
        let core = self.set.core() as u32;
        let asking = handles.iter().rev().map(|h| h.layer).find(|l| *l != core);
        let definition = self.set.find_structure(url, asking).filter(|h| self.set.structure(*h).is_some_and(|s| s.flags & STRUCTURE_EXTENSION != 0));
        handles.extend(definition.and_then(|d| self.set.root(d)));
        let plan = Arc::new(ExtensionPlan { node: self.node(variant.type_id, &handles), definition, slices });
        let mut known = child.by_url.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < 1000 {
            known.insert(url.into(), plan.clone());
        }
        plan
    }

    /// Adds what elements imply: the one profile of their type, the content that they take over, the type itself. Elements
    /// that name several profiles of the type are given back apart.
    fn close(&self, type_id: TypeId, handles: &[Handle]) -> (Vec<Handle>, Vec<(Handle, Box<[Handle]>)>) {
        let set = &*self.set;
        let type_name = set.model().type_name(type_id);
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
            let roots = self.profiles_of(h, e, type_name);
            match roots.as_slice() {
                [] => {}
                [one] => queue.push(*one),
                _ => alternatives.push((h, roots.into_boxed_slice())),
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

    /// The root elements of the profiles that an element names for a type.
    fn profiles_of(&self, h: Handle, e: &ElementRow, type_name: &str) -> Vec<Handle> {
        let image = self.set.layer(h.layer);
        let mut roots = Vec::new();
        for t in image.type_refs(e.types) {
            if image.str(t.code) != type_name && !self.is_base(type_name, image.str(t.code)) {
                continue;
            }
            if t.profiles.len == 0 {
                return Vec::new();
            }
            for p in image.list(t.profiles) {
                let (url, fragment) = p.split_once('#').map_or((p, None), |(u, f)| (u, Some(f)));
                let Some(s) = self.set.find_structure(url, Some(h.layer)) else { continue };
                let of_type = self.set.structure(s).map(|r| self.set.str(s.layer, r.type_name));
                if fragment.is_none() && of_type.is_none_or(|t| t != type_name && !self.is_base(type_name, t)) {
                    continue;
                }
                let root = match fragment {
                    None => self.set.root(s),
                    Some(f) => slicing::by_id(&self.set, s, f),
                };
                roots.extend(root);
            }
        }
        roots.dedup();
        roots
    }

    fn is_base(&self, type_name: &str, base: &str) -> bool {
        let model = self.set.model();
        matches!((model.find(type_name), model.find(base)), (Some(t), Some(b)) if model.is_a(t, b))
    }

    fn build(&self, type_id: TypeId, handles: Box<[Handle]>, alternatives: Vec<(Handle, Box<[Handle]>)>) -> PlanNode {
        let model = self.set.model();
        let children = self.children(type_id, &handles);
        let mut required = 0;
        for (i, c) in children.iter().enumerate().take(64) {
            required |= u64::from(c.min > 0) << i;
        }
        let constraints = self.constraints(&handles);
        let plain = constraints.iter().all(|c| c.native == Native::ValueOrChildren);
        let name = model.type_name(type_id);
        PlanNode {
            type_id,
            primitive: model.is_primitive(type_id).then(|| Primitive::from_name(name)).flatten(),
            is_resource: model.is_resource(type_id),
            table: PlanNode::table(&children),
            children,
            required,
            plain,
            constraints,
            values: self.values(&handles),
            bounds: self.bounds(&handles),
            bindings: self.bindings(&handles),
            targets: self.targets(&handles, name),
            alternatives: alternatives.into(),
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
        let stem = rows[0].stem;
        let is_choice = rows[0].is_choice();
        let mine: Vec<(Handle, &ElementRow)> = demands.iter().filter(|(_, e)| e.name == stem || (is_choice && rows.iter().any(|r| r.name == e.name))).copied().collect();
        let handles: Box<[Handle]> = mine.iter().map(|(h, _)| *h).collect();
        let min = mine.iter().map(|(_, e)| e.min).max().unwrap_or(rows[0].min);
        let max = mine.iter().map(|(_, e)| e.max).min().unwrap_or(rows[0].max);
        let is_list = mine.first().map_or(rows[0].is_list(), |(_, e)| e.flags & ELEMENT_LIST != 0) || rows[0].is_list();
        let variants = rows
            .iter()
            .map(|r| Variant {
                name: r.name,
                type_id: r.type_id,
                refused: mine.iter().filter(|(h, e)| !self.allows(*h, e, r)).map(|(h, _)| *h).collect(),
                node: OnceLock::new(),
                sliced: RwLock::default(),
            })
            .collect();
        let is_extension = matches!(stem, NameId::EXTENSION | NameId::MODIFIER_EXTENSION);
        let slicings = mine.iter().filter(|(_, e)| e.slicing != NONE || e.first_slice != NONE).filter_map(|(h, e)| slicing::plan(set, *h, e, is_extension)).collect();
        PlanChild { name: stem, is_list, is_choice, is_extension, min, max, handles, variants, slicings, by_url: RwLock::default() }
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
        types.is_empty() || types.iter().any(|t| image.str(t.code) == name || image.str(t.code) == "*" || self.is_base(name, image.str(t.code)))
    }

    fn constraints(&self, handles: &[Handle]) -> Box<[PlanConstraint]> {
        let set = &*self.set;
        let mut out: Vec<(PlanConstraint, Vec<Handle>, (&str, &str))> = Vec::new();
        for &h in handles {
            let image = set.layer(h.layer);
            let Some(e) = image.element(h.row) else { continue };
            for &row in image.links(e.constraints) {
                let Some(c) = image.constraint(row) else { continue };
                let identity = (image.str(c.key), image.str(c.expression));
                if let Some((_, handles, _)) = out.iter_mut().find(|(_, _, i)| *i == identity) {
                    handles.push(h);
                    continue;
                }
                let constraint = PlanConstraint {
                    layer: h.layer,
                    row,
                    native: Native::from_number(c.native),
                    code: c.code,
                    mask: c.mask,
                    warning: c.flags & CONSTRAINT_WARNING != 0,
                    best_practice: c.flags & CONSTRAINT_BEST_PRACTICE != 0,
                    handles: Box::default(),
                };
                out.push((constraint, vec![h], identity));
            }
        }
        out.into_iter().map(|(c, h, _)| PlanConstraint { handles: h.into(), ..c }).collect()
    }

    fn values(&self, handles: &[Handle]) -> Box<[PlanValue]> {
        let mut out = Vec::new();
        for &h in handles {
            let Some(e) = self.set.element(h) else { continue };
            for (row, fixed) in [(e.fixed, true), (e.pattern, false)] {
                if row != NONE {
                    out.push(PlanValue { element: h, value: Handle { layer: h.layer, row }, fixed });
                }
            }
        }
        out.into()
    }

    fn bounds(&self, handles: &[Handle]) -> Box<[PlanBounds]> {
        let mut out = Vec::new();
        for &h in handles {
            let Some(e) = self.set.element(h) else { continue };
            if e.min_value == NONE && e.max_value == NONE && e.max_length == NONE && e.min_length == 0 {
                continue;
            }
            let value = |row: u32| (row != NONE).then_some(Handle { layer: h.layer, row });
            let max_length = (e.max_length != NONE).then_some(e.max_length);
            out.push(PlanBounds { element: h, min_value: value(e.min_value), max_value: value(e.max_value), max_length, min_length: e.min_length });
        }
        out.into()
    }

    fn bindings(&self, handles: &[Handle]) -> Box<[PlanBinding]> {
        let mut out: Vec<PlanBinding> = Vec::new();
        for &h in handles {
            let image = self.set.layer(h.layer);
            let Some(b) = image.element(h.row).and_then(|e| image.binding(e.binding)) else { continue };
            let additional = image.links(b.additional).iter().filter_map(|i| image.binding(*i));
            for (canonical, strength, is_max) in std::iter::once(b).chain(additional).flat_map(|b| [(b.value_set, b.strength, false), (b.max, 0, true)]) {
                let canonical = image.str(canonical);
                if canonical.is_empty() || strength > 2 {
                    continue;
                }
                let value_set = self.set.find_value_set(canonical, Some(h.layer));
                let same = |o: &&mut PlanBinding| o.is_max == is_max && (o.value_set.is_some() && o.value_set == value_set || o.canonical == canonical);
                if let Some(known) = out.iter_mut().find(same) {
                    if strength < known.strength {
                        known.strength = strength;
                        known.element = h;
                    }
                    continue;
                }
                out.push(PlanBinding { element: h, strength, is_max, canonical: canonical.to_owned(), value_set });
            }
        }
        out.into()
    }

    fn targets(&self, handles: &[Handle], type_name: &str) -> Box<[PlanTargets]> {
        if type_name != "Reference" && type_name != "canonical" {
            return Box::default();
        }
        let mut out = Vec::new();
        for &h in handles {
            let image = self.set.layer(h.layer);
            let Some(e) = image.element(h.row) else { continue };
            let refs: Vec<&TypeRefRow> = image.type_refs(e.types).iter().filter(|t| image.str(t.code) == type_name).collect();
            let mut targets: Vec<&str> = Vec::new();
            for t in &refs {
                let list = if t.targets.len > 0 {
                    t.targets
                } else if type_name == "Reference" {
                    t.profiles
                } else {
                    continue;
                };
                targets.extend(image.list(list));
            }
            let aggregation = refs.iter().fold(0, |a, t| a | t.aggregation);
            let versioning = refs.iter().map(|t| t.versioning).max().unwrap_or(0);
            if targets.is_empty() && aggregation == 0 && versioning == 0 {
                continue;
            }
            let (mut types, mut profiles) = (Vec::new(), Vec::new());
            for url in &targets {
                match self.target(h.layer, url) {
                    Some((t, profile)) => {
                        types.push(t);
                        profiles.extend(profile.map(|p| (t, p)));
                    }
                    None => types.push(TypeId::UNKNOWN),
                }
            }
            out.push(PlanTargets { element: h, types: types.into(), profiles: profiles.into(), aggregation, versioning });
        }
        out.into()
    }

    /// The type of a target, and the root of its profile where it is more than the type.
    fn target(&self, layer: u32, url: &str) -> Option<(TypeId, Option<Handle>)> {
        let set = &*self.set;
        let structure = set.find_structure(url, Some(layer));
        let Some(s) = structure else {
            return url.strip_prefix("http://hl7.org/fhir/StructureDefinition/").and_then(|n| set.model().find(n)).map(|t| (t, None));
        };
        let row = set.structure(s)?;
        let type_id = set.model().find(set.str(s.layer, row.type_name))?;
        let profile = (row.flags & STRUCTURE_CONSTRAINT != 0).then(|| set.root(s)).flatten();
        Some((type_id, profile))
    }
}
