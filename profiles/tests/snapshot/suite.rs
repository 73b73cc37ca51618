//! The official snapshot suites.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::instance::Limits;
use fhir_accord_profiles::model::{self, Model, xml_to_json};
use fhir_accord_profiles::snapshot::{DefinitionSource, Generator};
use serde_json::Value;

use crate::compare::{Difference, compare, unpinned};
use crate::harness::{Test, suites, tests};
use crate::packages::{graph, load};

pub const TESTS: &[Test] = tests! {
    "packages fhir-test-cases/r5" => official_r5, official_r5_on_r4, examples_in_xml_are_their_twins_in_json;
    "packages fhir-test-cases/r4b" => official_r4b;
    "packages fhir-test-cases/rX" => official_rx;
};

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
    let list =
        |text: Option<String>| text.iter().flat_map(|t| t.split(',')).map(|s| s.trim().to_owned()).collect::<Vec<_>>();
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
    /// Of R5, which has the elements of the versions before.
    model: Model,
    /// All the cases' inputs by url: some cases build on others.
    inputs: HashMap<String, Arc<Value>>,
}

impl Suite {
    fn read(&self, name: &str) -> Option<Value> {
        if let Ok(text) = fs::read(self.folder.join(format!("{name}.json"))) {
            return Some(serde_json::from_slice(&text).unwrap());
        }
        let text = fs::read(self.folder.join(format!("{name}.xml"))).ok()?;
        let text =
            xml_to_json(&text, &self.model, &Limits::default()).unwrap_or_else(|damage| panic!("{name}: {damage:?}"));
        Some(serde_json::from_str(&text).unwrap())
    }

    fn run(&self, case: &Case) -> Outcome {
        let Some(input) = self.read(&format!("{}-input", case.id)) else { return Outcome::Skipped("no input".into()) };
        let mut registered: HashMap<String, Arc<Value>> = HashMap::new();
        for name in &case.register {
            let Some(mut definition) = self.read(name).or_else(|| self.read(&format!("{name}-input"))) else {
                return Outcome::Skipped(format!("`{name}` is missing"));
            };
            // Their snapshots are of another base.
            if definition.get("differential").is_some() {
                definition.as_object_mut().unwrap().shift_remove("snapshot");
            }
            registered.insert(definition["url"].as_str().unwrap_or_default().to_owned(), Arc::new(definition));
        }
        // What does not belong to the core is built anew over it.
        let core = (&self.core, Some(0));
        let base = |canonical: &str| {
            let mut found = core.structure(canonical)?;
            if found["fhirVersion"] != self.core.packages()[0].version.as_str() && found["differential"].is_object() {
                Arc::make_mut(&mut found).as_object_mut().unwrap().shift_remove("snapshot");
            }
            Some(found)
        };
        let source = |canonical: &str| {
            let url = canonical.split('|').next().unwrap_or_default();
            registered.get(url).cloned().or_else(|| base(canonical)).or_else(|| self.inputs.get(url).cloned())
        };
        let generated = Generator::new(&source).generate(&input);
        if case.fails {
            return match generated {
                Ok(snapshot) if snapshot.issues.is_empty() => {
                    Outcome::Differ(vec![(case.id.clone(), "fails", "a fault".into(), "none".into())])
                }
                _ => Outcome::Agree,
            };
        }
        let Some(expected) =
            self.read(&format!("{}-expected", case.id)).or_else(|| self.read(&format!("{}-output", case.id)))
        else {
            return Outcome::Skipped("no expected output".into());
        };
        match generated {
            Err(error) => Outcome::Differ(vec![(case.id.clone(), "error", String::new(), error.to_string())]),
            Ok(snapshot) => {
                let Some(elements) = expected["snapshot"]["element"].as_array() else {
                    return Outcome::Skipped("no snapshot expected".into());
                };
                let (wanted, got) = (unpinned(elements), unpinned(&snapshot.elements));
                let mut differences = compare(&wanted, &got);
                if !differences.is_empty() {
                    differences.extend(
                        snapshot.issues.iter().map(|i| (i.element.clone(), "issue", String::new(), i.message.clone())),
                    );
                }
                if differences.is_empty() { Outcome::Agree } else { Outcome::Differ(differences) }
            }
        }
    }
}

/// Runs a folder's cases; a difference that the ledger does not explain fails, and an explained one that is none.
fn run(name: &str, version: &str, packages: &[&str], ledger: &[(&str, &str)], wanted: impl Fn(Option<&str>) -> bool) {
    let (suites, own) = suites();
    let r5 = load("hl7.fhir.r5.core-5.0.0");
    let mut suite = Suite {
        folder: suites.join(version).join("snapshot-generation"),
        core: graph(packages),
        model: model::build(r5.definitions.iter().map(|d| &**d.value())),
        inputs: HashMap::new(),
    };
    for input in
        manifest(&suite.folder).iter().filter_map(|c| suite.read(&format!("{}-input", c.id))).collect::<Vec<_>>()
    {
        suite.inputs.entry(input["url"].as_str().unwrap_or_default().to_owned()).or_insert(Arc::new(input));
    }
    let (mut agree, mut differ, mut skipped, mut surprises) = (0, 0, 0, Vec::new());
    for case in manifest(&suite.folder).iter().filter(|c| wanted(c.version.as_deref())) {
        let reason = ledger.iter().find(|(id, _)| *id == case.id).map(|(_, reason)| *reason);
        match suite.run(case) {
            Outcome::Agree => {
                agree += 1;
                surprises.extend(reason.map(|r| format!("{} agrees now, though: {r}", case.id)));
            }
            Outcome::Skipped(why) => {
                skipped += 1;
                println!("{name} {} skipped: {why}", case.id);
            }
            Outcome::Differ(differences) => {
                differ += 1;
                println!("{name} {} differs: {}", case.id, reason.unwrap_or("nobody knows why"));
                for (id, facet, wanted, got) in differences {
                    println!("    {} {id} {facet}: expected `{wanted}`, found `{got}`", case.id);
                }
                surprises.extend(reason.is_none().then(|| format!("{} differs", case.id)));
            }
        }
    }
    println!("snapshot-{name}: {agree} agree, {differ} differ, {skipped} skipped");
    assert!(!own || surprises.is_empty(), "not as the ledger says: {surprises:#?}");
}

const OLDER: &str = "an older generator: no minimum from slices, none of an extension's own maximum, slices without \
    what is said below the sliced element";
const ABSENT: &str = "definitions that it builds on are not loaded";

const R5: [(&str, &str); 11] = [
    ("t13", "an extension within an extension loses its own maximum"),
    ("pat-choice-ms", "a binding in STU3's form (`valueSetReference`), which the expected output leaves out"),
    ("pat-xver-extension", "extensions for elements of another version have no definitions here"),
    ("org2a", "an older US Core, which is not loaded"),
    ("simplifier-1", "a fault is expected and not named; none is known"),
    ("ccda-problem-section", "one element of an XML choice group demanded does not prohibit the others"),
    ("profile-patient-op3", "obligations of other profiles are not drawn in"),
    ("multi-profile", "additional bases are not drawn in"),
    ("on-questionnaire", ABSENT),
    ("sd-nested-ext", ABSENT),
    ("xt-logical", ABSENT),
];

const R4B: [(&str, &str); 25] = [
    ("t11", OLDER),
    ("t12", OLDER),
    ("t12a", OLDER),
    ("t13", OLDER),
    ("t15", OLDER),
    ("t16", OLDER),
    ("t19", OLDER),
    ("t22", OLDER),
    ("t31", OLDER),
    ("t32", OLDER),
    ("t35", OLDER),
    ("au-med-k", OLDER),
    ("telus-oo", OLDER),
    ("org2a", OLDER),
    ("org2b", OLDER),
    ("slice23", OLDER),
    ("obs-2-1", ABSENT),
    ("obs-2-2", ABSENT),
    ("ccda-problem-section", ABSENT),
    ("pat-choice-ms", "a binding in STU3's form (`valueSetReference`), which the expected output leaves out"),
    ("ca-patient", "a choice's only slice stands there without the element that it is a slice of"),
    ("sushi2", "a choice's only slice stands there without the element that it is a slice of"),
    ("choice_min_1", "an element without a type is expected"),
    ("pat-xver-extension", "extensions for elements of another version have no definitions here"),
    ("simplifier-1", "a fault is expected and not named; none is known"),
];

const RX: [(&str, &str); 1] = [(
    "slice-cardinality-derived",
    "the case says that a type slice does not take the choice's minimum; its output does",
)];

fn official_r5() {
    run(
        "r5",
        "r5",
        &["hl7.fhir.r5.core-5.0.0", "hl7.fhir.uv.extensions.r5-5.3.0", "hl7.fhir.us.core-3.1.1"],
        &R5,
        |v| v.is_none_or(|v| v.starts_with('5')),
    );
}

fn official_r5_on_r4() {
    let ledger = [("telus-oo", "the expected output stands on R5's core")];
    run("r5-on-r4", "r5", &["hl7.fhir.r4.core-4.0.1", "hl7.fhir.uv.extensions.r4-5.3.0"], &ledger, |v| {
        v.is_some_and(|v| v.starts_with("4.0"))
    });
}

fn official_r4b() {
    run(
        "r4b",
        "r4b",
        &["hl7.fhir.r4b.core-4.3.0", "hl7.fhir.uv.extensions.r4-5.3.0", "hl7.fhir.us.core-3.1.1"],
        &R4B,
        |_| true,
    );
}

fn official_rx() {
    run("rx", "rX", &["hl7.fhir.r4.core-4.0.1", "hl7.fhir.uv.extensions.r4-5.3.0"], &RX, |v| {
        v.is_some_and(|v| v.starts_with("4.0"))
    });
}

/// Writes numbers in one way: the two formats of an example do not write all of them alike.
fn by_value(value: &mut Value) {
    match value {
        Value::Number(n) => *value = n.as_f64().into(),
        Value::Array(all) => all.iter_mut().for_each(by_value),
        Value::Object(all) => all.values_mut().for_each(by_value),
        _ => {}
    }
}

/// The suite's examples that exist in both formats; narratives are not laid out alike in the two.
fn examples_in_xml_are_their_twins_in_json() {
    let r5 = load("hl7.fhir.r5.core-5.0.0");
    let model = model::build(r5.definitions.iter().map(|d| &**d.value()));
    let folder = suites().0.join("r5/examples");
    let mut compared = 0;
    for file in
        fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "xml"))
    {
        let Ok(primitive_extension) = fs::read(file.with_extension("json")) else { continue };
        let written = xml_to_json(&fs::read(&file).unwrap(), &model, &Limits::default())
            .unwrap_or_else(|damage| panic!("{}: {damage:?}", file.display()));
        let without_div = |text: &[u8]| {
            let mut value: Value = serde_json::from_slice(text).unwrap();
            value["text"]["div"] = Value::Null;
            by_value(&mut value);
            value
        };
        assert_eq!(without_div(written.as_bytes()), without_div(&primitive_extension), "{}", file.display());
        compared += 1;
    }
    assert!(compared > 3, "{compared} examples");
}
