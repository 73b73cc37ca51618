//! A CodeSystem as a table (<https://hl7.org/fhir/R4/codesystem.html>): codes, their texts, their place in the
//! hierarchy.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::grammar::Grammar;
use super::set::Membership;

/// How much of the code system a definition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// All codes.
    Complete,
    /// A part of the codes (`fragment`, `example`): other codes exist.
    Partial,
    /// No codes at all.
    NotPresent,
    /// Texts and properties for the codes of another code system.
    Supplement,
}

/// One code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConceptRow {
    /// The code.
    pub code: String,
    /// The preferred text.
    pub display: Option<String>,
    /// Other texts, each with its language.
    pub designations: Vec<(Option<String>, String)>,
    /// No longer for use.
    pub inactive: bool,
    /// Still for use, but about to be withdrawn (`status` = `deprecated`).
    pub deprecated: bool,
    /// A grouper, not for use in instances (`notSelectable`).
    pub is_abstract: bool,
    /// The direct parents, as indices into the table.
    pub parents: Vec<u32>,
    /// The direct children, as indices into the table.
    pub children: Vec<u32>,
    /// Properties by code, as text, in the order of the definition.
    pub properties: Vec<(String, String)>,
}

/// A code system's codes, in the order of the definition.
#[derive(Clone, Debug)]
pub struct CodeSystemTable {
    /// The canonical url, which codings name as their system.
    pub url: String,
    /// The business version.
    pub version: Option<String>,
    /// How much of the code system is in the table.
    pub content: Content,
    /// Whether codes that differ in case differ.
    pub case_sensitive: bool,
    /// The language of the displays, where the definition names one.
    pub language: Option<String>,
    /// The codes.
    pub concepts: Vec<ConceptRow>,
    index: FxHashMap<String, u32>,
    /// What the properties' codes stand for: the code and the last part of its uri (`notSelectable`, `parent`, …).
    meanings: FxHashMap<String, String>,
}

const PROPERTY_BASE: &str = "http://hl7.org/fhir/concept-properties#";

/// Reads a CodeSystem; other JSON gives an empty table that is not present.
pub fn code_system(resource: &Value) -> CodeSystemTable {
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).map(str::to_owned);
    let concepts = resource.get("concept").and_then(Value::as_array);
    let content = match resource.get("content").and_then(Value::as_str) {
        Some("complete") if concepts.is_some_and(|c| !c.is_empty()) => Content::Complete,
        Some("fragment" | "example") => Content::Partial,
        Some("supplement") => Content::Supplement,
        _ => Content::NotPresent,
    };
    let mut table = CodeSystemTable {
        url: text(resource, "url").unwrap_or_default(),
        version: text(resource, "version"),
        content,
        case_sensitive: resource.get("caseSensitive").and_then(Value::as_bool).unwrap_or(true),
        language: text(resource, "language"),
        concepts: Vec::new(),
        index: FxHashMap::default(),
        meanings: meanings(resource),
    };
    table.read(concepts.map_or(&[][..], Vec::as_slice));
    table.link();
    table
}

/// The meaning of each declared property: the name behind `#` of a standard uri, else its own code.
fn meanings(code_system: &Value) -> FxHashMap<String, String> {
    let declared = code_system.get("property").and_then(Value::as_array).into_iter().flatten();
    declared
        .filter_map(|p| {
            let code = p.get("code")?.as_str()?;
            let standard = p.get("uri").and_then(Value::as_str).and_then(|u| u.strip_prefix(PROPERTY_BASE));
            Some((code.to_owned(), standard.unwrap_or(code).to_owned()))
        })
        .collect()
}

impl CodeSystemTable {
    /// The row of a code; without regard to case where the code system has none.
    pub fn find(&self, code: &str) -> Option<&ConceptRow> {
        self.position(code).and_then(|i| self.concepts.get(i as usize))
    }

    /// The index of a code's row.
    pub fn position(&self, code: &str) -> Option<u32> {
        match self.index.get(code) {
            None if !self.case_sensitive => self.index.get(&fold(code)).copied(),
            found => found.copied(),
        }
    }

    /// The standard meaning of a property's code: `parent`, `child`, `notSelectable`, `inactive`, `status`, …; its own
    /// code where it has none.
    pub fn meaning<'s>(&'s self, property: &'s str) -> &'s str {
        match self.meanings.get(property).map_or(property, |m| m) {
            "subsumedBy" => "parent",
            other => other,
        }
    }

    /// Whether the table knows a property of this code, by declaration or by meaning.
    pub fn declares(&self, property: &str) -> bool {
        self.meanings.contains_key(property)
            || self.concepts.iter().any(|c| c.properties.iter().any(|(p, _)| p == property))
    }

    /// Adds the texts and properties that a supplement has for codes of this table.
    pub fn supplement(&mut self, other: &CodeSystemTable) {
        for row in &other.concepts {
            let Some(own) = self.position(&row.code).and_then(|i| self.concepts.get_mut(i as usize)) else { continue };
            own.designations.extend(row.designations.iter().cloned());
            own.designations.extend(row.display.clone().map(|d| (other.language.clone(), d)));
            own.properties.extend(row.properties.iter().cloned());
        }
        for (code, meaning) in &other.meanings {
            self.meanings.entry(code.clone()).or_insert_with(|| meaning.clone());
        }
    }

    /// Reads the concepts, nested ones behind their parent; without recursion, for trees of any depth.
    fn read(&mut self, roots: &[Value]) {
        let mut pending: Vec<(&Value, Option<u32>)> = roots.iter().rev().map(|c| (c, None)).collect();
        while let Some((concept, parent)) = pending.pop() {
            let Some(code) = concept.get("code").and_then(Value::as_str) else { continue };
            let own = match self.index.get(code) {
                Some(known) => *known,
                None => {
                    let row = self.row(code, concept);
                    let own = self.concepts.len() as u32;
                    self.index.insert(code.to_owned(), own);
                    if !self.case_sensitive {
                        self.index.entry(fold(code)).or_insert(own);
                    }
                    self.concepts.push(row);
                    own
                }
            };
            if let Some(row) = self.concepts.get_mut(own as usize) {
                row.parents.extend(parent.filter(|p| *p != own && !row.parents.contains(p)));
            }
            let nested = concept.get("concept").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            pending.extend(nested.iter().rev().map(|c| (c, Some(own))));
        }
    }

    fn row(&self, code: &str, concept: &Value) -> ConceptRow {
        let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |key: &str| concept.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut row = ConceptRow { code: code.to_owned(), display: text(concept, "display"), ..ConceptRow::default() };
        row.designations = list("designation").filter_map(|d| Some((text(d, "language"), text(d, "value")?))).collect();
        row.properties = list("property").filter_map(|p| Some((text(p, "code")?, property_text(p)?))).collect();
        for (property, value) in &row.properties {
            match (self.meaning(property), value.as_str()) {
                ("notSelectable" | "abstract", "true") => row.is_abstract = true,
                ("inactive", "true") | ("status", "retired" | "inactive") => row.inactive = true,
                ("status", "deprecated") => row.deprecated = true,
                _ => {}
            }
        }
        row
    }

    /// Completes the hierarchy with what properties say, and fills the children.
    fn link(&mut self) {
        let mut links: Vec<(u32, u32)> = Vec::new();
        for (i, row) in self.concepts.iter().enumerate() {
            for (property, value) in &row.properties {
                let (own, other) = (i as u32, self.index.get(value.as_str()));
                match (self.meaning(property), other) {
                    ("parent", Some(other)) => links.push((own, *other)),
                    ("child", Some(other)) => links.push((*other, own)),
                    _ => {}
                }
            }
        }
        for (child, parent) in links {
            if let Some(row) = self.concepts.get_mut(child as usize) {
                row.parents.extend(Some(parent).filter(|p| *p != child && !row.parents.contains(p)));
            }
        }
        for child in 0..self.concepts.len() as u32 {
            let parents = self.concepts.get(child as usize).map(|r| r.parents.clone()).unwrap_or_default();
            for parent in parents {
                if let Some(row) = self.concepts.get_mut(parent as usize) {
                    row.children.push(child);
                }
            }
        }
    }
}

/// Whether a code system has a code: by its table, else by its grammar; unknown where neither tells.
pub fn code_known(system: &str, table: Option<&CodeSystemTable>, code: &str) -> Membership {
    let has_codes = table.filter(|t| matches!(t.content, Content::Complete | Content::Partial));
    match (has_codes, Grammar::of_system(system)) {
        (Some(table), _) if table.find(code).is_some() => Membership::In,
        (Some(table), _) if table.content == Content::Complete => Membership::Out,
        (None, Some(grammar)) if grammar.holds(code) => Membership::In,
        (None, Some(_)) => Membership::Out,
        _ => Membership::Unknown,
    }
}

/// A code without regard to case.
pub(super) fn fold(code: &str) -> String {
    code.to_lowercase()
}

/// A property's value as text; a Coding as its code.
fn property_text(property: &Value) -> Option<String> {
    let (_, value) = property.as_object()?.iter().find(|(k, _)| k.starts_with("value"))?;
    Some(match value {
        Value::String(s) => s.clone(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Object(o) => o.get("code")?.as_str()?.to_owned(),
        _ => return None,
    })
}
