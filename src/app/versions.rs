//! Several FHIR versions side by side: one engine a version, each over the packages that are for it, opened when it is
//! first asked for.

use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Evaluator, Memory};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::registry::PackageGraph;

use super::narrowed::Narrowed;
use super::{App, AppError, Engine, Request, Settings};
use crate::packages::Resolution;

/// The engines of a package set.
pub struct Versions {
    /// The engine of the version that is meant where nothing says one.
    first: Arc<App>,
    settings: Settings,
    /// All packages, where not all are for that version.
    all: Option<(Resolution, OnceLock<PackageGraph>)>,
    /// The engines of the other versions, in the order of [`FhirVersion::ALL`]; `None` within: not here.
    others: [OnceLock<Option<Arc<App>>>; FhirVersion::ALL.len()],
    narrowed: Narrowed,
}

impl Versions {
    /// Opens the engine of the version that `settings` names, or else that of the first package that says one; the
    /// others can be asked for.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open(settings: Settings) -> Result<Versions, AppError> {
        let settings = Settings { one_version: true, ..settings };
        let first = Arc::new(App::open(&settings)?);
        let all = match &*first.resolution().left_out {
            [] => None,
            _ => Some((super::resolution(&Settings { one_version: false, ..settings.clone() })?, OnceLock::new())),
        };
        Ok(Versions { first, settings, all, others: Default::default(), narrowed: Narrowed::default() })
    }

    /// The packages for all versions.
    pub fn resolution(&self) -> &Resolution {
        self.all.as_ref().map_or(self.first.resolution(), |(all, _)| all)
    }

    /// The engine of the version that is meant where nothing says one.
    pub fn first(&self) -> &Arc<App> {
        &self.first
    }

    /// The engine of a version; `None` where its core package is not here.
    pub fn app(&self, version: FhirVersion) -> Option<&App> {
        if self.first.set().fhir_version() == version {
            return Some(&self.first);
        }
        let slot = FhirVersion::ALL.iter().position(|v| *v == version).and_then(|i| self.others.get(i))?;
        let open = || {
            let settings = Settings { fhir_version: Some(version), ..self.settings.clone() };
            App::open(&settings).map(Arc::new).inspect_err(|error| tracing::debug!(%error, "no engine")).ok()
        };
        slot.get_or_init(open).as_deref()
    }

    /// The engine that knows all these profiles: the first one, or that of another version.
    pub fn knowing(&self, profiles: &[String]) -> Option<&App> {
        let knows = |app: &&App| app.profiles(profiles).is_ok();
        let first = &*self.first;
        Some(first).filter(knows).or_else(|| FhirVersion::ALL.iter().filter_map(|v| self.app(*v)).find(knows))
    }
}

impl Engine for Versions {
    fn validate(&self, text: &[u8], request: &Request, memory: &mut Memory) -> Result<Report, AppError> {
        self.first.validate_with(text, request, memory)
    }

    fn evaluator(&self) -> Evaluator<'_> {
        self.first.evaluator()
    }

    fn graph(&self) -> Option<&PackageGraph> {
        let Some((all, graph)) = &self.all else { return self.first.graph().ok() };
        if let Some(graph) = graph.get() {
            return Some(graph);
        }
        let loaded = all.load().ok()?;
        Some(graph.get_or_init(|| loaded))
    }

    fn loaded(&self) -> &App {
        &self.first
    }

    fn packages(&self) -> &Resolution {
        self.resolution()
    }

    fn of_version(&self, version: FhirVersion) -> Option<&App> {
        self.app(version)
    }

    fn narrowed(&self, version: Option<FhirVersion>, packages: &[String]) -> Result<Arc<App>, AppError> {
        self.narrowed.open(self.resolution(), &self.settings, version, packages)
    }

    fn knowing(&self, profiles: &[String]) -> Option<&App> {
        Versions::knowing(self, profiles)
    }
}
