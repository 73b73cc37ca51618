//! What the service asks of the rest of the house.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::registry::PackageGraph;
use serde_json::Value;

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

    /// The StructureDefinition `url|version` of the package with this index, as JSON with a generated snapshot;
    /// `None` where none can be made.
    fn snapshot(&self, package: usize, url: &str, version: &str) -> Option<Vec<u8>> {
        let _ = (package, url, version);
        None
    }
}

impl Engine for App {
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        App::validate(self, text, request)
    }

    fn graph(&self) -> &PackageGraph {
        App::graph(self)
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
