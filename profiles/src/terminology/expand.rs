//! A value set's definition to its codes (https://hl7.org/fhir/R4/valueset.html#expansion).

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::TerminologySource;
use super::code_system::{CodeSystemTable, ConceptRow, Content, code_system};
use super::expansion::Expansion;
use super::filter::{Filter, select};
use super::grammar::Grammar;
use super::reason::Reason;
use super::set::{CodeSet, ConceptInfo, Membership, Rest, SystemSet, Taken};
use crate::definition::Canonical;

/// The most codes that a value set names.
const MAX_CODES: usize = 2_000_000;
/// How deep value sets may import one another.
const MAX_DEPTH: usize = 64;

const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";

/// Expands a value set's JSON with what `source` holds. For many value sets an [`Expander`] reads each code system once.
pub fn expand(value_set: &Value, source: &dyn TerminologySource) -> Expansion {
    Expander::new(source).expand(value_set)
}

/// Expands value sets and remembers code systems and imported sets.
pub struct Expander<'s> {
    source: &'s dyn TerminologySource,
    tables: FxHashMap<(String, Option<String>), Option<Arc<CodeSystemTable>>>,
    sets: FxHashMap<String, Arc<CodeSet>>,
    /// The value sets that are being expanded, outermost first.
    open: Vec<String>,
    /// Whether an expansion met an open one on its way, so that its result depends on where it began.
    circular: bool,
}

impl<'s> Expander<'s> {
    pub fn new(source: &'s dyn TerminologySource) -> Expander<'s> {
        Expander { source, tables: FxHashMap::default(), sets: FxHashMap::default(), open: Vec::new(), circular: false }
    }

    /// The codes of a value set's JSON. Never fails: what cannot be told is in the result.
    pub fn expand(&mut self, value_set: &Value) -> Expansion {
        let set = self.value_set(value_set);
        self.finish(&set)
    }

    /// The table of a code system by its url, with its supplements; `None` where it is not here at all.
    pub fn table(&mut self, url: &str, version: Option<&str>) -> Option<Arc<CodeSystemTable>> {
        let key = (url.to_owned(), version.map(str::to_owned));
        if let Some(known) = self.tables.get(&key) {
            return known.clone();
        }
        let canonical = Canonical { url: key.0.clone(), version: key.1.clone() };
        let table = self.source.code_system(&canonical).map(|resource| {
            let mut table = code_system(&resource);
            for supplement in self.source.supplements(url) {
                table.supplement(&code_system(&supplement));
            }
            Arc::new(table)
        });
        self.tables.insert(key, table.clone());
        table
    }

    /// The codes of the value set that a binding names: one that `source` holds, or an implicit one. A value set that is not here
    /// gives an expansion that is incomplete for that reason.
    pub fn expand_canonical(&mut self, canonical: &Canonical) -> Expansion {
        let set = self.import(&canonical.to_string());
        self.finish(&set)
    }

    fn finish(&mut self, set: &CodeSet) -> Expansion {
        let mut expansion = Expansion::of(set);
        expansion.ignore_case = set
            .systems
            .keys()
            .filter(|system| self.table(system, None).is_some_and(|t| !t.case_sensitive))
            .cloned()
            .collect();
        expansion
    }

    fn value_set(&mut self, value_set: &Value) -> CodeSet {
        let url = value_set.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
        let compose = value_set.get("compose").filter(|c| c.is_object());
        let inline = value_set.get("codeSystem").filter(|c| c.is_object());
        let stated = value_set.get("expansion").filter(|e| e.is_object());
        self.open.push(url.clone());
        let mut set = compose.map(|c| self.compose(c));
        self.open.pop();
        if inline.is_some() {
            let own = whole(&code_system(value_set));
            set = Some(set.map_or(own.clone(), |s| s.union(&own)));
        }
        match (set, stated) {
            (Some(set), Some(stated)) if !set.is_certain() => with_stated(&set, stated, &url),
            (Some(set), _) => set,
            (None, Some(stated)) => with_stated(&CodeSet::unknown(Reason::ExpansionPartial(url.clone())), stated, &url),
            (None, None) => CodeSet::unknown(Reason::NoDefinition(url)),
        }
    }

    fn compose(&mut self, compose: &Value) -> CodeSet {
        let list = |key: &str| compose.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut set: Option<CodeSet> = None;
        for include in list("include") {
            let part = self.include(include);
            set = Some(set.map_or_else(|| part.clone(), |s| s.union(&part)));
        }
        for import in list("import").filter_map(Value::as_str) {
            let part = self.import(import);
            set = Some(set.map_or_else(|| (*part).clone(), |s| s.union(&part)));
        }
        let mut set = set.unwrap_or_default();
        if set.size() > MAX_CODES {
            return CodeSet::unknown(Reason::TooLarge);
        }
        for exclude in list("exclude") {
            let part = self.include(exclude);
            set = set.difference(&part);
        }
        if compose.get("inactive").and_then(Value::as_bool) == Some(false) {
            drop_inactive(&mut set);
        }
        set
    }

    /// An implicit value set (https://hl7.org/fhir/R4/valueset.html#implicit): all codes of a system, or some of them that only the
    /// system's owner can tell.
    fn implicit(&mut self, url: &str) -> Option<CodeSet> {
        let (system, whole) = implicit_system(url)?;
        if whole {
            return Some(self.system(system, &Value::Null));
        }
        let rest = Rest::unknown(Reason::ValueSetAbsent(url.to_owned()));
        Some(CodeSet::of(system, SystemSet { rest, ..SystemSet::default() }))
    }

    /// One `include` or `exclude`: the codes of its system, if it names one, that are in every value set that it names.
    fn include(&mut self, include: &Value) -> CodeSet {
        let mut set = include.get("system").and_then(Value::as_str).map(|system| self.system(system, include));
        let imports = match include.get("valueSet") {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        };
        for import in imports {
            let part = self.import(import);
            set = Some(set.map_or_else(|| (*part).clone(), |s| s.intersection(&part)));
        }
        set.unwrap_or_default()
    }

    /// An imported value set by its canonical; what another version has than the one that is asked for says nothing.
    fn import(&mut self, text: &str) -> Arc<CodeSet> {
        if let Some(known) = self.sets.get(text) {
            return known.clone();
        }
        let canonical = Canonical::parse(text);
        if self.open.contains(&canonical.url) || self.open.len() > MAX_DEPTH {
            self.circular = true;
            return Arc::new(CodeSet::unknown(Reason::Cycle(canonical.url)));
        }
        let outer = std::mem::replace(&mut self.circular, false);
        let is_asked_for = |v: &Arc<Value>| {
            canonical
                .version
                .as_deref()
                .is_none_or(|asked| v.get("version").and_then(Value::as_str).is_some_and(|own| is_leading(own, asked)))
        };
        let found = self.source.value_set(&canonical);
        let set = Arc::new(match found {
            Some(resource) if is_asked_for(&resource) => self.value_set(&resource),
            Some(_) => CodeSet::unknown(Reason::ValueSetAbsent(text.to_owned())),
            None => self
                .implicit(&canonical.url)
                .unwrap_or_else(|| CodeSet::unknown(Reason::ValueSetAbsent(text.to_owned()))),
        });
        if !self.circular {
            self.sets.insert(text.to_owned(), set.clone());
        }
        self.circular |= outer;
        set
    }

    /// The codes of one system that an include lists or filters, or all of them.
    fn system(&mut self, system: &str, include: &Value) -> CodeSet {
        let version = include.get("version").and_then(Value::as_str);
        let (table, other_version) = match self.table(system, version) {
            None if version.is_some() => (self.table(system, None), true),
            found => (found, false),
        };
        let used = table.as_ref().and_then(|t| t.version.clone());
        let list = |key: &str| include.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let (concepts, filters) = (list("concept"), list("filter"));
        let part = if !concepts.is_empty() {
            enumerated(concepts, table.as_deref())
        } else {
            let table = table.filter(|t| t.content == Content::Complete || t.content == Content::Partial);
            match (&table, Grammar::of_system(system)) {
                (Some(_), _) if other_version => {
                    let reason = Reason::CodeSystemVersion(format!("{system}|{}", version.unwrap_or_default()));
                    SystemSet { rest: Rest::unknown(reason), ..SystemSet::default() }
                }
                (Some(table), _) => filtered(system, table, filters),
                (None, Some(grammar)) => by_grammar(system, grammar, filters),
                (None, None) => SystemSet { rest: Rest::unknown(absent(system, filters)), ..SystemSet::default() },
            }
        };
        if part.order.len() > MAX_CODES {
            return CodeSet::unknown(Reason::TooLarge);
        }
        let taken = match (version, used) {
            (Some(version), _) => Taken::Pinned(version.to_owned()),
            (None, _) if !concepts.is_empty() => Taken::Any,
            (None, Some(used)) if filters.is_empty() => Taken::Whole(used),
            (None, Some(used)) => Taken::Filtered(used),
            (None, None) => Taken::Any,
        };
        CodeSet::of(system, part).taken(system, taken)
    }
}

/// Whether a version is the one asked for, or that names its leading parts.
fn is_leading(version: &str, asked: &str) -> bool {
    version.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn concept_info(row: &ConceptRow) -> ConceptInfo {
    ConceptInfo {
        display: row.display.clone(),
        names: Vec::new(),
        inactive: row.inactive,
        is_abstract: row.is_abstract,
    }
}

/// All codes of a table.
fn whole(table: &CodeSystemTable) -> CodeSet {
    let mut part = SystemSet::default();
    for row in &table.concepts {
        part.name(&row.code, Membership::In, concept_info(row));
    }
    CodeSet::of(&table.url, part)
}

/// The codes that an include lists; certain members, whether or not the code system is here.
fn enumerated(concepts: &[Value], table: Option<&CodeSystemTable>) -> SystemSet {
    let mut part = SystemSet::default();
    for concept in concepts {
        let Some(code) = concept.get("code").and_then(Value::as_str) else { continue };
        let mut info = table.and_then(|t| t.find(code)).map(concept_info).unwrap_or_default();
        info.names =
            names_of(concept).filter(|name| info.display.as_deref() != Some(name)).map(str::to_owned).collect();
        info.display = concept.get("display").and_then(Value::as_str).map(str::to_owned).or(info.display);
        part.name(code, Membership::In, info);
    }
    part
}

/// The names that a value set gives a code: its display there and its designations.
fn names_of(concept: &Value) -> impl Iterator<Item = &str> {
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
fn filtered(system: &str, table: &CodeSystemTable, filters: &[Value]) -> SystemSet {
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
fn by_grammar(system: &str, grammar: Grammar, filters: &[Value]) -> SystemSet {
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

fn drop_inactive(set: &mut CodeSet) {
    for part in set.systems.values_mut() {
        let open = !part.rest.is_out();
        for (membership, _) in part.named.values_mut().filter(|(_, info)| info.inactive) {
            *membership = Membership::Out;
        }
        if !open {
            let named = &mut part.named;
            named.retain(|_, (membership, _)| *membership != Membership::Out);
            part.order.retain(|code| named.contains_key(code));
        }
    }
}

/// What an expansion that the value set carries adds: its codes are members; where it is whole, nothing else is.
fn with_stated(set: &CodeSet, stated: &Value, url: &str) -> CodeSet {
    let mut listed = CodeSet::default();
    let mut pending: Vec<&Value> =
        stated.get("contains").and_then(Value::as_array).into_iter().flatten().rev().collect();
    let mut count = 0usize;
    while let Some(entry) = pending.pop() {
        count += 1;
        pending.extend(entry.get("contains").and_then(Value::as_array).into_iter().flatten().rev());
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let flag = |key: &str| entry.get(key).and_then(Value::as_bool).unwrap_or(false);
        let (Some(system), Some(code)) = (text("system"), text("code")) else { continue };
        if flag("abstract") {
            continue;
        }
        let info = ConceptInfo {
            display: text("display").map(str::to_owned),
            names: names_of(entry).map(str::to_owned).collect(),
            inactive: flag("inactive"),
            is_abstract: false,
        };
        listed.systems.entry(system.to_owned()).or_default().name(code, Membership::In, info);
    }
    match count {
        0 if set.systems.is_empty() => CodeSet::unknown(Reason::NoDefinition(url.to_owned())),
        0 => set.clone(),
        _ if is_whole(stated, count) => listed,
        _ => set.union(&listed),
    }
}

/// Whether an expansion says of itself that codes are missing: unclosed, a page of it, or limited.
fn is_whole(stated: &Value, count: usize) -> bool {
    let list = |key: &str| stated.get(key).and_then(Value::as_array).into_iter().flatten();
    let unclosed = list("extension").any(|e| {
        let url = e.get("url").and_then(Value::as_str).unwrap_or_default();
        (url.ends_with("valueset-unclosed") || url.ends_with("valueset-toocostly"))
            && e.get("valueBoolean").and_then(Value::as_bool) != Some(false)
    });
    let limited = list("parameter").any(|p| match p.get("name").and_then(Value::as_str) {
        Some("offset") => p.get("valueInteger").and_then(Value::as_u64).unwrap_or(0) > 0,
        Some("limitedExpansion") => p.get("valueBoolean").and_then(Value::as_bool).unwrap_or(false),
        _ => false,
    });
    let total = stated.get("total").and_then(Value::as_u64).unwrap_or(0);
    !unclosed && !limited && total <= count as u64
}

/// Why the codes of a system that is not here are not to be info: the system's absence, or a filter over it.
fn absent(system: &str, filters: &[Value]) -> Reason {
    let text = |f: &Value, key: &str| f.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    match filters.first() {
        None => Reason::CodeSystemAbsent(system.to_owned()),
        Some(f) => Reason::Filter {
            system: system.to_owned(),
            filter: format!("{} {} {}", text(f, "property"), text(f, "op"), text(f, "value")),
        },
    }
}

/// Whether a url names an implicit value set (https://hl7.org/fhir/R4/valueset.html#implicit), which no ValueSet need define.
pub fn is_implicit(url: &str) -> bool {
    implicit_system(url).is_some()
}

/// The code system of an implicit value set, and whether it is all of it.
fn implicit_system(url: &str) -> Option<(&'static str, bool)> {
    match url {
        "http://snomed.info/sct?fhir_vs" => Some((SNOMED, true)),
        "http://loinc.org/vs" => Some((LOINC, true)),
        "http://unitsofmeasure.org/vs" => Some(("http://unitsofmeasure.org", true)),
        "http://www.rfc-editor.org/bcp/bcp13.txt" => Some(("urn:ietf:bcp:13", true)),
        "http://tools.ietf.org/html/bcp47" => Some(("urn:ietf:bcp:47", true)),
        _ if url.starts_with(SNOMED) && url.contains("?fhir_vs") => Some((SNOMED, false)),
        _ if url.starts_with("http://loinc.org/vs/") => Some((LOINC, false)),
        _ => None,
    }
}
