//! The rules of resources that define something, beyond their own definitions: value sets, code systems, search parameters.

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::Detail;
use super::walk::Walk;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;

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
            if let Some((name, wanted)) = defined.filter(|(_, wanted)| *wanted != kind) {
                self.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], Detail::Text(format!("the property `{name}` of FHIR has the type {wanted}, not `{kind}`")));
            }
            codes.insert(code);
            uris.insert(uri);
        }
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
}
