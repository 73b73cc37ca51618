//! Loads the package sets that the service works with.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;

use super::negotiation::ServiceNegotiator;
use super::settings::PLAN_BYTES;
use super::{AppError, Loader, Parts, Settings, Versions};
use crate::packages::embedded;
use crate::scripts::PolicyScripts;

/// Loads packages by the ways of [`Versions::open`].
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
        let mut settings = Settings { plan_bytes: Some(PLAN_BYTES), ..self.settings.clone() };
        if !uploads.is_empty() {
            if settings.packages.is_empty() {
                let guides = embedded::list()
                    .iter()
                    .filter(|e| e.is_guide() && e.manifest.fhir_version == Some(FhirVersion::R4));
                settings.packages.extend(guides.map(|e| e.manifest.name()));
            }
            settings.packages.extend(uploads.iter().map(|u| u.to_string_lossy().into_owned()));
        }
        let versions = Versions::open(settings)?;
        let negotiator = ServiceNegotiator::under(versions.first(), versions.resolution(), &self.policies);
        Ok(Parts { engine: Arc::new(versions), negotiator: Arc::new(negotiator) })
    }
}
