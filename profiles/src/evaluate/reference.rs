//! References: their form, what they point to, and whether that is allowed (https://hl7.org/fhir/R4/references.html).

use super::finding::{Detail, Weight};
use super::policy::References;
use super::truth::Truth;
use super::walk::Walk;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::plan::{Handle, PlanNode, PlanTargets};

/// What a reference leads to.
#[derive(Clone, Copy)]
pub enum Target<'t> {
    /// The resource itself.
    Found(Node<'t>),
    /// A resource of this type that is not here.
    Typed(TypeId),
    /// A fragment, or a bundle's own url, that names nothing.
    Missing,
    /// It cannot be said.
    Unknown,
}

impl<'t> Walk<'_, 't> {
    /// What a Reference element leads to, as far as the instance and the reference itself tell.
    pub fn resolve(&self, reference: Node<'t>) -> Target<'t> {
        let Some(text) = reference.child_text(NameId::REFERENCE) else {
            return match self.declared_type(reference) {
                Some(t) => Target::Typed(t),
                None => Target::Unknown,
            };
        };
        self.resolve_text(&text, reference)
    }

    /// What a reference's text leads to.
    pub fn resolve_text(&self, text: &str, from: Node<'t>) -> Target<'t> {
        if let Some(id) = text.strip_prefix('#') {
            return self.fragment(id);
        }
        if let Some(found) = self.bundles.resolve(text, from) {
            return Target::Found(found);
        }
        match self.type_in(text).or_else(|| self.declared_type(from)) {
            Some(t) => Target::Typed(t),
            None => Target::Unknown,
        }
    }

    fn fragment(&self, id: &str) -> Target<'t> {
        let Some(container) = self.resources.iter().rev().find(|r| !r.contained).map(|r| r.node) else { return Target::Unknown };
        if id.is_empty() {
            return Target::Found(container);
        }
        let found = container.children_named(NameId::CONTAINED).find(|c| c.child_text(NameId::ID).is_some_and(|i| i == id));
        found.map_or(Target::Missing, Target::Found)
    }

    /// The element allows the manner of the reference: where its target lies, and whether it names a version
    /// (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation).
    fn manner(&mut self, n: Node<'t>, target: Target<'t>, text: &str, plan: &PlanNode) {
        // A target in the Bundle lies outside the resource too.
        let (bits, found) = match target {
            _ if text.starts_with('#') => (1, "contained"),
            Target::Found(_) => (2 | 4, "bundled"),
            _ => (2, "external"),
        };
        for t in plan.targets.iter().filter(|t| t.aggregation != 0 && t.aggregation & bits == 0) {
            self.error(RuleId::REFERENCE_AGGREGATION, n, &[t.element], Detail::Text(found.to_owned()));
        }
        let specific = text.contains("/_history/");
        let fits = |versioning: u32| versioning == 0 || text.starts_with('#') || specific == (versioning == 2);
        for t in plan.targets.iter().filter(|t| !fits(t.versioning)) {
            let found = if specific { "specific" } else { "independent" };
            self.error(RuleId::REFERENCE_VERSIONING, n, &[t.element], Detail::Text(found.to_owned()));
        }
    }

    /// Inside a Bundle a relative reference is `Type/id`, maybe with a version, or in a transaction or batch a search
    /// (https://hl7.org/fhir/R4/bundle.html#references, https://hl7.org/fhir/R4/http.html#transaction).
    fn fits_bundle(&self, text: &str, n: Node<'t>) -> bool {
        if text.contains(':') || text.starts_with('#') {
            return true;
        }
        let Some(bundle) = self.bundles.around(n) else { return true };
        if text.contains('?') {
            return bundle.child_text(NameId::TYPE).is_some_and(|t| matches!(&*t, "transaction" | "batch"));
        }
        let parts: Vec<&str> = text.split('/').collect();
        parts.iter().all(|p| !p.is_empty()) && (parts.len() == 2 || (parts.len() == 4 && parts[2] == "_history"))
    }

    /// `Reference.type` says what the reference's target or text says.
    fn stated_type(&mut self, n: Node<'t>, target: Target<'t>, text: Option<&str>) {
        let Some(stated) = self.declared_type(n) else {
            if let Some(name) = n.child_text(NameId::TYPE).filter(|t| text.is_some() && !t.is_empty() && !t.contains(':')) {
                self.error(RuleId::REFERENCE_TYPE, n, &[], Detail::Text(name.into_owned()));
            }
            return;
        };
        let found = match target {
            Target::Found(r) => self.model().resource_type(r),
            _ => text.and_then(|t| self.type_in(t)).unwrap_or_default(),
        };
        if found.is_known() && !self.model().is_a(found, stated) {
            let name = self.model().type_name(stated).to_owned();
            self.error(RuleId::REFERENCE_TYPE, n, &[], Detail::Text(name));
        }
    }

    /// `Reference.type`, where it names a resource type.
    fn declared_type(&self, reference: Node<'t>) -> Option<TypeId> {
        let text = reference.child_text(NameId::TYPE)?;
        let name = text.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(&text);
        self.model().find(name).filter(|t| self.model().is_resource(*t))
    }

    /// The type that a RESTful reference names.
    pub fn type_in(&self, text: &str) -> Option<TypeId> {
        let text = text.split(['?', '#']).next().unwrap_or(text);
        let text = text.split("/_history/").next().unwrap_or(text);
        let (before, id) = text.rsplit_once('/')?;
        if id.is_empty() || id.len() > 64 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
            return None;
        }
        let name = before.rsplit('/').next().unwrap_or(before);
        self.model().find(name).filter(|t| self.model().is_resource(*t))
    }

    /// Judges a Reference element.
    pub fn reference(&mut self, n: Node<'t>, plan: &PlanNode) {
        let text = n.child(NameId::REFERENCE).filter(|r| r.has_value()).map(Node::text);
        if let Some(t) = &text
            && !t.is_empty()
            && !(well_formed(t) && self.fits_bundle(t, n))
        {
            self.error(RuleId::REFERENCE_FORMAT, n, &plan.handles, Detail::Text(t.to_string()));
            return;
        }
        let target = self.resolve(n);
        if let (Target::Missing, Some(t)) = (target, &text) {
            self.error(RuleId::REFERENCE_UNRESOLVED, n, &plan.handles, Detail::Text(t.to_string()));
            return;
        }
        self.stated_type(n, target, text.as_deref());
        if let Some(t) = &text {
            self.manner(n, target, t, plan);
        }
        if self.policies.references == References::None && !matches!(target, Target::Found(_)) {
            return;
        }
        let found = match target {
            Target::Found(r) => self.model().resource_type(r),
            Target::Typed(t) => t,
            _ => {
                if self.policies.references == References::Exists && text.is_some() {
                    self.find(RuleId::REFERENCE_UNDECIDED, Weight::Question, n, &plan.handles, Detail::Text(text.unwrap_or_default().into_owned()));
                }
                return;
            }
        };
        if self.policies.references == References::Exists && !matches!(target, Target::Found(_)) && text.is_some() {
            self.find(RuleId::REFERENCE_UNDECIDED, Weight::Question, n, &plan.handles, Detail::Text(text.clone().unwrap_or_default().into_owned()));
        }
        for t in &plan.targets {
            let fits = !found.is_known() || t.types.is_empty() || t.types.iter().any(|w| !w.is_known() || self.model().is_a(found, *w));
            if !fits {
                let detail = Detail::Text(self.model().type_name(found).to_owned());
                self.error(RuleId::REFERENCE_TARGET, n, &[t.element], detail);
            } else if let Target::Found(r) = target {
                self.target_profile(n, r, found, t);
            }
        }
    }
}

impl<'t> Walk<'_, 't> {
    /// A target that is here conforms to one of the profiles that are allowed for its type.
    fn target_profile(&mut self, n: Node<'t>, r: Node<'t>, found: TypeId, t: &PlanTargets) {
        let roots: Vec<Handle> = t.profiles.iter().filter(|(w, _)| self.model().is_a(found, *w)).map(|(_, h)| *h).collect();
        let bare = t.types.iter().filter(|w| w.is_known() && self.model().is_a(found, **w)).count();
        if roots.is_empty() || bare > roots.len() || self.trials > 0 {
            return;
        }
        if self.conforms(r, found, &roots) == Truth::False {
            let detail = Detail::Text(self.set.canonical_of(roots[0]));
            self.error(RuleId::REFERENCE_PROFILE, n, &[t.element], detail);
        }
    }
}

/// Whether a reference has one of the forms of the specification: relative, absolute, fragment, urn.
fn well_formed(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}
