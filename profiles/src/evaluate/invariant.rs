//! Constraints: the native ones at once, the others through FHIRPath.

use super::finding::{Detail, Weight};
use super::policy::Level;
use super::ports::WalkPorts;
use super::truth::Truth;
use super::walk::Walk;
use crate::assertion::native::Native;
use crate::fhirpath::{self, Context, ErrorKind, Item, Options};
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::plan::rows::NONE;
use crate::plan::{Handle, PlanConstraint, PlanNode};

/// Memory that evaluations use again: one a thread.
#[derive(Default)]
pub struct Memory {
    pub(super) fhirpath: fhirpath::Scratch,
}

impl<'t> Walk<'_, 't> {
    /// Judges the constraints of a node.
    pub fn constraints(&mut self, n: Node<'t>, plan: &PlanNode) {
        for c in &plan.constraints {
            let weight = match (c.best_practice, self.policies.best_practice, c.warning) {
                (true, Level::Allow, _) => continue,
                (true, Level::Warn, _) | (false, _, true) => Weight::Warning,
                (true, Level::Error, _) | (false, _, false) => Weight::Error,
            };
            self.constraint(n, plan, c, weight);
        }
    }

    fn constraint(&mut self, n: Node<'t>, plan: &PlanNode, c: &PlanConstraint, weight: Weight) {
        let detail = |error: Option<String>| Detail::Constraint { layer: c.layer, row: c.row, error };
        if c.native == Native::ContainedUsed {
            self.contained_used(n, c);
            return;
        }
        let (truth, error) = match self.native(n, c.native) {
            Some(b) => (Truth::of(b), None),
            None => match self.lowered(n, plan, c) {
                Some(b) => (Truth::of(b), None),
                None => self.expression(n, plan, c),
            },
        };
        match truth {
            Truth::True => {
                if error.is_some() {
                    self.find(RuleId::INVARIANT_BROKEN, Weight::Note, n, &c.handles, detail(error));
                }
            }
            Truth::False => self.find(RuleId::INVARIANT, weight, n, &c.handles, detail(error)),
            Truth::Unknown => {
                let weight = if weight == Weight::Error { Weight::Question } else { Weight::Note };
                self.find(RuleId::INVARIANT_UNDECIDED, weight, n, &c.handles, detail(error));
            }
        }
    }

    fn native(&self, n: Node<'t>, native: Native) -> Option<bool> {
        let contained = || n.children_named(NameId::CONTAINED);
        let meta_has = |name: &str| {
            let id = self.model().names().find(name.as_bytes()).unwrap_or_default();
            contained().any(|c| c.child(NameId::META).is_some_and(|m| m.child(id).is_some()))
        };
        Some(match native {
            Native::ValueOrChildren => (n.has_value() && !n.raw_bytes().is_empty()) || n.children().any(|c| c.name() != NameId::ID),
            Native::ExtensionOrValue => {
                let extension = n.child(NameId::EXTENSION).is_some_and(|e| e.kind() != Kind::EmptyArray);
                let value = n.children().any(|c| self.is_value(c));
                extension != value
            }
            Native::ContainedNested => contained().all(|c| c.child(NameId::CONTAINED).is_none()),
            Native::ContainedVersion => !meta_has("versionId") && !meta_has("lastUpdated"),
            Native::ContainedSecurity => !meta_has("security"),
            Native::NarrativeExists => n.child(NameId::TEXT).is_some_and(|t| t.child(NameId::DIV).is_some_and(Node::has_value)),
            Native::ReferenceContained => match n.child_text(NameId::REFERENCE) {
                Some(t) => match t.strip_prefix('#') {
                    Some("") | None => true,
                    Some(_) => !matches!(self.resolve_text(&t, n), super::reference::Target::Missing),
                },
                None => true,
            },
            Native::Narrative => true,
            Native::ContainedUsed | Native::Mask | Native::Simple | Native::None => return None,
        })
    }

    fn is_value(&self, c: Node<'t>) -> bool {
        let text = c.name_text();
        text.strip_prefix("value").is_some_and(|r| r.starts_with(|c: char| c.is_ascii_uppercase())) && c.kind() != Kind::EmptyArray
    }

    /// Whether a constraint holds by its mask or along simple paths; `None` where the evaluator has to tell.
    fn lowered(&self, n: Node<'t>, plan: &PlanNode, c: &PlanConstraint) -> Option<bool> {
        let image = self.set.layer(c.layer);
        match c.native {
            Native::Mask => fhirpath::mask_holds(image.mask(c.mask), n, plan.type_id, self.typing),
            Native::Simple => fhirpath::simple_truth(image.code(c.code)?, n, plan.type_id, self.typing).map(|t| t != fhirpath::Truth::False),
            _ => None,
        }
    }

    fn expression(&mut self, n: Node<'t>, plan: &PlanNode, c: &PlanConstraint) -> (Truth, Option<String>) {
        let Some(code) = self.set.layer(c.layer).code(c.code) else {
            return (Truth::Unknown, Some("the expression does not compile".to_owned()));
        };
        let mut scratch = std::mem::take(&mut self.memory.fhirpath);
        let result = {
            let ports = WalkPorts { walk: self };
            let mut context = self.context_of(n, &ports);
            if let Some((holder, root)) = self.holder(plan, c) {
                (context.resource, context.root_resource) = (holder, root);
            }
            fhirpath::test(code, &Item::node(n, plan.type_id), &context, &mut scratch)
        };
        self.memory.fhirpath = scratch;
        match result {
            // A constraint that yields nothing is not violated: its condition does not apply.
            fhirpath::Truth::True | fhirpath::Truth::Empty => (Truth::True, None),
            fhirpath::Truth::False => (Truth::False, None),
            fhirpath::Truth::Unknown(q) => (Truth::Unknown, q.first().map(|q| format!("{q:?}"))),
            // A collection where the expression wants one item is the expression's fault, not the instance's.
            fhirpath::Truth::Error(e) if e.kind == ErrorKind::Singleton => (Truth::True, Some(e.to_string())),
            // A site's function that is not here, or that failed, says nothing of the instance.
            fhirpath::Truth::Error(e) if e.kind == ErrorKind::Outside => (Truth::Unknown, Some(e.to_string())),
            fhirpath::Truth::Error(e) => (Truth::False, Some(e.to_string())),
        }
    }

    /// The resource around the current one, and its container, where an element of it lays the constraint on the resource
    /// that stands there.
    fn holder(&self, plan: &PlanNode, c: &PlanConstraint) -> Option<(Node<'t>, Node<'t>)> {
        let of_element = |h: &Handle| self.set.element(*h).is_some_and(|e| e.parent != NONE);
        if !plan.is_resource || !c.handles.iter().all(of_element) {
            return None;
        }
        let (_, around) = self.resources.split_last()?;
        let holder = around.last()?.node;
        Some((holder, around.iter().rev().find(|r| !r.contained).map_or(holder, |r| r.node)))
    }

    /// What an expression sees at a node.
    pub fn context_of<'a>(&'a self, n: Node<'a>, ports: &'a WalkPorts<'a>) -> Context<'a> {
        let resource = self.resources.last().map_or(n, |r| r.node);
        let root = self.resources.iter().rev().find(|r| !r.contained).map_or(resource, |r| r.node);
        let options = Options { system_names: true, ..Options::default() };
        Context { root_resource: root, options, ..Context::new(self.typing, resource, ports) }
    }
}
