//! The rules of resources that define something, beyond their own definitions: value sets, code systems, search
//! parameters, questionnaires.

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Detail, Weight};
use super::walk::Walk;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;

/// The code system of the concept properties of FHIR.
const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties";

/// The concept properties of FHIR and their types (https://hl7.org/fhir/R4/codesystem.html#defined-props).
const DEFINED_PROPERTIES: [(&str, &str); 8] = [
    ("inactive", "boolean"),
    ("deprecated", "dateTime"),
    ("deprecationDate", "dateTime"),
    ("retirementDate", "dateTime"),
    ("notSelectable", "boolean"),
    ("parent", "code"),
    ("child", "code"),
    ("status", "code"),
];

fn named<'t>(n: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    n.children().filter(move |c| c.name_text() == name)
}

fn text<'t>(n: Node<'t>, name: &'static str) -> Option<std::borrow::Cow<'t, str>> {
    named(n, name).find(|c| c.has_value()).map(Node::text)
}

impl<'t> Walk<'_, 't> {
    /// The systems that a value set includes and excludes are absolute.
    pub(super) fn included_systems(&mut self, n: Node<'t>) {
        for include in named(n, "compose").flat_map(|c| named(c, "include").chain(named(c, "exclude"))) {
            let Some(system) = include.child_text(NameId::SYSTEM) else { continue };
            if !system.is_empty() && !system.contains(':') {
                self.error(RuleId::CODING_SYSTEM_ABSOLUTE, include, &[], Detail::Text(system.into_owned()));
            }
        }
    }

    /// What a code system says of itself agrees with what it holds.
    pub(super) fn code_system(&mut self, n: Node<'t>) {
        let content = named(n, "content").find(|c| c.has_value());
        // https://hl7.org/fhir/R4/codesystem.html#supplements
        if let (Some(content), Some(_)) = (content.filter(|c| c.text() != "supplement"), text(n, "supplements")) {
            self.error(RuleId::CODE_SYSTEM_SUPPLEMENT, content, &[], Detail::Text(content.text().into_owned()));
        }
        if let (Some(_), Some(concept)) = (content.filter(|c| c.text() == "not-present"), named(n, "concept").next()) {
            self.error(RuleId::CODE_SYSTEM_CONTENT, concept, &[], Detail::None);
        }
        self.properties(n);
        self.property_values(n);
    }

    /// Properties are declared once, those of FHIR with their own types.
    fn properties(&mut self, n: Node<'t>) {
        let (mut codes, mut uris) = (FxHashSet::default(), FxHashSet::default());
        for p in named(n, "property") {
            let (code, uri) = (text(p, "code").unwrap_or_default(), text(p, "uri").unwrap_or_default());
            let defined = uri.strip_prefix("http://hl7.org/fhir/concept-properties#").and_then(|d| DEFINED_PROPERTIES.iter().find(|(name, _)| *name == d));
            let kind = text(p, "type").unwrap_or_default();
            if codes.contains(&code) || (!uri.is_empty() && uris.contains(&uri)) {
                self.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], Detail::Text(format!("the property `{code}` is declared twice")));
            }
            if let Some(unknown) = uri.strip_prefix(CONCEPT_PROPERTIES).and_then(|p| p.strip_prefix('#')).filter(|p| defined.is_none() && !self.is_defined_property(p)) {
                self.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], Detail::Text(format!("FHIR defines no property `{unknown}`: a property of one's own has a uri of one's own")));
            }
            if let Some((name, wanted)) = defined.filter(|(_, wanted)| *wanted != kind) {
                self.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], Detail::Text(format!("the property `{name}` of FHIR has the type {wanted}, not `{kind}`")));
            }
            codes.insert(code);
            uris.insert(uri);
        }
    }

    /// Whether the code system of FHIR's concept properties has this one; so, too, where that is not here.
    fn is_defined_property(&self, name: &str) -> bool {
        let Some(h) = self.set.find_code_system(CONCEPT_PROPERTIES, None) else { return true };
        let row = self.set.code_system(h).filter(|row| row.content == 0 && row.count > 0);
        row.is_none_or(|row| self.set.layer(h.layer).concepts_of(row.slots, name.as_bytes()).next().is_some())
    }

    /// The properties of concepts have the types that are declared for them.
    fn property_values(&mut self, n: Node<'t>) {
        let mut declared: FxHashMap<String, String> = FxHashMap::default();
        for p in named(n, "property") {
            if let (Some(code), Some(kind)) = (text(p, "code"), text(p, "type")) {
                declared.entry(code.into_owned()).or_insert(kind.into_owned());
            }
        }
        let mut open: Vec<Node<'t>> = named(n, "concept").collect();
        while let Some(concept) = open.pop() {
            open.extend(named(concept, "concept"));
            for p in named(concept, "property") {
                let Some(code) = text(p, "code") else { continue };
                let Some(wanted) = declared.get(&*code) else { continue };
                let value = p.children().find(|c| c.name_text().starts_with("value")).map(Node::name_text);
                let found = value.and_then(|v| v.strip_prefix("value")).unwrap_or_default();
                if !found.is_empty() && !found.eq_ignore_ascii_case(wanted) {
                    self.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], Detail::Text(format!("the property `{code}` is declared with the type {wanted}")));
                }
            }
        }
    }

    /// A composite search parameter has at least two components (https://hl7.org/fhir/R4/search.html#composite).
    pub(super) fn composite_parameter(&mut self, n: Node<'t>) {
        if text(n, "type").is_some_and(|t| t == "composite") && named(n, "component").count() < 2 {
            self.error(RuleId::SEARCH_COMPOSITE, n, &[], Detail::None);
        }
    }

    /// The questions that an item's conditions name are in the questionnaire, and before the item
    /// (https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question).
    pub(super) fn conditions(&mut self, n: Node<'t>) {
        let mut items = Vec::new();
        named(n, "item").for_each(|item| collect(item, &mut items));
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        for (at, item) in items.iter().enumerate() {
            places.entry(item.link_id.clone()).or_insert(at);
        }
        for (at, item) in items.iter().enumerate() {
            for question in named(item.node, "enableWhen").filter_map(|w| text(w, "question")) {
                let (weight, said) = match places.get(&*question) {
                    None => (Weight::Error, format!("there is no item with the linkId `{question}` for its condition")),
                    Some(&place) if place == at => (Weight::Error, "its condition asks for its own answer".to_owned()),
                    Some(place) if (at..item.end).contains(place) => (Weight::Error, format!("its condition asks for the answer of `{question}`, which stands inside it")),
                    Some(&place) if place > at => (Weight::Warning, format!("its condition asks for the answer of `{question}`, which comes later")),
                    Some(_) => continue,
                };
                self.find(RuleId::QUESTIONNAIRE_CONDITION, weight, item.node, &[], Detail::Text(said));
            }
        }
    }
}

/// An item of a questionnaire among all of them in their order.
struct Item<'t> {
    node: Node<'t>,
    link_id: String,
    /// Behind the last item inside it.
    end: usize,
}

fn collect<'t>(node: Node<'t>, out: &mut Vec<Item<'t>>) {
    let at = out.len();
    out.push(Item { node, link_id: text(node, "linkId").unwrap_or_default().into_owned(), end: 0 });
    named(node, "item").for_each(|item| collect(item, out));
    let end = out.len();
    if let Some(item) = out.get_mut(at) {
        item.end = end;
    }
}
