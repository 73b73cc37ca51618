//! The official snapshot suites.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::snapshot::{DefinitionSource, Generator};
use serde_json::Value;

use crate::compare::{Difference, compare};
use crate::packages::{graph, load, shared};
use crate::xml::{Types, to_json};

/// A case of a manifest.
struct Case {
    id: String,
    version: Option<String>,
    register: Vec<String>,
    fails: bool,
}

/// What came of a case.
enum Outcome {
    Agree,
    Differ(Vec<Difference>),
    Skipped(String),
}

fn attribute(test: &str, name: &str) -> Option<String> {
    let start = test.find(&format!(" {name}=\""))? + name.len() + 3;
    let rest = &test[start..];
    Some(rest[..rest.find('"')?].to_owned())
}

fn manifest(folder: &Path) -> Vec<Case> {
    let text = fs::read_to_string(folder.join("manifest.xml")).unwrap();
    let starts = text.split("<test ").skip(1).map(|t| format!(" {}", &t[..t.find('>').unwrap()]));
    let list = |text: Option<String>| text.iter().flat_map(|t| t.split(',')).map(|s| s.trim().to_owned()).collect::<Vec<_>>();
    starts
        .map(|t| Case {
            id: attribute(&t, "id").unwrap(),
            version: attribute(&t, "version"),
            register: [list(attribute(&t, "register")), list(attribute(&t, "include"))].concat(),
            fails: attribute(&t, "fail").as_deref() == Some("true"),
        })
        .collect()
}

struct Suite {
    folder: PathBuf,
    core: fhir_accord_profiles::registry::PackageGraph,
    types: Types,
}

impl Suite {
    fn read(&self, name: &str) -> Option<Value> {
        if let Ok(text) = fs::read(self.folder.join(format!("{name}.json"))) {
            return Some(serde_json::from_slice(&text).unwrap());
        }
        let text = fs::read_to_string(self.folder.join(format!("{name}.xml"))).ok()?;
        Some(to_json(&text, &self.types))
    }

    fn run(&self, case: &Case) -> Outcome {
        let Some(input) = self.read(&format!("{}-input", case.id)) else { return Outcome::Skipped("no input".into()) };
        let mut registered: HashMap<String, Arc<Value>> = HashMap::new();
        for name in &case.register {
            let Some(definition) = self.read(name).or_else(|| self.read(&format!("{name}-input"))) else { return Outcome::Skipped(format!("`{name}` is not here")) };
            registered.insert(definition["url"].as_str().unwrap_or_default().to_owned(), Arc::new(definition));
        }
        let base = (&self.core, Some(0));
        let source = |canonical: &str| {
            let url = canonical.split('|').next().unwrap_or_default();
            registered.get(url).cloned().or_else(|| base.structure(canonical))
        };
        let generated = Generator::new(&source).generate(&input);
        if case.fails {
            return match generated {
                Ok(snapshot) if snapshot.issues.is_empty() => Outcome::Differ(vec![(case.id.clone(), "fails", "a fault".into(), "none".into())]),
                _ => Outcome::Agree,
            };
        }
        let Some(expected) = self.read(&format!("{}-expected", case.id)).or_else(|| self.read(&format!("{}-output", case.id))) else {
            return Outcome::Skipped("no expected output".into());
        };
        match generated {
            Err(error) => Outcome::Differ(vec![(case.id.clone(), "error", String::new(), error.to_string())]),
            Ok(snapshot) => {
                let Some(elements) = expected["snapshot"]["element"].as_array() else { return Outcome::Skipped("no snapshot expected".into()) };
                let mut differences = compare(elements, &snapshot.elements);
                if !differences.is_empty() {
                    differences.extend(snapshot.issues.iter().map(|i| (i.element.clone(), "issue", String::new(), i.message.clone())));
                }
                if differences.is_empty() { Outcome::Agree } else { Outcome::Differ(differences) }
            }
        }
    }
}

fn run(name: &str, version: &str, packages: &[&str], wanted: impl Fn(Option<&str>) -> bool) {
    let Some(shared) = shared() else { return };
    let suites = std::env::var_os("ACCORD_SUITE").map_or_else(|| shared.join("fhir-test-cases"), PathBuf::from);
    let folder = suites.join(version).join("snapshot-generation");
    let Some(core) = graph(packages) else { return };
    let Some(r5) = load("hl7.fhir.r5.core-5.0.0") else { return };
    let types = Types::of(&r5);
    let suite = Suite { folder, core, types };
    let only = std::env::var("SNAPSHOT_CASE").ok();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for case in manifest(&suite.folder).iter().filter(|c| wanted(c.version.as_deref())).filter(|c| only.as_ref().is_none_or(|o| *o == c.id)) {
        let word = match suite.run(case) {
            Outcome::Agree => "agree",
            Outcome::Skipped(why) => {
                println!("{name} {} skipped: {why}", case.id);
                "skipped"
            }
            Outcome::Differ(differences) => {
                println!("{name} {} differs: {}", case.id, differences.len());
                for (id, facet, wanted, got) in differences {
                    println!("    {} {id} {facet}: wanted `{wanted}` got `{got}`", case.id);
                }
                "differ"
            }
        };
        *counts.entry(word).or_default() += 1;
    }
    println!("snapshot-{name}: {counts:?}");
}

#[test]
fn official_r5() {
    run("r5", "r5", &["hl7.fhir.r5.core-5.0.0", "hl7.fhir.uv.extensions.r5-5.3.0"], |v| v.is_none_or(|v| v.starts_with('5')));
}

#[test]
fn official_r5_on_r4() {
    run("r5-on-r4", "r5", &["hl7.fhir.r4.core-4.0.1", "hl7.fhir.uv.extensions.r4-5.3.0"], |v| v.is_some_and(|v| v.starts_with("4.0")));
}

#[test]
fn official_r4b() {
    run("r4b", "r4b", &["hl7.fhir.r4b.core-4.3.0", "hl7.fhir.uv.extensions.r4-5.3.0"], |_| true);
}

#[test]
fn official_rx() {
    run("rx", "rX", &["hl7.fhir.r4.core-4.0.1", "hl7.fhir.uv.extensions.r4-5.3.0"], |v| v.is_some_and(|v| v.starts_with("4.0")));
}
