//! What a negotiation knows: the heads of definitions, and from the compiled packages how profiles relate. Answers are
//! kept with the package set; a relation does not depend on what was asked before.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fhir_accord_capability::relation::Relation;
use fhir_accord_capability::{CodesAt, Definitions, GuideInfo, PackageDefinitions, ProfileInfo, SearchParameterInfo};
use fhir_accord_profiles::bounded::{Bounded, Most};
use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::difference::{BoundElement, Differ};
use fhir_accord_profiles::evaluate::ProfileJudge;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::plan::Handle;
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::relation::{DemandedCodes, Relations, demanded_codes};
use serde_json::Value;

use super::answers::{Answers, Key};
use super::related::{proven, related, served};
use super::{App, AppError, Settings};
use crate::images::embedded::heads;
use crate::packages::reading::Limits;
use crate::packages::{Located, Origin, PackageError, Resolution, Sources, Spec, embedded, resolve};

/// Bound on the elements of profiles whose codes are kept, by number and bytes; reaching it starts anew.
const CODES_KEPT: Most = Most { entries: 10_000, bytes: 4 << 20 };

/// The heads of a resolved set of packages.
pub(super) struct Heads {
    pub definitions: PackageDefinitions,
    /// How to name each guide of the set again, with its FHIR version.
    guides: Vec<(String, Option<FhirVersion>)>,
}

/// Reads the heads of the definitions of resolved packages; between two packages it looks at the interrupt.
///
/// # Errors
/// [`AppError::Package`] where a package does not read, or it is broken off.
pub(super) fn graph_of(resolution: &Resolution, interrupt: &Interrupt) -> Result<PackageGraph, AppError> {
    let package = |e: PackageError| AppError::Package(e.to_string());
    let load = |p: &Located| match embedded::find(&p.manifest.id, &p.manifest.version)
        .filter(|e| e.sha256 == p.sha256)
        .and_then(heads)
    {
        Some(heads) => Ok(Arc::new(heads)),
        None => p.load(&Limits::default()),
    };
    let mut packages = Vec::with_capacity(resolution.packages.len());
    for located in &resolution.packages {
        if interrupt.is_raised() {
            return Err(AppError::Package("the packages were not read in time".to_owned()));
        }
        packages.push(load(located).map_err(package)?);
    }
    Ok(PackageGraph::new(packages, resolution.dependencies.clone(), resolution.absent.clone()))
}

/// Resolves packages and reads the heads of their definitions.
///
/// # Errors
/// As [`graph_of`], and where a package is not found.
pub(super) fn heads_of(specs: &[Spec], interrupt: &Interrupt) -> Result<Heads, AppError> {
    let package = |e: PackageError| AppError::Package(e.to_string());
    let resolution = resolve(specs, &Sources::standard(None)).map_err(package)?;
    let graph = graph_of(&resolution, interrupt)?;
    let guides = resolution.packages.iter().filter(|p| !embedded::is_foundation(&p.manifest.id));
    let guides = guides.map(|p| (spec_of(p), p.manifest.fhir_version)).collect();
    Ok(Heads { definitions: PackageDefinitions::new(Arc::new(graph)), guides })
}

/// A text that names a resolved package again.
pub(super) fn spec_of(located: &Located) -> String {
    match &located.origin {
        Origin::Embedded => located.name(),
        Origin::Archive(path) | Origin::Folder(path) | Origin::Loose(path) => path.to_string_lossy().into_owned(),
    }
}

/// All embedded guides, of every FHIR version.
pub(super) fn embedded_guides() -> Result<Vec<Spec>, AppError> {
    let guides = embedded::list().iter().filter(|e| e.is_guide());
    guides
        .map(|e| Spec::parse(&e.manifest.name()))
        .collect::<Result<_, _>>()
        .map_err(|e| AppError::Package(e.to_string()))
}

/// A package set with what was found out about its profiles; shared by threads.
pub struct Known {
    named: Heads,
    /// What was asked for.
    specs: Vec<Spec>,
    /// The set and all embedded guides: what a url without a version may mean. `None` within: the set itself.
    all: OnceLock<Option<Heads>>,
    /// The engine of each FHIR version, in the order of [`FhirVersion::ALL`].
    engines: [OnceLock<Option<Arc<App>>>; FhirVersion::ALL.len()],
    /// Of the set and all embedded guides.
    answers: OnceLock<Answers>,
    /// Bound on the plans of each engine that is opened.
    plan_bytes: Option<usize>,
    /// What profiles say of the codes at an element.
    codes: Mutex<Bounded<(Canonical, String), CodesAt>>,
}

impl Known {
    /// The packages named and their dependencies; without any all embedded guides, of every FHIR version. Guides that
    /// are a side of the negotiation belong to the set too.
    ///
    /// # Errors
    /// [`AppError::Package`] where a package is not found or does not read.
    pub fn open(packages: &[String], guides: &[String]) -> Result<Known, AppError> {
        Known::open_under(packages, guides, &Interrupt::never())
    }

    /// The same, broken off by an interrupt.
    ///
    /// # Errors
    /// As [`Known::open`], and where it is broken off.
    pub fn open_under(packages: &[String], guides: &[String], interrupt: &Interrupt) -> Result<Known, AppError> {
        let named = packages.iter().chain(guides).map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>();
        let mut specs = named.map_err(|e| AppError::Package(e.to_string()))?;
        let all = OnceLock::new();
        if packages.is_empty() {
            specs.extend(embedded_guides()?);
            let _ = all.set(None);
        }
        Ok(Known {
            named: heads_of(&specs, interrupt)?,
            specs,
            all,
            engines: Default::default(),
            answers: OnceLock::new(),
            plan_bytes: None,
            codes: Mutex::new(Bounded::new(CODES_KEPT)),
        })
    }

    /// The same, with a bound on the bytes of the plans that each engine keeps.
    pub(super) fn within(self, plan_bytes: usize) -> Known {
        Known { plan_bytes: Some(plan_bytes), ..self }
    }

    /// The same, with an engine whose packages are those of this set.
    pub(super) fn with_engine(self, app: &Arc<App>) -> Known {
        let own = FhirVersion::ALL.iter().position(|v| *v == app.set().fhir_version());
        if let Some(slot) = own.and_then(|i| self.engines.get(i)) {
            let _ = slot.set(Some(Arc::clone(app)));
        }
        self
    }

    /// The heads of the definitions.
    pub fn definitions(&self) -> &PackageDefinitions {
        &self.named.definitions
    }

    /// What one negotiation asks.
    pub fn session(&self) -> Session<'_> {
        self.session_under(&Interrupt::default())
    }

    /// What one negotiation asks that this interrupt breaks off.
    pub fn session_under(&self, interrupt: &Interrupt) -> Session<'_> {
        Session {
            known: self,
            interrupt: interrupt.clone(),
            relations: RefCell::default(),
            differs: RefCell::default(),
        }
    }

    /// What a url without a version may mean.
    fn all(&self) -> &Heads {
        let load = || {
            let specs: Vec<Spec> = self.specs.iter().cloned().chain(embedded_guides().ok()?).collect();
            heads_of(&specs, &Interrupt::never()).ok()
        };
        self.all.get_or_init(load).as_ref().unwrap_or(&self.named)
    }

    /// The engine of a FHIR version, over the guides of the set; `None` where there are none.
    pub fn engine(&self, version: FhirVersion) -> Option<&App> {
        let slot = FhirVersion::ALL.iter().position(|v| *v == version).and_then(|i| self.engines.get(i))?;
        let open = || {
            let guides = self.all().guides.iter().filter(|(_, v)| *v == Some(version));
            let packages: Vec<String> = guides.map(|(name, _)| name.clone()).collect();
            let plan_bytes = self.plan_bytes;
            let settings = Settings { fhir_version: Some(version), packages, plan_bytes, ..Settings::default() };
            if settings.packages.is_empty() { None } else { App::open(&settings).ok().map(Arc::new) }
        };
        slot.get_or_init(open).as_deref()
    }

    fn answers(&self) -> &Answers {
        self.answers.get_or_init(|| Answers::about(&self.all().definitions.packages()))
    }

    /// Keeps what was found out for the next process.
    pub fn save(&self) {
        if let Some(answers) = self.answers.get() {
            answers.save();
        }
    }

    /// The FHIR version of a definition.
    fn version_of(&self, canonical: &Canonical) -> Option<FhirVersion> {
        let known = self.all().definitions.profiles(&canonical.url);
        let info = known.into_iter().find(|i| i.version == canonical.version)?;
        FhirVersion::parse(info.fhir_version.as_deref()?)
    }

    fn codes_at(&self, profile: &Canonical, element: &str) -> CodesAt {
        let Some((app, root, _)) = self.pair(profile, profile) else { return CodesAt::Unknown };
        let path: Vec<&str> = element.split('.').skip(1).collect();
        match demanded_codes(app.plans(), root, &path) {
            DemandedCodes::Unknown => CodesAt::Unknown,
            DemandedCodes::Any => CodesAt::Any,
            DemandedCodes::All(codes) => CodesAt::Fixed(codes),
            DemandedCodes::OneOf(codes) => CodesAt::OneOf(codes),
        }
    }

    /// The engine and the root elements of two profiles; `None` where they are not in one set of compiled packages.
    fn pair(&self, narrow: &Canonical, wide: &Canonical) -> Option<(&App, Handle, Handle)> {
        let version = self.version_of(narrow)?;
        let app = self.engine(version).filter(|_| self.version_of(wide) == Some(version))?;
        let root = |c: &Canonical| {
            let text = c.to_string();
            let root = app.set().root(app.set().find_structure(&text, None)?)?;
            (app.set().canonical_of(root) == text).then_some(root)
        };
        Some((app, root(narrow)?, root(wide)?))
    }
}

/// What is kept of codes, in bytes.
fn weight(codes: &CodesAt) -> usize {
    let (CodesAt::Fixed(all) | CodesAt::OneOf(all)) = codes else { return 0 };
    let texts = all.iter().map(|(system, code)| system.as_ref().map_or(0, String::len) + code.len());
    size_of_val(all.as_slice()) + texts.sum::<usize>()
}

type Comparer<'s> = Relations<'s, ProfileJudge<'s>>;

/// One negotiation's view of a package set: proofs that were made for one pair serve the others.
pub struct Session<'s> {
    known: &'s Known,
    interrupt: Interrupt,
    relations: RefCell<Vec<(*const App, Comparer<'s>)>>,
    differs: RefCell<Vec<(*const App, Differ<'s>)>>,
}

impl<'s> Session<'s> {
    fn compare(&self, (app, narrow, wide): (&'s App, Handle, Handle), key: &Key) -> Option<Relation> {
        let mut all = self.relations.borrow_mut();
        let at = all.iter().position(|(own, _)| std::ptr::eq(*own, app)).unwrap_or(all.len());
        if at == all.len() {
            let judge = ProfileJudge::new(app.plans()).under(&self.interrupt);
            all.push((app, Relations::new(app.plans(), judge).under(&self.interrupt)));
        }
        let (_, relations) = all.get_mut(at)?;
        // Coverage does not depend on the search.
        let before = key.search.then(|| self.known.answers().get(&Key { search: false, ..key.clone() })).flatten();
        let served = match before {
            Some(proof) => (proof.coverage, proof.covered.clone()),
            None => served(relations, narrow, wide)?,
        };
        if key.search {
            return related(app.set(), relations, (narrow, wide), served);
        }
        let proof = relations.prove(narrow, wide)?;
        Some(proven(app.set(), &proof, narrow, served))
    }

    fn ask(&self, narrow: &Canonical, wide: &Canonical, search: bool) -> Arc<Relation> {
        let key = Key { narrow: narrow.clone(), wide: wide.clone(), search };
        if let Some(known) = self.known.answers().get(&key) {
            return known;
        }
        if self.interrupt.is_raised() {
            return Arc::default();
        }
        let found = self.known.pair(narrow, wide).and_then(|pair| self.compare(pair, &key));
        let relation = Arc::new(found.unwrap_or_default());
        if self.interrupt.is_raised() {
            return relation;
        }
        self.known.answers().keep(key, &relation);
        relation
    }
}

impl Definitions for Session<'_> {
    fn packages(&self) -> Vec<String> {
        self.known.definitions().packages()
    }

    fn profiles(&self, url: &str) -> Vec<Arc<ProfileInfo>> {
        self.known.definitions().profiles(url)
    }

    fn versions(&self, url: &str) -> Vec<Arc<ProfileInfo>> {
        self.known.all().definitions.profiles(url)
    }

    fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    fn relation(&self, narrow: &Canonical, wide: &Canonical) -> Arc<Relation> {
        self.ask(narrow, wide, true)
    }

    fn proof(&self, narrow: &Canonical, wide: &Canonical) -> Arc<Relation> {
        self.ask(narrow, wide, false)
    }

    fn value_sets(&self, left: &Canonical, right: &Canonical) -> Option<Vec<BoundElement>> {
        let (app, left, right) = self.known.pair(left, right)?;
        let mut all = self.differs.borrow_mut();
        let at = all.iter().position(|(own, _)| std::ptr::eq(*own, app)).unwrap_or(all.len());
        if at == all.len() {
            all.push((app, Differ::new(app.set())));
        }
        all.get_mut(at).map(|(_, differ)| differ.bound_elements(left, right))
    }

    fn search_parameter(
        &self,
        release: Option<&str>,
        resource_type: &str,
        code: &str,
    ) -> Option<Arc<SearchParameterInfo>> {
        self.known.definitions().search_parameter(release, resource_type, code)
    }

    fn search_parameter_at(&self, canonical: &Canonical) -> Option<Arc<SearchParameterInfo>> {
        self.known.definitions().search_parameter_at(canonical)
    }

    fn patient_compartment(&self, release: Option<&str>) -> Option<Arc<Vec<String>>> {
        self.known.definitions().patient_compartment(release)
    }

    fn patient_compartment_parameters(&self, release: Option<&str>, resource_type: &str) -> Option<Arc<[String]>> {
        self.known.definitions().patient_compartment_parameters(release, resource_type)
    }

    fn codes_at(&self, profile: &Canonical, element: &str) -> CodesAt {
        let key = (profile.clone(), element.to_owned());
        let kept = || self.known.codes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&key) {
            return known.clone();
        }
        let found = self.known.codes_at(profile, element);
        let bytes = profile.bytes() + element.len() + weight(&found);
        kept().insert(key, found.clone(), bytes);
        found
    }

    fn guide(&self, id: &str, version: Option<&str>) -> Option<Arc<GuideInfo>> {
        self.known.definitions().guide(id, version)
    }

    fn guides(&self, canonical: &Canonical) -> Vec<Arc<GuideInfo>> {
        self.known.definitions().guides(canonical)
    }

    fn statement(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.known.definitions().statement(canonical)
    }

    fn nearest(&self, url: &str) -> Option<String> {
        self.known.definitions().nearest(url)
    }
}
