//! Definitions to image rows: one builder a facet. Knows nothing of instances.

mod compiler;
mod content;
mod context;
mod errata;
mod facets;
mod faults;
mod invariant;
mod json;
mod library;
mod measure;
mod native;
mod published;
mod questionnaire;
mod structure;
mod terminology;
mod writer;

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::Value;

use crate::fhirpath::Typing;
use crate::issue::RuleId;
use crate::model::Model;
use crate::plan::rows::{CanonicalRow, CodeSystemRow, StructureRow, ValueSetRow};
use crate::plan::{ImageIssue, Section};
use crate::registry::{Definition, PackageGraph};
use crate::snapshot::{DefinitionIssue, Generator, Problem};

use compiler::Compiler;
use json::{contained_structures, contained_value_sets, text};
use writer::Writer;

pub use invariant::invariants;

/// The model of the core package of a graph: its specialisations with their snapshots.
pub fn model(graph: &PackageGraph, core: usize) -> Model {
    let definitions = graph.packages().get(core).map_or(&[][..], |p| &p.definitions);
    let values: Vec<_> =
        definitions.iter().filter(|d| d.resource_type == "StructureDefinition").map(|d| d.value().clone()).collect();
    crate::model::build(values.iter().map(|v| &**v))
}

/// Compiles one package of a graph to the words of an image. What can't be compiled is named in the image's issues.
pub fn package(graph: &PackageGraph, package: usize, model: &Model, is_core: bool) -> Vec<u32> {
    let source = (graph, Some(package));
    let c = Compiler {
        graph,
        package,
        model,
        problems: RefCell::default(),
        faults: RefCell::default(),
        generator: Generator::new(&source),
        typing: Typing::new(model),
        expressions: RefCell::default(),
        current: RefCell::default(),
        unlisted: RefCell::default(),
    };
    let mut w = Writer::default();
    let Some(p) = graph.packages().get(package) else { return w.finish() };
    if is_core {
        write_model(&mut w, model);
    }
    let mut definitions: Vec<&Definition> = p.definitions.iter().filter(|d| !d.url.is_empty()).collect();
    definitions.sort_by(|a, b| (&a.url, &a.version, &a.file).cmp(&(&b.url, &b.version, &b.file)));
    let structures = definitions.iter().filter(|d| d.resource_type == "StructureDefinition");
    p.unreadable.iter().for_each(|file| c.problem(unreadable(file)));
    for (number, sd) in with_contained(structures.map(|d| read(d))).iter().enumerate() {
        let row = c.structure_of(&mut w, number as u32, sd);
        w.row(Section::Structures, &row);
    }
    for d in definitions.iter().filter(|d| d.resource_type == "Questionnaire") {
        c.unlisted.borrow_mut().extend(contained_value_sets(d.value()).map(|(name, set)| (name, Some(set.clone()))));
    }
    terminology::value_sets(&c, &mut w, definitions.iter().copied().filter(|d| d.resource_type == "ValueSet"));
    terminology::code_systems(&c, &mut w, definitions.iter().copied().filter(|d| d.resource_type == "CodeSystem"));
    for (url, version, kind, content) in content::canonicals(&definitions) {
        let (url, version) = (w.str(url), w.str(version));
        let row = CanonicalRow { url, version, resource_type: w.str(kind), content: w.str(&content) };
        w.row(Section::Canonicals, &row);
    }
    w.index(Section::Structures, Section::StructureUrls, |row: &StructureRow| row.url);
    w.index(Section::ValueSets, Section::ValueSetUrls, |row: &ValueSetRow| row.url);
    w.index(Section::CodeSystems, Section::CodeSystemUrls, |row: &CodeSystemRow| row.url);
    w.index(Section::Canonicals, Section::CanonicalUrls, |row: &CanonicalRow| row.url);
    let fhir_version = p.fhir_version.map_or("", |v| v.number());
    let mut meta: Vec<u32> = [p.id.as_str(), p.version.as_str(), fhir_version].map(|t| w.str(t).0).to_vec();
    let mut problems = c.problems.take();
    problems.sort_by_cached_key(ToString::to_string);
    problems.dedup();
    for p in &problems {
        meta.extend([&p.profile, &p.element, &p.message].map(|t| w.str(t).0));
        meta.push(ImageIssue::marks(p.problem.rule() == RuleId::INVARIANT_BROKEN, p.problem.is_overruled()));
    }
    w.words(Section::Meta, &meta);
    w.finish()
}

/// What a definition says; where it is no JSON, what its package's index says of it.
fn read(definition: &Definition) -> Arc<Value> {
    let value = definition.value();
    if value.is_object() {
        return Arc::clone(value);
    }
    Arc::new(serde_json::json!({"url": definition.url, "version": definition.version}))
}

/// What is said of a file that cannot be read.
fn unreadable(file: &str) -> DefinitionIssue {
    DefinitionIssue {
        profile: file.to_owned(),
        element: String::new(),
        problem: Problem::Base,
        message: "the file is not JSON".to_owned(),
    }
}

/// Definitions in their order, each with those that it contains: they are known by its url, `#` and their id.
fn with_contained(definitions: impl Iterator<Item = Arc<Value>>) -> Vec<Arc<Value>> {
    let mut all: Vec<Arc<Value>> = Vec::new();
    for sd in definitions {
        all.extend(std::iter::once(Arc::clone(&sd)).chain(contained_structures(&sd).map(Arc::new)));
    }
    let key = |sd: &Value| (text(sd, "url").to_owned(), text(sd, "version").to_owned());
    if all.iter().any(|sd| text(sd, "url").contains('#')) {
        all.sort_by_cached_key(|sd| key(sd));
    }
    all
}

fn write_model(w: &mut Writer, model: &Model) {
    let names: Vec<u32> = model.names().iter().map(|n| w.str(n).0).collect();
    w.words(Section::Names, &names);
    let types: Vec<u32> = model.type_names().iter().map(|n| w.str(n).0).collect();
    w.words(Section::TypeNames, &types);
    for t in model.type_rows() {
        w.row(Section::Types, t);
    }
    for c in model.child_rows() {
        w.row(Section::Children, c);
    }
}
