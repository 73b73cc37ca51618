//! Concept maps: the codes of a group are those of its code systems, and each mapping is stated once
//! (<https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Level, Place, Scene, Truth, Weight};
use crate::plan::Handle;
use crate::plan::rows::CodeSystemRow;
use crate::terminology::{DisplayFit, Grammar, check_display};

/// One side of a map: what its codes are of.
struct Side<'t> {
    /// The member of a group that names the code system: `source` or `target`.
    system: &'static str,
    /// The member that names its version.
    version: &'static str,
    /// The canonical of the value set that the map states, and the value set where it is loaded.
    scope: Option<(Cow<'t, str>, Option<Handle>)>,
}

/// Judges a ConceptMap.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for scope in ["sourceUri", "targetUri"].into_iter().flat_map(|name| named(at.node, name)).filter(|s| s.has_value())
    {
        self::scope(j, scope);
    }
    let value_set = |names: [&'static str; 4]| {
        let canonical = names.into_iter().find_map(|name| text(at.node, name))?;
        let found = j.set.find_value_set(&canonical, None);
        Some((canonical, found))
    };
    let from = Side {
        system: "source",
        version: "sourceVersion",
        scope: value_set(["sourceUri", "sourceCanonical", "sourceScopeUri", "sourceScopeCanonical"]),
    };
    let to = Side {
        system: "target",
        version: "targetVersion",
        scope: value_set(["targetUri", "targetCanonical", "targetScopeUri", "targetScopeCanonical"]),
    };
    for group in named(at.node, "group") {
        let elements: Vec<Node<'t>> = named(group, "element").collect();
        codes(j, group, &from, &elements);
        let targets: Vec<Node<'t>> = elements.iter().flat_map(|e| named(*e, "target")).collect();
        codes(j, group, &to, &targets);
        repeated(j, group);
    }
}

/// The source and target of a map are value sets, however they are named.
fn scope<'t>(j: &mut Judge<'_, 't>, node: Node<'t>) {
    let kinds = j.kinds(&node.text());
    if let Some(first) = kinds.first().filter(|_| kinds.iter().all(|k| &**k != "ValueSet")) {
        j.error(RuleId::REFERENCE_TARGET, node, &[], || Detail::Text(first.to_string()));
    }
}

/// The codes of one side of a group: they are of the code system, and in the value set of that side, with their
/// displays.
fn codes<'t>(j: &mut Judge<'_, 't>, group: Node<'t>, side: &Side<'t>, entries: &[Node<'t>]) {
    if !entries.iter().any(|e| text(*e, "code").is_some()) {
        return;
    }
    let Some(url) = text(group, side.system) else {
        return unnamed(j, group, side);
    };
    let version = text(group, side.version);
    // A canonical in R5, which may end in the version.
    let (url, version) = match (url.split_once('|'), version) {
        (Some((bare, version)), None) => (Cow::Owned(bare.to_owned()), Some(Cow::Owned(version.to_owned()))),
        (_, version) => (url, version),
    };
    let known = match &version {
        Some(version) => j.code_system_version(&url, version),
        None => j.code_system(&url),
    };
    let is_other = known.is_none() && j.code_system(&url).is_some();
    let (mut unchecked, mut in_scope) = (known.is_none(), false);
    for &entry in entries {
        let Some(code) = named(entry, "code").find(|c| c.has_value()) else { continue };
        let written = code.text();
        match known.map(|k| j.has_code(k, &written)) {
            Some(Truth::False) => {
                j.error(RuleId::CODE_UNKNOWN, code, &[], || told(&url, &written));
                continue;
            }
            Some(Truth::Unknown) => unchecked = true,
            _ => {}
        }
        if let Some(known) = known {
            displayed(j, entry, &written, (&url, known));
        }
        let Some((canonical, Some(value_set))) = &side.scope else { continue };
        let coded = Coded { system: Some(url.clone()), code: written.clone(), coding: None };
        // Of a version that is not loaded the value set may have other codes.
        let truth = if is_other { Truth::Unknown } else { j.membership(*value_set, &coded, true).truth };
        in_scope |= truth != Truth::Unknown;
        if truth == Truth::False {
            // The value set of the targets is their context only.
            let weight = if side.system == "source" { Weight::Error } else { Weight::Warning };
            j.find(RuleId::CONCEPT_MAP_SCOPE, weight, code, &[], || told(canonical, &written));
        }
    }
    if unchecked && !in_scope && Grammar::of_system(&url).is_none() && !is_held(j, &url, version.as_deref()) {
        let what = if known.is_some() { "not all codes of " } else { "" };
        let are = if known.is_some() { "are" } else { "is not" };
        let node = named(group, side.system).next().unwrap_or(group);
        j.find(RuleId::CONCEPT_MAP_SYSTEM, Weight::Note, node, &[], || {
            Detail::Text(format!("{what}`{url}` {are} loaded, so the {} codes could not be checked", side.system))
        });
    }
}

fn told(canonical: &str, found: &str) -> Detail {
    Detail::Code { canonical: canonical.to_owned(), found: found.to_owned(), reason: String::new() }
}

fn is_held(scene: &Scene<'_, '_>, url: &str, version: Option<&str>) -> bool {
    scene.held.is_some_and(|h| h.system(url, version).is_some())
}

/// A group that does not name the code system of a side. It need not where the value set of that side has codes of one
/// code system only (<https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.source>).
fn unnamed<'t>(j: &mut Judge<'_, 't>, group: Node<'t>, side: &Side<'t>) {
    let name = side.system;
    let (weight, told) = match &side.scope {
        None => {
            (Weight::Warning, format!("the group names no {name} code system, so its {name} codes have no meaning"))
        }
        Some((canonical, None)) => (
            Weight::Note,
            format!("the group names no {name} code system, and whether `{canonical}` has one only is not known"),
        ),
        Some((_, Some(value_set))) if has_one_system(j, *value_set) => return,
        Some((canonical, Some(_))) => (
            Weight::Warning,
            format!("the group names no {name} code system, and `{canonical}` does not have one only"),
        ),
    };
    j.find(RuleId::CONCEPT_MAP_SYSTEM, weight, group, &[], || Detail::Text(told));
}

/// Whether all codes of a value set are of one code system, as far as they are known.
fn has_one_system(scene: &Scene<'_, '_>, value_set: Handle) -> bool {
    let image = scene.set.layer(value_set.layer);
    let Some(row) = scene.set.value_set(value_set) else { return true };
    let listed = image.slots(row.slots).iter().filter_map(|s| image.concept(s.checked_sub(1)?)).map(|c| c.system);
    let systems: FxHashSet<u32> =
        listed.chain(image.open_systems(row.open).iter().map(|o| o.system)).map(|s| s.0).collect();
    systems.len() < 2
}

/// The display of a mapped code is one of its code's names; it is there for those who edit the map.
fn displayed<'t>(
    j: &mut Judge<'_, 't>,
    entry: Node<'t>,
    code: &str,
    (url, (handle, row)): (&str, (Handle, &CodeSystemRow)),
) {
    let Some(display) = entry.child(NameId::DISPLAY).filter(|d| d.has_value()) else { return };
    if j.policies.display == Level::Allow {
        return;
    }
    let image = j.set.layer(handle.layer);
    let Some(concept) = image.concepts_of(row.slots, code.as_bytes()).next() else { return };
    let names = std::iter::once(image.str(concept.display)).chain(image.list(concept.designations));
    let written = display.text();
    if check_display(&written, names.filter(|n| !n.is_empty())) == DisplayFit::Wrong {
        let wanted = image.str(concept.display).to_owned();
        let detail = || Detail::Code { canonical: url.to_owned(), found: written.into_owned(), reason: wanted };
        j.find(RuleId::DISPLAY, Weight::Warning, display, &[], detail);
    }
}

/// A mapping is stated once, with one relationship. What depends on other values may be stated for each of them.
fn repeated<'t>(j: &mut Judge<'_, 't>, group: Node<'t>) {
    let mut stated: FxHashMap<(Cow<'t, str>, Cow<'t, str>), Cow<'t, str>> = FxHashMap::default();
    for element in named(group, "element") {
        let Some(from) = text(element, "code") else { continue };
        for target in named(element, "target") {
            let depends = target.children().any(|c| matches!(c.name_text(), "dependsOn" | "product"));
            let Some(to) = text(target, "code").filter(|_| !depends) else { continue };
            let relation = text(target, "equivalence").or_else(|| text(target, "relationship")).unwrap_or_default();
            let pair = (from.clone(), to);
            let Some(before) = stated.get(&pair) else {
                stated.insert(pair, relation);
                continue;
            };
            let told = if *before == relation {
                format!("`{}` is mapped to `{}` twice", pair.0, pair.1)
            } else {
                format!("`{}` is mapped to `{}` as `{before}`, and as `{relation}`", pair.0, pair.1)
            };
            j.find(RuleId::CONCEPT_MAP_REPEATED, Weight::Warning, target, &[], || Detail::Text(told));
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::CONCEPT_MAP_SYSTEM, |t| t.given().into()), (RuleId::CONCEPT_MAP_REPEATED, |t| t.given().into())];

/// A map of one group.
macro_rules! mapping {
    ($members:literal, $group:literal) => {
        concat!(r#"{"resourceType":"ConceptMap","status":"draft","#, $members, r#""group":[{"#, $group, "}]}")
    };
}

/// A value set of one code, whose code system is not loaded.
const MAPPED: &str = r#"{"resourceType":"ValueSet","id":"mapped","url":"http://firing.test/ValueSet/mapped",
    "status":"active","compose":{"include":[{"system":"http://a.test/absent","concept":[{"code":"a"}]}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::DISPLAY, mapping!("", r#""source":"http://hl7.org/fhir/administrative-gender",
        "element":[{"code":"male","display":"§"}]"#), "Bloke", "Male"),
    example(RuleId::DISPLAY, mapping!("", r#""source":"http://a.test",
        "target":"http://hl7.org/fhir/administrative-gender",
        "element":[{"code":"m","target":[{"code":"male","display":"§","equivalence":"equal"}]}]"#), "Bloke", "Male"),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!("", r#"§"element":[{"code":"male"}]"#), "",
        r#""source":"http://hl7.org/fhir/administrative-gender","#),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!(r#""sourceUri":"http://hl7.org/fhir/ValueSet/§","#,
        r#""element":[{"code":"M"}]"#), "marital-status", "administrative-gender"),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!("", r#""source":"http://§","element":[{"code":"male"}]"#),
        "a.test/absent", "hl7.org/fhir/administrative-gender"),
    example(RuleId::CONCEPT_MAP_SYSTEM, mapping!(r#""targetUri":"http://hl7.org/fhir/ValueSet/§","#,
        r#""source":"http://hl7.org/fhir/administrative-gender","element":[{"code":"male","target":[{"code":"M",
        "equivalence":"equal"}]}]"#), "absent", "administrative-gender"),
    // What the value set lists needs no code system.
    example(RuleId::CONCEPT_MAP_SCOPE, mapping!(r#""sourceUri":"http://firing.test/ValueSet/mapped","#,
        r#""source":"http://a.test/absent","element":[{"code":"§"}]"#), "b", "a").with(&[MAPPED]),
    example(RuleId::CONCEPT_MAP_REPEATED, mapping!("", r#""source":"http://hl7.org/fhir/administrative-gender",
        "target":"http://a.test","element":[{"code":"male","target":[{"code":"m","equivalence":"equal"},{"code":"§",
        "equivalence":"equal"}]}]"#), "m", "n"),
    example(RuleId::CONCEPT_MAP_REPEATED, mapping!("", r#""source":"http://hl7.org/fhir/administrative-gender",
        "target":"http://a.test","element":[{"code":"male","target":[{"code":"m","equivalence":"equal"},{"code":"m",
        "equivalence":"wider"§}]}]"#), "", r#","dependsOn":[{"property":"http://a.test","value":"x"}]"#),
];
