//! References: to a resource elsewhere, which nobody looks at, or to one that is contained, where something is asked of
//! it (<https://hl7.org/fhir/R4/references.html>).

use super::Unbuildable;
use super::ask::{Ask, At, Need};
use super::build::Generator;
use super::draft::Draft;
use super::tree::Tree;
use super::wish::Want;
use crate::instance::NameId;
use crate::model::{TypeId, TypeKind};
use crate::plan::{Aggregation, Handle, PlanNode, ReferenceVersioning};

/// The type of a target that nothing says more of.
const ANY: &str = "Patient";
/// The id of a target elsewhere.
pub(super) const ID: &str = "example";

impl Generator<'_> {
    /// Puts a reference where the node has none.
    pub(super) fn reference(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        here: &[Ask],
        below: &mut Vec<Ask>,
        tree: &mut Tree,
    ) -> Result<(), Unbuildable> {
        let (beyond, own): (Vec<Ask>, Vec<Ask>) =
            std::mem::take(below).into_iter().partition(|a| a.next() == Some(&At::Resolve));
        *below = own;
        let beyond: Vec<Ask> = beyond.iter().map(Ask::further).collect();
        if tree.child(NameId::REFERENCE).is_some() {
            return Ok(());
        }
        let mut wanted: Vec<TypeId> = Vec::new();
        let mut roots: Vec<Handle> = Vec::new();
        for a in &beyond {
            match (&*a.need, a.next()) {
                (Need::Types(types), None) => wanted.extend(types.iter()),
                (Need::Conform(all), None) => roots.extend(all.iter()),
                _ => {}
            }
        }
        let wish = here.iter().find_map(|a| match a.want() {
            Some(Want::TargetType(t)) => Some(*t),
            _ => None,
        });
        let of_root = |r: &Handle| self.model.find(self.set.str(r.layer, self.set.structure_of(*r)?.type_name));
        wanted.extend(roots.iter().filter_map(of_root));
        let type_id = match wish.or_else(|| self.target_type(draft, plan, &wanted)) {
            Some(t) => t,
            None => return Err(self.unbuildable(self.telling(&plan.handles), "no type of target is allowed by all")),
        };
        let deeper: Vec<Ask> =
            beyond.into_iter().filter(|a| !matches!((&*a.need, a.next()), (Need::Types(_), None))).collect();
        let only_contained = plan.targets.iter().any(|t| !t.aggregation.allows(Aggregation::REFERENCED));
        if (deeper.is_empty() && !only_contained) || draft.is_contained {
            self.elsewhere(plan, type_id, tree);
            return Ok(());
        }
        let of_type = |r: &&Handle| of_root(r).is_some_and(|t| self.model.is_a(type_id, t));
        let mut handles: Vec<Handle> = roots.iter().filter(of_type).take(1).copied().collect();
        if handles.is_empty() {
            handles = self.target_profiles(plan, type_id);
        }
        let deeper = deeper.into_iter().filter(|a| !matches!((&*a.need, a.next()), (Need::Conform(_), None))).collect();
        let fragment = self.contain(draft, type_id, &handles, deeper)?;
        tree.push(NameId::REFERENCE, Tree::text(&fragment));
        Ok(())
    }

    /// Names a resource that is not here.
    fn elsewhere(&self, plan: &PlanNode, type_id: TypeId, tree: &mut Tree) {
        let name = self.model.type_name(type_id);
        let allowed = plan.children.iter().find(|c| c.name == NameId::REFERENCE).is_none_or(|c| c.max > 0);
        if allowed {
            let specific = plan.targets.iter().any(|t| t.versioning == ReferenceVersioning::Specific);
            let version = if specific { "/_history/1" } else { "" };
            tree.push(NameId::REFERENCE, Tree::text(&format!("{name}/{ID}{version}")));
        } else if tree.child(NameId::TYPE).is_none() {
            tree.push(NameId::TYPE, Tree::text(name));
        }
    }

    /// The type of a target: the first that all elements allow, and that is among those wanted.
    pub(super) fn target_type(&self, draft: &mut Draft, plan: &PlanNode, wanted: &[TypeId]) -> Option<TypeId> {
        let any = self.model.find(ANY);
        let named = plan.targets.iter().flat_map(|t| t.types.iter().copied());
        let concrete = |t: &TypeId| self.model.kind(*t) == Some(TypeKind::Resource);
        let fits = |t: &TypeId| {
            let is_any =
                |all: &[TypeId]| all.is_empty() || all.iter().any(|w| !w.is_known() || self.model.is_a(*t, *w));
            is_any(wanted) && plan.targets.iter().all(|p| is_any(&p.types))
        };
        let mut fitting: Vec<TypeId> = wanted.iter().copied().chain(named).filter(concrete).filter(fits).collect();
        let mut known = Vec::new();
        fitting.retain(|t| {
            !known.contains(t) && {
                known.push(*t);
                true
            }
        });
        let at = draft.chance.place(fitting.len());
        fitting.get(at).copied().or(any.filter(|t| fits(t)))
    }

    /// For each element the first of its target profiles for this type.
    fn target_profiles(&self, plan: &PlanNode, type_id: TypeId) -> Vec<Handle> {
        let of_type = |(t, _): &&(TypeId, Handle)| self.model.is_a(type_id, *t);
        plan.targets.iter().filter_map(|t| t.profiles.iter().find(of_type).map(|(_, root)| *root)).collect()
    }
}
