//! A value set's definition to its codes (<https://hl7.org/fhir/R4/valueset.html#expansion>).

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::TerminologySource;
use super::code_system::{CodeSystemTable, Content, code_system};
use super::expansion::Expansion;
use super::grammar::Grammar;
use super::implicit::implicit_system;
use super::imports::{Imports, imports_in};
use super::include::{absent, by_grammar, enumerated, filtered};
use super::reason::Reason;
use super::set::{CodeSet, Membership, Rest, SystemSet, Taken};
use super::stated::with_stated;
use crate::definition::Canonical;

/// The most codes that a value set names.
const MAX_CODES: usize = 2_000_000;
/// How many excludes are taken off one by one, which keeps apart what grammars say; more are put together first.
const EXCLUDED_ALONE: usize = 16;

/// Expands a value set's JSON with what `source` holds. For many value sets an [`Expander`] reads each code system
/// once.
pub fn expand(value_set: &Value, source: &dyn TerminologySource) -> Expansion {
    Expander::new(source).expand(value_set)
}

/// Expands value sets and remembers code systems and imported sets.
pub struct Expander<'s> {
    pub(super) source: &'s dyn TerminologySource,
    tables: FxHashMap<(String, Option<String>), Option<Arc<CodeSystemTable>>>,
    pub(super) imports: Imports,
}

impl<'s> Expander<'s> {
    /// An expander that knows what `source` holds.
    pub fn new(source: &'s dyn TerminologySource) -> Expander<'s> {
        Expander { source, tables: FxHashMap::default(), imports: Imports::default() }
    }

    /// The codes of a value set's JSON. Never fails: what is not known is part of the result.
    pub fn expand(&mut self, value_set: &Value) -> Expansion {
        let set = self.root(value_set);
        self.finish(&set)
    }

    /// The table of a code system by its url, with its supplements; `None` where `source` does not have it.
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

    /// The codes of the value set that a binding names: one that `source` holds, or an implicit one. A value set that
    /// is not here gives an expansion that is incomplete for that reason.
    pub fn expand_canonical(&mut self, canonical: &Canonical) -> Expansion {
        let set = self.named(&canonical.to_string());
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

    /// The codes of a value set, with what is known now of those that it imports.
    pub(super) fn value_set(&mut self, value_set: &Value) -> CodeSet {
        let url = value_set.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
        let compose = value_set.get("compose").filter(|c| c.is_object());
        let stated = value_set.get("expansion").filter(|e| e.is_object());
        self.begin();
        let set = compose.map(|c| self.compose(c));
        match (set, stated) {
            (Some(set), Some(stated)) if !set.is_certain() => with_stated(&set, stated, &url),
            (Some(set), _) => set,
            (None, Some(stated)) => with_stated(&CodeSet::unknown(Reason::ExpansionPartial(url.clone())), stated, &url),
            (None, None) => CodeSet::unknown(Reason::NoDefinition(url)),
        }
    }

    fn compose(&mut self, compose: &Value) -> CodeSet {
        let list = |key: &str| compose.get(key).and_then(Value::as_array).into_iter().flatten();
        let included = list("include").map(|include| self.include(include)).collect();
        let mut set = combined(included, CodeSet::union);
        if set.size() > MAX_CODES {
            return CodeSet::unknown(Reason::TooLarge);
        }
        let mut excluded: Vec<CodeSet> = list("exclude").map(|exclude| self.include(exclude)).collect();
        if excluded.len() > EXCLUDED_ALONE {
            excluded = vec![combined(excluded, CodeSet::union)];
        }
        for part in excluded {
            set = set.difference(&part);
        }
        if compose.get("inactive").and_then(Value::as_bool) == Some(false) {
            drop_inactive(&mut set);
        }
        set
    }

    /// An implicit value set (<https://hl7.org/fhir/R4/valueset.html#implicit>): all codes of a system, or some of them
    /// that only the system's owner can tell.
    pub(super) fn implicit(&mut self, url: &str) -> Option<CodeSet> {
        let (system, whole) = implicit_system(url)?;
        if whole {
            return Some(self.system(system, &Value::Null));
        }
        let rest = Rest::unknown(Reason::ValueSetAbsent(url.to_owned()));
        Some(CodeSet::of(system, SystemSet { rest, ..SystemSet::default() }))
    }

    /// One `include` or `exclude`: the codes of its system, if it names one, that are in every value set that it names.
    fn include(&mut self, include: &Value) -> CodeSet {
        let own = include.get("system").and_then(Value::as_str).map(|system| self.system(system, include));
        let mut parts: Vec<CodeSet> = own.into_iter().collect();
        parts.extend(imports_in(include).map(|import| (*self.import(import)).clone()));
        combined(parts, CodeSet::intersection)
    }

    /// The codes of one system that an include lists or filters, or all of them.
    fn system(&mut self, system: &str, include: &Value) -> CodeSet {
        let version = include.get("version").and_then(Value::as_str);
        let (table, other_version) = match self.table(system, version) {
            None if version.is_some() => (self.table(system, None), true),
            found => (found, false),
        };
        let used = table.as_ref().and_then(|t| t.version.clone());
        let list = |key: &str| include.get(key).and_then(Value::as_array).map_or(&[] as &[Value], Vec::as_slice);
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

/// Sets combined two by two, so that the codes of many are looked at a few times only; the empty set where there is
/// none.
fn combined(mut parts: Vec<CodeSet>, two: fn(&CodeSet, &CodeSet) -> CodeSet) -> CodeSet {
    while parts.len() > 1 {
        let mut pairs = parts.into_iter();
        let mut next = Vec::new();
        while let Some(first) = pairs.next() {
            next.push(match pairs.next() {
                Some(second) => two(&first, &second),
                None => first,
            });
        }
        parts = next;
    }
    parts.pop().unwrap_or_default()
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
