//! Codes: of concepts, codings, quantities and codes by themselves, by the value sets that are bound
//! (<https://hl7.org/fhir/R4/terminologies.html>).

use super::Unbuildable;
use super::ask::{Ask, At, Need};
use super::build::Generator;
use super::code_set::{Code, display_of, is_foreign, is_member, of_system};
use super::draft::Draft;
use super::tree::Tree;
use super::wish::Want;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanNode};

/// The system of the codes that are made up, where any code will do.
const MADE_UP: &str = "http://a.test/CodeSystem/codes";
const UCUM: &str = "http://unitsofmeasure.org";

/// The value sets that a node is bound to.
#[derive(Default)]
pub(super) struct Bound {
    /// A code has to be in all of these.
    pub required: Vec<Handle>,
    /// A code should be in these, the strongest first.
    pub wished: Vec<Handle>,
    /// The canonical of a required value set that is not loaded.
    pub missing: Option<String>,
}

impl Bound {
    pub(super) fn is_empty(&self) -> bool {
        self.required.is_empty() && self.wished.is_empty() && self.missing.is_none()
    }
}

impl Generator<'_> {
    /// The value sets that a node is bound to, and those that are asked for.
    pub(super) fn bound(plan: &PlanNode, here: &[Ask]) -> Bound {
        let mut bound = Bound::default();
        bound.required.extend(here.iter().filter_map(|a| match &*a.need {
            Need::Member(value_set) => Some(*value_set),
            _ => None,
        }));
        let mut by_strength: Vec<_> = plan.bindings.iter().collect();
        by_strength.sort_by_key(|b| b.strength);
        for b in by_strength {
            match (b.strength, b.value_set) {
                (BindingStrength::Required, Some(v)) => bound.required.push(v),
                (BindingStrength::Required, None) => bound.missing = Some(b.canonical.clone()),
                (_, Some(v)) => bound.wished.push(v),
                (_, None) => {}
            }
        }
        bound
    }

    /// A code that is in all required value sets, and in as many of the others as can be; of this system where one
    /// is given.
    pub(super) fn pick(
        &self,
        draft: &mut Draft,
        bound: &Bound,
        system: Option<&str>,
        refused: &dyn Fn(&Code) -> bool,
    ) -> Option<Code> {
        if bound.missing.is_some() {
            return None;
        }
        let is_in = |v: &Handle, c: &Code| {
            let system = Some(&*c.system).filter(|s| !s.is_empty());
            is_member(self.set, *v, system, &c.code) == Some(true)
        };
        for kept in (0..=bound.wished.len()).rev() {
            let wished = bound.wished.get(..kept).unwrap_or_default();
            let Some(first) = bound.required.first().or(wished.first()) else { continue };
            let members = self.members(*first);
            let from = draft.chance.place(members.len());
            let (before, after) = members.split_at_checked(from).unwrap_or((&[], &members));
            let found = after.iter().chain(before).find(|c| {
                system.is_none_or(|s| s == &*c.system)
                    && !refused(c)
                    && bound.required.iter().chain(wished).all(|v| is_in(v, c))
                    && (c.system.is_empty() || !is_foreign(self.set, &c.system, &c.code))
            });
            if found.is_some() {
                return found.cloned();
            }
        }
        None
    }

    /// A code other than those that `own` has: one that the required value sets have, else one that is made up.
    pub(super) fn other(&self, draft: &mut Draft, bound: &Bound, own: &[Code]) -> Option<Code> {
        let refused = |c: &Code| own.contains(c);
        if bound.required.is_empty() && bound.missing.is_none() {
            return Some(Code::new(MADE_UP, "other"));
        }
        self.pick(draft, bound, None, &refused)
    }

    /// The code of a coding or a quantity.
    pub(super) fn coding(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        here: &[Ask],
        below: &[Ask],
        tree: &mut Tree,
    ) -> Result<(), Unbuildable> {
        let bound = Self::bound(plan, here);
        let wished = match here.iter().find_map(Ask::want) {
            Some(Want::Code { system, code }) => Some(Code::new(system.as_deref().unwrap_or_default(), code)),
            Some(Want::OtherCode) => {
                let own: Vec<Code> = code_of(tree).into_iter().collect();
                let other = self.other(draft, &bound, &own);
                Some(other.ok_or_else(|| self.no_code(plan, "no other code is certain to be in the value set"))?)
            }
            _ => None,
        };
        if let Some(code) = wished {
            put(tree, &code);
            return Ok(());
        }
        if tree.child(NameId::CODE).is_some() {
            return Ok(());
        }
        let system = tree.child_text(NameId::SYSTEM).map(str::to_owned);
        let asked = below.iter().any(|a| a.next() == Some(&At::Child(NameId::CODE)) && !a.is_absence());
        let has_to = plan.children.iter().any(|c| c.name == NameId::CODE && c.min > 0) || asked;
        let is_coding = plan.role == Role::Coding;
        let wanted = has_to || system.is_some() || !bound.required.is_empty() || bound.missing.is_some();
        if !(wanted || is_coding && !bound.is_empty()) {
            return Ok(());
        }
        if let Some(code) = self.pick(draft, &bound, system.as_deref(), &|_| false) {
            put(tree, &code);
            return Ok(());
        }
        if !bound.required.is_empty() || bound.missing.is_some() {
            return Err(self.no_code(plan, "no code is certain to be in the value sets that are required"));
        }
        let url = system.as_deref().unwrap_or(if is_coding { MADE_UP } else { UCUM });
        let nth = draft.chance.place(8);
        match of_system(self.set, url, if is_coding { nth } else { 2 }) {
            Some(code) => put(tree, &code),
            None if has_to => put(tree, &Code::new(url, "example")),
            None => {}
        }
        Ok(())
    }

    /// Gives a coding the name that its code system has for its code, in place of a display that was made up.
    pub(super) fn name_code(&self, tree: &mut Tree) {
        let Some(code) = code_of(tree).filter(|_| tree.child(NameId::DISPLAY).is_some()) else { return };
        if let Some(display) = display_of(self.set, &code) {
            tree.remove(NameId::DISPLAY);
            tree.push(NameId::DISPLAY, Tree::text(&display));
        }
    }

    /// A code by itself, by the value sets of its element; `None` where none is bound.
    ///
    /// # Errors
    /// [`Unbuildable`] where a value set is required and none of its codes is certain.
    pub(super) fn plain_code(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        here: &[Ask],
        own: Option<&str>,
    ) -> Result<Option<String>, Unbuildable> {
        let bound = Self::bound(plan, here);
        match here.iter().find_map(Ask::want) {
            Some(Want::Code { code, .. }) => return Ok(Some(code.clone())),
            Some(Want::OtherCode) if bound.required.is_empty() && bound.missing.is_none() => {
                return Ok(Some("other".to_owned()));
            }
            Some(Want::OtherCode) => {
                let found = self.pick(draft, &bound, None, &|c| own == Some(&*c.code));
                let Some(code) = found else {
                    return Err(self.no_code(plan, "no other code is certain to be in the value set"));
                };
                return Ok(Some(code.code.to_string()));
            }
            _ => {}
        }
        if own.is_some() || bound.is_empty() {
            return Ok(None);
        }
        match self.pick(draft, &bound, None, &|_| false) {
            Some(code) => Ok(Some(code.code.to_string())),
            None if bound.required.is_empty() && bound.missing.is_none() => Ok(None),
            None => Err(self.no_code(plan, "no code is certain to be in the value set that is required")),
        }
    }

    pub(super) fn no_code(&self, plan: &PlanNode, reason: &str) -> Unbuildable {
        let bound = plan.bindings.iter().find(|b| b.strength == BindingStrength::Required);
        match bound {
            Some(b) => self.unbuildable(Some(b.element), format!("{reason}: `{}`", b.canonical)),
            None => self.unbuildable(self.telling(&plan.handles), reason),
        }
    }
}

/// The code of a coding, where it has one.
pub(super) fn code_of(coding: &Tree) -> Option<Code> {
    Some(Code::new(coding.child_text(NameId::SYSTEM).unwrap_or_default(), coding.child_text(NameId::CODE)?))
}

pub(super) fn coding_of(code: &Code) -> Tree {
    let mut tree = Tree::default();
    put(&mut tree, code);
    tree
}

/// Puts a code with its system in the place of what a coding has.
fn put(tree: &mut Tree, code: &Code) {
    tree.remove(NameId::CODE);
    if !code.system.is_empty() && tree.child_text(NameId::SYSTEM) != Some(&code.system) {
        tree.remove(NameId::SYSTEM);
        tree.push(NameId::SYSTEM, Tree::text(&code.system));
    }
    tree.push(NameId::CODE, Tree::text(&code.code));
}
