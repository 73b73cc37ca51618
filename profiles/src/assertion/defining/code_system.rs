//! Code systems: the metadata agrees with the content (<https://hl7.org/fhir/R4/codesystem.html>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth, Weight};
use crate::model::is_absolute_uri;

/// The code system of the concept properties of FHIR.
const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties";

/// The concept properties of FHIR and their types (<https://hl7.org/fhir/R4/codesystem.html#defined-props>).
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

/// Judges a CodeSystem.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let content = named(n, "content").find(|c| c.has_value());
    // https://hl7.org/fhir/R4/codesystem.html#supplements
    if let (Some(content), Some(_)) = (content.filter(|c| c.text() != "supplement"), text(n, "supplements")) {
        j.error(RuleId::CODE_SYSTEM_SUPPLEMENT, content, &[], || Detail::Text(content.text().into_owned()));
    }
    if let (Some(_), Some(concept)) = (content.filter(|c| c.text() == "not-present"), named(n, "concept").next()) {
        j.error(RuleId::CODE_SYSTEM_CONTENT, concept, &[], || Detail::None);
    }
    if let Some(content) = content.filter(|c| c.text() == "supplement" && text(n, "supplements").is_none()) {
        j.error(RuleId::CODE_SYSTEM_SUPPLEMENT, content, &[], || Detail::Text(String::new()));
    }
    properties(j, n);
    property_values(j, n);
    if let Some(content) = content {
        count(j, n, &content.text());
        match &*content.text() {
            "supplement" => supplemented(j, n),
            "complete" => relatives(j, n),
            _ => {}
        }
    }
}

/// All concepts, whatever their place in the tree.
fn concepts<'t>(n: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let mut open: Vec<Node<'t>> = named(n, "concept").collect();
    std::iter::from_fn(move || {
        let concept = open.pop()?;
        open.extend(named(concept, "concept"));
        Some(concept)
    })
}

/// The count equals the number of concepts, if the content is complete
/// (<https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.count>).
fn count<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, content: &str) {
    let Some(node) = named(n, "count").find(|c| c.has_value()) else { return };
    let Ok(stated) = node.text().parse::<u64>() else { return };
    let weight = match content {
        "complete" => Weight::Error,
        "fragment" | "example" => Weight::Warning,
        _ => return,
    };
    let found = concepts(n).count() as u64;
    if found > stated || (found < stated && content == "complete") {
        j.find(RuleId::CODE_SYSTEM_COUNT, weight, node, &[], || {
            Detail::Text(format!("the count is {stated}, but the code system has {found} concepts"))
        });
    }
}

/// The parents and children of a concept are concepts of a complete code system.
fn relatives<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let standard = |p: &Node<'t>| {
        let (code, uri) = (text(*p, "code")?, text(*p, "uri"));
        let name = uri.as_deref()?.strip_prefix(CONCEPT_PROPERTIES)?.strip_prefix('#')?.to_owned();
        matches!(name.as_str(), "parent" | "child").then_some(code)
    };
    let linking: FxHashSet<Cow<'t, str>> = named(n, "property").filter_map(|p| standard(&p)).collect();
    if linking.is_empty() {
        return;
    }
    let codes: FxHashSet<Cow<'t, str>> = concepts(n).filter_map(|c| text(c, "code")).collect();
    for p in concepts(n)
        .flat_map(|c| named(c, "property"))
        .filter(|p| text(*p, "code").is_some_and(|code| linking.contains(&code)))
    {
        if let Some(value) = text(p, "valueCode").filter(|v| !codes.contains(v)) {
            property(j, p, || format!("`{value}` is not a concept of this code system"));
        }
    }
}

/// The concepts of a supplement are concepts of what it supplements
/// (<https://hl7.org/fhir/R4/codesystem.html#supplements>).
fn supplemented<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(node) = named(n, "supplements").find(|s| s.has_value()) else { return };
    let canonical = node.text();
    let (url, version) = canonical.split_once('|').map_or((&*canonical, None), |(u, v)| (u, Some(v)));
    let system = match version {
        Some(version) => j.code_system_version(url, version),
        None => j.code_system(url),
    };
    let Some(system) = system.filter(|(_, row)| row.is_complete()) else {
        return;
    };
    for code in concepts(n).flat_map(|c| named(c, "code")).filter(|c| c.has_value()) {
        let text = code.text();
        if j.has_code(system, &text) == Truth::False {
            j.error(RuleId::CODE_UNKNOWN, code, &[], || Detail::Code {
                canonical: canonical.to_string(),
                found: text.into_owned(),
                reason: String::new(),
            });
        }
    }
}

/// Properties are declared once, those of FHIR with their own types.
fn properties<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let (mut codes, mut uris) = (FxHashSet::default(), FxHashSet::default());
    for p in named(n, "property") {
        let (code, uri) = (text(p, "code").unwrap_or_default(), text(p, "uri").unwrap_or_default());
        if codes.contains(&code) || (!uri.is_empty() && uris.contains(&uri)) {
            property(j, p, || format!("property `{code}` is declared twice"));
        }
        if !uri.is_empty() && !is_absolute_uri(&uri) {
            property(j, p, || format!("the uri of property `{code}`, `{uri}`, is not absolute"));
        }
        if let Some(name) = uri.strip_prefix(CONCEPT_PROPERTIES).and_then(|p| p.strip_prefix('#')) {
            defined(j, p, name);
        }
        codes.insert(code);
        uris.insert(uri);
    }
}

/// A property declared as one of FHIR's.
fn defined<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, name: &str) {
    if let Some((_, wanted)) = DEFINED_PROPERTIES.iter().find(|(known, _)| *known == name) {
        let found = text(p, "type").unwrap_or_default();
        if *wanted != found {
            property(j, p, || format!("the standard property `{name}` has type {wanted}, not `{found}`"));
        }
        return;
    }
    match is_defined(j, name) {
        Truth::True => {}
        Truth::False => property(j, p, || {
            format!("FHIR defines no property `{name}`: a property of one's own has a uri of one's own")
        }),
        Truth::Unknown => j.question(RuleId::CODE_SYSTEM_PROPERTY, p, &[], || {
            Detail::Text(format!(
                "cannot determine whether FHIR defines the property `{name}`: `{CONCEPT_PROPERTIES}` is not loaded"
            ))
        }),
    }
}

/// Whether the code system of FHIR's concept properties has this one.
fn is_defined(j: &Judge<'_, '_>, name: &str) -> Truth {
    let Some((handle, row)) = j.code_system(CONCEPT_PROPERTIES).filter(|(_, row)| row.is_complete()) else {
        return Truth::Unknown;
    };
    Truth::of(j.set.layer(handle.layer).concepts_of(row.slots, name.as_bytes()).next().is_some())
}

fn property<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, told: impl FnOnce() -> String) {
    j.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], || Detail::Text(told()));
}

/// Concept properties have their declared types.
fn property_values<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let mut declared: FxHashMap<Cow<'t, str>, Cow<'t, str>> = FxHashMap::default();
    for p in named(n, "property") {
        if let (Some(code), Some(kind)) = (text(p, "code"), text(p, "type")) {
            declared.entry(code).or_insert(kind);
        }
    }
    if declared.is_empty() {
        return;
    }
    for concept in concepts(n) {
        for p in named(concept, "property") {
            let Some(code) = text(p, "code") else { continue };
            let Some(wanted) = declared.get(&code) else { continue };
            let value = p.children().find_map(|c| c.name_text().strip_prefix("value"));
            if value.is_some_and(|found| !found.is_empty() && !found.eq_ignore_ascii_case(wanted)) {
                property(j, p, || format!("property `{code}` is declared with type {wanted}"));
            }
        }
    }
}
