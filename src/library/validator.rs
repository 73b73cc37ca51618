//! A package set, opened once, and what instances are held against.

use std::sync::Arc;

use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::Handle;

use super::batch;
use super::{Crew, Options};
use crate::app::{App, AppError, Holder, Settings};
use crate::fhirpath::now;
use crate::remote::terminology::{self, TerminologyServer, TerminologyUrl};
use crate::resources::FileResources;
use crate::scripts;
use crate::settle::Answerer;
use crate::terminology::terminology_folder;

/// The engine over a package set, with what it was opened with; shared by threads.
pub struct Validator {
    app: App,
    asked: Vec<Handle>,
    policies: Policies,
    now: Option<Temporal>,
}

/// The resources of these files and folders; `None` where none is named.
fn holder(options: &Options) -> Result<Option<Arc<dyn Holder>>, AppError> {
    if options.resources.is_empty() {
        return Ok(None);
    }
    let found = FileResources::read(&options.resources).map_err(|e| AppError::File(format!("resources: {e}")))?;
    Ok(Some(Arc::new(found)))
}

/// The terminology server of the URL.
fn answerer(options: &Options) -> Result<Option<Arc<dyn Answerer>>, AppError> {
    let Some(url) = &options.tx else { return Ok(None) };
    let server =
        TerminologyUrl::parse(url).and_then(|url| TerminologyServer::new(url, terminology::Settings::default()));
    Ok(Some(Arc::new(server.map_err(|e| AppError::Server(format!("tx: {e}")))?)))
}

impl Validator {
    /// Loads the package set.
    ///
    /// ```
    /// use fhir_accord::library::{Options, Validator};
    /// use fhir_accord::profiles::issue::Verdict;
    ///
    /// let options = Options { packages: vec!["hl7.fhir.us.core#6.1.0".to_owned()], ..Options::default() };
    /// let validator = Validator::open(&options)?;
    /// let report = validator.validate(br#"{"resourceType": "Patient", "gender": "unknown"}"#, &[])?;
    /// assert_eq!(report.verdict, Verdict::Valid);
    /// let us_core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient".to_owned();
    /// let report = validator.validate(br#"{"resourceType": "Patient", "gender": "unknown"}"#, &[us_core])?;
    /// assert_eq!(report.verdict, Verdict::Invalid);
    /// # Ok::<(), fhir_accord::app::AppError>(())
    /// ```
    ///
    /// # Errors
    /// [`AppError`] where a package, a profile, a script or a folder that is named cannot be had, or a setting is not
    /// understood.
    pub fn open(options: &Options) -> Result<Validator, AppError> {
        let imported = || terminology_folder().filter(|folder| folder.is_dir());
        let now = options.moment()?;
        let app = App::open(&Settings {
            fhir_version: options.version()?,
            one_version: true,
            packages: options.packages.clone(),
            fetch: options.fetch,
            terminology: options.terminology.clone().or_else(imported),
            rules: scripts::load(&options.rules)?,
            holder: holder(options)?,
            answerer: answerer(options)?,
            ..Settings::default()
        })?;
        Ok(Validator { asked: app.profiles(&options.profiles)?, app, policies: options.policies(), now })
    }

    /// The engine.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The names of the loaded packages, as `id#version`.
    pub fn packages(&self) -> Vec<String> {
        self.app.resolution().packages.iter().map(|p| p.manifest.name()).collect()
    }

    /// Those that every instance is held against, and these.
    fn asked(&self, profiles: &[String]) -> Result<Vec<Handle>, AppError> {
        let more = self.app.profiles(profiles)?;
        Ok(self.asked.iter().copied().chain(more).collect())
    }

    /// Validates one instance, JSON or XML, on this thread.
    ///
    /// # Errors
    /// [`AppError::Profile`] where one of `profiles` is not known, [`AppError::File`] where imported terminology was
    /// refused.
    pub fn validate(&self, text: &[u8], profiles: &[String]) -> Result<Report, AppError> {
        let asked = self.asked(profiles)?;
        let (evaluator, memory) = (self.app.evaluator(), &mut Memory::default());
        let report = self.app.check(&evaluator, text, &asked, &self.policies, self.now.or_else(now), memory);
        self.trusted(report)
    }

    /// Validates instances on several threads, in their order; `None` for one at which the engine broke down, which is
    /// an error of this program.
    ///
    /// # Errors
    /// As [`Validator::validate`].
    pub fn validate_all<T: AsRef<[u8]> + Sync>(
        &self,
        texts: &[T],
        profiles: &[String],
        crew: Crew<'_>,
    ) -> Result<Vec<Option<Report>>, AppError> {
        let (asked, now) = (self.asked(profiles)?, self.now.or_else(now));
        let mut policies = self.policies.clone();
        policies.work.interrupt = crew.stop.interrupt();
        let (policies, asked) = (&policies, &asked);
        let worker = || {
            let (evaluator, mut memory) = (self.app.evaluator(), Memory::default());
            move |text: &T| self.app.check(&evaluator, text.as_ref(), asked, policies, now, &mut memory)
        };
        self.trusted(batch::work(texts, worker, crew))
    }

    /// What was found, where all that was asked could answer.
    fn trusted<R>(&self, found: R) -> Result<R, AppError> {
        match self.app.refused_terminology().into_iter().next() {
            Some(why) => Err(AppError::File(why)),
            None => Ok(found),
        }
    }
}

#[cfg(test)]
#[path = "validator_tests.rs"]
mod tests;
