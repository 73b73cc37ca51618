//! Packages and statements of the shared folder, and small statements made on the spot.

use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use fhir_accord::capability::agreement::Agreement;
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, Side, negotiate};
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use serde::Deserialize;
use serde_json::{Value, json};

const PACKAGES: [&str; 13] = [
    "hl7.fhir.r4.core-4.0.1",
    "hl7.fhir.r2.core-1.0.2",
    "hl7.fhir.us.core-3.1.1",
    "hl7.fhir.us.core-6.1.0",
    "hl7.fhir.us.core-7.0.0",
    "hl7.fhir.us.core-8.0.0",
    "hl7.fhir.ca.baseline-1.2.0",
    "hl7.fhir.uv.ips-1.1.0",
    "hl7.fhir.uv.ipa-1.1.0",
    "hl7.fhir.us.daf-1.0.2",
    "fhir.argonaut.r2-1.0.0",
    "hl7.fhir.us.core-2.0.0",
    "hl7.fhir.uv.smart-app-launch-2.2.0",
];

/// The shared folder, or `None` (which says "not here").
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("ACCORD_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    if folder.join("capability").is_dir() {
        return Some(folder);
    }
    println!("not here: {}", folder.display());
    None
}

/// A JSON file of the shared folder.
pub fn shared_json(path: &str) -> Option<Value> {
    let text = std::fs::read(shared()?.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    Some(serde_json::from_slice(&text).unwrap())
}

/// A statement or SMART configuration of `capability/`.
pub fn capability(name: &str) -> Option<Value> {
    shared_json(&format!("capability/{name}.json"))
}

/// A file of a package of the shared folder.
pub fn in_package(package: &str, file: &str) -> Option<Value> {
    let definitions = packages()?;
    let found = definitions.0.iter().find(|p| p.name() == package)?.definitions.iter().find(|d| d.file == file)?;
    Some((**found.value()).clone())
}

/// The guides that the tests know, loaded once.
pub fn definitions() -> Option<&'static PackageDefinitions> {
    packages().map(|p| &p.1)
}

pub type Loaded = (Vec<Arc<Package>>, PackageDefinitions);

fn packages() -> Option<&'static Loaded> {
    static LOADED: OnceLock<Option<Loaded>> = OnceLock::new();
    LOADED.get_or_init(|| load(&PACKAGES)).as_ref()
}

/// Definitions of these packages alone.
pub fn load(names: &[&str]) -> Option<Loaded> {
    let folder = shared()?.join("packages");
    let packages: Vec<Arc<Package>> =
        names.iter().map(|n| Arc::new(read_package(&folder.join(format!("{n}.tgz"))))).collect();
    let dependencies = packages.iter().map(|p| {
        let found = p
            .dependencies
            .iter()
            .filter_map(|(id, version)| packages.iter().position(|q| q.id == *id && q.version == *version));
        found.collect()
    });
    let graph =
        PackageGraph::new(packages.clone(), dependencies.collect(), packages.iter().map(|_| Vec::new()).collect());
    Some((packages, PackageDefinitions::new(Arc::new(graph))))
}

/// All packages that the tests know, loaded anew.
pub fn load_all() -> Option<Loaded> {
    load(&PACKAGES)
}

/// A published JSON Schema.
pub fn validator(name: &str) -> jsonschema::Validator {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/schema/{name}.json"));
    let schema: Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

/// No packages at all.
pub fn nothing() -> PackageDefinitions {
    PackageDefinitions::new(Arc::new(PackageGraph::default()))
}

/// A package made of these resources.
pub fn package(name: &str, resources: &[Value]) -> Arc<Package> {
    let (id, version) = name.split_once('#').unwrap();
    let definitions = resources.iter().map(|r| {
        let text = serde_json::to_vec(r).unwrap();
        let head: Head = serde_json::from_slice(&text).unwrap();
        definition(head, "made.json".to_owned(), text)
    });
    Arc::new(Package::new(
        id.to_owned(),
        version.to_owned(),
        Some(FhirVersion::R4),
        Vec::new(),
        definitions.collect(),
        name.to_owned(),
    ))
}

/// Definitions of packages made on the spot.
pub fn definitions_of(packages: Vec<Arc<Package>>) -> PackageDefinitions {
    let none = || packages.iter().map(|_| Vec::new()).collect::<Vec<Vec<usize>>>();
    let absent = packages.iter().map(|_| Vec::new()).collect();
    PackageDefinitions::new(Arc::new(PackageGraph::new(packages.clone(), none(), absent)))
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Head {
    resource_type: String,
    id: String,
    url: String,
    version: Option<String>,
}

fn definition(head: Head, file: String, text: Vec<u8>) -> Definition {
    let head =
        DefinitionHead { resource_type: head.resource_type, id: head.id, url: head.url, version: head.version, file };
    let range = 0..text.len();
    Definition::new(head, text.into(), range)
}

fn read_package(path: &std::path::Path) -> Package {
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut definitions = Vec::new();
    let mut manifest = Value::Null;
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let Some(name) = name.strip_prefix("package/").filter(|n| n.ends_with(".json") && !n.contains('/')) else {
            continue;
        };
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        if name == "package.json" {
            manifest = serde_json::from_slice(&text).unwrap();
        } else if let Ok(head) = serde_json::from_slice::<Head>(&text) {
            if !head.resource_type.is_empty() {
                definitions.push(definition(head, name.to_owned(), text));
            }
        }
    }
    let text = |name: &str| manifest.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let fhir = manifest
        .get("fhirVersions")
        .or(manifest.get("fhir-version-list"))
        .and_then(|v| v.get(0))
        .and_then(Value::as_str)
        .and_then(FhirVersion::parse);
    let dependencies = manifest
        .get("dependencies")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(id, v)| (id.clone(), v.as_str().unwrap_or_default().to_owned()));
    Package::new(text("name"), text("version"), fhir, dependencies.collect(), definitions, path.display().to_string())
}

/// Negotiates two statements without scopes.
pub fn simple(client: Value, server: Value, definitions: &PackageDefinitions) -> Agreement {
    negotiate(&NegotiateRequest::new(Side::Statement(client), Side::Statement(server)), definitions).unwrap()
}

/// A client of requirements with these resource entries.
pub fn client(resources: Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": "requirements", "fhirVersion": "4.0.1", "format": ["json"], "rest": [{"mode": "client", "resource": resources}]})
}

/// A server instance with these resource entries.
pub fn server(resources: Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"], "rest": [{"mode": "server", "resource": resources}]})
}

/// The expectation extension, as a member of an object.
pub fn expects(code: &str) -> Value {
    json!([{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": code}])
}

pub fn to_json(agreement: &Agreement) -> Value {
    serde_json::to_value(agreement).unwrap()
}
