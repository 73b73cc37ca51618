//! The options of `accord test`.

use std::path::PathBuf;

use fhir_accord_profiles::fhirpath::Temporal;

use crate::cli::project::ProjectArgs;

/// Tests an implementation guide: its instances against what is expected of them, what they show of its profiles, and
/// which rules no negative instance notices.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The guide: a folder (of SUSHI, of the IG Publisher, of a package, or any with resources), or a package as .tgz.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) guide: PathBuf,
    /// A package beside those that the guide depends on: ID#VERSION, or the path of an archive, a folder or a file; may
    /// be repeated [default: those of accord.toml].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub(super) packages: Vec<String>,
    /// Download packages that are not installed.
    #[arg(long)]
    pub(super) fetch: bool,
    /// Where imported terminology is [default: $ACCORD_TERMINOLOGY, else accord/terminology in the XDG data
    /// directory].
    #[arg(long, value_name = "DIR")]
    pub(super) terminology: Option<PathBuf>,
    /// Write the expectations of invalid instances, and of those that have one, as they are found.
    #[arg(long)]
    pub(super) update: bool,
    /// Break no rules: no mutation score.
    #[arg(long, conflicts_with_all = ["write_mutants", "min_mutation_score"])]
    pub(super) no_mutants: bool,
    /// Write the mutants that no negative instance notices to this folder, each with its expectation.
    #[arg(long, value_name = "DIR")]
    pub(super) write_mutants: Option<PathBuf>,
    /// The least coverage, in percent.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(super) min_coverage: Option<f64>,
    /// The least mutation score, in percent.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(super) min_mutation_score: Option<f64>,
    /// What makes the exit code non-zero.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "error")]
    pub(super) fail_on: FailOn,
    /// The most instances that are examined [default: 100000].
    #[arg(long, value_name = "NUMBER")]
    pub(super) max_inputs: Option<usize>,
    /// The most mutants that are judged for one profile [default: 20000].
    #[arg(long, value_name = "NUMBER")]
    pub(super) max_mutants: Option<usize>,
    /// How long mutants are made and judged, in seconds [default: 300].
    #[arg(long, value_name = "SECONDS")]
    pub(super) max_seconds: Option<u64>,
    /// The time that `now()` and `today()` return in constraints, as a FHIR dateTime [default: the system clock].
    #[arg(long, value_name = "DATETIME", value_parser = moment)]
    pub(super) now: Option<Temporal>,
    /// How many threads work [default: one for each core].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    jobs: Option<u16>,
    /// The output: text for people, JSON, or JUnit.
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
    /// Also write a summary in Markdown to this file, for a pull request.
    #[arg(long, value_name = "FILE")]
    pub(super) summary: Option<PathBuf>,
    /// List everything in the text.
    #[arg(long, short)]
    pub(super) verbose: bool,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    /// No notes on standard error.
    #[arg(long, short, conflicts_with = "verbose")]
    pub(super) quiet: bool,
}

/// The forms of the report.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Junit,
}

/// What makes the exit code non-zero.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailOn {
    Error,
    Undetermined,
}

impl Args {
    /// How many threads work.
    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(cores, usize::from)
    }
}

/// A percentage, as an argument.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse::<f64>().ok();
    number.filter(|n| (0.0..=100.0).contains(n)).ok_or_else(|| "expected a number from 0 to 100".to_owned())
}

/// A moment in time, as an argument.
fn moment(text: &str) -> Result<Temporal, String> {
    Temporal::date_time(text)
        .filter(|t| t.to_time().is_some())
        .ok_or_else(|| "expected a date with a time and a time zone, such as 2026-11-28T12:00:00Z".to_owned())
}
