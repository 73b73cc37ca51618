//! Loads the package sets that the service works with.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Evaluator;
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::registry::PackageGraph;

use super::negotiation::ServiceNegotiator;
use super::{App, AppError, Engine, Loader, Parts, Request, Settings};
use crate::packages::{Resolution, embedded};
use crate::scripts::PolicyScripts;

impl Engine for App {
    fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        App::validate(self, text, request)
    }

    fn evaluator(&self) -> Evaluator<'_> {
        App::evaluator(self)
    }

    fn graph(&self) -> Option<&PackageGraph> {
        App::graph(self).ok()
    }

    fn loaded(&self) -> &App {
        self
    }

    fn packages(&self) -> &Resolution {
        self.resolution()
    }
}

/// Loads packages by the ways of [`App::open`].
pub struct AppLoader {
    settings: Settings,
    policies: Arc<PolicyScripts>,
}

impl AppLoader {
    /// A loader of the packages that `settings` names, with the policies that negotiations may name.
    pub fn new(settings: Settings, policies: PolicyScripts) -> AppLoader {
        AppLoader { settings, policies: Arc::new(policies) }
    }
}

impl Loader for AppLoader {
    fn load(&self, uploads: &[PathBuf]) -> Result<Parts, AppError> {
        let mut settings = self.settings.clone();
        if !uploads.is_empty() {
            if settings.packages.is_empty() {
                let guides = embedded::list()
                    .iter()
                    .filter(|e| e.is_guide() && e.manifest.fhir_version == Some(FhirVersion::R4));
                settings.packages.extend(guides.map(|e| e.manifest.name()));
            }
            settings.packages.extend(uploads.iter().map(|u| u.to_string_lossy().into_owned()));
        }
        let app = Arc::new(App::open(&settings)?);
        let negotiator = ServiceNegotiator::under(&app, &self.policies);
        Ok(Parts { engine: app, negotiator: Arc::new(negotiator) })
    }
}
