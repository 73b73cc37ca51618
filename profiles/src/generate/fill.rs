//! Something in a node that would be empty, and in an extension its value: no element is without content
//! (<https://hl7.org/fhir/R4/element.html>, ele-1, ext-1).

use super::Unbuildable;
use super::ask::{Ask, At, Need};
use super::build::Generator;
use super::draft::Draft;
use super::tree::Tree;
use super::wish::Want;
use crate::instance::NameId;
use crate::model::{Role, TypeKind};
use crate::plan::{PlanChild, PlanNode};

/// What says the most of a type with the least, in this order.
const TELLING: [&str; 24] = [
    "text",
    "value",
    "start",
    "family",
    "line",
    "reference",
    "display",
    "code",
    "coding",
    "numerator",
    "low",
    "url",
    "title",
    "active",
    "status",
    "identifier",
    "name",
    "repeat",
    "frequency",
    "description",
    "type",
    "period",
    "origin",
    "use",
];

impl Generator<'_> {
    /// Adds what an empty node needs.
    pub(super) fn fill(&self, draft: &mut Draft, plan: &PlanNode, tree: &mut Tree) -> Result<(), Unbuildable> {
        if tree.exact.is_some() {
            return Ok(());
        }
        let has = |child: &PlanChild| child.variants.iter().any(|v| !tree.all(v.name).is_empty());
        let is_empty = match plan.role {
            Role::Extension => {
                !plan.children.iter().any(|c| matches!(c.name, NameId::VALUE | NameId::EXTENSION) && has(c))
            }
            _ => tree.is_empty() || plan.children.iter().all(|c| !has(c)),
        };
        if !is_empty {
            return Ok(());
        }
        let named = |name: &str| self.model.names().find(name.as_bytes());
        let open: Vec<&PlanChild> = plan.children.iter().filter(|c| c.max > 0).collect();
        // A value alone does not say what it is of (cpt-2); a name is told by its parts.
        let first = match self.model.type_name(plan.type_id) {
            "ContactPoint" => named("system"),
            "HumanName" => named("family"),
            _ => None,
        };
        let names = first.into_iter().chain(TELLING.iter().filter_map(|n| named(n)));
        let telling = names.filter_map(|n| open.iter().find(|c| c.name == n).copied());
        let simple = open.iter().copied().filter(|c| {
            let is_primitive = |v: &crate::plan::Variant| self.model.is_primitive(v.type_id);
            c.name != NameId::ID && c.variants.iter().any(is_primitive)
        });
        let others = open.iter().copied().filter(|c| {
            let is_inner = |v: &crate::plan::Variant| self.model.kind(v.type_id) == Some(TypeKind::Backbone);
            !c.is_extension && c.name != NameId::ID && !c.variants.iter().all(is_inner)
        });
        let candidates: Vec<&PlanChild> = match plan.role {
            Role::Extension => {
                let of = |name: NameId| open.iter().copied().find(move |c| c.name == name);
                of(NameId::VALUE).into_iter().chain(of(NameId::EXTENSION)).collect()
            }
            _ => telling.chain(simple).chain(others).collect(),
        };
        let mut refused = None;
        for child in candidates {
            let asks = self.something(child);
            match self.entries(draft, plan, child, asks, Vec::new()) {
                Ok(added) if added.is_empty() => {}
                Ok(added) => {
                    for (name, entry) in added {
                        tree.push(name, entry);
                    }
                    return Ok(());
                }
                Err(e) => refused = refused.or(Some(e)),
            }
        }
        Err(refused.unwrap_or_else(|| self.unbuildable(self.telling(&plan.handles), "nothing may be in it")))
    }

    /// Asks for one entry of a child: of a slice where it has any.
    fn something(&self, child: &PlanChild) -> Vec<Ask> {
        let slice = child.slicings.iter().flat_map(|s| s.slices.iter()).find(|s| s.max > 0 && child.is_extension);
        let mut path = vec![At::Child(child.name)];
        path.extend(slice.map(|s| At::Slice(s.element)));
        vec![Ask::new(path, Need::Want(Want::Present))]
    }
}
