//! What the service needs from a loaded package set, as traits: it can be tested without one.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_capability::Definitions;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Evaluator, Memory};
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::registry::PackageGraph;
use serde_json::Value;

use super::{App, AppError, PackageFaults, Request};
use crate::packages::{Located, Resolution};

/// One thing that is wrong with a request.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// Lower case, no full stop.
    pub text: String,
    /// Where in the body, as a JSON pointer (RFC 6901); empty: the body as a whole.
    pub pointer: Option<String>,
    /// Where in a body that is FHIR, as a FHIRPath.
    pub element: Option<String>,
    /// The rule that is broken, where it is one of the engine's.
    pub rule: Option<&'static str>,
}

impl Complaint {
    /// One about the request as a whole.
    pub fn new(text: impl Into<String>) -> Complaint {
        Complaint { text: text.into(), pointer: None, element: None, rule: None }
    }

    /// One about a place in a JSON body.
    pub fn at(pointer: impl Into<String>, text: impl Into<String>) -> Complaint {
        Complaint { pointer: Some(pointer.into()), ..Complaint::new(text) }
    }
}

/// A loaded package set that validates.
pub trait Engine: Send + Sync {
    /// Validates one JSON instance, with memory that other validations may have used.
    ///
    /// # Errors
    /// [`AppError::Profile`] where a profile asked for is not known.
    fn validate(&self, text: &[u8], request: &Request, memory: &mut Memory) -> Result<Report, AppError>;

    /// What walks instances along the plans of the set.
    fn evaluator(&self) -> Evaluator<'_>;

    /// The definitions of the set, read when they are first asked for; `None` where a package does not read.
    fn graph(&self) -> Option<&PackageGraph>;

    /// The set itself, for questions about its profiles.
    fn loaded(&self) -> &App;

    /// The packages of the set, for all FHIR versions.
    fn packages(&self) -> &Resolution;

    /// The set itself for instances of a FHIR version; `None` where its core package is not here.
    fn of_version(&self, version: FhirVersion) -> Option<&App> {
        Some(self.loaded()).filter(|app| app.set().fhir_version() == version)
    }

    /// What is wrong with the definitions of a package of the set, the first `limit` faults.
    fn faults_of(&self, package: &Located, limit: usize) -> PackageFaults {
        let app = package.manifest.fhir_version.and_then(|version| self.of_version(version));
        app.unwrap_or(self.loaded()).faults_of(&package.name(), limit)
    }

    /// The set narrowed to these of its packages (`ID#VERSION` or `ID`) and what they depend on.
    ///
    /// # Errors
    /// [`AppError::Package`] where one of them is not in the set; the text says what to load.
    fn narrowed(&self, _: Option<FhirVersion>, packages: &[String]) -> Result<Arc<App>, AppError> {
        Err(AppError::Package(format!("`{}` cannot be told apart here", packages.join("`, `"))))
    }

    /// The set for the FHIR version that all these profiles are for; `None` where no version has them all.
    fn knowing(&self, profiles: &[String]) -> Option<&App> {
        Some(self.loaded()).filter(|app| app.profiles(profiles).is_ok())
    }
}

/// What can be asked of scopes by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeVerb {
    /// What each token means, and what is wrong with it.
    Explain,
    /// The normal form, and the fewest tokens that grant the same.
    Normalise,
    /// Whether granted scopes cover requested ones.
    Covers,
    /// The least that a client's statement needs.
    Minimum,
}

/// Negotiates under a package set, and reads scopes. Bodies have passed their JSON Schema.
pub trait Negotiator: Send + Sync {
    /// The negotiated set; its `id` is the hash of the inputs.
    /// `interrupt` breaks the negotiation off.
    ///
    /// # Errors
    /// Why no result could be computed, with the place in the body where one is to blame.
    fn negotiate(&self, body: Value, interrupt: &Interrupt) -> Result<Value, Complaint>;

    /// Every client with every server of a body; `interrupt` breaks it off.
    ///
    /// # Errors
    /// As [`Negotiator::negotiate`], and where the body asks for more than a bound.
    fn matrix(&self, body: Value, interrupt: &Interrupt) -> Result<Value, Complaint>;

    /// The answer to one question about scopes.
    ///
    /// # Errors
    /// A sentence that says why no result could be computed.
    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String>;

    /// Calls `work` once with the definitions that a negotiation sees. Without `relations` profiles are not compared,
    /// which is what takes the time. `interrupt` breaks the
    /// comparisons off.
    ///
    /// # Errors
    /// A sentence that says why the definitions cannot be had; `work` is not called then.
    fn with_definitions(
        &self,
        relations: bool,
        interrupt: &Interrupt,
        work: &mut dyn FnMut(&dyn Definitions),
    ) -> Result<(), String>;
}

/// All that works with one package set.
#[derive(Clone)]
pub struct Parts {
    /// What validates.
    pub engine: Arc<dyn Engine>,
    /// What negotiates.
    pub negotiator: Arc<dyn Negotiator>,
}

/// Loads the package set that the service was started with, and with it the uploaded archives.
pub trait Loader: Send + Sync {
    /// Fresh parts.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package cannot be read.
    fn load(&self, uploads: &[PathBuf]) -> Result<Parts, AppError>;
}
