//! Reports on inputs for a command that writes them in its own way.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::issue::Report;

use super::checking::{Checker, Ground, settled};
use super::crew;
use super::dealt::{deal, terminology_server};
use super::input::{Input, Inputs};
use super::passed::Passed;
use super::progress::Aside;
use super::target::Taken;
use crate::app::{App, AppError};
use crate::fhirpath::now;
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
}

/// Validates the inputs and hands their sources and reports on, in their order. Gives how many could not be read; each
/// is told on standard error.
///
/// # Errors
/// [`AppError`] where a profile asked for is unknown, the terminology server cannot be asked, or the result would
/// replace an input.
pub(in crate::cli) fn each(job: Job<'_>, take: &mut dyn FnMut(&str, &Report)) -> Result<usize, AppError> {
    let Job { app, profiles, policies, tx, files, output } = job;
    let ground = Ground { app, asked: app.profiles(profiles)?, negotiated: None, by_path: None, policies, now: now() };
    let server = tx.map(terminology_server).transpose()?;
    let answerer = server.as_ref().map(|s| s as &dyn Answerer);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let deal = deal(answerer.is_some(), threads);
    let worker = || {
        let mut checker = Checker::new(&ground);
        let ground = &ground;
        move |batch: Vec<Input>| {
            let reports = match answerer {
                Some(answerer) => settled(ground, answerer, &batch, threads),
                None => batch.iter().map(|input| checker.report(input)).collect(),
            };
            batch.into_iter().map(|input| input.source).zip(reports).collect::<Vec<_>>()
        }
    };
    let taken = output.map(Taken::replaced).unwrap_or_default();
    let read = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| {
        let passed = Passed::new(false, false, Aside::default());
        let mut inputs = Inputs { lines: false, taken: &taken, each, passed };
        let _ = files.iter().try_for_each(|file| inputs.named(file));
        inputs.passed
    };
    let mut broken = 0;
    let passed = crew::work(deal, read, worker, &mut |done: Option<Vec<(String, Report)>>| {
        match done {
            Some(done) => done.iter().for_each(|(source, report)| take(source, report)),
            None => broken += 1,
        }
        ControlFlow::Continue(())
    });
    let mut passed = passed.unwrap_or_else(|| {
        broken += 1;
        Passed::default()
    });
    if broken > 0 {
        passed.fail("a part of the inputs was not examined: a thread broke down, which is an error of this program");
    }
    if let Some(why) = passed.refused() {
        return Err(AppError::File(why.to_owned()));
    }
    passed.tell();
    Ok(passed.failures())
}
