//! The codes of one system that an include of a value set selects: all, those that it lists, or those that pass
//! filters.

use serde_json::Value;

use super::code_system::{CodeSystemTable, ConceptRow, Content};
use super::filter::{Filter, select};
use super::grammar::Grammar;
use super::reason::Reason;
use super::set::{ConceptInfo, Membership, Rest, SystemSet};

fn concept_info(row: &ConceptRow) -> ConceptInfo {
    ConceptInfo {
        display: row.display.clone(),
        names: Vec::new(),
        inactive: row.inactive,
        deprecated: row.deprecated,
        deprecated_member: false,
        is_abstract: row.is_abstract,
    }
}

/// The codes that an include lists; certain members, whether or not the code system is here.
pub(super) fn enumerated(concepts: &[Value], table: Option<&CodeSystemTable>) -> SystemSet {
    let mut part = SystemSet::default();
    for concept in concepts {
        let Some(code) = concept.get("code").and_then(Value::as_str) else { continue };
        let mut info = table.and_then(|t| t.find(code)).map(concept_info).unwrap_or_default();
        info.names =
            names_of(concept).filter(|name| info.display.as_deref() != Some(name)).map(str::to_owned).collect();
        info.display = concept.get("display").and_then(Value::as_str).map(str::to_owned).or(info.display);
        info.deprecated_member = is_deprecated(concept);
        part.name(code, Membership::In, info);
    }
    part
}

/// Whether a value set marks one of its codes as deprecated or withdrawn
/// (<https://hl7.org/fhir/R4/extension-valueset-deprecated.html>).
fn is_deprecated(concept: &Value) -> bool {
    let mut extensions = concept.get("extension").and_then(Value::as_array).into_iter().flatten();
    extensions.any(|e| match e.get("url").and_then(Value::as_str) {
        Some("http://hl7.org/fhir/StructureDefinition/valueset-deprecated") => {
            e.get("valueBoolean").and_then(Value::as_bool) == Some(true)
        }
        Some("http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status") => {
            matches!(e.get("valueCode").and_then(Value::as_str), Some("deprecated" | "withdrawn"))
        }
        _ => false,
    })
}

/// The names that a value set gives a code: its display there and its designations.
pub(super) fn names_of(concept: &Value) -> impl Iterator<Item = &str> {
    let designations =
        concept.get("designation").and_then(Value::as_array).into_iter().flatten().filter_map(|d| d.get("value"));
    concept.get("display").into_iter().chain(designations).filter_map(Value::as_str)
}

fn filters_of(filters: &[Value]) -> impl Iterator<Item = Filter<'_>> {
    fn text<'v>(filter: &'v Value, key: &str) -> &'v str {
        filter.get(key).and_then(Value::as_str).unwrap_or_default()
    }
    filters.iter().map(|f| Filter { property: text(f, "property"), op: text(f, "op"), value: text(f, "value") })
}

fn unable(system: &str, filter: Filter<'_>) -> Reason {
    Reason::Filter { system: system.to_owned(), filter: format!("{} {} {}", filter.property, filter.op, filter.value) }
}

/// The codes of a table that pass all filters.
pub(super) fn filtered(system: &str, table: &CodeSystemTable, filters: &[Value]) -> SystemSet {
    let mut part = SystemSet::default();
    let mut selected: Vec<u32> = (0..table.concepts.len() as u32).collect();
    for filter in filters_of(filters) {
        match select(table, filter) {
            Some(found) => {
                let found: rustc_hash::FxHashSet<u32> = found.into_iter().collect();
                selected.retain(|i| found.contains(i));
            }
            None => part.rest.unknown.push(unable(system, filter)),
        }
    }
    let membership = if part.rest.unknown.is_empty() { Membership::In } else { Membership::Unknown };
    for row in selected.iter().filter_map(|i| table.concepts.get(*i as usize)) {
        part.name(&row.code, membership, concept_info(row));
    }
    if table.content == Content::Complete {
        part.rest = Rest::default();
    } else {
        for row in table
            .concepts
            .iter()
            .enumerate()
            .filter(|(i, _)| selected.binary_search(&(*i as u32)).is_err())
            .map(|(_, row)| row)
        {
            part.name(&row.code, Membership::Out, concept_info(row));
        }
        part.rest.unknown.push(Reason::CodeSystemPartial(system.to_owned()));
    }
    part
}

/// The codes of a grammar that pass all filters.
pub(super) fn by_grammar(system: &str, grammar: Grammar, filters: &[Value]) -> SystemSet {
    let mut rest = Rest::grammar(grammar);
    for filter in filters_of(filters) {
        match rest.grammar.as_ref().and_then(|g| g.filter(filter.property, filter.op, filter.value)) {
            Some(narrower) => rest.grammar = Some(narrower),
            None => {
                rest = Rest::unknown(unable(system, filter));
                break;
            }
        }
    }
    SystemSet { rest, ..SystemSet::default() }
}

/// Why the codes of a system that is not loaded are not known: the system is absent, or a filter selects from it.
pub(super) fn absent(system: &str, filters: &[Value]) -> Reason {
    match filters_of(filters).next() {
        None => Reason::CodeSystemAbsent(system.to_owned()),
        Some(filter) => unable(system, filter),
    }
}
