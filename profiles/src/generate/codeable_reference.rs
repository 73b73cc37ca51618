//! CodeableReferences: what the element is bound to goes for the concept, its targets for the reference
//! (<https://hl7.org/fhir/R5/references.html#codeablereference>).

use super::Unbuildable;
use super::ask::{Ask, Need};
use super::build::Generator;
use super::draft::Draft;
use super::reference::ID;
use super::tree::Tree;
use crate::instance::NameId;
use crate::plan::{BindingStrength, PlanNode};

impl Generator<'_> {
    /// Gives the concept a code of the value sets, and the reference a target, where those that are there have none
    /// that is allowed.
    ///
    /// # Errors
    /// [`Unbuildable`] where no code is certain to be in the value sets.
    pub(super) fn complete_parts(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        tree: &mut Tree,
    ) -> Result<(), Unbuildable> {
        let required = plan.bindings.iter().filter(|b| b.strength == BindingStrength::Required);
        let asks: Vec<Ask> =
            required.filter_map(|b| b.value_set).map(|v| Ask::new(Vec::new(), Need::Member(v))).collect();
        let concept = plan.children.iter().find(|c| self.model.names().text(c.name) == "concept");
        if let Some((child, variant)) = concept.and_then(|c| Some((c, c.variants.first()?))) {
            let own = self.plans.variant(child, variant);
            for mut part in tree.remove(child.name) {
                self.complete_concept(draft, &own, &asks, &mut part)?;
                tree.push(child.name, part);
            }
        }
        for mut part in tree.remove(NameId::REFERENCE) {
            let target = self.target_type(draft, plan, &[]).filter(|_| !plan.targets.is_empty());
            if let Some(target) = target.filter(|_| part.child(NameId::REFERENCE).is_some()) {
                part.remove(NameId::REFERENCE);
                let text = format!("{}/{ID}", self.model.type_name(target));
                part.push(NameId::REFERENCE, Tree::text(&text));
            }
            tree.push(NameId::REFERENCE, part);
        }
        Ok(())
    }
}
