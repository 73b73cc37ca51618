//! The options of `accord validate`.

use std::path::{Path, PathBuf};

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{EntryProfile, Policies};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::Severity;

use super::fix_args::FixArgs;
use super::policy::PolicyArgs;
use super::ruling_args::RulingArgs;
use crate::app::{AppError, version_of};
use crate::cli::project::ProjectArgs;
use crate::hl7::entry_profile;
use crate::project::Project;

/// The most threads that may be asked for.
const MOST_JOBS: i64 = 1_024;

/// Validates instances against the base specification, the profiles that they claim and those asked for.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Instances in JSON or XML: files (`.ndjson` and `.jsonl` files are read line by line, `.gz` and `.zst` are
    /// unpacked), folders (read recursively), or `-` for standard input (one instance, or one per line).
    #[arg(required_unless_present = "files_from", value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// A file with the names of more inputs, one per line or separated by NUL bytes; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// Read standard input and the files that are named line by line, whatever they are called.
    #[arg(long)]
    pub(super) ndjson: bool,
    /// The FHIR version of the instances: DSTU2, STU3, R4, R4B, R5, 4.0.1, and the like [default: that of the packages,
    /// else that of the profiles asked for, else R4].
    #[arg(long, value_name = "VERSION")]
    fhir_version: Option<String>,
    /// A package: ID#VERSION, or the path of an archive, a folder or a file; may be repeated [default: all embedded
    /// guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub(super) packages: Vec<String>,
    /// A profile that every instance must conform to, in addition to those in meta.profile; may be repeated.
    #[arg(long = "profile", value_name = "URL")]
    pub(super) profiles: Vec<String>,
    /// A profile for entries of a Bundle: those of a TYPE, the one at a NUMBER (from 0), or TYPE:NUMBER; may be
    /// repeated.
    #[arg(long = "entry-profile", value_name = "ENTRY=URL", value_parser = entry)]
    pub(super) entry_profiles: Vec<EntryProfile>,
    /// The result of `accord negotiate --format json`: an instance must also conform to one of the profiles of its type
    /// that both sides can use.
    #[arg(long, value_name = "FILE")]
    pub(super) negotiation: Option<PathBuf>,
    /// Files and folders with the resources that references lead to (JSON, XML, NDJSON; of Bundles their entries); may
    /// be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) resources: Vec<PathBuf>,
    /// Your own rules and functions: a Rhai script, or a folder of scripts; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// The time that `now()` and `today()` return in constraints, as a FHIR dateTime [default: the system clock].
    #[arg(long, value_name = "DATETIME", value_parser = moment)]
    pub(super) now: Option<Temporal>,
    /// What makes the exit code non-zero; `warning` implies `undetermined`.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "error")]
    pub(super) fail_on: FailOn,
    /// Where imported terminology is [default: $ACCORD_TERMINOLOGY, else accord/terminology in the XDG data
    /// directory].
    #[arg(long, value_name = "DIR")]
    pub(super) terminology: Option<PathBuf>,
    /// Download packages that are not installed.
    #[arg(long)]
    pub(super) fetch: bool,
    /// The base URL of a FHIR terminology server: it is asked about codes, value sets and displays that the loaded
    /// packages do not decide.
    #[arg(long, value_name = "URL")]
    pub(super) tx: Option<String>,
    /// How many threads validate [default: one for each core].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    jobs: Option<u16>,
    #[command(flatten)]
    pub(super) shown: ShownArgs,
    #[command(flatten)]
    pub(super) fixing: FixArgs,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) ruling: RulingArgs,
}

/// What is shown, and where; none of it changes a verdict or the exit code.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct ShownArgs {
    /// The form of the result [default: by the ending of --output: .json, .ndjson, .sarif, .csv, .html; else text].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file that the result is written to [default: standard output].
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The lowest severity that is listed; issues below it are only counted.
    #[arg(long, value_enum, default_value = "warning")]
    level: Least,
    /// The most issues that are listed of one input; the rest is only counted [default: 1000].
    #[arg(long, value_name = "NUMBER")]
    max_issues: Option<usize>,
    /// Colours in the text; `auto`: on a terminal, where the environment variable NO_COLOR is not set.
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// Only the reports, and what could not be read: no summary, no progress bar, no notes.
    #[arg(long, short, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Also name the packages and the files that are not looked at, and give a summary of a single input.
    #[arg(long, short)]
    pub(super) verbose: bool,
}

/// The forms of the result.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    Text,
    /// An OperationOutcome; of several inputs a collection Bundle of them.
    Json,
    /// One line per input: source, verdict, OperationOutcome.
    Ndjson,
    /// A SARIF 2.1.0 log, for code scanning.
    Sarif,
    /// JUnit XML: a test case per input.
    Junit,
    /// Annotations in the log of a GitHub workflow.
    Github,
    /// One row per issue.
    Csv,
    /// A page for people.
    Html,
}

impl Format {
    /// The form that the name of a file tells; `None`: it tells none.
    fn of_name(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let endings = [
            (".sarif.json", Format::Sarif),
            (".sarif", Format::Sarif),
            (".json", Format::Json),
            (".ndjson", Format::Ndjson),
            (".jsonl", Format::Ndjson),
            (".csv", Format::Csv),
            (".html", Format::Html),
            (".htm", Format::Html),
        ];
        endings.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| *format)
    }
}

impl ShownArgs {
    /// The form that is asked for, else that of the file's name, else text.
    pub(super) fn format(&self) -> Format {
        let of_name = || self.output.as_deref().and_then(Format::of_name);
        self.format.or_else(of_name).unwrap_or(Format::Text)
    }
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Least {
    Information,
    Warning,
    Error,
}

/// When something is done.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// What makes the exit code non-zero.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailOn {
    Error,
    Warning,
    Undetermined,
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

impl Args {
    /// The FHIR version that the arguments tell.
    ///
    /// # Errors
    /// [`AppError::Package`] where what was given is none.
    pub(super) fn fhir_version(&self) -> Result<Option<FhirVersion>, AppError> {
        let Some(text) = &self.fhir_version else {
            let of_profiles = || self.profiles.iter().find_map(|p| version_of(p));
            return Ok(if self.packages.is_empty() { of_profiles() } else { None });
        };
        let unknown = || {
            AppError::Package(format!(
                "`{text}` is not a FHIR version; expected DSTU2, STU3, R4, R4B, R5, 4.0.1, and the like"
            ))
        };
        FhirVersion::parse(text).map(Some).ok_or_else(unknown)
    }

    /// That standard input is not read twice.
    ///
    /// # Errors
    /// [`AppError::File`] where it is.
    pub(super) fn reads_once(&self) -> Result<(), AppError> {
        let of_standard = self.files.iter().chain(&self.files_from).filter(|p| p.as_path() == Path::new("-")).count();
        let why = match (of_standard, self.files_from.as_deref() == Some(Path::new("-"))) {
            (0 | 1, _) => return Ok(()),
            (_, true) => "`-` as an input, together with `--files-from -`: standard input cannot be both",
            (_, false) => "`-` is given twice: standard input can be read once",
        };
        Err(AppError::File(why.to_owned()))
    }

    /// The same arguments, with the settings of a project where they say nothing.
    pub(super) fn under(&self, project: Option<&Project>) -> Args {
        let mut args = self.clone();
        let Some(project) = project else { return args };
        if args.packages.is_empty() {
            args.packages = project.packages().unwrap_or_default();
        }
        if args.rules.is_empty() {
            args.rules = project.rules().unwrap_or_default();
        }
        args.fhir_version = args.fhir_version.or_else(|| project.fhir_version().map(str::to_owned));
        args
    }

    /// The policies, with those of a project and with what is listed.
    pub(super) fn policies(&self, project: Option<&Project>) -> Policies {
        let own = |policies: Policies| match project {
            Some(project) => project.policies(policies),
            None => policies,
        };
        let entries = self.entry_profiles.clone();
        let policies = Policies { level: self.shown.level.severity(), entries, ..self.policies.policies(own) };
        Policies { issues: self.shown.max_issues.unwrap_or(policies.issues), ..policies }
    }

    /// How many threads validate.
    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(cores, usize::from)
    }
}

/// A profile of entries, as an argument.
fn entry(text: &str) -> Result<EntryProfile, String> {
    let (entry, profile) = text.split_once('=').ok_or("expected ENTRY=URL, such as Patient:0=http://example.org/p")?;
    entry_profile(entry, profile)
}

/// A moment in time, as an argument.
fn moment(text: &str) -> Result<Temporal, String> {
    Temporal::date_time(text)
        .filter(|t| t.to_time().is_some())
        .ok_or_else(|| "expected a date with a time and a time zone, such as 2026-11-28T12:00:00Z".to_owned())
}
