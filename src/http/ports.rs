//! What the service asks of the rest of the house.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::snapshot::generate;
use serde_json::{Value, json};

use crate::app::{App, AppError, Request};

/// A loaded package set that validates.
pub trait Engine: Send + Sync {
    /// Validates one JSON instance.
    ///
    /// # Errors
    /// [`AppError::Profile`] where a profile asked for is not known.
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError>;

    /// The loaded packages with their definitions.
    fn graph(&self) -> &PackageGraph;

    /// The StructureDefinition in this file of the package with this index, as JSON with a generated snapshot;
    /// `None` where none can be made.
    fn snapshot(&self, package: usize, file: &str) -> Option<Vec<u8>> {
        let graph = self.graph();
        let definition = graph.packages().get(package)?.definitions.iter().find(|d| d.file == file)?;
        let snapshot = generate(definition.value(), &(graph, Some(package))).ok()?;
        let mut document = Value::clone(definition.value());
        let members = document.as_object_mut()?;
        let place = members.keys().position(|k| k == "differential").unwrap_or(members.len());
        members.shift_insert(place, "snapshot".to_owned(), json!({ "element": snapshot.elements }));
        Some(document.to_string().into_bytes())
    }
}

static EMPTY: OnceLock<PackageGraph> = OnceLock::new();

impl Engine for App {
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        App::validate(self, text, request)
    }

    fn graph(&self) -> &PackageGraph {
        // The loader read the definitions, so that no request meets a package that does not read.
        App::graph(self).unwrap_or_else(|_| EMPTY.get_or_init(PackageGraph::default))
    }
}

/// Loads the package set that the service was started with, and the uploaded archives beside it.
pub trait Loader: Send + Sync {
    /// A fresh engine.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package cannot be read.
    fn load(&self, uploads: &[PathBuf]) -> Result<Arc<dyn Engine>, AppError>;
}

/// What can be asked of scopes by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeVerb {
    Explain,
    Normalise,
    Covers,
}

/// Negotiates, and reads scopes. Bodies have passed their JSON Schema.
pub trait Negotiator: Send + Sync {
    /// The negotiated set; its `id` is the hash of the inputs.
    ///
    /// # Errors
    /// A sentence that says why no result could be computed.
    fn negotiate(&self, engine: &dyn Engine, body: Value) -> Result<Value, String>;

    /// The answer to one question about scopes.
    ///
    /// # Errors
    /// A sentence that says why no result could be computed.
    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String>;
}
