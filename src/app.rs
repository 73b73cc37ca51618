//! Wires packages, images and caches to the core; no rules.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Policies, evaluate};
use fhir_accord_profiles::instance::{Limits, parse};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::{Handle, Image, ImageSet, Plans};
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::{compile, explain};

use crate::packages::embedded;

/// What to load, and whether the network may be asked.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `ID#VERSION`, `ID`, or a path; empty: all embedded guides.
    pub packages: Vec<String>,
    /// Allows reaching package registries.
    pub fetch: bool,
}

/// Why the work could not be done at all; findings about an instance are never errors.
#[derive(Debug)]
pub enum AppError {
    /// A package that was asked for is not to be had; names the way out.
    Package(String),
    /// A profile that was asked for is not known.
    Profile(String),
    /// A file could not be read or written.
    File(String),
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppError::Package(s) | AppError::Profile(s) | AppError::File(s) => f.write_str(s),
        }
    }
}

impl std::error::Error for AppError {}

/// One validation: the profiles asked for (beside those that the instance claims), and the policies.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Canonicals, `url` or `url|version`.
    pub profiles: Vec<String>,
    pub policies: Policies,
}

/// The engine with a package set loaded; shared by threads.
pub struct App {
    graph: PackageGraph,
    plans: Plans,
}

impl App {
    /// Loads the package set.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package is not found.
    pub fn open(settings: &Settings) -> Result<App, AppError> {
        let error = |e: &dyn fmt::Display| AppError::Package(e.to_string());
        let mut packages = Vec::new();
        for e in embedded::list().iter().filter(|e| e.manifest.fhir_version == Some(FhirVersion::R4)) {
            if e.is_guide() && !settings.packages.is_empty() && !settings.packages.contains(&e.manifest.name()) {
                continue;
            }
            packages.push(e.load().map_err(|e| error(&e))?);
        }
        let find = |id: &str| packages.iter().position(|p| p.id == id);
        let foundations: Vec<usize> = ["hl7.fhir.r4.core", "hl7.terminology.r4", "hl7.fhir.uv.extensions.r4"].iter().filter_map(|i| find(i)).collect();
        let dependencies = packages.iter().enumerate().map(|(i, _)| foundations.iter().copied().filter(|f| *f != i).collect()).collect();
        let absent = vec![Vec::new(); packages.len()];
        let core = find("hl7.fhir.r4.core").ok_or_else(|| error(&"the core package is not embedded"))?;
        let graph = PackageGraph::new(packages, dependencies, absent);
        let model = compile::model(&graph, core);
        let mut layers = Vec::new();
        for i in 0..graph.packages().len() {
            let words = compile::package(&graph, i, &model, i == core);
            layers.push(Arc::new(Image::new(Cow::Owned(words), false).map_err(|e| error(&e))?));
        }
        let set = ImageSet::new(layers, graph.links(), core);
        Ok(App { graph, plans: Plans::new(Arc::new(set)) })
    }

    /// The definitions of the loaded packages.
    pub fn graph(&self) -> &PackageGraph {
        &self.graph
    }

    /// The compiled packages.
    pub fn set(&self) -> &ImageSet {
        self.plans.set()
    }

    /// The root elements of the profiles asked for.
    ///
    /// # Errors
    /// [`AppError::Profile`] where one is not known.
    pub fn profiles(&self, canonicals: &[String]) -> Result<Vec<Handle>, AppError> {
        let set = self.set();
        let find = |c: &String| set.find_structure(c, None).and_then(|s| set.root(s));
        canonicals.iter().map(|c| find(c).ok_or_else(|| AppError::Profile(format!("the profile `{c}` is not known: load its package with --package")))).collect()
    }

    /// Validates one JSON instance.
    ///
    /// # Errors
    /// [`AppError::Profile`] where a profile asked for is not known.
    pub fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        let asked = self.profiles(&request.profiles)?;
        Ok(self.check(text, &asked, &request.policies))
    }

    /// Validates one JSON instance under the root elements of profiles.
    pub fn check(&self, text: &[u8], asked: &[Handle], policies: &Policies) -> Report {
        let set = self.set();
        let tape = parse(text, set.model().names(), &Limits::default());
        let findings = if tape.is_fatal() { Vec::new() } else { evaluate(&tape, &self.plans, asked, policies) };
        explain::report(&tape, set, &findings, policies.issues)
    }
}
