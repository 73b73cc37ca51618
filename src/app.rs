//! Wires packages, images and caches to the core; no rules.

use std::fmt;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Evaluator, Memory, Policies};
use fhir_accord_profiles::instance::{Limits, parse};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::{Handle, ImageSet, Plans};
use fhir_accord_profiles::explain;
use fhir_accord_profiles::registry::Links;

use crate::images;
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
    plans: Plans,
}

impl App {
    /// Loads the package set.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package is not found.
    pub fn open(settings: &Settings) -> Result<App, AppError> {
        let error = |e: &dyn fmt::Display| AppError::Package(e.to_string());
        let mut layers = Vec::new();
        let mut links = Links::default();
        for e in embedded::list().iter().filter(|e| e.manifest.fhir_version == Some(FhirVersion::R4)) {
            if e.is_guide() && !settings.packages.is_empty() && !settings.packages.contains(&e.manifest.name()) {
                continue;
            }
            let Some(image) = images::embedded::find(&e.manifest.id, &e.manifest.version) else { continue };
            layers.push(Arc::new(image.map_err(|e| error(&e))?));
            links.packages.push((e.manifest.id.clone(), e.manifest.version.clone(), Vec::new()));
        }
        let foundations: Vec<usize> = (0..layers.len()).filter(|i| embedded::is_foundation(&links.packages[*i].0)).collect();
        for (i, p) in links.packages.iter_mut().enumerate() {
            p.2 = foundations.iter().copied().filter(|f| *f != i).collect();
        }
        let core = links.packages.iter().position(|p| p.0 == "hl7.fhir.r4.core").ok_or_else(|| error(&"the core package is not embedded"))?;
        let set = ImageSet::new(layers, &links, core);
        Ok(App { plans: Plans::new(Arc::new(set)) })
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
        Ok(self.check(&self.evaluator(), text, &asked, &request.policies, &mut Memory::default()))
    }

    /// What walks instances along the loaded plans; make one and keep it.
    pub fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(&self.plans)
    }

    /// Validates one JSON instance under the root elements of profiles.
    pub fn check(&self, evaluator: &Evaluator<'_>, text: &[u8], asked: &[Handle], policies: &Policies, memory: &mut Memory) -> Report {
        let set = self.set();
        let tape = parse(text, set.model().names(), &Limits::default());
        let findings = if tape.is_fatal() { Vec::new() } else { evaluator.evaluate(&tape, asked, policies, memory) };
        explain::report(&tape, set, &findings, policies.issues)
    }
}
