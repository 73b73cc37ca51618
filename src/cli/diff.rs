//! `accord diff OLD NEW`: what has changed between two versions of a package or profile, and whom it breaks.

use std::io::Write;

use super::exit;
use super::within::{Within, write_json};
use crate::app::AppError;
use crate::difference::{Ask, compare, markdown, text, worst};
use crate::profiles::difference::Level;
use crate::relations::{Operand, Until, open};

/// Shows what was loosened, tightened, added and removed between two versions of a package or profile.
///
/// Each change has a level. writer: old data may be invalid now (tightened). reader: new data may be refused by who
/// knows the old version (loosened). must-support: a must-support flag or an obligation came or went. documentation:
/// anything else. For each profile it is told whether such breaks are confirmed by an instance, proven harmless, or
/// open. Texts for people (short, definition, comment) are not compared: compiled packages do not keep them.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "Exit codes: 0 compared, 1 --fail-on asks for a level that was found, 3 could not run")]
pub struct Args {
    /// The old version: `ID#VERSION` for all profiles of a package, a canonical (`url|version`), or the file of a
    /// StructureDefinition.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The new version, named in the same ways.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Exit with 1 where this level or a worse one is found: writer, reader, must-support, documentation, the worst
    /// first. Changes that are proven harmless count as documentation.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<LevelArg>,
    /// Do not search for instances that confirm breaks; proofs only.
    #[arg(long)]
    pub no_witness: bool,
    /// Where profiles are found.
    #[command(flatten)]
    pub within: Within,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// A level to fail on.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum LevelArg {
    /// Old data may be invalid now.
    Writer,
    /// Old readers may refuse new data.
    Reader,
    /// Other elements must be supported.
    MustSupport,
    /// Any change.
    Documentation,
}

/// The form of the answer.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For release notes.
    Markdown,
}

impl LevelArg {
    fn level(self) -> Level {
        match self {
            LevelArg::Writer => Level::Writer,
            LevelArg::Reader => Level::Reader,
            LevelArg::MustSupport => Level::MustSupport,
            LevelArg::Documentation => Level::Documentation,
        }
    }
}

/// Compares, and writes the report to `out`. Returns the exit code.
///
/// # Errors
/// A message where a package or a profile is not found, or nothing can be compared.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let (a, b) = (Operand::parse(&args.old)?, Operand::parse(&args.new)?);
    let told = |e: AppError| e.to_string();
    let settings = args.within.settings()?;
    let app = open(&[&a, &b], &args.within.packages, &settings).map_err(told)?;
    let (old, new) = (a.find_all(&app).map_err(told)?, b.find_all(&app).map_err(told)?);
    let report = compare(&app, &old, &new, Ask { witnesses: !args.no_witness, until: Until::default() })?;
    let written = match args.format {
        Format::Json => write_json(&report, out),
        Format::Text => text(&report, out).map_err(|e| e.to_string()),
        Format::Markdown => markdown(&report, out).map_err(|e| e.to_string()),
    };
    written.map_err(|e| format!("cannot write the report: {e}"))?;
    let fails = args.fail_on.is_some_and(|limit| worst(&report).is_some_and(|found| found >= limit.level()));
    Ok(if fails { exit::INVALID } else { exit::OK })
}
