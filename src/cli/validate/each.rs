//! Reports on inputs for a command that writes them in its own way.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::script::Library;

use super::args::FailOn;
use super::by_path::ByPath;
use super::checking::{Checker, Ground, settled};
use super::crew;
use super::dealt::{deal, terminology_server};
use super::input::{Input, Inputs};
use super::passed::Passed;
use super::progress::Aside;
use super::ruling::Ruling;
use super::ruling_args::RulingArgs;
use super::summary::Count;
use super::target::Taken;
use crate::app::{App, AppError};
use crate::fhirpath::now;
use crate::project::{Applied, Project};
use crate::render::{Origin, Run};
use crate::settle::Answerer;

/// What is validated, and how.
pub(in crate::cli) struct Job<'a> {
    pub app: &'a App,
    /// Canonicals that every instance must conform to, in addition to those in meta.profile.
    pub profiles: &'a [String],
    pub policies: Policies,
    /// The base URL of a terminology server.
    pub tx: Option<&'a str>,
    /// Files and folders, and `-`.
    pub files: &'a [PathBuf],
    /// The file that the result replaces: it is no input.
    pub output: Option<&'a Path>,
    /// The settings of a project: its levels, suppressions and baseline, and where no profiles are named those by path.
    pub project: Option<&'a Project>,
    /// The rules of a site.
    pub rules: Option<&'a Library>,
}

/// An input that was validated.
pub(in crate::cli) struct Done<'a> {
    /// Where it came from.
    pub origin: Origin<'a>,
    /// Its text.
    pub text: &'a [u8],
    /// What is in force of its report.
    pub applied: &'a Applied,
}

/// What all inputs came to.
#[derive(Default)]
pub(in crate::cli) struct Whole {
    count: Count,
    passed: Passed,
}

impl Whole {
    /// How many inputs could not be read.
    pub fn failures(&self) -> usize {
        self.passed.failures()
    }

    /// The run, for forms that tell of it.
    pub fn run(&self, code: u8) -> Run<'_> {
        self.count.run(self.passed.failures(), self.passed.failed(), code)
    }
}

/// Validates the inputs and hands them on, in their order. What could not be read is told on standard error, and so
/// is what the settings of the project had nothing to do with.
///
/// # Errors
/// [`AppError`] where a profile asked for is unknown, the settings cannot be used, the terminology server cannot be
/// asked, or the result would replace an input.
pub(in crate::cli) fn each(job: Job<'_>, take: &mut dyn FnMut(&Done<'_>)) -> Result<Whole, AppError> {
    let Job { app, profiles, policies, tx, files, output, project, rules } = job;
    let ruling = Ruling::of(&RulingArgs::default(), project, &policies, rules)?;
    let ground = Ground {
        app,
        asked: app.profiles(profiles)?,
        negotiated: None,
        by_path: ByPath::of(project.filter(|_| profiles.is_empty()), app)?,
        policies: ruling.policies(policies),
        now: now(),
    };
    let server = tx.map(terminology_server).transpose()?;
    let answerer = server.as_ref().map(|s| s as &dyn Answerer);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let worker = || {
        let mut checker = Checker::new(&ground);
        let (ground, ruling) = (&ground, &ruling);
        move |batch: Vec<Input>| {
            let reports = match answerer {
                Some(answerer) => settled(ground, answerer, &batch, threads),
                None => batch.iter().map(|input| checker.report(input)).collect(),
            };
            let apply = |(input, report)| {
                let applied = ruling.apply(report, &input);
                (input, applied)
            };
            batch.into_iter().zip(reports).map(apply).collect::<Vec<_>>()
        }
    };
    let taken = output.map(Taken::replaced).unwrap_or_default();
    let read = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| {
        let passed = Passed::new(false, false, Aside::default());
        let mut inputs = Inputs { lines: false, taken: &taken, each, passed };
        let _ = files.iter().try_for_each(|file| inputs.named(file));
        inputs.passed
    };
    let (mut broken, mut count) = (0, Count::default());
    let deal = deal(answerer.is_some(), threads);
    let passed = crew::work(deal, read, worker, &mut |done: Option<Vec<(Input, Applied)>>| {
        broken += usize::from(done.is_none());
        for (input, applied) in done.iter().flatten() {
            count.add(applied, FailOn::Error);
            take(&Done { origin: input.origin(), text: &input.text, applied });
        }
        ControlFlow::Continue(())
    });
    let whole = Whole { count, passed: told(passed, broken)? };
    ruling.finish(whole.failures() == 0, false, (false, false));
    ground.by_path.iter().for_each(ByPath::tell);
    Ok(whole)
}

/// Tells what could not be read; `broken`: batches whose thread broke down.
fn told(passed: Option<Passed>, broken: usize) -> Result<Passed, AppError> {
    let is_whole = passed.is_some() && broken == 0;
    let mut passed = passed.unwrap_or_default();
    if !is_whole {
        passed.fail("a part of the inputs was not examined: a thread broke down, which is an error of this program");
    }
    if let Some(why) = passed.refused() {
        return Err(AppError::File(why.to_owned()));
    }
    passed.tell();
    Ok(passed)
}
