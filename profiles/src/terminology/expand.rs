//! A value set's definition to its codes (<https://hl7.org/fhir/R4/valueset.html#expansion>).

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::TerminologySource;
use super::code_system::{CodeSystemTable, Content, code_system};
use super::expansion::Expansion;
use super::grammar::Grammar;
use super::implicit::implicit_system;
use super::include::{absent, by_grammar, enumerated, filtered};
use super::reason::Reason;
use super::set::{CodeSet, Membership, Rest, SystemSet, Taken};
use super::stated::with_stated;
use crate::definition::Canonical;

/// The most codes that a value set names.
const MAX_CODES: usize = 2_000_000;
/// How deep value sets may import one another.
const MAX_DEPTH: usize = 64;

/// Expands a value set's JSON with what `source` holds. For many value sets an [`Expander`] reads each code system
/// once.
pub fn expand(value_set: &Value, source: &dyn TerminologySource) -> Expansion {
    Expander::new(source).expand(value_set)
}

/// Expands value sets and remembers code systems and imported sets.
pub struct Expander<'s> {
    source: &'s dyn TerminologySource,
    tables: FxHashMap<(String, Option<String>), Option<Arc<CodeSystemTable>>>,
    sets: FxHashMap<String, Arc<CodeSet>>,
    /// The value sets that are being expanded, outermost first: their urls and versions.
    open: Vec<(String, Option<String>)>,
    /// Whether an expansion met an open one on its way, so that its result depends on where it began.
    circular: bool,
}

impl<'s> Expander<'s> {
    /// An expander that knows what `source` holds.
    pub fn new(source: &'s dyn TerminologySource) -> Expander<'s> {
        Expander { source, tables: FxHashMap::default(), sets: FxHashMap::default(), open: Vec::new(), circular: false }
    }

    /// The codes of a value set's JSON. Never fails: what is not known is part of the result.
    pub fn expand(&mut self, value_set: &Value) -> Expansion {
        let set = self.value_set(value_set);
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
        let stated = value_set.get("expansion").filter(|e| e.is_object());
        self.open.push(identity(value_set));
        let set = compose.map(|c| self.compose(c));
        self.open.pop();
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

    /// An implicit value set (<https://hl7.org/fhir/R4/valueset.html#implicit>): all codes of a system, or some of them
    /// that only the system's owner can tell.
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
        let is_asked_for = |v: &Arc<Value>| {
            canonical
                .version
                .as_deref()
                .is_none_or(|asked| v.get("version").and_then(Value::as_str).is_some_and(|own| is_leading(own, asked)))
        };
        let found = self.source.value_set(&canonical);
        let is_open = match found.as_ref() {
            Some(resource) if is_asked_for(resource) => self.open.contains(&identity(resource)),
            Some(_) => false,
            None => self.open.iter().any(|(url, version)| {
                *url == canonical.url && (canonical.version.is_none() || canonical.version == *version)
            }),
        };
        if is_open || self.open.len() > MAX_DEPTH {
            self.circular = true;
            return Arc::new(CodeSet::unknown(Reason::Cycle(canonical.url)));
        }
        let outer = std::mem::replace(&mut self.circular, false);
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

/// The url and the version of a value set: another version is another set.
fn identity(value_set: &Value) -> (String, Option<String>) {
    let text = |key: &str| value_set.get(key).and_then(Value::as_str).map(str::to_owned);
    (text("url").unwrap_or_default(), text("version"))
}

/// Whether a version is the one asked for, or that names its leading parts.
fn is_leading(version: &str, asked: &str) -> bool {
    version.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
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
