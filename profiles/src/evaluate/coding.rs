//! Codes: membership in bound value sets, existence in code systems, displays (https://hl7.org/fhir/R4/terminologies.html).

use super::finding::{Detail, Finding, Weight};
use super::policy::Level;
use super::truth::Truth;
use super::walk::Walk;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::plan::rows::{CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED};
use crate::plan::{Handle, PlanBinding, PlanNode};
use crate::terminology::{DisplayFit, Grammar, check_display};

/// A code with its system.
struct Coded<'t> {
    system: Option<std::borrow::Cow<'t, str>>,
    code: std::borrow::Cow<'t, str>,
}

/// Whether a code is in a set, and if that is open, why.
struct Membership {
    truth: Truth,
    reason: String,
}

impl<'t> Walk<'_, 't> {
    /// Judges the bindings of a coded node.
    pub fn bindings(&mut self, n: Node<'t>, plan: &PlanNode) {
        let type_name = self.model().type_name(plan.type_id);
        if !matches!(
            type_name,
            "code"
                | "string"
                | "uri"
                | "Coding"
                | "CodeableConcept"
                | "Quantity"
                | "Count"
                | "Duration"
                | "Age"
                | "Distance"
                | "Money"
                | "SimpleQuantity"
                | "canonical"
                | "url"
                | "id"
                | "oid"
                | "markdown"
        ) {
            return;
        }
        self.relative_systems(n, plan);
        for b in plan.bindings.iter().filter(|b| b.strength < 2) {
            self.binding(n, plan, b);
        }
        if type_name == "CodeableConcept" {
            self.take_back_displays(n, &plan.bindings);
        }
    }

    /// Takes back what was said of displays in a concept's codings that its value sets give.
    fn take_back_displays(&mut self, n: Node<'t>, bindings: &[PlanBinding]) {
        let first = self.findings.iter().rposition(|f| f.node <= n.index()).map_or(0, |last| last + 1);
        if self.findings[first..].iter().all(|f| f.rule != RuleId::DISPLAY) {
            return;
        }
        let below = self.findings.split_off(first);
        let given = |f: &Finding| {
            let display = self.tape.node(f.node);
            f.rule == RuleId::DISPLAY && display.parent().is_some_and(|coding| self.named_by(bindings, coding, &display.text()))
        };
        let kept: Vec<Finding> = below.into_iter().filter(|f| !given(f)).collect();
        self.findings.extend(kept);
    }

    /// Whether a bound value set gives this display to the coding's code.
    fn named_by(&self, bindings: &[PlanBinding], coding: Node<'t>, display: &str) -> bool {
        let (Some(system), Some(code)) = (coding.child_text(NameId::SYSTEM), coding.child_text(NameId::CODE)) else { return false };
        bindings.iter().filter_map(|b| b.value_set).any(|value_set| {
            let image = self.set.layer(value_set.layer);
            let row = self.set.value_set(value_set);
            let concepts = row.into_iter().flat_map(|row| image.concepts_of(row.slots, code.as_bytes())).filter(|c| image.str(c.system) == system);
            let names = concepts.flat_map(|c| image.list(c.designations));
            check_display(display, names) == DisplayFit::Fits
        })
    }

    /// A coding of a bound element names its system by an absolute uri.
    fn relative_systems(&mut self, n: Node<'t>, plan: &PlanNode) {
        let codings: Vec<Node<'t>> = match self.model().type_name(plan.type_id) {
            "CodeableConcept" => n.children_named(NameId::CODING).collect(),
            "Coding" => vec![n],
            _ => return,
        };
        for c in codings {
            let Some(system) = c.child(NameId::SYSTEM).filter(|s| s.has_value()) else { continue };
            let url = system.text();
            if is_relative(&url) {
                self.error(RuleId::CODING_SYSTEM_ABSOLUTE, system, &[], Detail::Text(url.into_owned()));
            }
        }
    }

    fn binding(&mut self, n: Node<'t>, plan: &PlanNode, b: &PlanBinding) {
        let codes = self.codes(n, plan.type_id);
        let handles = [b.element];
        let one = |c: &Coded<'_>| c.system.as_deref().map_or_else(|| c.code.to_string(), |s| format!("{s}#{}", c.code));
        let shown = |c: &[Coded<'_>]| c.iter().map(one).collect::<Vec<_>>().join(", ");
        if codes.is_empty() {
            let concept = self.model().type_name(plan.type_id) == "CodeableConcept";
            if concept && b.strength == 0 && !b.is_max && !n.children_named(NameId::CODING).any(|c| c.child(NameId::EXTENSION).is_some()) && n.child(NameId::EXTENSION).is_none() {
                let detail = Detail::Code { canonical: b.canonical.clone(), found: String::new(), reason: String::new() };
                self.error(RuleId::BINDING_REQUIRED, n, &handles, detail);
            }
            return;
        }
        let Some(value_set) = b.value_set else {
            let weight = if b.strength == 0 { Weight::Question } else { Weight::Note };
            self.find(RuleId::BINDING_VALUE_SET, weight, n, &handles, Detail::Code { canonical: b.canonical.clone(), found: shown(&codes), reason: String::new() });
            return;
        };
        let mut all = Membership { truth: Truth::False, reason: String::new() };
        for c in &codes {
            let m = self.membership(value_set, c.system.as_deref(), &c.code, !self.model().is_primitive(plan.type_id));
            if m.truth == Truth::True {
                all = m;
                break;
            }
            all.truth = all.truth.or(m.truth);
            if all.reason.is_empty() {
                all.reason = m.reason;
            }
        }
        let rule = if b.is_max {
            RuleId::BINDING_MAX
        } else if b.strength == 0 {
            RuleId::BINDING_REQUIRED
        } else {
            RuleId::BINDING_EXTENSIBLE
        };
        let detail = Detail::Code { canonical: b.canonical.clone(), found: shown(&codes), reason: all.reason };
        match (all.truth, b.strength) {
            (Truth::True, _) => {
                if matches!(&detail, Detail::Code { reason, .. } if !reason.is_empty()) {
                    self.find(RuleId::CODE_SYSTEM_UNKNOWN, Weight::Note, n, &handles, detail);
                }
            }
            (Truth::False, 0) => self.error(rule, n, &handles, detail),
            (Truth::False, _) => self.find(rule, Weight::Warning, n, &handles, detail),
            (Truth::Unknown, 0) => self.find(RuleId::BINDING_UNDECIDED, Weight::Question, n, &handles, detail),
            (Truth::Unknown, _) => self.find(RuleId::BINDING_UNDECIDED, Weight::Note, n, &handles, detail),
        }
    }

    /// The codes of a node: of a concept those of its codings.
    fn codes(&self, n: Node<'t>, t: TypeId) -> Vec<Coded<'t>> {
        let coding = |c: Node<'t>| c.child_text(NameId::CODE).map(|code| Coded { system: c.child_text(NameId::SYSTEM), code });
        match self.model().type_name(t) {
            "CodeableConcept" => n.children_named(NameId::CODING).filter_map(coding).collect(),
            _ if self.model().is_primitive(t) => {
                if n.has_value() {
                    vec![Coded { system: None, code: n.text() }]
                } else {
                    Vec::new()
                }
            }
            _ => coding(n).into_iter().collect(),
        }
    }

    /// Whether any code of a node is in a value set.
    pub fn member(&self, n: Node<'t>, t: TypeId, value_set: Option<Handle>) -> Truth {
        let Some(value_set) = value_set else { return Truth::Unknown };
        let need_system = !self.model().is_primitive(t);
        Truth::any(self.codes(n, t).iter().map(|c| self.membership(value_set, c.system.as_deref(), &c.code, need_system).truth))
    }

    /// Whether a bare code is in a value set.
    pub fn code_in(&self, code: &str, value_set: Handle) -> Truth {
        self.membership(value_set, None, code, false).truth
    }

    fn membership(&self, value_set: Handle, system: Option<&str>, code: &str, need_system: bool) -> Membership {
        let itself = self.plain_membership(value_set, system, code, need_system);
        if itself.truth == Truth::False
            && let Some(template) = country_template(code)
            && self.plain_membership(value_set, system, &template, need_system).truth == Truth::True
        {
            return Membership { truth: Truth::True, ..itself };
        }
        itself
    }

    fn plain_membership(&self, value_set: Handle, system: Option<&str>, code: &str, need_system: bool) -> Membership {
        let image = self.set.layer(value_set.layer);
        let no = |truth| Membership { truth, reason: String::new() };
        let Some(row) = self.set.value_set(value_set) else { return no(Truth::Unknown) };
        let mut doubtful = false;
        let mut excluded = false;
        for c in image.concepts_of(row.slots, code.as_bytes()) {
            if need_system && system.is_none_or(|s| s != image.str(c.system)) {
                continue;
            }
            match c.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) {
                0 => return no(Truth::True),
                CONCEPT_DOUBTFUL => doubtful = true,
                _ => excluded = true,
            }
        }
        if excluded && need_system {
            return no(Truth::False);
        }
        let mut open = doubtful.then(String::new);
        for o in image.open_systems(row.open) {
            if need_system && system.is_none_or(|s| s != image.str(o.system)) {
                continue;
            }
            if Grammar::from_words(o.grammar).is_some_and(|g| g.holds(code)) {
                return no(Truth::True);
            }
            if o.whole != 0 && need_system {
                return Membership { truth: Truth::True, reason: image.str(o.reason).to_owned() };
            }
            if !o.reason.is_empty() {
                open.get_or_insert_with(|| image.str(o.reason).to_owned());
            } else if need_system {
                return no(Truth::False);
            }
        }
        if let Some(reason) = open {
            return Membership { truth: Truth::Unknown, reason };
        }
        if !row.incomplete.is_empty() {
            return Membership { truth: Truth::Unknown, reason: image.str(row.incomplete).to_owned() };
        }
        no(Truth::False)
    }

    /// The system of a Coding that stands by itself, no value set bound to it, is absolute.
    pub fn own_system(&mut self, n: Node<'t>) {
        let in_concept = self.trail.last().is_some_and(|c| self.model().type_name(c.parent) == "CodeableConcept");
        let Some(system) = n.child_text(NameId::SYSTEM).filter(|s| !in_concept && is_relative(s)) else { return };
        self.error(RuleId::CODING_SYSTEM_ABSOLUTE, n, &[], Detail::Text(system.into_owned()));
    }

    /// Judges a Coding by itself: its system, its code, its display, which is one of the code's own names or given by a value set
    /// that the element is bound to.
    pub fn coding(&mut self, n: Node<'t>, bindings: &[PlanBinding]) {
        let Some(system) = n.child(NameId::SYSTEM).filter(|s| s.has_value()) else { return };
        let url = system.text();
        if !url.contains(':') {
            return;
        }
        let Some(handle) = self.set.find_code_system(&url, None) else {
            if self.set.find_value_set(&url, None).is_some() {
                self.error(RuleId::CODING_SYSTEM_VALUE_SET, system, &[], Detail::Text(url.into_owned()));
            }
            return;
        };
        let Some(code) = n.child(NameId::CODE).filter(|c| c.has_value()) else { return };
        let image = self.set.layer(handle.layer);
        let Some(row) = self.set.code_system(handle) else { return };
        if row.content == 3 {
            self.error(RuleId::CODING_SYSTEM_SUPPLEMENT, system, &[], Detail::Text(url.into_owned()));
            return;
        }
        let text = code.text();
        let concept = image.concepts_of(row.slots, text.as_bytes()).next();
        let of_country = || country_template(&text).is_some_and(|t| image.concepts_of(row.slots, t.as_bytes()).next().is_some());
        let Some(concept) = concept else {
            if of_country() {
                return;
            }
            if row.content == 0 && row.count > 0 {
                let detail = Detail::Code { canonical: url.into_owned(), found: text.into_owned(), reason: String::new() };
                self.error(RuleId::CODE_UNKNOWN, code, &[], detail);
            }
            return;
        };
        let Some(display) = n.child(NameId::DISPLAY).filter(|d| d.has_value()) else { return };
        let weight = match self.policies.display {
            Level::Allow => return,
            Level::Warn => Weight::Warning,
            Level::Error => Weight::Error,
        };
        let written = display.text();
        let known = std::iter::once(image.str(concept.display)).chain(image.list(concept.designations)).filter(|d| !d.is_empty());
        if matches!(check_display(&written, known), DisplayFit::Fits | DisplayFit::NoNames) || self.named_by(bindings, n, &written) {
            return;
        }
        let detail = Detail::Code { canonical: url.into_owned(), found: written.into_owned(), reason: image.str(concept.display).to_owned() };
        self.find(RuleId::DISPLAY, weight, display, &[], detail);
    }
}

/// Whether a uri is written without a scheme.
pub(super) fn is_relative(uri: &str) -> bool {
    !uri.is_empty() && !uri.contains(':')
}

/// The concept that stands for a code which ends in a country's three letters: `NNxxx` for `NNFIN`
/// (https://terminology.hl7.org/CodeSystem-v2-0203.html).
fn country_template(code: &str) -> Option<String> {
    let (stem, country) = code.split_at_checked(code.len().checked_sub(3)?)?;
    (!stem.is_empty() && country.bytes().all(|b| b.is_ascii_uppercase())).then(|| format!("{stem}xxx"))
}
