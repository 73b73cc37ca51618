//! A run: the guide is read and loaded, its instances are judged, its profiles are looked at.

use std::path::PathBuf;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::fhirpath::Temporal;

use super::assemble::Assembled;
use super::bounds::Bounds;
use super::guide::{self, Guide};
use super::judging::{Tested, Validator};
use super::keeping::Kept;
use super::pairing::{Pairs, pair};
use super::pool::map;
use super::probe::{Probes, looking};
use super::profile::profiles;
use super::report::Report;
use super::scoring::Work;
use super::snapshots::structures;
use super::told;
use super::traces::{Places, Traces, places};
use super::update::{Updated, update};
use crate::app::{App, Settings};

/// What a run is about.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The guide: a folder, or an archive.
    pub guide: PathBuf,
    /// Packages beside those that the guide depends on.
    pub packages: Vec<String>,
    /// The FHIR version, where the guide does not say it.
    pub fhir_version: Option<String>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// Where imported terminology is.
    pub terminology: Option<PathBuf>,
    /// Writes expectations as they are found.
    pub update: bool,
    /// Whether the rules of profiles are broken, one by one.
    pub mutants: bool,
    /// Where mutants that no negative instance notices are written.
    pub write_mutants: Option<PathBuf>,
    /// What the run may cost.
    pub bounds: Bounds,
    /// How many threads work.
    pub threads: usize,
    /// What `now()` and `today()` tell.
    pub now: Option<Temporal>,
}

/// Why nothing could be tested: what is missing, and the way out.
pub type Error = String;

/// Tests a guide. With [`Options::update`] expectations are written first.
///
/// # Errors
/// [`Error`] where the guide, or a package that is asked for, cannot be read, or a file cannot be written.
pub fn run(options: &Options) -> Result<(Report, Updated), Error> {
    let mut updated = Updated::default();
    let mut read = Read::of(options)?;
    if options.update {
        updated = update(&options.guide, &read.guide.instances, &read.tested, &read.pairs)?;
        read = Read::of(options)?;
    }
    Ok((read.report(options)?, updated))
}

/// A guide that is loaded, and its tests.
struct Read {
    guide: Guide,
    pairs: Pairs,
    tested: Vec<Tested>,
    app: App,
    fhir_version: FhirVersion,
}

impl Read {
    fn of(options: &Options) -> Result<Read, Error> {
        let mut guide = guide::read(&options.guide)?;
        if let Some(version) = options.fhir_version.as_ref().filter(|_| guide.manifest.fhir_version.is_empty()) {
            guide.manifest.fhir_version.clone_from(version);
        }
        let most = options.bounds.instances;
        let mut pairs = pair(&guide.instances, &guide.expectations);
        pairs.faults.append(&mut guide.faults);
        if guide.instances.is_empty() && pairs.faults.is_empty() {
            return Err(format!("`{}` contains no instances: there is nothing to test", options.guide.display()));
        }
        let texts = guide.definitions.iter().map(|(name, text)| (name.as_str(), text.as_slice()));
        let app = open(&guide, &Assembled::new(&guide, texts)?, options)?;
        let fhir_version = app.set().fhir_version();
        let numbered: Vec<usize> = (0..guide.instances.len()).collect();
        let made = map(options.threads, &numbered, || {
            let mut validator = Validator::new(&app, options.now);
            let (guide, pairs) = (&guide, &pairs);
            move |at: &usize| match guide.instances.get(*at).filter(|_| *at < most) {
                Some(instance) => validator.test(*at, instance, pairs),
                None => Tested::skipped(format!("not examined: more than {most} instances")),
            }
        });
        let broken =
            || Tested::skipped("not examined: a thread broke down, which is an error of this program".to_owned());
        let tested = made.into_iter().map(|t| t.unwrap_or_else(broken)).collect();
        Ok(Read { guide, pairs, tested, app, fhir_version })
    }

    fn report(self, options: &Options) -> Result<Report, Error> {
        let Read { guide, pairs, tested, app, fhir_version } = self;
        let mut report = Report {
            guide: format!("{}#{}", guide.manifest.id, guide.manifest.version),
            fhir_version: fhir_version.name().to_owned(),
            faults: pairs.faults.clone(),
            notes: guide.notes.clone(),
            ..Report::default()
        };
        let absent = app.resolution().all_absent();
        if !absent.is_empty() {
            report.notes.push(format!("packages that are not here: {}", absent.join(", ")));
        }
        told::definitions(&mut report, &app);
        told::instances(&mut report, &guide.instances, &tested);
        if fhir_version < FhirVersion::R4 {
            let name = fhir_version.name();
            report.notes.push(format!("coverage and mutants are made for R4 and later, and not for {name}"));
            return Ok(report);
        }
        let graph = app.graph().map_err(|e| e.to_string())?;
        let own =
            graph.packages().iter().position(|p| p.id == guide.manifest.id && p.version == guide.manifest.version);
        let (structures, notes) = own.map(|own| structures(graph, own)).unwrap_or_default();
        report.notes.extend(notes);
        let all = profiles(&structures);
        if all.is_empty() {
            return Ok(report);
        }
        let probes = Probes::new(&all);
        let probed = open(&guide, &probes.package(&guide, &structures, &all)?, options)?;
        let traces = traces(&probed, &probes, &guide, &tested, options);
        let work = Work {
            app: &app,
            probed: &probed,
            probes: &probes,
            profiles: &all,
            instances: &guide.instances,
            tested: &tested,
            threads: options.threads,
            bounds: options.bounds,
            mutants: options.mutants,
            now: options.now,
        };
        let found = work.done(traces);
        told::profiles(&mut report, &all, found, options.write_mutants.as_deref().map(Kept::new))?;
        Ok(report)
    }
}

/// Loads a package that was assembled, with what the guide depends on.
fn open(guide: &Guide, package: &Assembled, options: &Options) -> Result<App, Error> {
    let said = &guide.manifest.fhir_version;
    let fhir_version = match said.as_str() {
        "" => None,
        text => Some(FhirVersion::parse(text).ok_or_else(|| {
            format!(
                "the guide is for FHIR `{said}`, which is not known here: expected 4.0.1, 4.3.0, 5.0.0 and the like"
            )
        })?),
    };
    let packages = std::iter::once(package.path().display().to_string()).chain(options.packages.iter().cloned());
    let settings = Settings {
        fhir_version,
        packages: packages.collect(),
        fetch: options.fetch,
        terminology: options.terminology.clone(),
        ..Settings::default()
    };
    App::open(&settings).map_err(|e| e.to_string())
}

/// What is where in the examples.
fn traces(probed: &App, probes: &Probes, guide: &Guide, tested: &[Tested], options: &Options) -> Traces {
    let numbered: Vec<usize> = (0..guide.instances.len()).collect();
    let found: Vec<Option<Places>> = map(options.threads, &numbered, || {
        let mut looker = looking(Validator::new(probed, options.now));
        move |at: &usize| {
            let (instance, test) = (guide.instances.get(*at)?, tested.get(*at)?);
            let asked = looker.roots(&test.profiles).ok().filter(|_| test.is_example())?;
            Some(places(probes, &looker.judge(&instance.text, &asked).1))
        }
    })
    .into_iter()
    .map(Option::flatten)
    .collect();
    Traces::of(&guide.instances, tested, found)
}
