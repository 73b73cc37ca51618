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
use crate::elements::{Cache, Definitions};
use crate::fhirpath::now;
use crate::lsp::Known;
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
        let app = App::open(&Settings {
            fhir_version: self.version,
            one_version: true,
            packages: args.packages.clone(),
            terminology: args.terminology.clone().or_else(imported_folder),
            rules: scripts::load(&args.rules).map_err(|e| e.to_string())?,
            ..Settings::default()
        })
        .map_err(|e| e.to_string())?;
        let asked = app.profiles(&args.profiles).map_err(|e| e.to_string())?;
        let (profiles, max_issues) = (args.profiles.clone(), args.max_issues);
        Ok(Loaded { app, asked, profiles, cache: Cache::default(), max_issues })
    }
}

impl Loaded {
    /// Validates a text; `level` is the lowest severity that is listed.
    pub fn report(&self, text: &[u8], level: Severity, interrupt: &Interrupt, memory: &mut Memory) -> Report {
        let mut policies = Policies { level, issues: self.max_issues, ..Policies::default() };
        policies.work.interrupt = interrupt.clone();
        let app = &self.app;
        app.check(&app.evaluator(), text, &self.asked, &policies, now(), memory)
    }

    /// What completion and hover know.
    ///
    /// # Errors
    /// Where a package does not read.
    pub fn known(&self) -> Result<Known<'_>, String> {
        let graph = self.app.graph().map_err(|e| e.to_string())?;
        Ok(Known {
            definitions: Definitions::new(graph, &self.cache),
            asked: &self.profiles,
            resource_types: self.app.set().model().resource_types(),
        })
    }
}
