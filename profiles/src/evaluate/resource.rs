//! Resources: their type, the profiles that they claim, what is contained in them.

use super::finding::{Detail, Weight};
use super::walk::{ResourceFrame, Walk};
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::plan::{Handle, PlanChild};

/// R4's vital-signs profiles by LOINC code (https://hl7.org/fhir/R4/observation-vitalsigns.html#vitals-table).
/// A code that only goes beside the one that the profile demands calls for the profile too.
const VITAL_SIGNS: [(&str, &str); 25] = [
    ("85353-1", "vitalspanel"),
    ("9279-1", "resprate"),
    ("8867-4", "heartrate"),
    ("2708-6", "oxygensat"),
    ("8310-5", "bodytemp"),
    ("8302-2", "bodyheight"),
    ("9843-4", "headcircum"),
    ("29463-7", "bodyweight"),
    ("39156-5", "bmi"),
    ("85354-9", "bp"),
    ("8480-6", "bp"),
    ("8462-4", "bp"),
    ("35094-2", "bp"),
    ("55284-4", "bp"),
    ("76534-7", "bp"),
    ("59408-5", "oxygensat"),
    ("8889-8", "heartrate"),
    ("8893-0", "heartrate"),
    ("8331-1", "bodytemp"),
    ("3137-7", "bodyheight"),
    ("8306-3", "bodyheight"),
    ("8308-9", "bodyheight"),
    ("8287-5", "headcircum"),
    ("3141-9", "bodyweight"),
    ("8350-1", "bodyweight"),
];

impl<'t> Walk<'_, 't> {
    /// Walks the root of the instance under the profiles asked for.
    pub fn root(&mut self, n: Node<'t>, asked: &[Handle]) {
        self.resource(n, asked, false);
    }

    /// Walks a resource that stands in an element (`contained`, `entry.resource`, `parameter.resource`).
    pub fn nested_resource(&mut self, n: Node<'t>, child: &PlanChild, slices: &[Handle]) {
        let contained = child.name == NameId::CONTAINED;
        let mut demands: Vec<Handle> = child.handles.to_vec();
        demands.extend_from_slice(slices);
        self.resource(n, &demands, contained);
    }

    fn resource(&mut self, n: Node<'t>, demands: &[Handle], contained: bool) {
        if !n.is_object() {
            self.error(RuleId::ELEMENT_OBJECT, n, demands, Detail::None);
            return;
        }
        let type_id = self.model().resource_type(n);
        let named = n.child(NameId::RESOURCE_TYPE);
        let malformed = named.is_some_and(|t| t.in_array() || (t.has_value() && t.kind() != Kind::String));
        if !type_id.is_known() || self.is_abstract(type_id) || malformed {
            let found = named.map(|t| t.text().into_owned()).unwrap_or_default();
            self.error(RuleId::RESOURCE_TYPE, n, demands, Detail::Text(found));
            return;
        }
        let mut handles = demands.to_vec();
        self.claimed(n, type_id, &mut handles);
        if !contained {
            handles.extend(self.plans.globals(type_id));
        }
        if self.policies.vital_signs {
            self.vital_signs(n, type_id, &mut handles);
        }
        let plan = self.plans.node(type_id, &handles);
        self.resources.push(ResourceFrame { node: n, type_id, contained });
        if self.model().type_name(type_id) == "Bundle" {
            self.bundles.open(n);
        }
        self.allowed_resource(n, type_id, demands);
        self.node(n, &plan);
        self.resource_rules(n, type_id, contained);
        self.resources.pop();
    }

    fn is_abstract(&self, t: TypeId) -> bool {
        self.model().kind(t) == Some(crate::model::TypeKind::Abstract)
    }

    /// Whether the element that holds the resource allows its type.
    fn allowed_resource(&mut self, n: Node<'t>, type_id: TypeId, demands: &[Handle]) {
        for h in demands {
            let image = self.set.layer(h.layer);
            let Some(e) = image.element(h.row).filter(|e| e.parent != crate::plan::rows::NONE) else { continue };
            let types = image.type_refs(e.types);
            let fits = types.is_empty() || types.iter().any(|t| self.model().find(image.str(t.code)).is_none_or(|w| self.model().is_a(type_id, w)));
            if !fits {
                self.error(RuleId::ELEMENT_TYPE, n, &[*h], Detail::Text(self.model().type_name(type_id).to_owned()));
            }
        }
    }

    /// The profiles of `meta.profile`.
    fn claimed(&mut self, n: Node<'t>, type_id: TypeId, handles: &mut Vec<Handle>) {
        let Some(meta) = n.child(NameId::META) else { return };
        for p in meta.children_named(NameId::PROFILE).filter(|p| p.has_value()) {
            let canonical = p.text();
            let Some(structure) = self.set.find_structure(&canonical, None) else {
                self.find(RuleId::PROFILE_UNKNOWN, Weight::Question, p, &[], Detail::Text(canonical.into_owned()));
                continue;
            };
            self.profile(p, type_id, structure, &canonical, handles);
        }
    }

    /// Adds a profile's root to the demands, with the profiles that it imposes.
    fn profile(&mut self, at: Node<'t>, type_id: TypeId, structure: Handle, canonical: &str, handles: &mut Vec<Handle>) {
        let Some(row) = self.set.structure(structure) else { return };
        let wanted = self.model().find(self.set.str(structure.layer, row.type_name));
        if wanted.is_none_or(|w| !self.model().is_a(type_id, w)) {
            self.error(RuleId::PROFILE_TYPE, at.parent().and_then(Node::parent).unwrap_or(at), &[], Detail::Text(canonical.to_owned()));
            return;
        }
        let Some(root) = self.set.root(structure) else {
            self.find(RuleId::PROFILE_UNKNOWN, Weight::Question, at, &[], Detail::Text(canonical.to_owned()));
            return;
        };
        if handles.contains(&root) {
            return;
        }
        handles.push(root);
        let imposed: Vec<&str> = self.set.list(structure.layer, row.imposed).collect();
        for url in imposed {
            if let Some(s) = self.set.find_structure(url, Some(structure.layer)) {
                self.profile(at, type_id, s, url, handles);
            }
        }
    }

    fn vital_signs(&mut self, n: Node<'t>, type_id: TypeId, handles: &mut Vec<Handle>) {
        if self.model().type_name(type_id) != "Observation" {
            return;
        }
        let Some(code) = n.child(NameId::CODE) else { return };
        for c in code.children_named(NameId::CODING) {
            let loinc = c.child_text(NameId::SYSTEM).is_some_and(|s| s == "http://loinc.org");
            let Some(text) = c.child_text(NameId::CODE).filter(|_| loinc) else { continue };
            let Some((_, profile)) = VITAL_SIGNS.iter().find(|(code, _)| *code == text) else { continue };
            if let Some(root) = self.set.core_type(profile).and_then(|s| self.set.root(s))
                && !handles.contains(&root)
            {
                handles.push(root);
            }
        }
    }

    /// The rules of resources that no definition states.
    fn resource_rules(&mut self, n: Node<'t>, type_id: TypeId, contained: bool) {
        if contained && n.child(NameId::ID).is_none() {
            self.error(RuleId::CONTAINED_ID, n, &[], Detail::None);
        }
        let mut ids: Vec<(std::borrow::Cow<'_, str>, Node<'t>)> = Vec::new();
        for c in n.children_named(NameId::CONTAINED) {
            let Some(id) = c.child_text(NameId::ID) else { continue };
            if ids.iter().any(|(known, _)| *known == id) {
                self.error(RuleId::CONTAINED_ID, c, &[], Detail::Text(id.into_owned()));
            } else {
                ids.push((id, c));
            }
        }
        self.own_url(n, type_id);
        self.plain_id(n);
        match self.model().type_name(type_id) {
            "Bundle" => self.bundle(n),
            "ValueSet" => self.included_systems(n),
            "SearchParameter" => self.composite_parameter(n),
            "CodeSystem" => self.code_system(n),
            "Questionnaire" => self.conditions(n),
            "QuestionnaireResponse" => self.questionnaire_response(n),
            _ => {}
        }
        self.site_rules(n, type_id);
    }

    /// The url by which a definition is known is absolute (https://hl7.org/fhir/R4/references.html#canonical).
    fn own_url(&mut self, n: Node<'t>, type_id: TypeId) {
        let is_definition = self.model().names().find(b"experimental").is_some_and(|e| self.model().child(type_id, e).is_some());
        let Some(url) = n.child(NameId::URL).filter(|u| is_definition && u.has_value()) else { return };
        let text = url.text();
        if !text.is_empty() && !text.contains(':') {
            self.error(RuleId::CANONICAL_ABSOLUTE, url, &[], Detail::Text(text.into_owned()));
        }
    }

    /// The id of a resource is a plain string: it has no extensions (https://hl7.org/fhir/R4/resource.html).
    fn plain_id(&mut self, n: Node<'t>) {
        let Some(id) = n.child(NameId::ID) else { return };
        let extension = id.twin().and_then(|t| t.child(NameId::EXTENSION));
        if let Some(url) = extension.map(|x| x.child_text(NameId::URL).unwrap_or_default().into_owned()) {
            self.error(RuleId::EXTENSION_CONTEXT, id, &[], Detail::Text(url));
        }
    }
}
