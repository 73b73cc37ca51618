//! The engine, opened when it is first needed, by the thread that needs it.

use std::sync::OnceLock;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::issue::{Report, Severity};
use fhir_accord_profiles::plan::Handle;

use super::args::Args;
use crate::app::{App, Settings};
use crate::cli::imported_folder;
use crate::cli::validate::ByPath;
use crate::elements::{Cache, Definitions};
use crate::fhirpath::now;
use crate::lsp::Known;
use crate::project::{Filter, Project, Wanted};
use crate::scripts;

/// The engine of a server.
pub(super) struct Engine {
    args: Args,
    version: Option<FhirVersion>,
    loaded: OnceLock<Result<Loaded, String>>,
}

/// An engine that was opened.
pub(super) struct Loaded {
    app: App,
    asked: Vec<Handle>,
    profiles: Vec<String>,
    by_path: Option<ByPath>,
    policies: Policies,
    filter: Option<Filter>,
    cache: Cache,
    max_issues: usize,
}

impl Engine {
    pub fn new(args: &Args, version: Option<FhirVersion>) -> Engine {
        Engine { args: args.clone(), version, loaded: OnceLock::new() }
    }

    /// The engine, opened.
    ///
    /// # Errors
    /// Why it could not be; the same each time.
    pub fn loaded(&self) -> Result<&Loaded, String> {
        self.loaded.get_or_init(|| self.open()).as_ref().map_err(Clone::clone)
    }

    fn open(&self) -> Result<Loaded, String> {
        let args = &self.args;
        let project = args.project.load().map_err(|e| e.to_string())?;
        let of_project = project.as_ref();
        let or = |own: &[String], theirs: fn(&Project) -> Option<Vec<String>>| match own {
            [] => of_project.and_then(theirs).unwrap_or_default(),
            _ => own.to_vec(),
        };
        let rules = match args.rules.as_slice() {
            [] => of_project.and_then(Project::rules).unwrap_or_default(),
            own => own.to_vec(),
        };
        let rules = scripts::load(&rules).map_err(|e| e.to_string())?;
        let version = || of_project.and_then(Project::fhir_version).and_then(FhirVersion::parse);
        let is_site = |id: &str| rules.as_deref().is_some_and(|l| l.rules().any(|r| r.id.as_str() == id));
        let filter = Project::filter(of_project, None, &is_site).map_err(|e| e.to_string())?;
        let app = App::open(&Settings {
            fhir_version: self.version.or_else(version),
            one_version: true,
            packages: or(&args.packages, Project::packages),
            terminology: args.terminology.clone().or_else(imported_folder),
            rules,
            ..Settings::default()
        })
        .map_err(|e| e.to_string())?;
        let by_path = ByPath::of(of_project, &app).map_err(|e| e.to_string())?;
        let policies = of_project.map_or_else(Policies::default, |p| p.policies(Policies::default()));
        let asked = app.profiles(&args.profiles).map_err(|e| e.to_string())?;
        let (profiles, max_issues) = (args.profiles.clone(), args.max_issues);
        Ok(Loaded { app, asked, profiles, by_path, policies, filter, cache: Cache::default(), max_issues })
    }
}

impl Loaded {
    /// Validates a text, which is that of a file; `level` is the lowest severity that is listed. What a project sets is
    /// in force.
    pub fn report(
        &self,
        (text, file): (&[u8], &str),
        level: Severity,
        interrupt: &Interrupt,
        memory: &mut Memory,
    ) -> Report {
        let wanted = Wanted { level, issues: self.max_issues };
        let mut policies = Policies { level, issues: self.max_issues, ..self.policies.clone() };
        policies.work.interrupt = interrupt.clone();
        if let Some(filter) = &self.filter {
            policies = filter.collecting(policies);
        }
        let of_path = self.by_path.as_ref().map(|b| b.profiles(file)).unwrap_or_default();
        let asked: Vec<Handle> = self.asked.iter().copied().chain(of_path).collect();
        let app = &self.app;
        let report = app.check(&app.evaluator(), text, &asked, &policies, now(), memory);
        match &self.filter {
            Some(filter) => filter.apply(report, (file, None), wanted).report,
            None => report,
        }
    }

    /// What completion and hover know of a file.
    ///
    /// # Errors
    /// Where a package does not read.
    pub fn known(&self, file: &str) -> Result<Known<'_>, String> {
        let of_path = self.by_path.as_ref().map(|b| b.names(file)).unwrap_or_default();
        let graph = self.app.graph().map_err(|e| e.to_string())?;
        Ok(Known {
            definitions: Definitions::new(graph, &self.cache),
            asked: [&*self.profiles, &of_path].concat(),
            resource_types: self.app.set().model().resource_types(),
        })
    }
}
