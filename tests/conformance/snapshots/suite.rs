//! A suite: its cases, the definitions that they build on, and what comes of each.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::instance::Limits;
use fhir_accord_profiles::model::{self, Model, xml_to_json};
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::snapshot::{DefinitionSource, Generator, Problem, Snapshot, SnapshotError};
use serde_json::Value;

use super::compare::{Difference, compare, summary, unpinned};
use super::manifest::{self, Case};
use super::older::is_settled;
use super::packages::{graph, load};
use crate::ledger::Entry;

/// Definitions by url.
type Definitions = HashMap<String, Arc<Value>>;

pub struct Suite {
    folder: PathBuf,
    cases: Vec<Case>,
    /// By FHIR version; the first is that of the suite.
    cores: Vec<(&'static str, PackageGraph)>,
    /// Of R5, which has the elements of the versions before.
    model: Model,
    /// What the cases name to build on: one may rely on what another names. With snapshots, of whatever base.
    registered: Definitions,
    /// The cases' inputs: some build on others.
    inputs: Definitions,
    /// The inputs of a later edition, for those that are missing in this one.
    successors: Definitions,
}

/// A core package with the extensions that belong to it.
fn core(version: &str) -> PackageGraph {
    let (core, extensions) = match version {
        "5.0.0" => ("hl7.fhir.r5.core-5.0.0", "hl7.fhir.uv.extensions.r5-5.3.0"),
        "4.3.0" => ("hl7.fhir.r4b.core-4.3.0", "hl7.fhir.uv.extensions.r4-5.3.0"),
        _ => ("hl7.fhir.r4.core-4.0.1", "hl7.fhir.uv.extensions.r4-5.3.0"),
    };
    graph(&[core, extensions])
}

fn url(definition: &Value) -> String {
    definition["url"].as_str().unwrap_or_default().to_owned()
}

impl Suite {
    /// The suite of a folder, read by these FHIR versions: the suite's, and others that cases name.
    pub fn load(folder: &Path, versions: &[&'static str]) -> Suite {
        let r5 = load("hl7.fhir.r5.core-5.0.0");
        let text = fs::read_to_string(folder.join("manifest.xml")).unwrap();
        let mut suite = Suite {
            folder: folder.to_owned(),
            cases: manifest::read(&text),
            cores: versions.iter().map(|v| (*v, core(v))).collect(),
            model: model::build(r5.definitions.iter().map(|d| &**d.value())),
            registered: Definitions::new(),
            inputs: Definitions::new(),
            successors: Definitions::new(),
        };
        let read = |names: Vec<String>| -> Vec<Value> { names.iter().filter_map(|n| suite.read(n)).collect() };
        let inputs = read(suite.cases.iter().map(|c| format!("{}-input", c.id)).collect());
        let registered = suite.cases.iter().flat_map(|c| &c.register);
        let registered = read(registered.flat_map(|n| [n.clone(), format!("{n}-input")]).collect());
        for (all, definitions) in [(&mut suite.inputs, inputs), (&mut suite.registered, registered)] {
            for definition in definitions {
                all.entry(url(&definition)).or_insert(Arc::new(definition));
            }
        }
        suite
    }

    /// Takes what is missing here from a later edition.
    pub fn succeed(&mut self, later: Option<&Suite>) {
        self.successors = later.map(|l| l.inputs.clone()).unwrap_or_default();
    }

    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    fn read(&self, name: &str) -> Option<Value> {
        if let Ok(text) = fs::read(self.folder.join(format!("{name}.json"))) {
            let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
            return Some(serde_json::from_slice(text).unwrap_or_else(|e| panic!("{name}: {e}")));
        }
        let text = fs::read(self.folder.join(format!("{name}.xml"))).ok()?;
        let text =
            xml_to_json(&text, &self.model, &Limits::default()).unwrap_or_else(|damage| panic!("{name}: {damage:?}"));
        Some(serde_json::from_str(&text).unwrap())
    }

    /// A definition without its snapshot, which is of another base than that of the suite; with it where its base is
    /// not here.
    fn bare(&self, mut definition: Value, core: &PackageGraph) -> Arc<Value> {
        let base = definition["baseDefinition"].as_str().unwrap_or_default();
        let url = base.split('|').next().unwrap_or_default();
        let known = (core, Some(0)).structure(base).is_some()
            || [&self.registered, &self.inputs, &self.successors].iter().any(|all| all.contains_key(url));
        if definition["differential"].is_object() && known {
            definition.as_object_mut().unwrap().shift_remove("snapshot");
        }
        Arc::new(definition)
    }

    /// The snapshot of a case's input, and the canonicals that it asked for and that are not here.
    fn generate(&self, case: &Case, input: &Value) -> (Result<Snapshot, SnapshotError>, BTreeSet<String>) {
        let core = self.cores.iter().find(|(version, _)| case.version.as_deref() == Some(*version));
        let core = core.or(self.cores.first()).map(|(_, graph)| graph).unwrap();
        let own: Definitions = case
            .register
            .iter()
            .filter_map(|name| self.read(name).or_else(|| self.read(&format!("{name}-input"))))
            .map(|d| (url(&d), self.bare(d, core)))
            .collect();
        let version = core.packages()[0].version.as_str();
        let published = |canonical: &str| {
            let found = (core, Some(0)).structure(canonical)?;
            // What does not belong to the core is built anew over it.
            Some(if found["fhirVersion"] == version { found } else { self.bare((*found).clone(), core) })
        };
        let source = |canonical: &str| {
            let url = canonical.split('|').next().unwrap_or_default();
            // What only another case registers stands as it was published.
            let other_case = || self.registered.get(url).cloned();
            let named = own.get(url).cloned().or_else(other_case);
            let another = || self.inputs.get(url).or_else(|| self.successors.get(url)).cloned();
            named.or_else(|| published(canonical)).or_else(another)
        };
        let missing = RefCell::new(BTreeSet::new());
        let asked = |canonical: &str| {
            let found = source(canonical);
            if found.is_none() {
                missing.borrow_mut().insert(canonical.to_owned());
            }
            found
        };
        let generated = Generator::new(&asked).generate(input);
        (generated, missing.into_inner())
    }

    /// What comes of a case; `later` is an edition of the suite that may say otherwise of it.
    pub fn judge(&self, case: &Case, later: Option<&Suite>) -> Entry {
        let Some(input) = self.read(&format!("{}-input", case.id)) else { return Entry::Skipped("no input".into()) };
        let (generated, missing) = self.generate(case, &input);
        if case.fails {
            return match generated {
                Ok(snapshot) if snapshot.issues.is_empty() => Entry::Differ("no fault found, one expected".into()),
                _ => Entry::Agree,
            };
        }
        let Some(wanted) = self.expected(case) else { return Entry::Skipped("no snapshot is expected".into()) };
        let snapshot = match generated {
            Ok(snapshot) => snapshot,
            Err(error) => return Entry::Skipped(error.to_string()),
        };
        let got = unpinned(&snapshot.elements);
        let mut differences = compare(&wanted, &got);
        let unasked = |p: Problem| !p.is_harmless() || (p == Problem::Order && !case.sort);
        let issues = snapshot.issues.iter().filter(|i| unasked(i.problem));
        differences.extend(issues.map(|i| (i.element.clone(), "issue", String::new(), i.message.clone())));
        if differences.is_empty() {
            return Entry::Agree;
        }
        let settled = || differences.iter().all(|d| is_settled(d, &got));
        if later.is_some_and(|later| settled() || later.supersedes(case, &got, &differences)) {
            return Entry::Superseded(summary(&differences));
        }
        if let Some(missing) = all_below(&differences, &got, &missing) {
            return Entry::Skipped(format!("not loaded: {missing}"));
        }
        for (id, facet, wanted, got) in &differences {
            println!("{} {} {id} {facet}: expected `{wanted}`, found `{got}`", self.folder.display(), case.id);
        }
        Entry::Differ(summary(&differences))
    }

    /// The snapshot that a case expects.
    fn expected(&self, case: &Case) -> Option<Vec<Value>> {
        let names = ["expected", "output"].map(|n| format!("{}-{n}", case.id));
        let definition = names.iter().find_map(|n| self.read(n))?;
        Some(unpinned(definition["snapshot"]["element"].as_array()?))
    }

    /// Whether this edition has the case, agrees on it, and says what was found in all that differs.
    fn supersedes(&self, case: &Case, got: &[Value], differences: &[Difference]) -> bool {
        let Some(own) = self.cases.iter().find(|c| c.id == case.id && !c.fails) else { return false };
        let Some(wanted) = self.expected(own) else { return false };
        let still = compare(&wanted, got);
        let confirmed = |d: &Difference| !still.iter().any(|s| (&s.0, s.1) == (&d.0, d.1)) && d.1 != "issue";
        differences.iter().all(|d| confirmed(d) || is_settled(d, got)) && self.judge(own, None) == Entry::Agree
    }
}

/// The profiles that are not here, where all differences are about elements that have one of them, or below those.
fn all_below(differences: &[Difference], got: &[Value], missing: &BTreeSet<String>) -> Option<String> {
    let mut found = BTreeSet::new();
    let named = |element: &Value| -> Option<String> {
        let types = element["type"].as_array().into_iter().flatten();
        let mut profiles = types.flat_map(|t| t["profile"].as_array().into_iter().flatten()).filter_map(Value::as_str);
        profiles.find_map(|p| missing.iter().find(|m| !m.contains('#') && m.split('|').next() == Some(p)).cloned())
    };
    let lacking: Vec<(&str, String)> = got.iter().filter_map(|e| Some((e["id"].as_str()?, named(e)?))).collect();
    for (id, ..) in differences {
        let above = |other: &str| id == other || id.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'));
        found.insert(lacking.iter().find(|(other, _)| above(other))?.1.clone());
    }
    Some(found.into_iter().collect::<Vec<_>>().join(", "))
}
