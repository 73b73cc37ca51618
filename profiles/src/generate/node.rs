//! One node along its plan.

use std::sync::Arc;

use super::Unbuildable;
use super::ask::{Ask, At, Need};
use super::build::{DEPTH, Generator, NODES};
use super::draft::Draft;
use super::tree::{Scalar, Tree};
use super::wish::Want;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{Handle, PlanNode};

/// The extension that tells why a value is absent (<https://hl7.org/fhir/R4/extension-data-absent-reason.html>).
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

impl Generator<'_> {
    /// Builds a node: `template` are parts that it must have, `asks` what is asked of it and of what is below it.
    ///
    /// # Errors
    /// [`Unbuildable`] where something that has to be there cannot be built, or a bound is reached.
    pub(super) fn node(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        asks: Vec<Ask>,
        template: Tree,
    ) -> Result<Tree, Unbuildable> {
        draft.nodes += 1;
        if draft.depth >= DEPTH || draft.nodes > NODES {
            return Err(
                self.unbuildable(self.telling(&plan.handles), "what has to be there nests or grows beyond bounds")
            );
        }
        draft.depth += 1;
        let built = self.along(draft, plan, asks, template);
        draft.depth -= 1;
        built
    }

    fn along(&self, draft: &mut Draft, plan: &PlanNode, asks: Vec<Ask>, template: Tree) -> Result<Tree, Unbuildable> {
        let (here, below): (Vec<Ask>, Vec<Ask>) = asks.into_iter().partition(|a| a.next().is_none());
        if let Some(narrower) = self.narrower(plan, &here) {
            let rest = here.into_iter().filter(|a| !matches!(&*a.need, Need::Conform(_))).chain(below).collect();
            return self.along(draft, &narrower, rest, template);
        }
        let mut tree = Tree { type_id: plan.type_id, ..template };
        for ask in &here {
            match &*ask.need {
                Need::Want(Want::Value(value)) => {
                    return Ok(Tree { type_id: plan.type_id, ..Tree::exactly(value) });
                }
                Need::Want(Want::NoValue) => return Ok(self.without_value(plan)),
                Need::Hold(parts) => {
                    tree.overlay(self.model, plan.type_id, parts);
                }
                _ => {}
            }
        }
        if tree.exact.is_some() {
            return Ok(tree);
        }
        let mut is_fixed = false;
        for v in &plan.values {
            if let Some(parts) = Tree::of_value(self.set, v.value) {
                tree.overlay(self.model, plan.type_id, &parts);
                is_fixed |= v.fixed;
            }
        }
        if let Some(p) = plan.primitive {
            return self.primitive(draft, plan, p, (&here, below), tree);
        }
        if is_fixed && below.is_empty() && !wishes_code(&here) {
            return Ok(tree);
        }
        let mut below = below;
        match plan.role {
            Role::CodeableConcept => self.concept(draft, plan, &here, &mut tree)?,
            Role::Coding | Role::Quantity => self.coding(draft, plan, &here, &below, &mut tree)?,
            Role::Reference => self.reference(draft, plan, &here, &mut below, &mut tree)?,
            _ => {}
        }
        let is_free = below.is_empty();
        let is_named = tree.child(NameId::DISPLAY).is_some()
            || below.iter().any(|a| a.next() == Some(&At::Child(NameId::DISPLAY)));
        let mut tree = self.children(draft, plan, below, tree)?;
        if plan.role == Role::Coding && !is_named {
            self.name_code(&mut tree);
        }
        if plan.role == Role::CodeableConcept {
            self.complete_concept(draft, plan, &here, &mut tree)?;
        }
        self.fill(draft, plan, &mut tree)?;
        if plan.role == Role::CodeableReference && is_free {
            self.complete_parts(draft, plan, &mut tree)?;
        }
        Ok(tree)
    }

    /// The plan with the profiles that are asked for, or the first of those of which one has to hold; `None` where
    /// there is nothing to add.
    fn narrower(&self, plan: &PlanNode, here: &[Ask]) -> Option<Arc<PlanNode>> {
        let asked = here.iter().find_map(|a| match &*a.need {
            Need::Conform(roots) => Some(roots.iter().copied().collect::<Vec<Handle>>()),
            _ => None,
        });
        let named = || {
            let open = |roots: &&[Handle]| !roots.is_empty() && !roots.iter().any(|r| plan.handles.contains(r));
            plan.alternatives.iter().map(|a| &*a.roots).find(open).map(<[Handle]>::to_vec)
        };
        let fits = |root: &Handle| {
            let structure = self.set.structure_of(*root)?;
            let wanted = self.model.find(self.set.str(root.layer, structure.type_name));
            wanted.is_none_or(|w| self.model.is_a(plan.type_id, w)).then_some(*root)
        };
        let is_asked = asked.is_some();
        let root = asked.or_else(named)?.iter().find_map(fits);
        if root.is_none() && !is_asked {
            return None;
        }
        let handles: Vec<Handle> = plan.handles.iter().copied().chain(root).collect();
        Some(self.plans.node(plan.type_id, &handles))
    }

    /// A node that only tells that its value is absent.
    fn without_value(&self, plan: &PlanNode) -> Tree {
        let mut tree = Tree { type_id: plan.type_id, ..Tree::default() };
        tree.push(NameId::EXTENSION, self.absent());
        tree
    }

    /// The extension that tells that a value is unknown.
    pub(super) fn absent(&self) -> Tree {
        let mut extension = Tree::of(vec![(NameId::URL, Tree::text(ABSENT))]);
        if let Some(name) = self.model.names().find(b"valueCode") {
            extension.push(name, Tree::text("unknown"));
        }
        extension
    }

    /// Builds the children of a node in the order of the plan.
    pub(super) fn children(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        below: Vec<Ask>,
        mut template: Tree,
    ) -> Result<Tree, Unbuildable> {
        let mut out = Tree { type_id: plan.type_id, value: template.value.take(), ..Tree::default() };
        for child in &plan.children {
            if plan.primitive.is_some() && child.name == NameId::VALUE {
                continue;
            }
            let is_own = |at: Option<&At>| match at {
                Some(At::Child(name)) => *name == child.name || child.variants.iter().any(|v| v.name == *name),
                Some(At::Extension(_)) => child.name == NameId::EXTENSION,
                _ => false,
            };
            let asks: Vec<Ask> = below.iter().filter(|a| is_own(a.next())).cloned().collect();
            let parts: Vec<(usize, Tree)> = child
                .variants
                .iter()
                .enumerate()
                .flat_map(|(i, v)| template.remove(v.name).into_iter().map(move |t| (i, t)))
                .collect();
            for (name, entry) in self.entries(draft, plan, child, asks, parts)? {
                out.push(name, entry);
            }
        }
        // What the type does not have is kept: a wish may ask for it.
        out.children.extend(template.children);
        Ok(out)
    }
}

fn wishes_code(here: &[Ask]) -> bool {
    here.iter().any(|a| matches!(a.want(), Some(Want::Code { .. } | Want::OtherCode)))
}

/// Whether a tree has a simple value.
pub(super) fn has_value(tree: &Tree) -> bool {
    matches!(&tree.value, Some(Scalar::Text(_) | Scalar::Number(_) | Scalar::Bool(_)))
}
