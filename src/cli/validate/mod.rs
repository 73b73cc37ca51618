//! `accord validate FILES…`: instances against the profiles that they claim and those asked for.

mod input;
mod negotiated;
mod policy;
mod together;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::{Report, Severity, Verdict};
use serde_json::Value;

use super::{exit, imported_folder};
use crate::app::{App, AppError, Holder, Settings, version_of};
use crate::fhirpath::now;
use crate::remote::terminology::{self, TerminologyServer, TerminologyUrl};
use crate::resources::FileResources;
use crate::settle::Answerer;
use crate::{render, scripts};
use input::{Input, inputs};
use negotiated::Negotiated;
use policy::PolicyArgs;
use together::{Checking, Together};

/// Validates instances against the base specification, the profiles that they claim and those asked for.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Instances in JSON or XML: files (`.ndjson` files are read line by line), folders (read recursively), or `-` for
    /// standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The FHIR version of the instances: DSTU2, STU3, R4, R4B, R5, 4.0.1, and the like [default: that of the packages,
    /// else that of the profiles asked for, else R4].
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<String>,
    /// A package: ID#VERSION, or the path of an archive, a folder or a file; may be repeated [default: all embedded
    /// guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    packages: Vec<String>,
    /// A profile that every instance must conform to, in addition to those in meta.profile; may be repeated.
    #[arg(long = "profile", value_name = "URL")]
    profiles: Vec<String>,
    /// The result of `accord negotiate --format json`: an instance must also conform to one of the profiles of its type
    /// that both sides can use.
    #[arg(long, value_name = "FILE")]
    negotiation: Option<PathBuf>,
    /// Files and folders with the resources that references lead to (JSON, XML, NDJSON; of Bundles their entries); may
    /// be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    resources: Vec<PathBuf>,
    /// Your own rules and functions: a Rhai script, or a folder of scripts; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    rules: Vec<PathBuf>,
    /// The output: text for people, an OperationOutcome (a collection Bundle for several inputs), or one line per
    /// input.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The lowest severity that is listed; issues below it are only counted.
    #[arg(long, value_enum, default_value = "warning")]
    level: Least,
    /// The time that `now()` and `today()` return in constraints, as a FHIR dateTime [default: the system clock].
    #[arg(long, value_name = "DATETIME", value_parser = moment)]
    now: Option<Temporal>,
    /// What makes the exit code non-zero; `warning` implies `undetermined`.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "error")]
    fail_on: FailOn,
    /// Where imported terminology is [default: $ACCORD_TERMINOLOGY, else accord/terminology in the XDG data
    /// directory].
    #[arg(long, value_name = "DIR")]
    terminology: Option<PathBuf>,
    /// Download packages that are not installed.
    #[arg(long)]
    fetch: bool,
    /// The base URL of a FHIR terminology server: it is asked about codes, value sets and displays that the loaded
    /// packages do not decide.
    #[arg(long, value_name = "URL")]
    tx: Option<String>,
    #[command(flatten)]
    policies: PolicyArgs,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Ndjson,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Least {
    Information,
    Warning,
    Error,
}

impl Least {
    fn severity(self) -> Severity {
        match self {
            Least::Information => Severity::Information,
            Least::Warning => Severity::Warning,
            Least::Error => Severity::Error,
        }
    }
}

/// The FHIR version that the arguments tell.
fn fhir_version(args: &Args) -> Result<Option<FhirVersion>, AppError> {
    let Some(text) = &args.fhir_version else {
        let of_profiles = || args.profiles.iter().find_map(|p| version_of(p));
        return Ok(if args.packages.is_empty() { of_profiles() } else { None });
    };
    let unknown = || {
        AppError::Package(format!(
            "`{text}` is not a FHIR version; expected DSTU2, STU3, R4, R4B, R5, 4.0.1, and the like"
        ))
    };
    FhirVersion::parse(text).map(Some).ok_or_else(unknown)
}

/// A moment in time, as an argument.
fn moment(text: &str) -> Result<Temporal, String> {
    Temporal::date_time(text)
        .filter(|t| t.to_time().is_some())
        .ok_or_else(|| "expected a date with a time and a time zone, such as 2026-11-28T12:00:00Z".to_owned())
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum FailOn {
    Error,
    Warning,
    Undetermined,
}

/// Validates the files and writes the result to `out`. Gives the exit code.
///
/// # Errors
/// [`AppError`] where a file could not be read, or a package or profile asked for is unknown.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, AppError> {
    let fhir_version = fhir_version(args)?;
    let rules = scripts::load(&args.rules)?;
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
    tell_left_out(&app);
    tell(&app.definition_issues());
    let asked = app.profiles(&args.profiles)?;
    let negotiated = args.negotiation.as_deref().map(|path| Negotiated::read(path, &app)).transpose()?;
    let policies = Policies { level: args.level.severity(), ..args.policies.policies() };
    let now = args.now.or_else(now);
    let server = args.tx.as_deref().map(terminology_server).transpose()?;
    let checking =
        Checking { app: &app, evaluator: app.evaluator(), asked, negotiated, policies, now, memory: Memory::default() };
    let mut written = Written { args, out, code: exit::OK, entries: Vec::new(), problem: None };
    let mut failed = None;
    let mut together = Together::new(checking, server.as_ref().map(|s| s as &dyn Answerer));
    for file in &args.files {
        let each = &mut |input: Input<'_>| together.add(input, &mut |input, report| written.add(input, report));
        if let Err(e) = inputs(file, each) {
            failed.get_or_insert(e);
        }
    }
    together.finish(&mut |input, report| written.add(input, report));
    let code = written.finish();
    if let Some(why) = app.refused_terminology().into_iter().next() {
        failed.get_or_insert(AppError::File(why));
    }
    failed.map_or(code, Err)
}

/// The resources of these files and folders; `None` where none is named.
fn holder(paths: &[PathBuf]) -> Result<Option<Arc<dyn Holder>>, AppError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let found = FileResources::read(paths).map_err(|e| AppError::File(format!("--resources: {e}")))?;
    match found.unread() {
        0 => {}
        1 => eprintln!("--resources: 1 file or line holds no resource that can be read"),
        n => eprintln!("--resources: {n} files or lines hold no resource that can be read"),
    }
    Ok(Some(Arc::new(found)))
}

/// The terminology server of a URL, by the operator's word.
fn terminology_server(url: &str) -> Result<TerminologyServer, AppError> {
    let server =
        TerminologyUrl::parse(url).and_then(|url| TerminologyServer::new(url, terminology::Settings::default()));
    server.map_err(|e| AppError::Server(format!("--tx: {e}")))
}

/// The reports as they are written, and what the exit code will be.
struct Written<'a> {
    args: &'a Args,
    out: &'a mut dyn Write,
    code: u8,
    /// Source and OperationOutcome of each input, for JSON.
    entries: Vec<(String, Value)>,
    /// The first failure to write.
    problem: Option<std::io::Error>,
}

impl Written<'_> {
    fn add(&mut self, input: &Input<'_>, report: &Report) {
        self.code = exit::worse(self.code, exit_code(report, self.args.fail_on));
        let written = match self.args.format {
            Format::Text => render::text(report, &input.source, &input.text, self.out),
            Format::Ndjson => render::line(report, &input.source, self.out),
            Format::Json => {
                self.entries.push((input.source.clone(), render::operation_outcome(report, None)));
                Ok(())
            }
        };
        if let Err(e) = written {
            self.problem.get_or_insert(e);
        }
    }

    /// The exit code, once all of it is written.
    fn finish(mut self) -> Result<u8, AppError> {
        let failed = |e: std::io::Error| AppError::File(format!("could not write the result: {e}"));
        if self.args.format == Format::Json {
            let value = match self.entries.as_slice() {
                [(_, one)] => one.clone(),
                many => render::collection(many),
            };
            let text = serde_json::to_string_pretty(&value).unwrap_or_default();
            writeln!(self.out, "{text}").map_err(failed)?;
        }
        self.problem.take().map_or(Ok(self.code), |e| Err(failed(e)))
    }
}

/// Names on standard error the packages that no instance is validated against.
fn tell_left_out(app: &App) {
    let resolution = app.resolution();
    for name in &resolution.left_out {
        let version = resolution.fhir_version.name();
        eprintln!("package {name} is for another FHIR version than the instances' ({version}), and left out");
    }
}

/// The most definition issues that are listed.
const MAX_TOLD: usize = 20;

/// Lists on standard error what is wrong with the definitions of the packages that were asked for.
fn tell(issues: &[(String, String)]) {
    for (package, issue) in issues.iter().take(MAX_TOLD) {
        eprintln!("definition issue in {package}: {issue}");
    }
    if issues.len() > MAX_TOLD {
        let more = issues.len() - MAX_TOLD;
        eprintln!("{more} more definition issue{}", if more == 1 { "" } else { "s" });
    }
}

/// The exit code that one report calls for.
fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
    if report.stopped.is_some() {
        return exit::COULD_NOT_RUN;
    }
    match report.verdict {
        Verdict::Invalid => exit::INVALID,
        _ if fail_on == FailOn::Warning && report.tally.warnings > report.tally.questions => exit::INVALID,
        Verdict::Undetermined if fail_on != FailOn::Error => exit::UNDETERMINED,
        _ => exit::OK,
    }
}
