//! Concept maps: the codes of a group are those of its code systems, and each mapping is stated once
//! (<https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group>).

mod examples;

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::text::Describe;
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Level, Place, Scene, Truth, Weight};
use crate::plan::Handle;
use crate::plan::rows::{CodeSystemRow, Str};
use crate::terminology::{DisplayFit, check_display};

pub use examples::EXAMPLES;

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

/// What the codes of one side of a group are of.
struct System<'t, 'e> {
    url: Cow<'t, str>,
    version: Option<Cow<'t, str>>,
    /// The code system, where it is loaded in that version.
    known: Option<(Handle, &'e CodeSystemRow)>,
    /// Whether another version of it is loaded only.
    is_other: bool,
}

impl<'t, 'e> System<'t, 'e> {
    fn new(scene: &Scene<'e, '_>, url: Cow<'t, str>, version: Option<Cow<'t, str>>) -> System<'t, 'e> {
        // A canonical in R5, which may end in the version.
        let (url, version) = match (url.split_once('|'), version) {
            (Some((bare, version)), None) => (Cow::Owned(bare.to_owned()), Some(Cow::Owned(version.to_owned()))),
            (_, version) => (url, version),
        };
        let known = match &version {
            Some(version) => scene.code_system_version(&url, version),
            None => scene.code_system(&url),
        };
        let is_other = known.is_none() && scene.code_system(&url).is_some();
        System { url, version, known, is_other }
    }

    /// Whether the code system has a code: by the packages, its grammar, or what is held.
    fn has(&self, scene: &Scene<'_, '_>, code: &str) -> Truth {
        scene.code_exists((&self.url, self.version.as_deref()), self.known, code)
    }
}

/// The codes of one side of a group: they are of the code system, and in the value set of that side, with their
/// displays.
fn codes<'t>(j: &mut Judge<'_, 't>, group: Node<'t>, side: &Side<'t>, entries: &[Node<'t>]) {
    if !entries.iter().any(|e| text(*e, "code").is_some()) {
        return;
    }
    let (system, is_named) = match text(group, side.system) {
        Some(url) => (Some(System::new(j, url, text(group, side.version))), true),
        None => (unnamed(j, group, side).map(|url| System::new(j, Cow::Owned(url.to_owned()), None)), false),
    };
    let (mut unchecked, mut out_of_reach) = (false, false);
    for &entry in entries {
        let Some(code) = named(entry, "code").find(|c| c.has_value()) else { continue };
        let written = code.text();
        // Of which version a value set takes the codes of its only system is its own matter.
        let exists = system.as_ref().filter(|_| is_named).map_or(Truth::Unknown, |s| s.has(j, &written));
        if let Some(system) = &system {
            if exists == Truth::False {
                j.error(RuleId::CODE_UNKNOWN, code, &[], || told(&system.url, &written));
                continue;
            }
            if let Some(known) = system.known {
                displayed(j, entry, &written, (&system.url, known));
            }
        }
        let inside = in_scope(j, side, system.as_ref(), &written);
        if let (Truth::False, Some((canonical, _))) = (inside, &side.scope) {
            // The value set of the targets is their context only.
            let weight = if side.system == "source" { Weight::Error } else { Weight::Warning };
            j.find(RuleId::CONCEPT_MAP_SCOPE, weight, code, &[], || told(canonical, &written));
        }
        match (exists, inside) {
            (Truth::Unknown, Truth::Unknown) => unchecked = true,
            (_, Truth::Unknown) => out_of_reach = true,
            _ => {}
        }
    }
    let is_loaded = side.scope.as_ref().is_some_and(|(_, found)| found.is_some());
    if unchecked && is_named {
        unloaded(j, group, side, system.as_ref());
    } else if (unchecked || out_of_reach) && is_loaded {
        let canonical = side.scope.as_ref().map_or("", |(canonical, _)| canonical);
        j.find(RuleId::CONCEPT_MAP_SYSTEM, Weight::Note, group, &[], || {
            let name = side.system;
            Detail::Text(format!("whether all {name} codes are in `{canonical}` cannot be decided with what is loaded"))
        });
    }
}

/// Whether a code is in the value set of its side. Where no code system is named or known, a code of any may be meant.
fn in_scope(scene: &Scene<'_, '_>, side: &Side<'_>, system: Option<&System<'_, '_>>, code: &str) -> Truth {
    let Some((_, Some(value_set))) = &side.scope else { return Truth::Unknown };
    // Of a version that is not loaded the value set may have other codes.
    if system.is_some_and(|s| s.is_other) {
        return Truth::Unknown;
    }
    let coded = Coded { system: system.map(|s| Cow::Borrowed(&*s.url)), code: code.into(), coding: None };
    scene.membership(*value_set, &coded, system.is_some()).certain()
}

/// Notes that codes of a group could not be checked, because their code system is not loaded, or not as a whole.
fn unloaded<'t>(j: &mut Judge<'_, 't>, group: Node<'t>, side: &Side<'t>, system: Option<&System<'t, '_>>) {
    let Some(system) = system else { return };
    let (url, name) = (&system.url, side.system);
    let what = if system.known.is_some() { "not all codes of " } else { "" };
    let are = if system.known.is_some() { "are" } else { "is not" };
    let node = named(group, name).next().unwrap_or(group);
    j.find(RuleId::CONCEPT_MAP_SYSTEM, Weight::Note, node, &[], || {
        Detail::Text(format!("{what}`{url}` {are} loaded, so {name} codes could not be checked"))
    });
}

fn told(canonical: &str, found: &str) -> Detail {
    Detail::Code { canonical: canonical.to_owned(), found: found.to_owned(), reason: String::new() }
}

/// A group that does not name the code system of a side. It need not where the value set of that side has codes of one
/// code system only (<https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.source>): returns that one.
fn unnamed<'e, 't>(j: &mut Judge<'e, 't>, group: Node<'t>, side: &Side<'t>) -> Option<&'e str> {
    let name = side.system;
    let (weight, told) = match &side.scope {
        None => {
            (Weight::Warning, format!("the group names no {name} code system, so its {name} codes have no meaning"))
        }
        Some((canonical, None)) => (
            Weight::Note,
            format!("the group names no {name} code system, and whether `{canonical}` has one only is not known"),
        ),
        Some((canonical, Some(value_set))) => match systems(j, *value_set) {
            (all, true) if all.len() < 2 => return all.first().copied(),
            (all, false) if all.len() < 2 => (
                Weight::Note,
                format!("the group names no {name} code system, and whether `{canonical}` has one only is not known"),
            ),
            _ => (
                Weight::Warning,
                format!("the group names no {name} code system, and `{canonical}` does not have one only"),
            ),
        },
    };
    j.find(RuleId::CONCEPT_MAP_SYSTEM, weight, group, &[], || Detail::Text(told));
    None
}

/// The code systems of which a value set has codes, as far as they are known, and whether there are no others.
fn systems<'e>(scene: &Scene<'e, '_>, value_set: Handle) -> (Vec<&'e str>, bool) {
    let image = scene.set.layer(value_set.layer);
    let Some(row) = scene.set.value_set(value_set) else { return (Vec::new(), false) };
    let listed = image.concepts_in(row.slots).filter_map(|c| image.concept(c)).map(|c| c.system);
    let systems: FxHashSet<u32> =
        listed.chain(image.open_systems(row.open).iter().map(|o| o.system)).map(|s| s.0).collect();
    (systems.into_iter().map(|s| image.str(Str(s))).collect(), row.incomplete.is_empty())
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
    let names = std::iter::once(image.str(concept.display)).chain(image.texts(concept.designations));
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
