//! CodeableConcepts: codings by what slices, patterns and bindings ask.

use super::Unbuildable;
use super::ask::Ask;
use super::build::Generator;
use super::code_set::{Code, is_member};
use super::coded::{code_of, coding_of};
use super::draft::Draft;
use super::tree::Tree;
use super::wish::Want;
use crate::instance::NameId;
use crate::plan::{Handle, PlanNode};

impl Generator<'_> {
    /// What the caller's wishes make of the codings of a concept.
    pub(super) fn concept(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        here: &[Ask],
        tree: &mut Tree,
    ) -> Result<(), Unbuildable> {
        let own: Vec<Code> = tree.all(NameId::CODING).iter().filter_map(code_of).collect();
        let wished = match here.iter().find_map(Ask::want) {
            Some(Want::Code { system, code }) => Code::new(system.as_deref().unwrap_or_default(), code),
            Some(Want::OtherCode) => match self.other(draft, &Self::bound(plan, here), &own) {
                Some(code) => code,
                None => return Err(self.no_code(plan, "no other code is certain to be in the value set")),
            },
            _ => return Ok(()),
        };
        tree.remove(NameId::CODING);
        tree.push(NameId::CODING, coding_of(&wished));
        Ok(())
    }

    /// Adds a coding to a concept where its value sets ask for one that is not there.
    pub(super) fn complete_concept(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        here: &[Ask],
        tree: &mut Tree,
    ) -> Result<(), Unbuildable> {
        if here.iter().any(|a| matches!(a.want(), Some(Want::Code { .. } | Want::OtherCode))) {
            return Ok(());
        }
        let mut bound = Self::bound(plan, here);
        let codings = tree.all(NameId::CODING);
        let has = |v: &Handle| {
            codings.iter().filter_map(code_of).any(|c| is_member(self.set, *v, Some(&c.system), &c.code) == Some(true))
        };
        bound.required.retain(|v| !has(v));
        let is_open = !bound.required.is_empty() || bound.missing.is_some();
        if bound.is_empty() || (!is_open && !codings.is_empty()) {
            return Ok(());
        }
        let Some(child) = plan.children.iter().find(|c| c.name == NameId::CODING) else { return Ok(()) };
        let Some(variant) = child.variants.first() else { return Ok(()) };
        let own_plan = self.plans.variant(child, variant);
        let own = Self::bound(&own_plan, &[]);
        bound.required.extend(own.required);
        bound.wished.extend(own.wished);
        let is_full = usize::try_from(child.max).is_ok_and(|max| codings.len() >= max);
        let code = if is_full && !is_open { None } else { self.pick(draft, &bound, None, &|_| false) };
        match code {
            Some(code) => {
                let built = self.node(draft, &own_plan, Vec::new(), coding_of(&code))?;
                tree.push(NameId::CODING, built);
            }
            None if !is_open => {}
            None if codings.is_empty() => tree.push(NameId::EXTENSION, self.absent()),
            None => return Err(self.no_code(plan, "no code is certain to be in the value sets that are required")),
        }
        Ok(())
    }
}
