//! `accord validate FILES…`: instances against the profiles that they claim and those asked for.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Level, Memory, Policies, References};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::{Report, Severity, Verdict};

use super::exit;
use crate::app::{App, AppError, Settings};
use crate::fhirpath::now;
use crate::{render, scripts};

/// Validates instances against the base specification, the profiles that they claim and those asked for.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Instances, JSON or XML: files (a `.ndjson` file is read line by line), folders (walked), `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// The FHIR version of the instances.
    #[arg(long, value_name = "VERSION", default_value = "R4")]
    pub fhir_version: String,
    /// A package: ID#VERSION, or the path of an archive, a folder or a file; may be given several times [default: all embedded guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub packages: Vec<String>,
    /// A profile that every instance must satisfy, beside those that it claims; may be given several times.
    #[arg(long = "profile", value_name = "URL")]
    pub profiles: Vec<String>,
    /// Rules and functions of your own: a Rhai script, or a folder of them; may be given several times.
    #[arg(long, value_name = "FILE|DIR")]
    pub rules: Vec<PathBuf>,
    /// What is written: text for people, an OperationOutcome (a collection Bundle of several), or a line an input.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// The least severe issues that are listed; the others are counted.
    #[arg(long, value_enum, default_value = "warning")]
    pub level: Least,
    /// The moment that `now()` and `today()` tell in constraints, as a FHIR dateTime [default: the clock of this machine].
    #[arg(long, value_name = "DATETIME", value_parser = moment)]
    pub now: Option<Temporal>,
    /// What makes the exit code other than 0; `warning` implies `undetermined`.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "error")]
    pub fail_on: FailOn,
    /// Go online for packages that are not here.
    #[arg(long)]
    pub fetch: bool,
    #[command(flatten)]
    pub policies: PolicyArgs,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
    Ndjson,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
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

/// A bound that may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Issues,
    Visits,
    Trials,
    Expression,
    Expressions,
}

/// A bound and its size, as an argument.
fn limit(text: &str) -> Result<(Bound, u64), String> {
    let (name, number) = text.split_once('=').ok_or("expected NAME=NUMBER")?;
    let bound = match name {
        "issues" => Bound::Issues,
        "visits" => Bound::Visits,
        "trials" => Bound::Trials,
        "expression" => Bound::Expression,
        "expressions" => Bound::Expressions,
        _ => return Err("expected one of issues, visits, trials, expression, expressions".to_owned()),
    };
    let number = number.parse().map_err(|_| format!("`{number}` is not a whole number"))?;
    if bound == Bound::Trials && number > MOST_TRIALS {
        return Err(format!("at most {MOST_TRIALS} trials may stand inside each other"));
    }
    Ok((bound, number))
}

/// The most trials inside each other that may be asked for: each takes its share of the stack.
const MOST_TRIALS: u64 = 40;

/// A moment in time, as an argument.
fn moment(text: &str) -> Result<Temporal, String> {
    Temporal::date_time(text)
        .filter(|t| t.to_time().is_some())
        .ok_or_else(|| "expected a date with a time and a time zone, such as 2026-11-28T12:00:00Z".to_owned())
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    Error,
    Warning,
    Undetermined,
}

/// The policies, as options.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Policies")]
pub struct PolicyArgs {
    /// Policies to start from; the options below change single ones.
    #[arg(long, value_enum)]
    pub preset: Option<Preset>,
    /// Extensions and code systems with example urls [default: warn].
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub example_urls: Option<Allow>,
    /// Extensions that no package defines [default: warn]; unknown modifier extensions make the verdict undetermined.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub unknown_extensions: Option<Allow>,
    /// How far references that lead out of the instance are checked: their form alone, the type of the target, or that it exists [default: type].
    #[arg(long, value_enum, value_name = "HOW")]
    pub references: Option<Follow>,
    /// Constraints that are marked as best practice [default: off].
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub best_practice: Option<Off>,
    /// Displays that are none of their code [default: warn].
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub display: Option<Ignore>,
    /// Control characters in strings [default: error].
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub control_characters: Option<Ignore>,
    /// Pass over comments in JSON, which has none.
    #[arg(long)]
    pub json_comments: bool,
    /// HTML tags in strings and markdown, which a reader that does not escape them would run [default: ignore].
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub html: Option<Ignore>,
    /// A bound of another size: `issues` listed, or on the work for one instance `visits` of elements, `trials` of profiles inside each other, steps of one `expression`, steps of all `expressions`. Work beyond a bound leaves the verdict undetermined. May be given several times.
    #[arg(long = "limit", value_name = "NAME=NUMBER", value_parser = limit)]
    pub limits: Vec<(Bound, u64)>,
    /// Whether R4's vital-signs profiles apply by the code of an observation, as the specification requires [default: on].
    #[arg(long, value_enum, value_name = "SWITCH")]
    pub vital_signs: Option<Switch>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum Preset {
    /// What the official validator's users are used to.
    Hl7,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum Allow {
    Allow,
    Warn,
    Error,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum Off {
    Off,
    Warn,
    Error,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum Ignore {
    Ignore,
    Warn,
    Error,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum Follow {
    None,
    Type,
    Exists,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum Switch {
    On,
    Off,
}

impl PolicyArgs {
    /// The policies that the options name.
    pub fn policies(&self) -> Policies {
        let mut p = match self.preset {
            Some(Preset::Hl7) => Policies::hl7(),
            None => Policies::default(),
        };
        let allow = |a: Allow| match a {
            Allow::Allow => Level::Allow,
            Allow::Warn => Level::Warn,
            Allow::Error => Level::Error,
        };
        if let Some(a) = self.example_urls {
            p.example_urls = allow(a);
        }
        if let Some(a) = self.unknown_extensions {
            p.unknown_extensions = allow(a);
        }
        if let Some(f) = self.references {
            p.references = match f {
                Follow::None => References::None,
                Follow::Type => References::Type,
                Follow::Exists => References::Exists,
            };
        }
        if let Some(o) = self.best_practice {
            p.best_practice = match o {
                Off::Off => Level::Allow,
                Off::Warn => Level::Warn,
                Off::Error => Level::Error,
            };
        }
        let ignore = |i: Ignore| match i {
            Ignore::Ignore => Level::Allow,
            Ignore::Warn => Level::Warn,
            Ignore::Error => Level::Error,
        };
        p.display = self.display.map_or(p.display, ignore);
        p.control_characters = self.control_characters.map_or(p.control_characters, ignore);
        p.html = self.html.map_or(p.html, ignore);
        p.json_comments = self.json_comments;
        for (bound, number) in &self.limits {
            match bound {
                Bound::Issues => p.issues = usize::try_from(*number).unwrap_or(usize::MAX),
                Bound::Visits => p.work.nodes = *number,
                Bound::Trials => p.work.trials = u32::try_from(*number).unwrap_or(u32::MAX),
                Bound::Expression => p.work.expression = *number,
                Bound::Expressions => p.work.expressions = *number,
            }
        }
        if let Some(s) = self.vital_signs {
            p.vital_signs = matches!(s, Switch::On);
        }
        p
    }
}

/// One instance with where it came from.
struct Input<'t> {
    source: String,
    text: Cow<'t, [u8]>,
}

/// Validates the files and writes the result to `out`. Gives the exit code.
///
/// # Errors
/// [`AppError`] where a file can't be read, or a package or profile asked for is not known.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, AppError> {
    let fhir_version = FhirVersion::parse(&args.fhir_version).filter(|v| *v == FhirVersion::R4);
    let fhir_version = fhir_version.ok_or_else(|| {
        AppError::Package(format!("instances of FHIR `{}` can't be validated: only R4 (4.0.1) can", args.fhir_version))
    })?;
    let rules = scripts::load(&args.rules)?;
    let app = App::open(&Settings {
        fhir_version,
        packages: args.packages.clone(),
        fetch: args.fetch,
        rules,
        ..Settings::default()
    })?;
    tell(&app.definition_issues());
    let asked = app.profiles(&args.profiles)?;
    let policies = Policies { level: args.level.severity(), ..args.policies.policies() };
    let now = args.now.or_else(now);
    let evaluator = app.evaluator();
    let mut memory = Memory::default();
    let mut code = exit::OK;
    let mut entries = Vec::new();
    let mut problem = None;
    let mut each = |input: Input<'_>| {
        let report = app.check(&evaluator, &input.text, &asked, &policies, now, &mut memory);
        code = exit::worse(code, exit_code(&report, args.fail_on));
        let written = match args.format {
            Format::Text => render::text(&report, &input.source, &input.text, out),
            Format::Ndjson => render::line(&report, &input.source, out),
            Format::Json => {
                entries.push((input.source.clone(), render::operation_outcome(&report, None)));
                Ok(())
            }
        };
        if let Err(e) = written {
            problem.get_or_insert(AppError::File(format!("cannot write the result: {e}")));
        }
    };
    let mut failed = None;
    for file in &args.files {
        if let Err(e) = inputs(file, &mut each) {
            failed.get_or_insert(e);
        }
    }
    if args.format == Format::Json {
        let value = match entries.as_slice() {
            [(_, one)] => one.clone(),
            many => render::collection(many),
        };
        let text = serde_json::to_string_pretty(&value).unwrap_or_default();
        writeln!(out, "{text}").map_err(|e| AppError::File(format!("cannot write the result: {e}")))?;
    }
    match failed.or(problem) {
        Some(e) => Err(e),
        None => Ok(code),
    }
}

/// The most faults of definitions that are told one by one.
const MAX_TOLD: usize = 20;

/// Tells on standard error what is wrong with the definitions of the packages that were asked for.
fn tell(issues: &[(String, String)]) {
    for (package, issue) in issues.iter().take(MAX_TOLD) {
        eprintln!("definition issue in {package}: {issue}");
    }
    if issues.len() > MAX_TOLD {
        let more = issues.len() - MAX_TOLD;
        eprintln!("{more} further definition issue{}", if more == 1 { "" } else { "s" });
    }
}

/// The exit code that one report calls for.
pub fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
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

/// Reads a file, a folder, an NDJSON file line by line, or standard input.
fn inputs(name: &str, each: &mut dyn FnMut(Input<'_>)) -> Result<(), AppError> {
    let problem = |e: std::io::Error| AppError::File(format!("cannot read `{name}`: {e}"));
    if name == "-" {
        let mut text = Vec::new();
        std::io::stdin().lock().read_to_end(&mut text).map_err(problem)?;
        each(Input { source: "-".to_owned(), text: text.into() });
        return Ok(());
    }
    let path = Path::new(name);
    if path.is_dir() {
        let mut files: Vec<PathBuf> = walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|e| {
                e.file_type().is_file()
                    && e.path().extension().is_some_and(|x| ["json", "ndjson", "xml"].iter().any(|w| x == *w))
            })
            .map(|e| e.into_path())
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(AppError::File(format!(
                "the folder `{name}` holds no instance: wanted are .json, .xml and .ndjson files"
            )));
        }
        for f in files {
            one(&f, each)?;
        }
        return Ok(());
    }
    one(path, each)
}

fn one(path: &Path, each: &mut dyn FnMut(Input<'_>)) -> Result<(), AppError> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|e| AppError::File(format!("cannot read `{name}`: {e}")))?;
    if path.extension().is_some_and(|x| x == "ndjson") {
        let mut start = 0;
        for (i, end) in memchr::memchr_iter(b'\n', &text).chain([text.len()]).enumerate() {
            let line = &text[start.min(end)..end];
            start = end + 1;
            if !line.iter().all(u8::is_ascii_whitespace) {
                each(Input { source: format!("{name}:{}", i + 1), text: line.into() });
            }
        }
        return Ok(());
    }
    each(Input { source: name, text: text.into() });
    Ok(())
}
