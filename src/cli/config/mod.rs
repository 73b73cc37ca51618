//! `accord config`: the settings of the project that are in force, and where each comes from.

mod args;
mod collect;
mod entry;
mod policies;
mod written;

use std::io::Write;

pub use args::Args;

use super::exit;
use super::within::write_json;
use crate::project::Project;
use crate::scripts;
use args::{Command, Format};

/// Writes the settings to `out`. Returns the exit code.
///
/// # Errors
/// A message where the file cannot be used, or nothing can be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    if let Some(Command::Schema) = args.command {
        write_json(&Project::schema(), out)?;
        return Ok(exit::OK);
    }
    let project = args.project.load().map_err(|e| e.to_string())?;
    let project = project.as_ref();
    check(args, project)?;
    let told = collect::told(args, project);
    match args.format {
        Format::Json => write_json(&told, out)?,
        Format::Text => written::text(&told, out).map_err(|e| e.to_string())?,
    }
    Ok(exit::OK)
}

/// That rules, elements and globs of the file are such.
fn check(args: &Args, project: Option<&Project>) -> Result<(), String> {
    let scripts = match &args.rules[..] {
        [] => project.and_then(Project::rules).unwrap_or_default(),
        rules => rules.to_vec(),
    };
    let library = scripts::load(&scripts).map_err(|e| e.to_string())?;
    let site = |id: &str| library.iter().any(|l| l.rules().any(|r| r.id.as_str() == id));
    Project::filter(project, None, &site).map(drop).map_err(|e| e.to_string())
}
