//! `accord validate FILES…`: instances against the profiles that they claim and those asked for.

mod args;
mod by_path;
mod checking;
mod crew;
mod dealt;
mod each;
mod fix_args;
mod fixing;
mod input;
mod list;
mod negotiated;
mod passed;
pub(in crate::cli) mod policy;
mod progress;
mod reading;
mod replaced;
mod ruling;
mod ruling_args;
#[cfg(unix)]
mod signals;
mod summary;
mod target;
mod unloaded;
mod written;
mod zstd;

use std::io::{BufWriter, IsTerminal, Write, stdout};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::issue::RuleId;

pub use args::Args;
pub(in crate::cli) use by_path::ByPath;
pub(in crate::cli) use each::{Job, each};

use super::{exit, imported_folder};
use crate::app::{App, AppError, Holder, Settings};
use crate::fhirpath::now;
use crate::printable::note;
use crate::resources::FileResources;
use crate::scripts;
use crate::settle::Answerer;
use args::When;
use checking::{Checker, Ground, settled};
use dealt::{deal, terminology_server};
use input::{Input, Inputs};
use negotiated::Negotiated;
use passed::Passed;
use progress::{Aside, Progress};
use ruling::Ruling;
use summary::Count;
use target::{Identity, Taken, Target};
use written::{Told, Writer};

/// Validates the files and writes the result to `out`. Gives the exit code.
///
/// # Errors
/// [`AppError`] where a package or profile asked for is unknown, or the result could not be written. What could not be
/// read is told on standard error, and gives 3.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, AppError> {
    args.reads_once()?;
    let project = args.project.load().map_err(|e| AppError::File(e.to_string()))?;
    let (project, args) = (project.as_ref(), &args.under(project.as_ref()));
    fixing::has_files(args)?;
    let fhir_version = args.fhir_version()?;
    let rules = scripts::load(&args.rules)?;
    let policies = args.policies(project);
    let ruling = Ruling::of(&args.ruling, project, &policies, rules.as_deref())?;
    let app = App::open(&Settings {
        fhir_version,
        one_version: true,
        packages: args.packages.clone(),
        fetch: args.fetch,
        terminology: args.terminology.clone().or_else(imported_folder),
        rules,
        holder: holder(&args.resources)?,
        ..Settings::default()
    })?;
    if !args.shown.quiet {
        project.iter().for_each(|p| note(&format!("settings: `{}`", p.file().display())));
        tell_left_out(&app);
        tell(&app.definition_issues());
    }
    if args.shown.verbose {
        tell_packages(&app);
    }
    let of_entries: Vec<String> = args.entry_profiles.iter().map(|entry| entry.profile.clone()).collect();
    app.profiles(&of_entries)?;
    let mut ground = Ground {
        app: &app,
        asked: app.profiles(&args.profiles)?,
        negotiated: args.negotiation.as_deref().map(|path| Negotiated::read(path, &app)).transpose()?,
        by_path: ByPath::of(project.filter(|_| args.profiles.is_empty()), &app)?,
        policies: ruling.policies(policies),
        now: args.now.or_else(now),
    };
    let server = args.tx.as_deref().map(terminology_server).transpose()?;
    let answerer = server.as_ref().map(|s| s as &dyn Answerer);
    let (mut target, mut taken) = Target::of(args)?;
    taken.baseline = ruling.baseline().and_then(Identity::named);
    if args.fixing.fix {
        let inputs = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| drop(read(args, &taken, Aside::default(), each));
        fixing::fix(args, (&mut ground, &ruling), &args.profiles, &inputs, out)?;
    }
    let code = match &mut target {
        Target::Standard => validated(args, (&ground, &ruling), answerer, out, &taken),
        Target::Direct(file) => validated(args, (&ground, &ruling), answerer, &mut BufWriter::new(file), &taken),
        Target::Beside(file, _) => validated(args, (&ground, &ruling), answerer, &mut BufWriter::new(file), &taken),
    }?;
    target.keep()?;
    match app.refused_terminology().into_iter().next() {
        Some(why) => Err(AppError::File(why)),
        None => Ok(code),
    }
}

/// Validates all inputs; `taken` is the file that `out` writes to.
fn validated(
    args: &Args,
    (ground, ruling): (&Ground<'_>, &Ruling),
    answerer: Option<&dyn Answerer>,
    out: &mut dyn Write,
    taken: &Taken,
) -> Result<u8, AppError> {
    let (shown, threads) = (&args.shown, args.threads());
    let is_seen = is_standard(shown) && stdout().is_terminal();
    let format = shown.format();
    let look = (format, is_coloured(shown.color, is_seen));
    let worker = || {
        let mut checker = Checker::new(ground);
        move |batch: Vec<Input>| {
            let reports = match answerer {
                Some(answerer) => settled(ground, answerer, &batch, threads),
                None => batch.iter().map(|input| checker.report(input)).collect(),
            };
            let mut told = Told::default();
            for (input, report) in batch.iter().zip(reports) {
                let applied = ruling.apply(report, input);
                told.count.add(&applied, args.fail_on);
                told.add(&applied, &input.origin(), &input.text, look);
            }
            told
        }
    };
    let deal = deal(answerer.is_some(), threads);
    let mut run = Run {
        writer: Writer::new(out, format),
        count: Count::default(),
        broken: 0,
        progress: Progress::new(!shown.quiet, total(args)),
        is_seen,
        unfinished: taken.unfinished.as_deref(),
    };
    let aside = run.progress.beside();
    let passed = crew::work(deal, |each| read(args, taken, aside, each), worker, &mut |told| run.take(told));
    let is_whole = passed.as_ref().is_some_and(|p| p.failures() == 0) && run.broken == 0;
    run.progress.finish();
    let ruled = ruling.finish(is_whole, args.ruling.strict_suppressions, (shown.quiet, shown.verbose));
    run.count.code = exit::worse(run.count.code, ruled);
    ground.by_path.iter().filter(|_| !shown.quiet).for_each(ByPath::tell);
    run.finish(args, passed)
}

/// Reads all inputs.
fn read(args: &Args, taken: &Taken, aside: Aside, each: &mut dyn FnMut(Input) -> ControlFlow<()>) -> Passed {
    let passed = Passed::new(args.shown.verbose, args.shown.quiet, aside);
    let mut inputs = Inputs { lines: args.ndjson, taken, each, passed };
    let ended = args.files.iter().try_for_each(|file| inputs.named(file));
    let Some(list) = args.files_from.as_deref().filter(|_| ended.is_continue()) else { return inputs.passed };
    if taken.is(Identity::named(list).as_ref()) {
        inputs.passed.fail(&format!("--files-from: the result is written to `{}`", list.display()));
        return inputs.passed;
    }
    let is_standard = list == Path::new("-");
    let mut named = |name: &Path| match is_standard && name == list {
        true => {
            inputs.passed.fail("`-` in the list that is read from standard input: it cannot be an input, too");
            ControlFlow::Continue(())
        }
        false => inputs.named(name),
    };
    if let Err(e) = list::names(list, &mut named) {
        inputs.passed.fail(&format!("could not read `{}`: {e}", list.display()));
    }
    inputs.passed
}

/// Whether the result goes to standard output.
fn is_standard(shown: &args::ShownArgs) -> bool {
    shown.output.as_deref().is_none_or(|path| path == Path::new("-"))
}

/// A run as far as it is.
struct Run<'a> {
    writer: Writer<'a>,
    count: Count,
    /// Batches whose thread broke down.
    broken: usize,
    progress: Progress,
    /// Whether the result is written to a terminal.
    is_seen: bool,
    /// The file that becomes the result.
    unfinished: Option<&'a Path>,
}

impl Run<'_> {
    /// Takes what became of a batch.
    fn take(&mut self, told: Option<Told>) -> ControlFlow<()> {
        let Some(told) = told else {
            self.broken += 1;
            return ControlFlow::Continue(());
        };
        self.count.join(&told.count);
        let done = (told.count.inputs(), told.bytes as u64);
        let Run { writer, progress, is_seen, .. } = self;
        match is_seen {
            true => progress.beside().write(|| writer.show(told)),
            false => writer.add(told),
        }
        self.progress.add(done.0, done.1);
        if self.writer.problem().is_some() {
            self.give_up();
        }
        ControlFlow::Continue(())
    }

    /// Ends the process, because the result cannot be written: the thread that reads may wait for input that never
    /// comes.
    fn give_up(&self) {
        self.progress.finish();
        let code = match self.writer.problem() {
            Some(e) if !self.writer.is_gone() => {
                note(&format!("error: {}", unwritten(e)));
                exit::COULD_NOT_RUN
            }
            // What was read decides; that nobody wanted the rest is no verdict on it.
            _ if self.count.code == exit::OK => exit::BROKEN_PIPE,
            _ => self.count.code,
        };
        if let Some(unfinished) = self.unfinished {
            let _ = std::fs::remove_file(unfinished);
        }
        std::process::exit(i32::from(code));
    }

    /// Writes what is left, tells what was not looked at and what was found, and gives the exit code.
    fn finish(mut self, args: &Args, passed: Option<Passed>) -> Result<u8, AppError> {
        let time = self.progress.finish();
        let mut passed = passed.unwrap_or_else(|| {
            self.broken += 1;
            Passed::default()
        });
        if self.broken > 0 {
            passed
                .fail("a part of the inputs was not examined: a thread broke down, which is an error of this program");
        }
        if self.count.inputs() == 0 && passed.failures() == 0 && passed.refused().is_none() {
            passed.fail("nothing was examined: the inputs contain no instances");
        }
        let read = if passed.failures() > 0 { exit::COULD_NOT_RUN } else { exit::OK };
        let code = exit::worse(self.count.code, read);
        self.writer.finish(&self.count.run(passed.failures(), passed.failed(), code));
        if let Some(e) = self.writer.problem().filter(|_| !self.writer.is_gone()) {
            return Err(AppError::File(unwritten(e)));
        }
        if let Some(why) = passed.refused() {
            return Err(AppError::File(format!("--output: {why}")));
        }
        passed.tell();
        let is_told = args.shown.verbose || self.count.inputs() > 1 || self.count.inputs() > 0 && passed.failures() > 0;
        if is_told && !args.shown.quiet {
            note(&self.count.summary(passed.failures(), time, args.shown.verbose));
        }
        if self.count.has(RuleId::PROFILE_UNKNOWN) && !args.shown.quiet {
            unloaded::hint(&args.files, &args.packages).iter().for_each(|hint| note(hint));
        }
        Ok(code)
    }
}

fn unwritten(e: &std::io::Error) -> String {
    format!("could not write the result: {e}")
}

/// Whether text is coloured; `is_seen` says whether a terminal shows it (<https://no-color.org>).
fn is_coloured(when: When, is_seen: bool) -> bool {
    let is_set = |name: &str, to: fn(&str) -> bool| std::env::var_os(name).is_some_and(|v| to(&v.to_string_lossy()));
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => is_seen && !is_set("NO_COLOR", |v| !v.is_empty()) && !is_set("TERM", |v| v == "dumb"),
    }
}

/// The bytes of all inputs; `None` where they are not known before they are read.
fn total(args: &Args) -> Option<u64> {
    let is_packed = |path: &Path| path.extension().is_some_and(|x| x == "gz" || x == "zst");
    let size =
        |path: &PathBuf| std::fs::metadata(path).ok().filter(|m| m.is_file() && !is_packed(path)).map(|m| m.len());
    args.files.iter().map(size).sum::<Option<u64>>().filter(|_| args.files_from.is_none())
}

/// Names the packages that instances are validated against.
fn tell_packages(app: &App) {
    let resolution = app.resolution();
    let named = resolution.packages.iter().map(|p| format!("{}#{}", p.manifest.id, p.manifest.version));
    note(&format!("FHIR {}: {}", resolution.fhir_version.name(), named.collect::<Vec<_>>().join(", ")));
}

/// The resources of these files and folders; `None` where none is named.
fn holder(paths: &[PathBuf]) -> Result<Option<Arc<dyn Holder>>, AppError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let found = FileResources::read(paths).map_err(|e| AppError::File(format!("--resources: {e}")))?;
    match found.unread() {
        0 => {}
        1 => note("--resources: 1 file or line holds no resource that can be read"),
        n => note(&format!("--resources: {n} files or lines hold no resource that can be read")),
    }
    Ok(Some(Arc::new(found)))
}

/// Names on standard error the packages that no instance is validated against.
fn tell_left_out(app: &App) {
    let resolution = app.resolution();
    for name in &resolution.left_out {
        let version = resolution.fhir_version.name();
        note(&format!("package {name} is for another FHIR version than the instances' ({version}), and left out"));
    }
}

/// The most definition issues that are listed.
const MAX_TOLD: usize = 20;

/// Lists on standard error what is wrong with the definitions of the packages that were asked for.
fn tell(issues: &[(String, String)]) {
    for (package, issue) in issues.iter().take(MAX_TOLD) {
        note(&format!("definition issue in {package}: {issue}"));
    }
    if issues.len() > MAX_TOLD {
        let more = issues.len() - MAX_TOLD;
        note(&format!("{more} more definition issue{}", if more == 1 { "" } else { "s" }));
    }
}
