//! Definitions to image rows: one builder a facet. Knows nothing of instances.

mod context;
mod errata;
mod facets;
mod faults;
mod invariant;
mod measure;
mod native;
mod published;
mod questionnaire;
mod structure;
mod terminology;
mod writer;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::fhirpath::{self, Route, Typing};
use crate::model::Model;
use crate::plan::Native;
use crate::plan::Section;
use crate::plan::rows::{CanonicalRow, CodeSystemRow, Run, StructureRow, ValueSetRow};
use crate::registry::{Definition, PackageGraph};
use crate::snapshot::{DefinitionIssue, Generator};

use writer::Writer;

pub use invariant::invariants;

/// A member of an object as text; `""` where it is none.
fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v.get(key).and_then(Value::as_str).unwrap_or("")
}

/// What compiles one package.
struct Compiler<'c> {
    graph: &'c PackageGraph,
    package: usize,
    model: &'c Model,
    problems: RefCell<Vec<String>>,
    /// What is wrong with the StructureDefinition that is being compiled.
    faults: RefCell<Vec<DefinitionIssue>>,
    generator: Generator<'c>,
    typing: Typing<'c>,
    expressions: RefCell<FxHashMap<String, Expression>>,
    /// The StructureDefinition that is being compiled.
    current: RefCell<Arc<Value>>,
    /// The value sets that bindings name and no ValueSet of a package defines: implicit ones, and those contained in a profile.
    unlisted: RefCell<BTreeMap<String, Option<Value>>>,
}

/// A compiled expression, or the native operation that stands for it.
#[derive(Clone, Copy)]
struct Expression {
    code: Run,
    native: u32,
    mask: Run,
}

impl Compiler<'_> {
    fn problem(&self, text: String) {
        self.problems.borrow_mut().push(text);
    }

    /// Compiles an expression, once; one that does not compile has no code. Functions of a namespace
    /// (`%namespace.name()`) are looked for when they are called: an image does not know who will read it.
    fn expression(&self, w: &mut Writer, expression: &str) -> Expression {
        if let Some(known) = self.expressions.borrow().get(expression) {
            return *known;
        }
        let tree = fhirpath::parse(expression).ok();
        let words = tree.and_then(|e| {
            fhirpath::Compiler::new(&self.typing).with_outside(&|name| name.contains('.')).compile(&e, w).ok()
        });
        let mut compiled =
            Expression { code: Run::default(), native: Native::of(expression) as u32, mask: Run::default() };
        // What does not compile is named with its place by `invariants`.
        if let Some(words) = words {
            compiled.code = w.words(Section::Code, &words);
            lower(&mut compiled, w, &words);
        }
        self.expressions.borrow_mut().insert(expression.to_owned(), compiled);
        compiled
    }
}

/// Gives an expression without an operation of its own the one that its form allows.
fn lower(compiled: &mut Expression, w: &mut Writer, words: &[u32]) {
    if compiled.native != Native::None as u32 {
        return;
    }
    match Route::of(words) {
        Route::Mask(mask) => {
            compiled.mask = w.words(Section::Code, &mask);
            compiled.native = Native::Mask as u32;
        }
        Route::Simple => compiled.native = Native::Simple as u32,
        Route::Evaluator => {}
    }
}

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
    for (number, d) in definitions.iter().filter(|d| d.resource_type == "StructureDefinition").enumerate() {
        let row = c.structure_of(&mut w, number as u32, d);
        w.row(Section::Structures, &row);
    }
    for d in definitions.iter().filter(|d| d.resource_type == "Questionnaire") {
        c.unlisted.borrow_mut().extend(contained_value_sets(d.value()).map(|(name, set)| (name, Some(set.clone()))));
    }
    terminology::value_sets(&c, &mut w, definitions.iter().copied().filter(|d| d.resource_type == "ValueSet"));
    terminology::code_systems(&c, &mut w, definitions.iter().copied().filter(|d| d.resource_type == "CodeSystem"));
    for d in definitions
        .iter()
        .filter(|d| !["StructureDefinition", "ValueSet", "CodeSystem"].contains(&d.resource_type.as_str()))
    {
        let content = match d.resource_type.as_str() {
            "Questionnaire" => questionnaire::content(d.value()),
            "Measure" => measure::content(d.value()),
            "ImplementationGuide" => globals(d.value()),
            "SearchParameter" => search_parameter(d.value()),
            _ => String::new(),
        };
        let (url, version) = (w.str(&d.url), w.str(d.version.as_deref().unwrap_or("")));
        let row = CanonicalRow { url, version, resource_type: w.str(&d.resource_type), content: w.str(&content) };
        w.row(Section::Canonicals, &row);
    }
    w.index(Section::Structures, Section::StructureUrls, |row: &StructureRow| row.url);
    w.index(Section::ValueSets, Section::ValueSetUrls, |row: &ValueSetRow| row.url);
    w.index(Section::CodeSystems, Section::CodeSystemUrls, |row: &CodeSystemRow| row.url);
    w.index(Section::Canonicals, Section::CanonicalUrls, |row: &CanonicalRow| row.url);
    let fhir_version = p.fhir_version.map_or("", |v| v.number());
    let mut meta: Vec<u32> = [p.id.as_str(), p.version.as_str(), fhir_version].map(|t| w.str(t).0).to_vec();
    let mut problems = c.problems.take();
    problems.sort();
    problems.dedup();
    meta.extend(problems.iter().map(|t| w.str(t).0));
    w.words(Section::Meta, &meta);
    w.finish()
}

/// The value sets that a definition contains, by the names that they have outside it: its url, `#` and their id.
fn contained_value_sets(definition: &Value) -> impl Iterator<Item = (String, &Value)> {
    let all = definition["contained"].as_array().map_or(&[][..], |a| a);
    all.iter()
        .filter(|r| r["resourceType"] == "ValueSet")
        .map(|r| (format!("{}#{}", text(definition, "url"), text(r, "id")), r))
}

/// The type of a search parameter and its bases, with spaces between them.
fn search_parameter(parameter: &Value) -> String {
    let bases = parameter["base"].as_array().into_iter().flatten().filter_map(Value::as_str);
    std::iter::once(text(parameter, "type")).chain(bases).collect::<Vec<_>>().join(" ")
}

/// The profiles that a guide lays on all resources of a type, a line each: the type, a space, the canonical.
fn globals(guide: &Value) -> String {
    let all = guide["global"].as_array().map_or(&[][..], |a| a);
    let profile = |g: &Value| {
        g["profile"].as_str().or_else(|| g.pointer("/profile/reference").and_then(Value::as_str)).map(str::to_owned)
    };
    all.iter().filter_map(|g| Some(format!("{} {}\n", g["type"].as_str()?, profile(g)?))).collect()
}

impl Compiler<'_> {
    fn structure_of(&self, w: &mut Writer, number: u32, d: &Definition) -> StructureRow {
        let sd = d.value();
        self.current.replace(Arc::clone(sd));
        let own = sd.pointer("/snapshot/element").and_then(Value::as_array).filter(|e| !e.is_empty());
        let elements = own.map_or_else(|| Cow::Owned(self.snapshot(d)), |own| self.published(sd, own));
        self.invariants(sd, &elements);
        let row = structure::structure(self, w, number, sd, &elements);
        StructureRow { faults: self.write_faults(w), ..row }
    }

    fn invariants(&self, sd: &Value, elements: &[Value]) {
        for issue in invariants(sd, elements, &self.typing) {
            self.problem(issue.to_string());
        }
    }

    /// The elements of a snapshot that is generated; where it cannot be, those of the type.
    fn snapshot(&self, d: &Definition) -> Vec<Value> {
        match self.generator.generate(d.value()) {
            Ok(s) => {
                let matters = |i: &DefinitionIssue| !i.problem.is_harmless() || i.problem.is_overruled();
                s.inherited.into_iter().chain(s.issues).filter(matters).for_each(|i| self.fault(i));
                s.elements
            }
            Err(e) => self.without_snapshot(d.value(), &e),
        }
    }
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
