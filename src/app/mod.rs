//! Wires packages, images, engine and negotiation together, for command line and service; no rules.

mod answers;
mod compliance;
mod elsewhere;
mod error;
mod faults;
mod hooks;
mod known;
mod loader;
mod matrix;
mod matrix_request;
mod narrowed;
mod negotiation;
mod ports;
mod related;
mod searches;
mod searching;
mod settings;
mod told;
mod versions;

pub use elsewhere::{HeldAt, Holder, Holding};
pub use error::AppError;
pub use faults::{DefinitionFault, PackageFaults};
pub use hooks::hooks_in;
pub use known::{Known, Session};
pub use loader::AppLoader;
pub use matrix::{Effort, Entrant, NoMatrix, matrix};
pub use negotiation::definitions;
pub use ports::{Complaint, Engine, Loader, Negotiator, Parts, ScopeVerb};
pub use searching::Answer;
pub use settings::{Request, Settings};
pub use told::version_of;
pub use versions::Versions;

use std::cell::OnceCell;
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::evaluate::{Evaluator, Judgement, Memory, Policies, Question, Terms};
use fhir_accord_profiles::explain;
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::instance::{NameId, Tape, read_through};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::{Handle, Image, ImageSet, Plans};
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::script::{Library, Scripts};
use fhir_accord_profiles::terminology::HeldTerminology;

use elsewhere::{Lookup, Settled};
use searches::Searches;

use crate::fhirpath::now;
use crate::images::{self, Files};
use crate::packages::{PackageError, Resolution, Sources, Spec, installed_folder, resolve};
use crate::remote::fetch::resolve_fetching;
use crate::remote::registry::{self, Registry};
use crate::scripts;
use crate::settle::{Answerer, Asking, settle};
use crate::terminology::Held;

/// The engine with a package set loaded; shared by threads.
pub struct App {
    resolution: Resolution,
    graph: OnceLock<PackageGraph>,
    plans: Plans,
    scripts: Option<Scripts>,
    held: Option<Held>,
    answerer: Option<Arc<dyn Answerer>>,
    holder: Option<Arc<dyn Holder>>,
    /// What is certain of what they hold.
    settled: Settled,
    searches: Searches,
}

/// Resolves with what registries add to the installed packages.
fn fetching(specs: &[Spec], sources: &Sources, settings: &Settings) -> Result<Resolution, AppError> {
    let package = |e: PackageError| AppError::Package(e.to_string());
    let folder = settings.installed.clone().or_else(installed_folder);
    let folder =
        folder.ok_or_else(|| AppError::Package("no folder to install packages in; set ACCORD_PACKAGES".to_owned()))?;
    let registry = Registry::new(registry::Settings::default()).map_err(package)?;
    resolve_fetching(specs, sources, &registry, &folder).map_err(package)
}

/// The packages that settings ask for, resolved.
fn resolution(settings: &Settings) -> Result<Resolution, AppError> {
    let package = |e: PackageError| AppError::Package(e.to_string());
    let specs = settings.packages.iter().map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>().map_err(package)?;
    let sources = Sources {
        fhir_version: settings.fhir_version,
        one_version: settings.one_version,
        ..Sources::standard(settings.installed.as_deref())
    };
    if settings.fetch { fetching(&specs, &sources, settings) } else { resolve(&specs, &sources).map_err(package) }
}

/// The terminology that was imported.
fn held(settings: &Settings) -> Result<Option<Held>, AppError> {
    let refused = |e: &dyn std::fmt::Display| AppError::File(e.to_string());
    if let Some(folder) = settings.terminology.as_deref().filter(|f| !f.is_dir()) {
        return Err(refused(&format!("`{}`: not a folder of imported terminology", folder.display())));
    }
    settings.terminology.as_deref().map_or(Ok(None), Held::open).map_err(|e| refused(&e))
}

/// The image of a FHIR version's core package; `None` where it is neither embedded nor installed.
fn core(settings: &Settings, version: FhirVersion) -> Option<Arc<Image>> {
    let packages = vec![version.core_package().to_owned()];
    let own = Settings { fhir_version: Some(version), packages, fetch: false, ..settings.clone() };
    let resolution = resolution(&own).ok()?;
    let files = Files::new(settings.images.clone().or_else(images::cache_folder));
    let (layers, core) = images::load(&resolution, &files).ok()?;
    layers.into_iter().nth(core)
}

impl App {
    /// Loads the package set.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package is not found, [`AppError::File`] where a site's script looks at a resource
    /// type or an element that the FHIR version does not have, and where imported terminology is refused.
    pub fn open(settings: &Settings) -> Result<App, AppError> {
        let package = |e: PackageError| AppError::Package(e.to_string());
        let resolution = resolution(settings)?;
        let files = Files::new(settings.images.clone().or_else(images::cache_folder));
        let (layers, core) = images::load(&resolution, &files).map_err(package)?;
        let set = ImageSet::new(layers, &resolution.links(), core);
        let others = Settings { fetch: false, ..settings.clone() };
        let set = set.with_cores(Box::new(move |version| self::core(&others, version)));
        let over = |library: &Arc<Library>| {
            Scripts::new(Arc::clone(library), set.model()).map_err(|faults| scripts::refused(&faults))
        };
        let scripts = settings.rules.as_ref().map(over).transpose()?;
        let plans = Plans::new(Arc::new(set));
        Ok(App {
            resolution,
            graph: OnceLock::new(),
            plans: match settings.plan_bytes {
                Some(bytes) => plans.within(bytes),
                None => plans,
            },
            scripts,
            held: held(settings)?,
            answerer: settings.answerer.clone(),
            holder: settings.holder.clone(),
            settled: Settled::default(),
            searches: Searches::default(),
        })
    }

    /// The same, with somebody who answers what instances and packages leave open.
    pub fn with_answerer(self, answerer: Arc<dyn Answerer>) -> App {
        App { answerer: Some(answerer), ..self }
    }

    /// The imported terminology that was refused when it was asked: nothing was answered from it.
    pub fn refused_terminology(&self) -> Vec<String> {
        self.held.as_ref().map(Held::faults).unwrap_or_default()
    }

    /// The packages of the set, resolved.
    pub fn resolution(&self) -> &Resolution {
        &self.resolution
    }

    /// The definitions of the loaded packages, read when they are first asked for.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package does not read.
    pub fn graph(&self) -> Result<&PackageGraph, AppError> {
        if let Some(graph) = self.graph.get() {
            return Ok(graph);
        }
        let graph = self.resolution.load().map_err(|e| AppError::Package(e.to_string()))?;
        Ok(self.graph.get_or_init(|| graph))
    }

    /// The compiled packages.
    pub fn set(&self) -> &ImageSet {
        self.plans.set()
    }

    /// The plans over the compiled packages.
    pub fn plans(&self) -> &Plans {
        &self.plans
    }

    /// The root elements of the profiles asked for.
    ///
    /// # Errors
    /// [`AppError::Profile`] where one is not known.
    pub fn profiles(&self, canonicals: &[String]) -> Result<Vec<Handle>, AppError> {
        let set = self.set();
        let find = |c: &String| set.find_structure(c, None).and_then(|s| set.root(s));
        canonicals.iter().map(|c| find(c).ok_or_else(|| AppError::Profile(told::unknown_profile(set, c)))).collect()
    }

    /// Validates one instance, JSON or XML.
    ///
    /// ```
    /// use fhir_accord::app::{App, Request, Settings};
    /// use fhir_accord::profiles::issue::Verdict;
    ///
    /// let app = App::open(&Settings { packages: vec!["hl7.fhir.r4.core#4.0.1".to_owned()], ..Settings::default() })?;
    /// let report = app.validate(br#"{"resourceType": "Patient", "birthDate": "1970"}"#, &Request::default())?;
    /// assert_eq!(report.verdict, Verdict::Valid);
    /// let report = app.validate(br#"{"resourceType": "Patient", "birthDate": "yesterday"}"#, &Request::default())?;
    /// assert_eq!(report.verdict, Verdict::Invalid);
    /// assert_eq!(report.issues[0].expression, "Patient.birthDate");
    /// # Ok::<(), fhir_accord::app::AppError>(())
    /// ```
    ///
    /// # Errors
    /// [`AppError::Profile`] where a profile asked for is not known.
    pub fn validate(&self, text: &[u8], request: &Request) -> Result<Report, AppError> {
        self.validate_with(text, request, &mut Memory::default())
    }

    /// The same, with memory that other validations used.
    ///
    /// # Errors
    /// As [`App::validate`].
    pub fn validate_with(&self, text: &[u8], request: &Request, memory: &mut Memory) -> Result<Report, AppError> {
        let asked = self.profiles(&request.profiles)?;
        let now = request.now.or_else(now);
        Ok(self.check(&self.evaluator(), text, &asked, &request.policies, now, memory))
    }

    /// The resource type that an instance, JSON or XML, says it is; `None` where it names none.
    pub fn resource_type(&self, text: &[u8], policies: &Policies) -> Option<String> {
        let mended = OnceCell::new();
        let limits = policies.intake();
        let tape = read_through(text, &mended, self.set().model().names(), &limits);
        Some(tape.root()?.child_text(NameId::RESOURCE_TYPE)?.into_owned())
    }

    /// What walks instances along the loaded plans, with the site's rules; make one and keep it.
    pub fn evaluator(&self) -> Evaluator<'_> {
        let held = self.held.as_ref().map(|held| held as &dyn HeldTerminology);
        Evaluator::new(&self.plans).with_scripts(self.scripts.as_ref()).with_held(held).with_comparer(self)
    }

    /// Validates one instance, JSON or XML, under the root elements of profiles. `now` is what `now()` and `today()`
    /// tell.
    pub fn check(
        &self,
        evaluator: &Evaluator<'_>,
        text: &[u8],
        asked: &[Handle],
        policies: &Policies,
        now: Option<Temporal>,
        memory: &mut Memory,
    ) -> Report {
        let set = self.set();
        let mended = OnceCell::new();
        let limits = policies.intake();
        let tape = read_through(text, &mended, set.model().names(), &limits);
        if tape.is_fatal() {
            return explain::report(&tape, set, &Judgement::default(), policies);
        }
        let asks = self.answerer.is_some();
        let answerer = self.answerer.as_deref().map(|a| (a, self as &dyn Asking));
        let judgement = settle(answerer, |answers| {
            let terms = Terms { policies, answers, asks, now, resources: None };
            let mut judgement = self.judged(evaluator, &tape, asked, terms, memory);
            if asks && policies.work.interrupt.is_raised() {
                // Nobody is asked any more.
                judgement.questions.clear();
            }
            judgement
        });
        self.told(&tape, &judgement, policies)
    }

    /// What an instance is judged to be, with what its references lead to.
    fn judged(
        &self,
        evaluator: &Evaluator<'_>,
        tape: &Tape<'_>,
        asked: &[Handle],
        terms: Terms<'_>,
        memory: &mut Memory,
    ) -> Judgement {
        let Some(holder) = self.holder.as_deref() else { return evaluator.evaluate(tape, asked, terms, memory) };
        let lookup = Lookup::new(evaluator, (holder, &self.settled), (terms.policies, terms.now));
        lookup.settled(|resources| {
            let terms = Terms { resources: Some(resources), ..terms };
            evaluator.evaluate(tape, asked, terms, memory)
        })
    }

    /// What is said of an instance.
    fn told(&self, tape: &Tape<'_>, judgement: &Judgement, policies: &Policies) -> Report {
        let mut report = explain::report(tape, self.set(), judgement, policies);
        told::hint(&mut report, tape, self.set().fhir_version());
        report
    }

    /// One round of a validation under what is known so far: the report, and what it leaves open that others may
    /// answer.
    pub fn round(
        &self,
        evaluator: &Evaluator<'_>,
        text: &[u8],
        asked: &[Handle],
        terms: Terms<'_>,
        memory: &mut Memory,
    ) -> (Report, Vec<Question>) {
        let set = self.set();
        let mended = OnceCell::new();
        let limits = terms.policies.intake();
        let tape = read_through(text, &mended, set.model().names(), &limits);
        let mut judgement = match tape.is_fatal() {
            true => Judgement::default(),
            false => self.judged(evaluator, &tape, asked, terms, memory),
        };
        let questions = std::mem::take(&mut judgement.questions);
        (self.told(&tape, &judgement, terms.policies), questions)
    }
}

impl Asking for App {
    fn fhir_version(&self) -> FhirVersion {
        self.set().fhir_version()
    }

    fn value_set(&self, canonical: &str) -> Option<serde_json::Value> {
        let found = self.graph().ok()?.resolve(&Canonical::parse(canonical), None, &["ValueSet"])?;
        Some((**found.definition.value()).clone())
    }
}
