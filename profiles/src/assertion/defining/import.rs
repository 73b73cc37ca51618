//! The value sets that a value set imports, and the supplements that it needs: they are loaded, and do not lead back to
//! it (<https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.valueSet>).

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Scene, Weight};
use crate::plan::{Handle, is_version};
use crate::terminology::{Reason, is_implicit};

/// The code system supplements that a value set needs.
const SUPPLEMENT: &str = "http://hl7.org/fhir/StructureDefinition/valueset-supplement";

/// A value set and what it imports.
pub struct Importer<'t> {
    url: Cow<'t, str>,
    version: Option<Cow<'t, str>>,
    /// What was judged already: each import is told of once.
    seen: FxHashSet<Cow<'t, str>>,
}

impl<'t> Importer<'t> {
    pub fn new(value_set: Node<'t>) -> Importer<'t> {
        let url = text(value_set, "url").unwrap_or_default();
        Importer { url, version: text(value_set, "version"), seen: FxHashSet::default() }
    }

    /// Judges the value sets that an include of the value set imports.
    pub fn check(&mut self, j: &mut Judge<'_, 't>, include: Node<'t>) {
        for import in named(include, "valueSet").filter(|v| v.has_value()) {
            let canonical = import.text();
            if !self.seen.insert(canonical.clone()) {
                continue;
            }
            if let Some((rule, weight, told)) = self.fault(j, &canonical) {
                j.find(rule, weight, import, &[], || Detail::Text(told));
            }
        }
    }

    fn fault(&self, scene: &Scene<'_, '_>, canonical: &str) -> Option<(RuleId, Weight, String)> {
        let (url, asked) = canonical.split_once('|').map_or((canonical, None), |(u, v)| (u, Some(v)));
        let circular = |weight, told: String| Some((RuleId::VALUE_SET_IMPORT, weight, told));
        if url == self.url && !url.is_empty() {
            // Another version of itself is another value set.
            let is_itself = asked.is_none_or(|a| self.version.as_deref().is_some_and(|v| is_version(v, a)));
            return if is_itself { circular(Weight::Error, "the value set imports itself".into()) } else { None };
        }
        match scene.set.find_value_set(canonical, None) {
            Some(other) if leads_to(scene, other, &self.url) => {
                circular(Weight::Error, format!("the value set imports `{canonical}`, which imports it"))
            }
            Some(other) if is_circular(scene, other) => {
                circular(Weight::Warning, format!("the value set imports `{canonical}`, which imports itself"))
            }
            None if !is_implicit(url) && !is_held(scene, url, asked) && scene.kinds(canonical).is_empty() => Some((
                RuleId::VALUE_SET_CONTENT,
                Weight::Note,
                format!("value set `{canonical}` is not loaded, so it was not checked"),
            )),
            _ => None,
        }
    }
}

fn is_held(scene: &Scene<'_, '_>, url: &str, version: Option<&str>) -> bool {
    scene.held.is_some_and(|h| h.value_set(url, version).is_some())
}

/// Whether a value set that is loaded imports this one, directly or through others.
fn leads_to(scene: &Scene<'_, '_>, value_set: Handle, url: &str) -> bool {
    if url.is_empty() {
        return false;
    }
    // One that is loaded has the other in its place, and so contains itself.
    if let Some(own) = scene.set.find_value_set(url, None) {
        return is_circular(scene, own) && is_circular(scene, value_set);
    }
    let Some(row) = scene.set.value_set(value_set) else { return false };
    let rule = scene.set.str(value_set.layer, row.rule);
    rule.contains(url) && serde_json::from_str(rule).is_ok_and(|rule| imports(&rule, url))
}

/// Whether a definition in normal form names this value set, in no version, among those that it imports and that are
/// not loaded.
fn imports(rule: &Value, url: &str) -> bool {
    let [Value::Array(includes), Value::Array(excludes), _] = list(rule) else { return false };
    let mut sets = includes.iter().chain(excludes).filter_map(|part| list(part).get(4)).flat_map(list);
    sets.any(|set| match set {
        Value::String(canonical) => canonical == url,
        definition => imports(definition, url),
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether a value set that is loaded contains itself.
fn is_circular(scene: &Scene<'_, '_>, value_set: Handle) -> bool {
    let Some(row) = scene.set.value_set(value_set) else { return false };
    let url = scene.set.str(value_set.layer, row.url);
    scene.set.str(value_set.layer, row.incomplete) == Reason::Cycle(url.to_owned()).to_string()
}

/// The supplements that a value set needs are loaded.
pub fn supplements<'t>(j: &mut Judge<'_, 't>, value_set: Node<'t>) {
    let is_supplement = |x: &Node<'_>| x.child_text(NameId::URL).is_some_and(|u| u == SUPPLEMENT);
    for extension in named(value_set, "extension").filter(is_supplement) {
        let Some(value) = extension.children().find(|c| c.name_text().starts_with("value") && c.has_value()) else {
            continue;
        };
        let canonical = value.text();
        let url = canonical.split('|').next().unwrap_or_default();
        if !j.kinds(url).iter().any(|kind| &**kind == "CodeSystem") {
            j.find(RuleId::VALUE_SET_CONTENT, Weight::Note, extension, &[], || {
                Detail::Text(format!("the supplement `{canonical}`, which the value set needs, is not loaded"))
            });
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::VALUE_SET_IMPORT, |t| t.given().into())];

const ROUND: &str = r#"{"resourceType":"ValueSet","id":"round","url":"http://firing.test/ValueSet/round",
    "status":"active","compose":{"include":[{"valueSet":["http://firing.test/ValueSet/rounder"]}]}}"#;
const ROUNDER: &str = r#"{"resourceType":"ValueSet","id":"rounder","url":"http://firing.test/ValueSet/rounder",
    "status":"active","compose":{"include":[{"valueSet":["http://firing.test/ValueSet/roundest"]}]}}"#;

/// A value set that imports another.
macro_rules! importing {
    ($url:literal, $import:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","url":"http://firing.test/ValueSet/"#,
            $url,
            r#"","status":"draft","compose":{"include":[{"valueSet":[""#,
            $import,
            r#""]}]}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::VALUE_SET_IMPORT, importing!("own", "http://firing.test/ValueSet/§"), "own", "other"),
    example(RuleId::VALUE_SET_IMPORT, importing!("§", "http://firing.test/ValueSet/round"), "roundest", "other")
        .with(&[ROUND, ROUNDER]),
    example(RuleId::VALUE_SET_CONTENT, importing!("own", "http://hl7.org/fhir/ValueSet/§"), "absent",
        "administrative-gender"),
    example(RuleId::VALUE_SET_CONTENT, r#"{"resourceType":"ValueSet","status":"draft","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/valueset-supplement","valueCanonical":"http://§"}]}"#,
        "a.test", "hl7.org/fhir/administrative-gender"),
];
