//! What a validator is opened with.

use std::path::PathBuf;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::Severity;
use serde::Deserialize;

use crate::app::{AppError, version_of};
use crate::config::PolicySettings;

/// What a validator is opened with: what `accord validate` takes as options, with the same defaults. As JSON, members
/// are in camel case, and one that is not known is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Options {
    /// `ID#VERSION`, `ID`, or a path; empty: all embedded guides.
    pub packages: Vec<String>,
    /// `R4`, `4.0.1` and the like; `None`: that of the packages, else that of the profiles, else R4.
    pub fhir_version: Option<String>,
    /// Canonicals of the profiles that every instance is held against.
    pub profiles: Vec<String>,
    /// How severe findings are that the specification leaves to policy.
    pub policies: PolicySettings,
    /// Whether JSON may hold comments.
    pub json_comments: bool,
    /// Bounds on the work for one instance.
    pub limits: Bounds,
    /// The lowest severity that is listed: `information`, `warning` or `error`.
    pub level: Option<Least>,
    /// The most issues that are listed of an instance.
    pub max_issues: Option<usize>,
    /// Scripts of a site's own rules, and folders of them.
    pub rules: Vec<PathBuf>,
    /// Files and folders with the resources that references lead to.
    pub resources: Vec<PathBuf>,
    /// Where imported terminology is; `None`: the user's folder, where there is one.
    pub terminology: Option<PathBuf>,
    /// The base URL of a terminology server.
    pub tx: Option<String>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// What `now()` and `today()` tell, as a FHIR dateTime with a time zone; `None`: the clock.
    pub now: Option<String>,
}

/// Bounds on the work for one instance; `None`: the engine's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Bounds {
    /// Visits of elements.
    pub visits: Option<u64>,
    /// Steps of one expression.
    pub expression: Option<u64>,
    /// Steps of all expressions.
    pub expressions: Option<u64>,
    /// Elements that it may have.
    pub elements: Option<usize>,
}

/// The lowest severity that is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Least {
    /// All that is said.
    Information,
    /// Warnings and errors.
    Warning,
    /// Errors alone.
    Error,
}

impl Options {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// A sentence that names what is not known, or has the wrong form.
    pub fn from_json(text: &str) -> Result<Options, String> {
        serde_json::from_str(text).map_err(|e| format!("the settings cannot be used: {e}"))
    }

    /// The policies.
    pub fn policies(&self) -> Policies {
        let mut policies = self.policies.apply(Policies::default());
        let work = &mut policies.work;
        work.nodes = self.limits.visits.unwrap_or(work.nodes);
        work.expression = self.limits.expression.unwrap_or(work.expression);
        work.expressions = self.limits.expressions.unwrap_or(work.expressions);
        work.intake = self.limits.elements.unwrap_or(work.intake);
        policies.json_comments = self.json_comments;
        policies.issues = self.max_issues.unwrap_or(policies.issues);
        policies.level = match self.level {
            Some(Least::Information) => Severity::Information,
            Some(Least::Error) => Severity::Error,
            Some(Least::Warning) | None => Severity::Warning,
        };
        policies
    }

    /// The FHIR version of the instances; `None`: that of the packages.
    ///
    /// # Errors
    /// [`AppError::Package`] where what was given is none.
    pub fn version(&self) -> Result<Option<FhirVersion>, AppError> {
        let Some(text) = &self.fhir_version else {
            let of_profiles = || self.profiles.iter().find_map(|p| version_of(p));
            return Ok(if self.packages.is_empty() { of_profiles() } else { None });
        };
        let unknown = || AppError::Package(format!("`{text}` is not a FHIR version: give one as R4 or 4.0.1"));
        FhirVersion::parse(text).map(Some).ok_or_else(unknown)
    }

    /// The moment that constraints see; `None`: the clock's.
    ///
    /// # Errors
    /// [`AppError::File`] where what was given is no moment.
    pub fn moment(&self) -> Result<Option<Temporal>, AppError> {
        let Some(text) = &self.now else { return Ok(None) };
        let found = Temporal::date_time(text).filter(|t| t.to_time().is_some());
        let unknown = || {
            AppError::File(format!("`{text}` is not a date with a time and a time zone, such as 2026-11-28T12:00:00Z"))
        };
        found.map(Some).ok_or_else(unknown)
    }
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
