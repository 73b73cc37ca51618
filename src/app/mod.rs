//! Wires packages, images, engine and negotiation together, for command line and service; no rules.

mod answers;
mod compliance;
mod elsewhere;
mod error;
mod known;
mod loader;
mod negotiation;
mod ports;
mod related;
mod told;
mod versions;

pub use elsewhere::{HeldAt, Holder, Holding};
pub use error::AppError;
pub use known::{Known, Session};
pub use loader::AppLoader;
pub use negotiation::definitions;
pub use ports::{Complaint, Engine, Loader, Negotiator, Parts, ScopeVerb};
pub use told::version_of;
pub use versions::Versions;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::evaluate::{Evaluator, Judgement, Memory, Policies, Question, Terms};
use fhir_accord_profiles::explain;
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::instance::{NameId, Tape, read_through};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::{Handle, Image, ImageSet, Plans};
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::relation::{Contradiction, element_id, unsatisfiable};
use fhir_accord_profiles::script::{Library, Scripts};
use fhir_accord_profiles::terminology::HeldTerminology;

use elsewhere::{Lookup, Settled};

use crate::fhirpath::now;
use crate::images::{self, Files};
use crate::packages::{Origin, PackageError, Resolution, Sources, Spec, installed_folder, resolve};
use crate::remote::fetch::resolve_fetching;
use crate::remote::registry::{self, Registry};
use crate::scripts;
use crate::settle::{Answerer, Asking, settle};
use crate::terminology::Held;

/// Bound on the profiles of a package that are looked at for demands that contradict each other; the rest is
/// told as any other when an instance is validated against it.
const PROFILES_TRIED: usize = 2_000;

/// What to load, and whether the network may be asked.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The FHIR version of instances; `None`: that of the packages ([`Sources::fhir_version`]).
    pub fhir_version: Option<FhirVersion>,
    /// Leaves packages for another FHIR version out ([`Resolution::left_out`]).
    pub one_version: bool,
    /// `ID#VERSION`, `ID`, or a path; empty: all embedded guides.
    pub packages: Vec<String>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// Where installed packages are; `None`: the user's data folder.
    pub installed: Option<PathBuf>,
    /// Where images are kept; `None`: the user's cache folder.
    pub images: Option<PathBuf>,
    /// Where imported terminology is; `None`: there is none.
    pub terminology: Option<PathBuf>,
    /// The rules and functions of a site, compiled.
    pub rules: Option<Arc<Library>>,
    /// Who answers what instances and packages leave open; `None`: nobody.
    pub answerer: Option<Arc<dyn Answerer>>,
    /// Who holds resources that references lead to; `None`: nobody.
    pub holder: Option<Arc<dyn Holder>>,
}

/// One validation: the profiles asked for (in addition to those in meta.profile), and the policies.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Canonicals, `url` or `url|version`.
    pub profiles: Vec<String>,
    /// How strict the rules are, what is listed, and the limits of work.
    pub policies: Policies,
    /// What `now()` and `today()` return; `None`: the system clock.
    pub now: Option<Temporal>,
}

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

/// What to say of a profile that is not among the loaded ones.
fn unknown_profile(set: &ImageSet, canonical: &str) -> String {
    let other = canonical.split_once('|').and_then(|(url, _)| set.find_structure(url, None));
    match other {
        Some(other) => format!(
            "unknown profile `{canonical}`: only `{}` is loaded; load the package with the other version with \
             --package",
            set.canonical(other)
        ),
        None => format!("unknown profile `{canonical}`; load its package with --package"),
    }
}

/// What to say of a profile that no instance can meet.
fn unsatisfiable_text(set: &ImageSet, root: Handle, why: &Contradiction) -> String {
    let place = element_id(set, Some(why.right));
    format!("no instance can be valid for `{}`: {place}: {}", set.canonical_of(root), why.reason)
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
        Ok(App {
            resolution,
            graph: OnceLock::new(),
            plans: Plans::new(Arc::new(set)),
            scripts,
            held: held(settings)?,
            answerer: settings.answerer.clone(),
            holder: settings.holder.clone(),
            settled: Settled::default(),
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

    /// What is wrong with the definitions of the packages that are not embedded: package and fault, in order. Of
    /// profiles that no instance can meet, too, of the first `PROFILES_TRIED` of a package.
    pub fn definition_issues(&self) -> Vec<(String, String)> {
        let set = self.set();
        let mut out = Vec::new();
        for located in self.resolution.packages.iter().filter(|p| p.origin != Origin::Embedded) {
            let name = located.manifest.name();
            for (layer, image) in set.layers().iter().enumerate().filter(|(_, i)| i.package() == name) {
                out.extend(image.issues().map(|issue| (name.clone(), issue.to_owned())));
                let profiles = set.all_profiles(layer).take(PROFILES_TRIED);
                let broken = unsatisfiable(&self.plans, profiles);
                out.extend(broken.map(|(root, why)| (name.clone(), unsatisfiable_text(set, root, &why))));
            }
        }
        out
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
        canonicals.iter().map(|c| find(c).ok_or_else(|| AppError::Profile(unknown_profile(set, c)))).collect()
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
        let asked = self.profiles(&request.profiles)?;
        Ok(self.check(
            &self.evaluator(),
            text,
            &asked,
            &request.policies,
            request.now.or_else(now),
            &mut Memory::default(),
        ))
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
