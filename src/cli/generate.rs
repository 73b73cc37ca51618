//! `accord generate PROFILE`: instances of a profile, built from its definition and validated.

use std::io::Write;

use super::exit;
use super::project::ProjectArgs;
use super::within::Within;
use crate::app::{App, Settings};
use crate::printable::note;
use crate::profiles::evaluate::ProfileJudge;
use crate::profiles::generate::{Generated, Generator, Kind};

/// Prints instances of a profile: the smallest, the fullest, or those at the limits of what it allows.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The profile: its canonical URL, or URL|VERSION.
    pub profile: String,
    /// Which instances: the smallest; with all that must be supported; at the limits of cardinalities, types,
    /// slices and codes.
    #[arg(long, value_enum, default_value = "minimal")]
    pub kind: KindArg,
    /// How many instances at most [default: 1; of the boundary kind 20].
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,
    /// What values are chosen by; the same seed gives the same instances.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Where the profile is found.
    #[command(flatten)]
    pub within: Within,
    /// The settings of the project.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// What is written: indented JSON (an array of several), or one line per instance [default: json for one
    /// instance, else ndjson].
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// Which instances of a profile.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindArg {
    /// The smallest.
    Minimal,
    /// With everything that must be supported.
    Full,
    /// At the limits of what is allowed.
    Boundary,
}

/// How instances are written.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Indented JSON.
    Json,
    /// One line per instance.
    Ndjson,
}

/// How many boundary instances are made where no count is given.
const BOUNDARY: usize = 20;
/// The most instances that may be asked for.
const MOST: usize = 100_000;

/// Writes the instances to `out`; what could not be built goes to standard error, with the reason.
///
/// Returns the exit code: 0, or 3 where there is no instance.
///
/// # Errors
/// A message where a package or the profile is not found, or the instances cannot be written.
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let within = args.within.under(&args.project)?;
    let settings = Settings { packages: within.packages.clone(), ..within.settings()? };
    let app = App::open(&settings).map_err(|e| e.to_string())?;
    let root = app.profiles(std::slice::from_ref(&args.profile)).map_err(|e| e.to_string())?;
    let (kind, usual) = match args.kind {
        KindArg::Minimal => (Kind::Minimal, 1),
        KindArg::Full => (Kind::Full, 1),
        KindArg::Boundary => (Kind::Boundary, BOUNDARY),
    };
    let count = args.count.unwrap_or(usual).min(MOST);
    let generator = Generator::new(app.plans());
    let mut judge = ProfileJudge::new(app.plans());
    let mut generated = Generated::default();
    for profile in root {
        generated = generator.instances(profile, kind, count, args.seed, &mut judge);
    }
    for missing in &generated.unbuildable {
        note(&format!("not built: {missing}"));
    }
    write(args, &generated, out).map_err(|e| format!("cannot write the instances: {e}"))?;
    Ok(if generated.instances.is_empty() { exit::COULD_NOT_RUN } else { exit::OK })
}

fn write(args: &Args, generated: &Generated, out: &mut dyn Write) -> std::io::Result<()> {
    let alone = generated.instances.len() == 1;
    let format = args.format.unwrap_or(if alone { Format::Json } else { Format::Ndjson });
    let values: Vec<_> = generated.instances.iter().map(|i| &i.value).collect();
    match (format, values.as_slice()) {
        (_, []) => Ok(()),
        (Format::Json, [one]) => writeln!(out, "{}", serde_json::to_string_pretty(one)?),
        (Format::Json, all) => writeln!(out, "{}", serde_json::to_string_pretty(all)?),
        (Format::Ndjson, all) => all.iter().try_for_each(|value| writeln!(out, "{value}")),
    }
}
