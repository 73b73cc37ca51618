//! `accord snapshot FILE`: a StructureDefinition with its snapshot, generated from its differential.

use std::io::{Read, Write};

use super::project::ProjectArgs;
use crate::packages::reading::to_json;
use crate::packages::{Sources, Spec, load_graph};
use crate::printable::note;
use crate::profiles::compile;
use crate::profiles::definition::FhirVersion;
use crate::profiles::fhirpath::Typing;
use crate::profiles::instance::is_xml;
use crate::profiles::model::Model;
use crate::profiles::registry::PackageGraph;
use crate::profiles::release::{release, stated_version};
use crate::profiles::snapshot::{DefinitionIssue, generate, put};
use crate::project::Project;
use serde_json::Value;

/// Prints a StructureDefinition with its snapshot generated from the differential.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The StructureDefinition, JSON or XML; `-` reads standard input.
    file: String,
    /// A package to find bases and types in: ID#VERSION, or the path of an archive or a folder; may be repeated.
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    packages: Vec<String>,
    /// The FHIR version of the definition, if it does not say it: R4, 4.0.1, and the like.
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<String>,
    #[command(flatten)]
    project: ProjectArgs,
}

/// Loads the packages, then does as `run`; where the definition states another FHIR version, that version's.
///
/// # Errors
/// A message where a package is not found, and as `run`.
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let project = args.project.load().map_err(|e| e.to_string())?;
    let own = || project.as_ref().and_then(Project::packages).unwrap_or_default();
    let packages = if args.packages.is_empty() { own() } else { args.packages.clone() };
    let specs = packages.iter().map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
    let told = match &args.fhir_version {
        None => None,
        Some(v) => {
            Some(FhirVersion::parse(v).ok_or_else(|| format!("`{v}` is not a FHIR version; expected R4 or 4.0.1"))?)
        }
    };
    let text = read(&args.file)?;
    let load = |fhir_version| {
        load_graph(&specs, &Sources { fhir_version, ..Sources::standard(None) }).map_err(|e| e.to_string())
    };
    let graph = load(told)?;
    let definition = definition(&args.file, &text, &graph)?;
    match stated_version(&definition).filter(|v| told.is_none() && version_of(&graph) != Some(*v)) {
        None => run(&args.file, definition, &graph, out),
        Some(stated) => {
            let graph = load(Some(stated))?;
            run(&args.file, self::definition(&args.file, &text, &graph)?, &graph, out)
        }
    }
}

/// The FHIR version whose core package is among the packages.
fn version_of(graph: &PackageGraph) -> Option<FhirVersion> {
    graph.packages().iter().find_map(|p| p.fhir_version.filter(|v| v.core_package() == p.id))
}

/// The StructureDefinition of a file.
fn definition(file: &str, text: &[u8], graph: &PackageGraph) -> Result<Value, String> {
    if !is_xml(text) {
        return serde_json::from_slice(text).map_err(|e| format!("`{file}` is not JSON: {e}"));
    }
    let model = model(graph).ok_or_else(|| {
        format!("`{file}` is XML, and no core package is here to tell its types: name one with --package")
    })?;
    let text = to_json(text, file, &model).map_err(|e| e.to_string())?;
    serde_json::from_str(&text).map_err(|e| format!("`{file}` is not JSON: {e}"))
}

/// Writes the StructureDefinition to `out` as indented JSON, one of an older version in the form of R4, which standard
/// error then says; faults of the differential go there, too.
///
/// Returns the exit code: 0, or 1 where the differential has a fault.
///
/// # Errors
/// A message where the definition is no StructureDefinition, or its base is in none of the packages.
fn run(file: &str, mut definition: Value, graph: &PackageGraph, out: &mut dyn Write) -> Result<u8, String> {
    let version = stated_version(&definition).or(version_of(graph)).unwrap_or(FhirVersion::R4);
    release(version).normalise(&mut definition);
    if version < FhirVersion::R4 {
        note(&format!("the definition is for FHIR {}; it is written in the form of R4", version.name()));
    }
    let url = definition.get("url").and_then(Value::as_str).unwrap_or_default();
    let asking = graph.versions(url).next().map(|found| found.package);
    let snapshot = generate(&definition, &(graph, asking)).map_err(|e| format!("`{file}`: {e}"))?;
    put(&mut definition, snapshot.elements);
    let text = serde_json::to_string_pretty(&definition).map_err(|e| e.to_string())?;
    writeln!(out, "{text}").map_err(|e| format!("cannot write the snapshot: {e}"))?;
    let mut issues = snapshot.issues;
    issues.extend(broken_invariants(&definition, graph));
    report(&issues);
    Ok(u8::from(!issues.is_empty()))
}

/// The faults of the constraints, where the core package with the types is there.
fn broken_invariants(definition: &Value, graph: &PackageGraph) -> Vec<DefinitionIssue> {
    let Some(elements) = definition.pointer("/snapshot/element").and_then(Value::as_array) else { return Vec::new() };
    let has_own = elements.iter().any(|e| {
        e["constraint"]
            .as_array()
            .is_some_and(|c| c.iter().any(|k| k["source"].is_null() || k["source"] == definition["url"]))
    });
    if !has_own {
        return Vec::new();
    }
    let Some(model) = model(graph) else { return Vec::new() };
    compile::invariants(definition, elements, &Typing::new(&model))
}

/// The types of the core package; `None` where none is there.
fn model(graph: &PackageGraph) -> Option<Model> {
    let core = graph.packages().iter().position(|p| p.fhir_version.is_some_and(|v| v.core_package() == p.id))?;
    let package = graph.packages().get(core)?;
    let embedded = crate::images::embedded::find(&package.id, &package.version).and_then(Result::ok);
    Some(embedded.map_or_else(|| compile::model(graph, core), |image| image.model()))
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    if file == "-" {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).map_err(|e| format!("could not read standard input: {e}"))?;
        return Ok(text);
    }
    std::fs::read(file).map_err(|e| format!("could not read `{file}`: {e}"))
}

fn report(issues: &[DefinitionIssue]) {
    for issue in issues {
        note(&issue.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles::registry::{Definition, DefinitionHead, Package};
    use std::sync::Arc;

    const BASE: &str = r#"{"resourceType":"StructureDefinition","url":"http://example.org/Thing","type":"Thing",
        "snapshot":{"element":[
        {"id":"Thing","path":"Thing","min":0,"max":"*"},
        {"id":"Thing.part","path":"Thing.part","min":0,"max":"*","type":[{"code":"string"}]}]}}"#;

    fn graph() -> PackageGraph {
        let head = DefinitionHead {
            resource_type: "StructureDefinition".into(),
            id: "Thing".into(),
            url: "http://example.org/Thing".into(),
            version: None,
            file: "thing.json".into(),
        };
        let definition = Definition::new(head, BASE.as_bytes().into(), 0..BASE.len());
        let package = Package::new("example".into(), "1.0.0".into(), None, Vec::new(), vec![definition], String::new());
        PackageGraph::new(vec![Arc::new(package)], vec![Vec::new()], vec![Vec::new()])
    }

    #[test]
    fn prints_the_definition_with_its_snapshot() {
        let profile = r#"{"resourceType":"StructureDefinition","url":"http://example.org/Mine",
            "derivation":"constraint","baseDefinition":"http://example.org/Thing",
            "differential":{"element":[{"path":"Thing.part","min":1}]}}"#;
        let mut out = Vec::new();
        assert_eq!(run("mine", definition("mine", profile.as_bytes(), &graph()).unwrap(), &graph(), &mut out), Ok(0));
        let printed: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(printed["snapshot"]["element"][1]["min"], 1);
        let keys: Vec<&String> = printed.as_object().unwrap().keys().collect();
        assert_eq!(keys[4..], ["snapshot", "differential"]);
    }

    #[test]
    fn tells_what_is_missing() {
        let args = Args {
            file: "no/such/file.json".into(),
            packages: Vec::new(),
            fhir_version: None,
            project: ProjectArgs::default(),
        };
        assert!(command(&args, &mut Vec::new()).unwrap_err().starts_with("could not read `no/such/file.json`"));
    }
}
