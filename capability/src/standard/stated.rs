//! What statements say of terminology beside their profiles: the implementation guides that they support, with the maps
//! of these guides, and the code systems of the extension `capabilitystatement-supported-system`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::outcome::{Outcome, Remark, quoted};
use crate::definitions::Definitions;
use crate::statement::parse_canonical;

/// <https://hl7.org/fhir/R4/extension-capabilitystatement-supported-system.html>
pub(super) const SUPPORTED_SYSTEM: &str =
    "http://hl7.org/fhir/StructureDefinition/capabilitystatement-supported-system";
/// The statements that one side imports and that are read for it; the others are not looked at, which is told.
const IMPORTS_LIMIT: usize = 100;
/// The guides and code systems of one side; the others are not looked at, which is told.
const STATED_LIMIT: usize = 1000;

/// What one side states, each once, in its order.
#[derive(Default)]
pub(super) struct Stated {
    pub guides: Vec<String>,
    pub systems: Vec<String>,
    left_out: usize,
    imports_left_out: FxHashSet<Canonical>,
}

/// The maps of one side: by kind and url their versions, with the first guide that has each.
type Maps = BTreeMap<(&'static str, String), (BTreeSet<String>, String)>;

impl Stated {
    /// What a statement and those that it imports state.
    pub(super) fn of(statement: &Value, definitions: &dyn Definitions) -> Stated {
        let mut out = Stated::default();
        let mut seen: FxHashSet<(bool, String)> = FxHashSet::default();
        let mut imported: FxHashSet<Canonical> = FxHashSet::default();
        let mut open: Vec<Arc<Value>> = vec![Arc::new(statement.clone())];
        while let Some(statement) = open.pop() {
            let guides = texts(&statement, "implementationGuide").map(|text| (true, text));
            let extensions =
                list(&statement, "extension").filter(|e| e.get("url").is_some_and(|u| u == SUPPORTED_SYSTEM));
            let systems = extensions.filter_map(|e| e.get("valueUri")?.as_str()).map(|text| (false, text.to_owned()));
            for (is_guide, text) in guides.chain(systems).filter(|(_, text)| !text.is_empty()) {
                if seen.len() >= STATED_LIMIT {
                    out.left_out += 1;
                } else if seen.insert((is_guide, text.clone())) {
                    if is_guide { out.guides.push(text) } else { out.systems.push(text) }
                }
            }
            for canonical in texts(&statement, "imports").map(|text| parse_canonical(&text)) {
                if imported.contains(&canonical) {
                    continue;
                }
                if imported.len() >= IMPORTS_LIMIT {
                    out.imports_left_out.insert(canonical);
                    continue;
                }
                open.extend(definitions.statement(&canonical));
                imported.insert(canonical);
            }
        }
        out
    }

    /// The maps of the guides, and the guides that are not loaded.
    fn maps(&self, definitions: &dyn Definitions) -> (Maps, Vec<&str>) {
        let (mut maps, mut unknown) = (Maps::new(), Vec::new());
        for name in &self.guides {
            // Without a version the newest is meant.
            let Some(guide) = definitions.guides(&parse_canonical(name)).into_iter().next() else {
                unknown.push(name.as_str());
                continue;
            };
            let concept = guide.concept_maps.iter().map(|c| ("ConceptMap", c));
            for (kind, map) in concept.chain(guide.structure_maps.iter().map(|c| ("StructureMap", c))) {
                let entry = maps.entry((kind, map.url.clone()));
                let (versions, _) =
                    entry.or_insert_with(|| (BTreeSet::new(), format!("{}#{}", guide.id, guide.version)));
                versions.insert(map.version.clone().unwrap_or_default());
            }
        }
        (maps, unknown)
    }
}

/// Tells where the maps and the code systems of two sides differ; of a client only what it states.
pub(super) fn compare(sides: [&Stated; 2], is_client: bool, definitions: &dyn Definitions, outcome: &mut Outcome) {
    let [(left, left_open), (right, right_open)] = sides.map(|side| side.maps(definitions));
    for (name, open) in [("left", &left_open), ("right", &right_open)] {
        for guide in open {
            let guide = quoted(guide);
            let text = format!("the maps of the guide {guide} of {name} are unknown: the guide is not loaded");
            outcome.add(&Remark { expression: Some(GUIDES.to_owned()), ..Remark::information(text) });
        }
    }
    only(("left", &left), ("right", &right, &right_open), outcome);
    if !is_client {
        only(("right", &right), ("left", &left, &left_open), outcome);
    }
    versions(&left, &right, outcome);
    let [own, others] = sides.map(|side| side.systems.iter().collect::<FxHashSet<_>>());
    let lacking = |name: &str, system: &String| {
        let text = format!("only {name} states support of the code system {}", quoted(system));
        Remark { expression: Some("CapabilityStatement.extension".to_owned()), ..Remark::information(text) }
    };
    let [a, b] = sides;
    a.systems.iter().filter(|s| !others.contains(s)).for_each(|s| outcome.add(&lacking("left", s)));
    if !is_client {
        b.systems.iter().filter(|s| !own.contains(s)).for_each(|s| outcome.add(&lacking("right", s)));
    }
    let left_out = a.left_out + b.left_out;
    if left_out > 0 {
        let text = format!("guides and code systems that were not looked at: {left_out} (limit {STATED_LIMIT} a side)");
        outcome.add(&Remark::information(text));
    }
    let imports_left_out = a.imports_left_out.len() + b.imports_left_out.len();
    if imports_left_out > 0 {
        let text = format!(
            "imported statements whose guides and code systems were not looked at: {imports_left_out} (limit \
             {IMPORTS_LIMIT} a side)"
        );
        outcome
            .add(&Remark { expression: Some("CapabilityStatement.imports".to_owned()), ..Remark::information(text) });
    }
}

const GUIDES: &str = "CapabilityStatement.implementationGuide";

fn only((name, own): (&str, &Maps), (other, others, open): (&str, &Maps, &[&str]), outcome: &mut Outcome) {
    for ((kind, url), (_, guide)) in own.iter().filter(|(key, _)| !others.contains_key(*key)) {
        let (url, guide) = (quoted(url), quoted(guide));
        let rest = match open {
            [] => format!("no guide of {other} has it"),
            _ => format!("whether {other} has it is unknown: guides of it are not loaded"),
        };
        let text = format!("{name} has the {kind} {url} by its guide {guide}; {rest}");
        outcome.add(&Remark { expression: Some(GUIDES.to_owned()), ..Remark::information(text) });
    }
}

fn versions(left: &Maps, right: &Maps, outcome: &mut Outcome) {
    for ((kind, url), (own, _)) in left {
        let Some((other, _)) = right.get(&(*kind, url.clone())).filter(|(other, _)| other != own) else { continue };
        let shown = |all: &BTreeSet<String>| all.iter().map(|v| quoted(v)).collect::<Vec<_>>().join(", ");
        let (url, own, other) = (quoted(url), shown(own), shown(other));
        let text = format!("the versions of the {kind} {url} differ: {own} in left, {other} in right");
        outcome.add(&Remark { expression: Some(GUIDES.to_owned()), ..Remark::information(text) });
    }
}

fn list<'v>(statement: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    statement.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn texts(statement: &Value, name: &'static str) -> impl Iterator<Item = String> {
    list(statement, name).filter_map(Value::as_str).map(str::to_owned)
}
