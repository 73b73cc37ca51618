//! Small packages and statements, made on the spot.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord::capability::agreement::Agreement;
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, Side, negotiate};
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use serde::Deserialize;
use serde_json::{Value, json};

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

/// What names a definition.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct Head {
    pub resource_type: String,
    pub id: String,
    pub url: String,
    pub version: Option<String>,
}

/// A definition of this text.
fn definition(head: Head, file: String, text: Vec<u8>) -> Definition {
    let head =
        DefinitionHead { resource_type: head.resource_type, id: head.id, url: head.url, version: head.version, file };
    let range = 0..text.len();
    Definition::new(head, text.into(), range)
}

/// Negotiates two statements without scopes.
pub fn simple(client: Value, server: Value, definitions: &PackageDefinitions) -> Agreement {
    negotiate(&NegotiateRequest::new(Side::Statement(client), Side::Statement(server)), definitions).unwrap()
}

/// Negotiates two statements without packages, by a request that is changed first.
pub fn with(client: Value, server: Value, change: impl FnOnce(&mut NegotiateRequest)) -> Agreement {
    let mut request = NegotiateRequest::new(Side::Statement(client), Side::Statement(server));
    change(&mut request);
    negotiate(&request, &nothing()).unwrap()
}

/// A resource entry of Observation with these interactions.
pub fn observation(interactions: Value) -> Value {
    json!([{"type": "Observation", "interaction": interactions}])
}

/// A client of requirements with these resource entries.
pub fn client(resources: Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": "requirements", "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": "client", "resource": resources}]})
}

/// A server instance with these resource entries.
pub fn server(resources: Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": "server", "resource": resources}]})
}

/// The expectation extension, as a member of an object.
pub fn expects(code: &str) -> Value {
    json!([{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": code}])
}

/// An agreement as its JSON.
pub fn to_json(agreement: &Agreement) -> Value {
    serde_json::to_value(agreement).unwrap()
}
