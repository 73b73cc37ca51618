//! What element rows imply beyond themselves: the profiles of their types, what profiles impose, the type itself.

use super::build::Plans;
use super::elements::{by_id, children_of, content_of};
use super::node::PlanAlternatives;
use super::rows::{ElementRow, NONE};
use super::set::Handle;
use crate::instance::NameId;
use crate::model::{TypeId, TypeKind};

impl Plans {
    /// Adds what elements imply: the one profile of their type, the content that they take over, what profiles impose,
    /// the type itself. Elements that name several profiles of the type are given back apart. The value of a primitive
    /// is the primitive's node itself: what a profile demands of it is demanded of the node.
    pub(super) fn close(&self, type_id: TypeId, handles: &[Handle]) -> (Vec<Handle>, Vec<PlanAlternatives>) {
        let set = self.set();
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
                queue.push(content_of(set, h, &e));
            }
            if is_primitive && h.layer as usize != set.core() {
                queue.extend(children_of(set, h).filter(|(_, e)| e.name == NameId::VALUE).map(|(h, _)| h));
            }
            if e.parent == NONE {
                let (imposed, unknown) = self.imposed_by(h, &e, type_name);
                queue.extend(imposed);
                if unknown {
                    alternatives.push(PlanAlternatives { element: h, roots: Box::default(), unknown });
                }
            }
            let (roots, unknown) = self.profiles_of(h, &e, type_name);
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

    /// The root elements of the profiles that an element names for a type, and whether it names others that are not
    /// loaded. An extension whose definition is not loaded is reported by its url.
    fn profiles_of(&self, h: Handle, e: &ElementRow, type_name: &str) -> (Vec<Handle>, bool) {
        let image = self.set().layer(h.layer);
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
                let Some(s) = self.set().find_structure(url, Some(h.layer)) else {
                    unknown |= type_name != "Extension";
                    continue;
                };
                let of_type = self.set().structure(s).map(|r| self.set().str(s.layer, r.type_name));
                if fragment.is_none() && of_type.is_none_or(|t| t != type_name && !self.is_base(type_name, t)) {
                    continue;
                }
                let root = match fragment {
                    None => self.set().root(s),
                    Some(f) => by_id(self.set(), s, f),
                };
                unknown |= root.is_none();
                roots.extend(root);
            }
        }
        roots.dedup();
        (roots, unknown)
    }

    /// The root elements of the profiles that a profile imposes, and whether it imposes others that are not loaded
    /// (<https://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-imposeProfile.html>).
    fn imposed_by(&self, h: Handle, e: &ElementRow, type_name: &str) -> (Vec<Handle>, bool) {
        let image = self.set().layer(h.layer);
        let Some(row) = image.structure(e.structure).filter(|row| row.imposed.len > 0) else {
            return Default::default();
        };
        let roots = image.list(row.imposed).map(|url| {
            let found = self.set().find_structure(url, Some(h.layer))?;
            let of_type = self.set().structure(found).map(|r| self.set().str(found.layer, r.type_name))?;
            self.set().root(found).filter(|_| type_name == of_type || self.is_base(type_name, of_type))
        });
        let known: Vec<Option<Handle>> = roots.collect();
        let unknown = known.contains(&None);
        (known.into_iter().flatten().collect(), unknown)
    }

    /// Whether an abstract type stands for this one: where a choice names one, any of its specialisations may be there.
    /// A concrete type stands for itself only: `valueCode` is no `valueString`.
    pub(super) fn is_abstract_base(&self, type_name: &str, base: &str) -> bool {
        let model = self.set().model();
        let is_abstract = model.find(base).and_then(|t| model.kind(t)) == Some(TypeKind::Abstract);
        is_abstract && self.is_base(type_name, base)
    }

    pub(super) fn is_base(&self, type_name: &str, base: &str) -> bool {
        let model = self.set().model();
        matches!((model.find(type_name), model.find(base)), (Some(t), Some(b)) if model.is_a(t, b))
    }
}
