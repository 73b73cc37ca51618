//! The walk: one node after another along its plan.

use std::sync::Arc;

use super::finding::{Detail, Finding, Weight};
use super::policy::Policies;
use crate::assertion::primitive::{JsonLexeme, Primitive, PrimitiveFault};
use crate::definition::FhirVersion;
use crate::fhirpath::Typing;
use crate::instance::{Kind, NameId, Node, Tape};
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::plan::{Handle, ImageSet, PlanChild, PlanNode, Plans, Variant};
use crate::script::{Budget, Scripts};

/// One step of the way to the current node.
#[derive(Clone, Copy)]
pub struct Crumb {
    /// The type that holds the element, and the element's name.
    pub parent: TypeId,
    pub name: NameId,
}

/// A resource that the walk is inside of.
#[derive(Clone, Copy)]
pub struct ResourceFrame<'t> {
    pub node: Node<'t>,
    pub type_id: TypeId,
    pub contained: bool,
}

/// The walk over one instance.
pub struct Walk<'e, 't> {
    pub plans: &'e Plans,
    pub set: &'e ImageSet,
    pub policies: &'e Policies,
    pub tape: &'t Tape<'t>,
    pub findings: Vec<Finding>,
    pub trail: Vec<Crumb>,
    pub resources: Vec<ResourceFrame<'t>>,
    /// How many trial walks (does this node conform to that profile) enclose the current one.
    pub trials: u32,
    pub bundles: super::bundle::Bundles<'t>,
    pub typing: &'e Typing<'e>,
    pub memory: super::invariant::Memory,
    /// The texts that refer to something in a container, sorted; and of which container.
    pub references: Option<(u32, Vec<String>)>,
    pub steps: u64,
    /// The scripts of a site, with what they may still spend on this instance.
    pub scripts: Option<(&'e Scripts, &'e Budget)>,
}

/// Bound on the nodes visited, trial walks included.
const STEPS: u64 = 200_000_000;
/// Bound on trial walks inside trial walks.
const TRIALS: u32 = 8;

impl<'e, 't> Walk<'e, 't> {
    pub fn find(&mut self, rule: RuleId, weight: Weight, node: Node<'t>, handles: &[Handle], detail: Detail) {
        if self.findings.len() < self.policies.issues.saturating_mul(4).max(64) {
            self.findings.push(Finding::new(rule, weight, node.index(), handles, detail));
        }
    }

    pub fn error(&mut self, rule: RuleId, node: Node<'t>, handles: &[Handle], detail: Detail) {
        self.find(rule, Weight::Error, node, handles, detail);
    }

    pub fn model(&self) -> &'e crate::model::Model {
        self.set.model()
    }

    /// Walks a node along its plan.
    pub fn node(&mut self, n: Node<'t>, plan: &PlanNode) {
        self.steps += 1;
        if self.steps > STEPS {
            return;
        }
        match plan.primitive {
            Some(p) => self.primitive(n, plan, p),
            None => self.complex(n, plan),
        }
    }

    /// A walk in the same place with findings of its own.
    pub fn apart(&self) -> Walk<'_, 't> {
        Walk {
            plans: self.plans,
            set: self.set,
            typing: self.typing,
            policies: self.policies,
            tape: self.tape,
            findings: Vec::new(),
            trail: self.trail.clone(),
            resources: self.resources.clone(),
            trials: self.trials + 1,
            bundles: self.bundles.clone(),
            memory: super::invariant::Memory::default(),
            references: None,
            steps: self.steps,
            scripts: self.scripts,
        }
    }

    fn complex(&mut self, n: Node<'t>, plan: &PlanNode) {
        if n.kind() != Kind::Object {
            self.error(RuleId::ELEMENT_OBJECT, n, &plan.handles, Detail::None);
            return;
        }
        self.children(n, plan);
        self.judge(n, plan);
    }

    /// What holds of a node as a whole.
    fn judge(&mut self, n: Node<'t>, plan: &PlanNode) {
        for v in &plan.values {
            self.value(n, v);
        }
        for b in &plan.bounds {
            self.bounds(n, plan, b);
        }
        if !plan.bindings.is_empty() {
            self.bindings(n, plan);
        }
        if !plan.alternatives.is_empty() {
            self.alternatives(n, plan);
        }
        self.typed(n, plan);
        self.constraints(n, plan);
    }

    fn value(&mut self, n: Node<'t>, v: &crate::plan::PlanValue) {
        use crate::assertion::value::{differences, equals, holds};
        if v.fixed && !equals(self.set, n, v.value) {
            for place in differences(self.set, n, v.value) {
                self.error(RuleId::FIXED, place, &[v.element], Detail::Value(v.value));
            }
        } else if !v.fixed && !holds(self.set, n, v.value) {
            self.error(RuleId::PATTERN, n, &[v.element], Detail::Value(v.value));
        }
    }

    /// One of the profiles that an element names for its type must hold.
    fn alternatives(&mut self, n: Node<'t>, plan: &PlanNode) {
        for (element, roots) in &plan.alternatives {
            let mut best: Option<Vec<Finding>> = None;
            for root in roots {
                let node = self.plans.node(plan.type_id, &[*root]);
                let found = self.trial(n, &node);
                let errors = |f: &[Finding]| f.iter().filter(|f| f.weight == Weight::Error).count();
                if best.as_ref().is_none_or(|b| errors(&found) < errors(b)) {
                    best = Some(found);
                }
                if best.as_ref().is_some_and(|b| errors(b) == 0) {
                    break;
                }
            }
            if let Some(found) = best.filter(|f| f.iter().any(|f| f.weight == Weight::Error)) {
                if let [_] = &**roots {
                    self.findings.extend(found);
                } else {
                    let names: Vec<String> = roots.iter().map(|r| format!("`{}`", self.set.canonical_of(*r))).collect();
                    self.error(RuleId::ELEMENT_PROFILE, n, &[*element], Detail::Text(names.join(", ")));
                }
            }
        }
    }

    /// Walks a node along another plan without keeping what is found; gives the findings.
    pub fn trial(&mut self, n: Node<'t>, plan: &PlanNode) -> Vec<Finding> {
        if self.trials >= TRIALS {
            return Vec::new();
        }
        let kept = std::mem::take(&mut self.findings);
        self.trials += 1;
        if plan.is_resource && self.resources.last().is_none_or(|r| r.node != n) {
            self.resources.push(ResourceFrame { node: n, type_id: plan.type_id, contained: false });
            self.node(n, plan);
            self.resources.pop();
        } else {
            self.node(n, plan);
        }
        self.trials -= 1;
        std::mem::replace(&mut self.findings, kept)
    }

    fn children(&mut self, n: Node<'t>, plan: &PlanNode) {
        let mut counts = [0u32; 64];
        let mut more: Vec<u32> = if plan.children.len() > 64 { vec![0; plan.children.len()] } else { Vec::new() };
        let mut seen = 0u64;
        let mut sliced: Vec<(usize, usize, Node<'t>)> = Vec::new();
        let mut any = false;
        if self.tape.is_xml() {
            self.element_order(n, plan);
        }
        for c in n.children() {
            any = true;
            let name = c.name();
            let Some((ci, vi)) = plan.find(name) else {
                self.unknown(n, c, plan);
                continue;
            };
            let child = &plan.children[ci];
            let variant = &child.variants[vi];
            if (c.twin().is_some() || c.twin_in_array()) && !self.tape.is_xml() {
                self.twin(n, c, plan, child, variant);
            }
            if !self.shape(c, child) {
                continue;
            }
            if ci < 64 {
                seen |= 1 << ci;
                counts[ci] += 1;
            } else if let Some(m) = more.get_mut(ci) {
                *m += 1;
            }
            if !variant.refused.is_empty() {
                self.error(RuleId::ELEMENT_TYPE, c, &variant.refused, Detail::None);
            }
            if !child.slicings.is_empty() && (!child.is_extension || child.slicings.iter().any(|s| s.by_url.is_none())) {
                sliced.push((ci, vi, c));
            } else if child.is_extension {
                self.extension(c, n, plan, child, variant, &mut sliced, ci, vi);
            } else {
                let crumb = Crumb { parent: plan.type_id, name: child.name };
                self.trail.push(crumb);
                self.entry(c, child, variant, &[]);
                self.trail.pop();
            }
        }
        if !any && n.kind() == Kind::Object {
            self.error(RuleId::ELEMENT_EMPTY, n, &plan.handles, Detail::None);
        }
        let count = |i: usize| if i < 64 { counts[i] } else { more.get(i).copied().unwrap_or(0) };
        self.cardinality(n, plan, seen, count);
        for (ci, child) in plan.children.iter().enumerate().filter(|(_, c)| !c.slicings.is_empty()) {
            let entries: Vec<(usize, Node<'t>)> = sliced.iter().filter(|e| e.0 == ci).map(|e| (e.1, e.2)).collect();
            self.slicings(n, plan, child, &entries);
        }
    }

    fn cardinality(&mut self, n: Node<'t>, plan: &PlanNode, seen: u64, count: impl Fn(usize) -> u32) {
        let missing = plan.required & !seen;
        if missing == 0 && plan.children.len() <= 64 && plan.children.iter().enumerate().all(|(i, c)| count(i) <= c.max && count(i) >= c.min) {
            return;
        }
        for (i, c) in plan.children.iter().enumerate() {
            let found = count(i);
            if found < c.min {
                let demanding: Vec<Handle> = c.handles.iter().filter(|h| self.set.element(**h).is_some_and(|e| e.min > found)).copied().collect();
                self.error(RuleId::ELEMENT_MIN, n, &demanding, Detail::Child { name: c.name, found, bound: c.min });
            }
            if found > c.max {
                let demanding: Vec<Handle> = c.handles.iter().filter(|h| self.set.element(**h).is_some_and(|e| e.max < found)).copied().collect();
                self.error(RuleId::ELEMENT_MAX, n, &demanding, Detail::Child { name: c.name, found, bound: c.max });
            }
        }
    }

    fn unknown(&mut self, n: Node<'t>, c: Node<'t>, plan: &PlanNode) {
        // What names the type is no element, and has no twin.
        let names_type = c.name() == NameId::RESOURCE_TYPE && plan.is_resource;
        if plan.type_id.is_known() && !(names_type && c.twin().is_none()) {
            let prefix = if names_type { "_" } else { "" };
            self.error(RuleId::ELEMENT_UNKNOWN, n, &plan.handles, Detail::Name(format!("{prefix}{}", c.name_text())));
        }
    }

    /// In XML the elements stand in the order of their definitions (https://hl7.org/fhir/R4/xml.html).
    fn element_order(&mut self, n: Node<'t>, plan: &PlanNode) {
        let extension = self.model().type_name(plan.type_id) == "Extension";
        let is_attribute = |c: Node<'_>| (c.name() == NameId::ID && !plan.is_resource) || (c.name() == NameId::URL && extension);
        let mut highest = 0;
        for c in n.children().filter(|c| !is_attribute(*c)) {
            let Some(row) = self.model().child(plan.type_id, c.name()) else { continue };
            if row.order < highest {
                self.error(RuleId::XML_ORDER, c, &plan.handles, Detail::None);
            }
            highest = highest.max(row.order);
        }
    }

    /// Whether the shape in the text allows going on with this entry.
    fn shape(&mut self, c: Node<'t>, child: &PlanChild) -> bool {
        match c.kind() {
            Kind::EmptyArray => {
                self.error(RuleId::ELEMENT_EMPTY, c, &child.handles, Detail::None);
                return false;
            }
            Kind::NestedArray => {
                self.error(RuleId::ELEMENT_ARRAY, c, &child.handles, Detail::None);
                return false;
            }
            Kind::Null if c.twin().is_none() => {
                self.error(RuleId::ELEMENT_NULL, c, &child.handles, Detail::None);
                return false;
            }
            _ => {}
        }
        // XML does not say what is an array: what is too much there is a matter of cardinality.
        if self.tape.is_xml() {
            return true;
        }
        if child.is_list != c.in_array() && c.kind() != Kind::Absent && c.is_first() {
            self.error(RuleId::ELEMENT_ARRAY, c, &child.handles, Detail::None);
        }
        child.is_list || !c.in_array()
    }

    /// One entry of an element, with the slices that it matches.
    pub fn entry(&mut self, c: Node<'t>, child: &PlanChild, variant: &Variant, slices: &[Handle]) {
        let model = self.model();
        if variant.type_id.is_known() && model.is_resource(variant.type_id) {
            self.nested_resource(c, child, slices);
        } else if slices.is_empty() {
            let plan: Arc<PlanNode> = self.plans.variant(child, variant).clone();
            self.node(c, &plan);
        } else {
            let plan = self.plans.sliced(child, variant, variant.type_id, slices);
            self.node(c, &plan);
        }
    }

    fn primitive(&mut self, n: Node<'t>, plan: &PlanNode, p: Primitive) {
        match n.kind() {
            Kind::String | Kind::Number | Kind::True | Kind::False => {
                if !self.tape.is_xml() && !lexeme_fits(n.kind(), p) {
                    self.error(RuleId::PRIMITIVE_LEXEME, n, &plan.handles, Detail::Text(p.name().to_owned()));
                } else if let Err(fault) = p.check(&n.text()) {
                    self.primitive_fault(n, plan, p, fault);
                }
            }
            Kind::Absent | Kind::Null => {}
            // In XML a primitive without a value is an element like any other.
            Kind::Object if self.tape.is_xml() => {
                self.children(n, plan);
                self.typed_primitive(n, plan, p);
                self.constraints(n, plan);
                return;
            }
            _ => {
                self.error(RuleId::ELEMENT_SIMPLE, n, &plan.handles, Detail::Text(p.name().to_owned()));
                return;
            }
        }
        if n.twin().is_some_and(|t| t.kind() != Kind::Null) {
            self.children(n, plan);
        } else if plan.plain && plan.values.is_empty() && plan.bindings.is_empty() && plan.bounds.is_empty() && !n.raw_bytes().is_empty() && plan.targets.is_empty() {
            self.typed_primitive(n, plan, p);
            return;
        }
        self.typed_primitive(n, plan, p);
        if n.has_value() {
            self.judge(n, plan);
        } else {
            self.constraints(n, plan);
        }
    }

    fn primitive_fault(&mut self, n: Node<'t>, plan: &PlanNode, p: Primitive, fault: PrimitiveFault) {
        let rule = match fault {
            PrimitiveFault::Empty => RuleId::PRIMITIVE_EMPTY,
            PrimitiveFault::Range | PrimitiveFault::TooLong | PrimitiveFault::Precision => RuleId::PRIMITIVE_RANGE,
            PrimitiveFault::Whitespace | PrimitiveFault::OnlyWhitespace | PrimitiveFault::EdgeWhitespace | PrimitiveFault::Base64Whitespace => RuleId::PRIMITIVE_WHITESPACE,
            PrimitiveFault::ImplausibleYear => RuleId::PRIMITIVE_YEAR,
            _ if p == Primitive::Id => RuleId::ID_FORMAT,
            _ => RuleId::PRIMITIVE_FORMAT,
        };
        let weight = if fault.is_error(FhirVersion::R4) { Weight::Error } else { Weight::Warning };
        let attached = p == Primitive::Base64Binary && self.trail.last().is_some_and(|c| self.model().type_name(c.parent) == "Attachment");
        let at = n.parent().filter(|_| attached).unwrap_or(n);
        self.find(rule, weight, at, &plan.handles, Detail::Text(p.name().to_owned()));
    }
}

/// Whether a value is written as the JSON type that its primitive maps to.
fn lexeme_fits(kind: Kind, p: Primitive) -> bool {
    match p.json_lexeme() {
        JsonLexeme::String => kind == Kind::String,
        JsonLexeme::Number => kind == Kind::Number,
        JsonLexeme::Boolean => matches!(kind, Kind::True | Kind::False),
    }
}
