//! The settings of a project, as options name them.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Policies;

use crate::config::{Config, ConfigError};
use crate::project::{Project, ProjectError};
use crate::scripts;

/// Which settings of a project apply.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Project settings")]
pub struct ProjectArgs {
    /// The file with the settings of the project [default: accord.toml in the working directory, or the nearest folder
    /// above it].
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Leave the settings of the project out.
    #[arg(long)]
    pub(in crate::cli) no_config: bool,
}

impl ProjectArgs {
    /// The settings; `None` where there are none, or they are to be left out.
    ///
    /// # Errors
    /// [`ProjectError`] where they cannot be used.
    pub fn load(&self) -> Result<Option<Project>, ProjectError> {
        if self.no_config {
            return Ok(None);
        }
        // Without a working directory nothing is above it, and what is named has to be named in full.
        let from = std::env::current_dir().unwrap_or_default();
        match &self.config {
            Some(file) => Project::read(file, &from).map(Some),
            None => Project::find(&from),
        }
    }
}

/// Lays the settings of a project under those of a service, where these name some. Gives the FHIR version that they
/// name.
///
/// # Errors
/// [`ConfigError`] where they cannot be used.
pub(super) fn lay_under(config: &mut Config) -> Result<Option<FhirVersion>, ConfigError> {
    let refused = |e: ProjectError| ConfigError(e.to_string());
    let Some(path) = &config.project else { return Ok(None) };
    let project = Project::read(path, &std::env::current_dir().unwrap_or_default()).map_err(refused)?;
    if config.packages.is_empty() {
        config.packages = project.packages().unwrap_or_default();
    }
    if config.rules.is_empty() {
        config.rules = project.rules().unwrap_or_default();
    }
    let base = Policies { work: config.limits.work(), ..project.policies(Policies::default()) };
    config.validation = config.policy_settings.apply(base);
    let library = scripts::load(&config.rules).map_err(|e| ConfigError(e.to_string()))?;
    let site = |id: &str| library.iter().any(|l| l.rules().any(|r| r.id.as_str() == id));
    let filter = Project::filter(Some(&project), None, &site).map_err(refused)?;
    config.filter = filter.map(|f| Arc::new(f.for_requests()));
    let of_files = project.profiles().len() + project.suppressions().iter().filter(|s| s.path.is_some()).count();
    if of_files > 0 || project.baseline().is_some() {
        let file = project.file().display();
        tracing::warn!(%file, of_files, "what the settings of the project say of files applies to no request");
    }
    Ok(project.fhir_version().and_then(FhirVersion::parse))
}
