//! What the service asks of the rest of the house.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::evaluate::Evaluator;
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::registry::{Links, PackageGraph};
use serde_json::Value;

use super::Complaint;
use crate::app::{AppError, Request};
use crate::packages::reading::Limits;
use crate::packages::{Located, PackageError, Resolution};

/// The packages that serve, found and hashed; their definitions are read when they are asked for.
#[derive(Debug, Default)]
pub struct PackageSet {
    pub packages: Vec<Located>,
    /// By package: the indices of its direct dependencies.
    pub dependencies: Vec<Vec<usize>>,
    /// By package: the dependencies that are not here, as `id#range`.
    pub absent: Vec<Vec<String>>,
}

impl PackageSet {
    /// Which packages see which.
    pub fn links(&self) -> Links {
        let link = |(p, d): (&Located, &Vec<usize>)| (p.manifest.id.clone(), p.manifest.version.clone(), d.clone());
        Links { packages: self.packages.iter().zip(&self.dependencies).map(link).collect() }
    }

    /// All of it, read.
    ///
    /// # Errors
    /// A package that does not read.
    pub fn load(&self) -> Result<PackageGraph, PackageError> {
        let packages = self.packages.iter().map(|p| p.load(&Limits::default())).collect::<Result<Vec<_>, _>>()?;
        Ok(PackageGraph::new(packages, self.dependencies.clone(), self.absent.clone()))
    }
}

impl From<Resolution> for PackageSet {
    fn from(r: Resolution) -> PackageSet {
        PackageSet { packages: r.packages, dependencies: r.dependencies, absent: r.absent }
    }
}

/// A loaded package set that validates.
pub trait Engine: Send + Sync {
    /// Validates one JSON instance.
    ///
    /// # Errors
    /// [`AppError::Profile`] where a profile asked for is not known.
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError>;

    /// What walks instances along the plans of the set.
    fn evaluator(&self) -> Evaluator<'_>;

    /// The definitions of the set, read when they are first asked for; `None` where a package does not read.
    fn graph(&self) -> Option<&PackageGraph>;

    /// The packages of the set.
    fn packages(&self) -> &PackageSet;
}

/// What can be asked of scopes by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeVerb {
    Explain,
    Normalise,
    Covers,
}

/// Negotiates under a package set, and reads scopes. Bodies have passed their JSON Schema.
pub trait Negotiator: Send + Sync {
    /// The negotiated set; its `id` is the hash of the inputs.
    ///
    /// # Errors
    /// Why no result could be computed, with the place in the body where one is to blame.
    fn negotiate(&self, body: Value) -> Result<Value, Complaint>;

    /// The answer to one question about scopes.
    ///
    /// # Errors
    /// A sentence that says why no result could be computed.
    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String>;
}

/// All that works with one package set.
#[derive(Clone)]
pub struct Parts {
    pub engine: Arc<dyn Engine>,
    pub negotiator: Arc<dyn Negotiator>,
}

/// Loads the package set that the service was started with, and the uploaded archives beside it.
pub trait Loader: Send + Sync {
    /// Fresh parts.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package cannot be read.
    fn load(&self, uploads: &[PathBuf]) -> Result<Parts, AppError>;
}
