//! Extensions: known or not, where they may stand, and the plan of their definition
//! (https://hl7.org/fhir/R4/extensibility.html).

use super::finding::{Detail, Weight};
use super::policy::Level;
use super::walk::{Crumb, Walk};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::plan::rows::STRUCTURE_MODIFIER;
use crate::plan::{ExtensionPlan, Handle, PlanChild, PlanNode, Variant};

impl<'t> Walk<'_, 't> {
    /// One extension whose slices are told by url alone.
    #[allow(clippy::too_many_arguments)]
    pub fn extension(&mut self, x: Node<'t>, holder: Node<'t>, plan: &PlanNode, child: &PlanChild, variant: &Variant, sliced: &mut Vec<(usize, usize, Node<'t>)>, ci: usize, vi: usize) {
        if !child.slicings.is_empty() {
            sliced.push((ci, vi, x));
            return;
        }
        self.extension_entry(x, holder, plan, child, variant, None);
    }

    /// Walks one extension; `slices` are those that it matched, where the slicing was evaluated.
    pub fn extension_entry(&mut self, x: Node<'t>, holder: Node<'t>, plan: &PlanNode, child: &PlanChild, variant: &Variant, slices: Option<&[Handle]>) {
        self.trail.push(Crumb { parent: plan.type_id, name: child.name });
        match x.child(NameId::URL).filter(|u| u.has_value()).map(Node::text) {
            None => {
                if x.is_object() {
                    self.error(RuleId::EXTENSION_URL, x, &child.handles, Detail::None);
                }
                self.entry(x, child, variant, slices.unwrap_or_default());
            }
            Some(url) => {
                let known = self.plans.extension(child, variant, &url);
                self.about(x, holder, plan, child, &url, &known, slices.is_some_and(|s| !s.is_empty()));
                match slices {
                    Some(s) if !s.is_empty() => {
                        let mut handles = s.to_vec();
                        handles.extend(known.definition.and_then(|d| self.set.root(d)));
                        let node = self.plans.sliced(child, variant, variant.type_id, &handles);
                        self.node(x, &node);
                    }
                    _ => self.node(x, &known.node),
                }
            }
        }
        self.trail.pop();
    }

    /// What is to be said of an extension by its url: unknown, an example, in the wrong place.
    #[allow(clippy::too_many_arguments)]
    fn about(&mut self, x: Node<'t>, holder: Node<'t>, plan: &PlanNode, child: &PlanChild, url: &str, known: &ExtensionPlan, sliced: bool) {
        let modifier = child.name == NameId::MODIFIER_EXTENSION;
        if let Some(definition) = known.definition {
            let Some(row) = self.set.structure(definition) else { return };
            let is_modifier = row.flags & STRUCTURE_MODIFIER != 0;
            if is_modifier != modifier {
                self.error(RuleId::EXTENSION_MODIFIER, x, &[], Detail::Text(url.to_owned()));
            }
            self.context(x, holder, plan, definition);
            return;
        }
        if sliced || known.slices.iter().any(Option::is_some) {
            return;
        }
        let absolute = url.contains(':');
        let inside = self.model().type_name(plan.type_id) == "Extension";
        if !absolute {
            if inside && self.sub_defined(plan) {
                self.error(RuleId::EXTENSION_SUB_UNKNOWN, x, &child.handles, Detail::Text(url.to_owned()));
            } else if !inside {
                self.error(RuleId::EXTENSION_URL_ABSOLUTE, x, &child.handles, Detail::Text(url.to_owned()));
            }
            return;
        }
        let example = url.starts_with("http://example.org") || url.starts_with("https://example.org") || url.contains("://example.com");
        let (rule, level) = if example { (RuleId::EXTENSION_EXAMPLE, self.policies.example_urls) } else { (RuleId::EXTENSION_UNKNOWN, self.policies.unknown_extensions) };
        if is_cross_version(url) {
            let weight = if modifier { Weight::Question } else { Weight::Note };
            let rule = if modifier { RuleId::EXTENSION_MODIFIER_UNKNOWN } else { RuleId::EXTENSION_UNKNOWN };
            self.find(rule, weight, x, &[], Detail::Text(url.to_owned()));
            return;
        }
        if modifier {
            let weight = match self.policies.unknown_modifiers {
                None => Weight::Question,
                Some(Level::Allow) => Weight::Note,
                Some(Level::Warn) => Weight::Warning,
                Some(Level::Error) => Weight::Error,
            };
            self.find(RuleId::EXTENSION_MODIFIER_UNKNOWN, weight, x, &[], Detail::Text(url.to_owned()));
            return;
        }
        let weight = match level {
            Level::Allow => Weight::Note,
            Level::Warn => Weight::Warning,
            Level::Error => Weight::Error,
        };
        self.find(rule, weight, x, &[], Detail::Text(url.to_owned()));
    }

    /// Whether the extension around has a definition that says which sub-extensions there are.
    fn sub_defined(&self, plan: &PlanNode) -> bool {
        let base = self.set.core_type("Extension").and_then(|s| self.set.root(s));
        plan.handles.iter().any(|h| self.set.element(*h).is_some_and(|e| e.parent == crate::plan::rows::NONE) && Some(*h) != base)
            || plan.handles.iter().any(|h| self.set.element(*h).is_some_and(|e| e.parent != crate::plan::rows::NONE && e.first_child != crate::plan::rows::NONE))
    }

    /// Whether an extension may stand where it stands (https://hl7.org/fhir/R4/defining-extensions.html#context).
    fn context(&mut self, x: Node<'t>, holder: Node<'t>, plan: &PlanNode, definition: Handle) {
        let Some(row) = self.set.structure(definition) else { return };
        let pairs: Vec<&str> = self.set.list(definition.layer, row.contexts).collect();
        if pairs.is_empty() {
            return;
        }
        let mut open = false;
        for pair in pairs.chunks_exact(2) {
            let fits = match pair[0] {
                "element" => self.element_context(pair[1], plan),
                "extension" => self.extension_context(pair[1], holder, plan),
                "fhirpath" => match self.fhirpath_context(pair[1], holder) {
                    Some(b) => b,
                    None => {
                        open = true;
                        false
                    }
                },
                _ => true,
            };
            if fits {
                return;
            }
        }
        if open {
            return;
        }
        let url = self.set.str(definition.layer, row.url).to_owned();
        self.error(RuleId::EXTENSION_CONTEXT, x.parent().unwrap_or(x), &[], Detail::Text(url));
    }

    /// An element context: a type, a path from a type or resource, or an element id of a profile.
    fn element_context(&self, wanted: &str, plan: &PlanNode) -> bool {
        let model = self.model();
        let wanted = wanted.split_once('#').map_or(wanted, |(_, f)| f);
        let wanted = wanted.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(wanted);
        if wanted == "Element" || wanted == "*" {
            return true;
        }
        if wanted == "CanonicalResource" || wanted == "MetadataResource" {
            return plan.is_resource && plan.children.iter().any(|c| c.name == NameId::URL);
        }
        if let Some(t) = model.find(wanted) {
            if model.is_a(plan.type_id, t) {
                return true;
            }
        }
        self.paths(plan).iter().any(|p| p == wanted || p.replace("[x]", "") == wanted.replace("[x]", ""))
    }

    /// The element paths of the current place: from each type or resource on the way down to it.
    fn paths(&self, plan: &PlanNode) -> Vec<String> {
        let model = self.model();
        let mut out = Vec::new();
        let mut tail = String::new();
        // The last crumb is the extension itself; the ones before lead to its holder.
        for c in self.trail.iter().rev().skip(1) {
            let name = model.names().text(c.name);
            tail = if tail.is_empty() { name.to_owned() } else { format!("{name}.{tail}") };
            let mut t = c.parent;
            while t.is_known() {
                out.push(format!("{}.{tail}", model.type_name(t)));
                t = model.base(t);
            }
            if model.is_resource(c.parent) {
                break;
            }
        }
        out.push(model.type_name(plan.type_id).to_owned());
        out
    }

    /// An extension context: the extension around has this url (with `#name` a sub-extension of it).
    fn extension_context(&self, wanted: &str, holder: Node<'t>, plan: &PlanNode) -> bool {
        if self.model().type_name(plan.type_id) != "Extension" {
            // The value of an extension stands for the extension.
            let around = self.trail.iter().rev().nth(1).is_some_and(|c| self.model().type_name(c.parent) == "Extension");
            return around && holder.parent().and_then(|p| p.child_text(NameId::URL)).is_some_and(|u| u == wanted);
        }
        let own = holder.child_text(NameId::URL).unwrap_or_default();
        match wanted.split_once('#') {
            None => own == wanted,
            Some((outer, name)) => own == name && holder.parent().and_then(|p| p.child_text(NameId::URL)).is_some_and(|u| u == outer),
        }
    }
}

/// Whether a url is that of an extension which stands for an element of another FHIR version: such extensions need no
/// definition to exist (https://hl7.org/fhir/R4/versions.html#extensions).
fn is_cross_version(url: &str) -> bool {
    let Some((version, name)) = url.strip_prefix("http://hl7.org/fhir/").and_then(|r| r.split_once("/StructureDefinition/extension-")) else { return false };
    matches!(version, "1.0" | "3.0" | "4.0" | "4.3" | "5.0") && name.contains('.')
}
