//! Resources: the root of an instance, those contained in it, those in the entries of a Bundle.

use super::Unbuildable;
use super::ask::{Ask, At, Need};
use super::build::Generator;
use super::draft::{Draft, Place};
use super::tree::{Scalar, Tree};
use crate::instance::NameId;
use crate::model::{Role, TypeId, TypeKind};
use crate::plan::{Handle, PlanChild};

/// The type of a resource that nothing says more of: it needs nothing.
const ANY: &str = "Patient";

impl Generator<'_> {
    /// Builds a resource, with the resources that its references want contained.
    pub(super) fn resource(
        &self,
        draft: &mut Draft,
        place: &Place<'_>,
        asks: Vec<Ask>,
        template: Tree,
    ) -> Result<Tree, Unbuildable> {
        let plan = self.plans.node(place.type_id, place.handles);
        if place.is_contained {
            let around = std::mem::replace(&mut draft.is_contained, true);
            let tree = self.node(draft, &plan, asks, template);
            draft.is_contained = around;
            return tree;
        }
        let contained = At::Child(NameId::CONTAINED);
        let (inside, own): (Vec<Ask>, Vec<Ask>) = asks
            .into_iter()
            .partition(|a| a.next() == Some(&contained) && matches!(a.further().next(), Some(At::Entry(_))));
        let outer = (std::mem::take(&mut draft.contained), std::mem::take(&mut draft.contained_asks));
        draft.contained_asks = inside.iter().map(Ask::further).collect();
        let is_contained = std::mem::replace(&mut draft.is_contained, false);
        let built = self.node(draft, &plan, own, template);
        let added = std::mem::replace(&mut draft.contained, outer.0);
        draft.contained_asks = outer.1;
        draft.is_contained = is_contained;
        let mut tree = built?;
        for resource in added {
            tree.push(NameId::CONTAINED, resource);
        }
        if plan.role == Role::Bundle {
            self.link(&mut tree);
        }
        Ok(tree)
    }

    /// Lets references of a Bundle's resources name its own entries, where they name one of their type elsewhere.
    fn link(&self, bundle: &mut Tree) {
        let url_of = |entry: &Tree| {
            let resource = entry.child(NameId::RESOURCE)?;
            Some((self.model.type_name(resource.type_id).to_owned(), entry.child_text(NameId::FULL_URL)?.to_owned()))
        };
        let urls: Vec<(String, String)> = bundle.all(NameId::ENTRY).iter().filter_map(url_of).collect();
        let entries = bundle.children.iter_mut().filter(|(name, _)| *name == NameId::ENTRY);
        let mut open: Vec<&mut Tree> = entries.flat_map(|(_, all)| all.iter_mut()).collect();
        while let Some(tree) = open.pop() {
            for (name, all) in &mut tree.children {
                for child in all {
                    if *name == NameId::REFERENCE
                        && let Some(Scalar::Text(text)) = &mut child.value
                        && let Some((_, url)) = urls.iter().find(|(t, _)| text.split('/').next() == Some(t.as_str()))
                    {
                        text.clone_from(url);
                    }
                    open.push(child);
                }
            }
        }
    }

    /// Builds a resource that is contained in the one around, and gives the reference to it.
    pub(super) fn contain(
        &self,
        draft: &mut Draft,
        type_id: TypeId,
        handles: &[Handle],
        mut asks: Vec<Ask>,
    ) -> Result<String, Unbuildable> {
        let number = draft.contained.len();
        let id = format!("contained-{}", number + 1);
        let here = At::Entry(u32::try_from(number).unwrap_or(u32::MAX));
        asks.extend(draft.contained_asks.iter().filter(|a| a.next() == Some(&here)).map(Ask::further));
        asks.push(Ask::new(vec![At::Child(NameId::ID)], Need::Hold(Tree::text(&id))));
        // The place is taken first, so that what the resource wants contained in turn comes behind it.
        draft.contained.push(Tree::default());
        let place = Place { type_id, handles, is_contained: true };
        let built = self.resource(draft, &place, asks, Tree::default());
        let tree = match built {
            Ok(tree) => tree,
            Err(e) => {
                draft.contained.truncate(number);
                return Err(e);
            }
        };
        if let Some(slot) = draft.contained.get_mut(number) {
            *slot = tree;
        }
        Ok(format!("#{id}"))
    }

    /// The type of a resource in an element that takes several: the first that all of these element rows allow, and
    /// that is among `wanted` where that names any.
    pub(super) fn resource_type(&self, child: &PlanChild, slices: &[Handle], wanted: &[TypeId]) -> Option<TypeId> {
        let rows: Vec<Handle> = child.handles.iter().chain(slices).copied().collect();
        let mut candidates: Vec<TypeId> = wanted.to_vec();
        for h in rows.iter().rev() {
            candidates.extend(self.resource_types_of(*h));
        }
        candidates.extend(self.model.find(ANY));
        candidates.into_iter().find(|t| {
            let concrete = self.model.kind(*t) == Some(TypeKind::Resource);
            let fits = |allowed: &[TypeId]| allowed.is_empty() || allowed.iter().any(|a| self.model.is_a(*t, *a));
            concrete && fits(wanted) && rows.iter().all(|h| fits(&self.resource_types_of(*h)))
        })
    }

    /// The resource types that an element names.
    fn resource_types_of(&self, element: Handle) -> Vec<TypeId> {
        let image = self.set.layer(element.layer);
        let Some(row) = self.set.element(element) else { return Vec::new() };
        let mut types = Vec::new();
        for t in image.type_refs(row.types) {
            let of_profiles = image.list(t.profiles).filter_map(|url| {
                let s = self.set.find_structure(url, Some(element.layer))?;
                self.model.find(self.set.str(s.layer, self.set.structure(s)?.type_name))
            });
            let before = types.len();
            types.extend(of_profiles);
            if types.len() == before {
                types.extend(self.model.find(image.str(t.code)));
            }
        }
        types
    }
}
