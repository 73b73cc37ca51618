//! ValueSets and CodeSystems to rows.

use std::sync::Arc;

use serde_json::Value;

use super::compiler::Compiler;
use super::json::text;
use super::writer::{NewConcept, Writer};
use crate::definition::{Canonical, compare_versions};
use crate::plan::marks::{
    CONCEPT_ABSTRACT, CONCEPT_ANY_CASE, CONCEPT_DEPRECATED, CONCEPT_DEPRECATED_MEMBER, CONCEPT_DOUBTFUL,
    CONCEPT_EXCLUDED, CONCEPT_INACTIVE, STATUS_DEPRECATED, STATUS_DRAFT, STATUS_EXPERIMENTAL, STATUS_RETIRED,
    STATUS_UNSUPPLEMENTED, STATUS_WITHDRAWN,
};
use crate::plan::rows::{CodeSystemRow, OpenSystemRow, Run, Str, ValueSetRow};
use crate::plan::{CodeSystemContent, Section, VersionTaken};
use crate::registry::{Definition, PackageGraph};
use crate::terminology::{Content, Expander, Expansion, OpenKind, Reason, Taken, TerminologySource, names, rule};

/// A package's view of the terminology of its graph.
pub struct Source<'g> {
    graph: &'g PackageGraph,
    package: usize,
    /// The supplements of all packages, in their order.
    supplements: Vec<Arc<Value>>,
}

impl TerminologySource for Source<'_> {
    fn value_set(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        let bare = Canonical { url: canonical.url.clone(), version: None };
        let find = |c: &Canonical| self.graph.resolve(c, Some(self.package), &["ValueSet"]);
        find(canonical).or_else(|| find(&bare)).map(|f| f.definition.value().clone())
    }

    fn code_system(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        let found: Vec<&Definition> = self.candidates(canonical).collect();
        let is_complete = |d: &&&Definition| d.value()["content"].as_str().is_none_or(|c| c == "complete");
        found.iter().find(is_complete).or(found.first()).map(|d| Arc::clone(d.value()))
    }

    fn supplements(&self, system: &str) -> Vec<Arc<Value>> {
        let of = |v: &&Arc<Value>| v["supplements"].as_str().is_some_and(|s| s.split('|').next() == Some(system));
        self.supplements.iter().filter(of).cloned().collect()
    }
}

impl<'g> Source<'g> {
    /// The terminology that the package with this index sees in the graph.
    pub fn new(graph: &'g PackageGraph, package: usize) -> Source<'g> {
        let systems =
            graph.packages().iter().flat_map(|p| p.definitions.iter()).filter(|d| d.resource_type == "CodeSystem");
        let finder = memchr::memmem::Finder::new(b"\"supplements\"");
        let supplements = systems.filter(|d| finder.find(d.text()).is_some()).map(|d| d.value().clone()).collect();
        Source { graph, package, supplements }
    }

    /// The code systems of a url in the package's order of looking, supplements left out. Those of the first package
    /// that has any come first, the newest before the others.
    fn candidates<'a>(&'a self, canonical: &'a Canonical) -> impl Iterator<Item = &'a Definition> {
        let first = self.graph.resolve(canonical, Some(self.package), &["CodeSystem"]);
        let all = || self.graph.versions(&canonical.url).filter(|f| f.definition.resource_type == "CodeSystem");
        let mut own: Vec<&'a Definition> = all()
            .filter(|f| first.as_ref().is_some_and(|first| first.package == f.package))
            .map(|f| f.definition)
            .collect();
        let version = |d: &'a Definition| d.version.as_deref().unwrap_or("");
        own.sort_by(|a, b| compare_versions(version(b), version(a)));
        let first = first.map(|f| f.definition);
        let others = all().map(|f| f.definition);
        let fits = move |d: &&'a Definition| canonical.version.as_ref().is_none_or(|v| d.version.as_ref() == Some(v));
        own.into_iter()
            .chain(first)
            .chain(others)
            .filter(fits)
            .filter(|d| d.value()["content"].as_str() != Some("supplement"))
    }
}

/// Writes the expanded value sets, and the unlisted ones that bindings name, by url.
pub fn value_sets<'d>(c: &Compiler<'_>, w: &mut Writer, definitions: impl Iterator<Item = &'d Definition>) {
    let source = Source::new(c.graph, c.package);
    let mut expander = Expander::new(&source);
    let mut unlisted = c.unlisted.take();
    unlisted.retain(|url, contained| contained.is_some() || source.value_set(&Canonical::parse(url)).is_none());
    for d in definitions {
        while let Some(first) = unlisted.first_entry().filter(|first| *first.key() < d.url) {
            unlisted_value_set(w, &mut expander, first.remove_entry());
        }
        let expansion = expander.expand(d.value());
        let mut row = value_set(w, (&d.url, d.version.as_deref().unwrap_or("")), &expansion);
        if !expansion.open.is_empty() || !expansion.incomplete.is_empty() || !expansion.doubtful.is_empty() {
            row.rule = w.str(&rule(&source, d.value()).unwrap_or_default());
        }
        row.status = status(d.value()) | flag(lacks_supplement(c, d.value()), STATUS_UNSUPPLEMENTED);
        w.row(Section::ValueSets, &row);
    }
    while let Some(first) = unlisted.pop_first() {
        unlisted_value_set(w, &mut expander, first);
    }
}

fn unlisted_value_set(w: &mut Writer, expander: &mut Expander<'_>, (url, contained): (String, Option<Value>)) {
    let expansion = match contained {
        Some(set) => expander.expand(&set),
        None => expander.expand_canonical(&Canonical::parse(&url)),
    };
    let row = value_set(w, (&url, ""), &expansion);
    w.row(Section::ValueSets, &row);
}

fn value_set(w: &mut Writer, (url, version): (&str, &str), e: &Expansion) -> ValueSetRow {
    let any_case = |system: &str| if e.ignore_case.iter().any(|s| s == system) { CONCEPT_ANY_CASE } else { 0 };
    let names: Vec<Vec<&str>> = e.codes.iter().map(|c| c.names.iter().map(String::as_str).collect()).collect();
    let mut rows: Vec<NewConcept<'_>> = Vec::new();
    for (c, designations) in e.codes.iter().zip(&names) {
        let mut flags = any_case(&c.system);
        flags |= flag(c.inactive, CONCEPT_INACTIVE) | flag(c.is_abstract, CONCEPT_ABSTRACT);
        flags |= flag(c.deprecated, CONCEPT_DEPRECATED) | flag(c.deprecated_member, CONCEPT_DEPRECATED_MEMBER);
        let (system, code) = (w.str(&c.system), w.str(&c.code));
        rows.push(NewConcept { system, code, flags, display: None, designations });
    }
    for (list, flag) in [(&e.excluded, CONCEPT_EXCLUDED), (&e.doubtful, CONCEPT_DOUBTFUL)] {
        for (system, code) in list {
            let flags = flag | any_case(system);
            let (system, code) = (w.str(system), w.str(code));
            rows.push(NewConcept { system, code, flags, display: None, designations: &[] });
        }
    }
    let open: Vec<OpenSystemRow> = e
        .open
        .iter()
        .map(|o| {
            let (grammar, reasons) = match &o.kind {
                OpenKind::Grammar(g) => (g.to_words(), &[][..]),
                OpenKind::Unknown(r) => ([0; 3], r.as_slice()),
                OpenKind::Both(g, r) => (g.to_words(), r.as_slice()),
            };
            let whole = u32::from(reasons == [Reason::CodeSystemAbsent(o.system.clone())]);
            OpenSystemRow { system: w.str(&o.system), grammar, whole, reason: w.str(&reason(reasons)) }
        })
        .collect();
    let open = w.run(Section::OpenSystems, &open);
    let incomplete = w.str(&reason(&e.incomplete));
    let versions: Vec<u32> = e.versions.iter().flat_map(|(system, taken)| version_taken(w, system, taken)).collect();
    let versions = w.run(Section::Lists, &versions);
    let count = rows.len() as u32;
    let slots = w.table(&rows);
    let (url, version) = (w.str(url), w.str(version));
    ValueSetRow { url, version, slots, open, incomplete, count, versions, rule: Str::EMPTY, status: 0 }
}

fn flag(is: bool, flag: u32) -> u32 {
    if is { flag } else { 0 }
}

/// Whether a value set needs a supplement that no package has.
fn lacks_supplement(c: &Compiler<'_>, value_set: &Value) -> bool {
    let url = |e: &Value| text(e, "url").ends_with("/StructureDefinition/valueset-supplement");
    let all = value_set["extension"].as_array().into_iter().flatten().filter(|e| url(e));
    let named = all.map(|e| Canonical::parse(text(e, "valueCanonical"))).filter(|c| !c.url.is_empty());
    let is_here = |canonical: &Canonical| c.graph.resolve(canonical, Some(c.package), &["CodeSystem"]).is_some();
    named.map(|c| Canonical { version: None, ..c }).any(|canonical| !is_here(&canonical))
}

/// How far a definition may be relied on, by what it says of itself.
pub(super) fn status(resource: &Value) -> u32 {
    let text = |v: &'_ Value, key: &str| v[key].as_str().unwrap_or_default().to_owned();
    let published = match text(resource, "status").as_str() {
        "retired" => STATUS_RETIRED,
        "draft" => STATUS_DRAFT,
        _ => 0,
    };
    let mut extensions = resource["extension"].as_array().into_iter().flatten();
    let standard = extensions.find(|e| text(e, "url").ends_with("/structuredefinition-standards-status"));
    let standard = match standard.map(|e| text(e, "valueCode")).as_deref() {
        Some("deprecated") => STATUS_DEPRECATED,
        Some("withdrawn") => STATUS_WITHDRAWN,
        Some("draft") => STATUS_DRAFT,
        _ => 0,
    };
    published | standard | flag(resource["experimental"].as_bool() == Some(true), STATUS_EXPERIMENTAL)
}

/// A version of a code system of which codes are taken: three words of the lists.
fn version_taken(w: &mut Writer, system: &str, taken: &Taken) -> [u32; 3] {
    let (kind, version) = match taken {
        Taken::Any => (VersionTaken::Any, ""),
        Taken::Pinned(version) => (VersionTaken::Pinned, version.as_str()),
        Taken::Whole(version) => (VersionTaken::Whole, version.as_str()),
        Taken::Filtered(version) => (VersionTaken::Filtered, version.as_str()),
    };
    [kind.number(), w.str(system).0, w.str(version).0]
}

fn reason(reasons: &[Reason]) -> String {
    reasons.first().map_or_else(String::new, ToString::to_string)
}

/// The properties and the filters that a code system declares.
fn declared(w: &mut Writer, code_system: &Value) -> (Run, Run) {
    let list = |name: &str| code_system[name].as_array().map_or(&[][..], |a| a);
    let property = |p: &Value| Some(format!("{}\t{}", p["code"].as_str()?, p["type"].as_str()?));
    let filter = |f: &Value| {
        let operators = f["operator"].as_array()?.iter().filter_map(Value::as_str);
        Some(std::iter::once(f["code"].as_str()?).chain(operators).collect::<Vec<_>>().join("\t"))
    };
    let properties: Vec<String> = list("property").iter().filter_map(property).collect();
    let filters: Vec<String> = list("filter").iter().filter_map(filter).collect();
    (w.list(properties.iter().map(String::as_str)), w.list(filters.iter().map(String::as_str)))
}

/// Writes the code systems with their concepts.
pub fn code_systems<'d>(c: &Compiler<'_>, w: &mut Writer, definitions: impl Iterator<Item = &'d Definition>) {
    let source = Source::new(c.graph, c.package);
    let mut expander = Expander::new(&source);
    for d in definitions {
        if d.value()["content"].as_str() == Some("supplement") || d.value()["supplements"].is_string() {
            let row = CodeSystemRow {
                url: w.str(&d.url),
                version: w.str(d.version.as_deref().unwrap_or("")),
                content: CodeSystemContent::Supplement.number(),
                case_sensitive: 1,
                slots: Run::default(),
                count: 0,
                properties: Run::default(),
                filters: Run::default(),
                status: status(d.value()),
                hierarchy: Str::EMPTY,
                language: Str::EMPTY,
            };
            w.row(Section::CodeSystems, &row);
            continue;
        }
        let Some(table_of) = expander.table(&d.url, d.version.as_deref()) else { continue };
        let content = match table_of.content {
            Content::Complete => CodeSystemContent::Complete,
            Content::Partial => CodeSystemContent::Fragment,
            Content::NotPresent | Content::Supplement => CodeSystemContent::NotPresent,
        };
        let content = content.number();
        let any_case = if table_of.case_sensitive { 0 } else { CONCEPT_ANY_CASE };
        let system = w.str(&d.url);
        let all: Vec<Vec<&str>> = table_of.concepts.iter().map(names).collect();
        let mut rows = Vec::new();
        for (concept, known) in table_of.concepts.iter().zip(&all) {
            let flags = any_case
                | flag(concept.inactive, CONCEPT_INACTIVE)
                | flag(concept.deprecated, CONCEPT_DEPRECATED)
                | flag(concept.is_abstract, CONCEPT_ABSTRACT);
            let (display, designations) = known.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
            let code = w.str(&concept.code);
            rows.push(NewConcept { system, code, flags, display: Some(display), designations });
        }
        let slots = w.table(&rows);
        let case_sensitive = u32::from(table_of.case_sensitive);
        let (properties, filters) = declared(w, d.value());
        let row = CodeSystemRow {
            url: system,
            version: w.str(d.version.as_deref().unwrap_or("")),
            content,
            case_sensitive,
            slots,
            count: rows.len() as u32,
            properties,
            filters,
            status: status(d.value()),
            hierarchy: w.str(text(d.value(), "hierarchyMeaning")),
            language: w.str(text(d.value(), "language")),
        };
        w.row(Section::CodeSystems, &row);
    }
}
