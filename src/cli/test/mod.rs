//! `accord test DIR`: the instances of a guide beside what is expected of them.

mod args;
mod outcome;

use std::io::Write;

pub use args::Args;

use super::{exit, imported_folder};
use crate::fhirpath::now;
use crate::guide_test::report::{Report, junit, markdown, text};
use crate::guide_test::{Bounds, Options, Updated, run};
use crate::printable::note;
use crate::project::Project;
use args::Format;

/// Tests a guide, and writes the report to `out`. Gives the exit code.
///
/// # Errors
/// A message where the guide, or a package, cannot be read, or a result cannot be written.
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let usual = Bounds::default();
    let project = args.project.load().map_err(|e| e.to_string())?;
    let own = || project.as_ref().and_then(Project::packages).unwrap_or_default();
    let options = Options {
        guide: args.guide.clone(),
        packages: if args.packages.is_empty() { own() } else { args.packages.clone() },
        fhir_version: project.as_ref().and_then(Project::fhir_version).map(str::to_owned),
        fetch: args.fetch,
        terminology: args.terminology.clone().or_else(imported_folder),
        update: args.update,
        mutants: !args.no_mutants,
        write_mutants: args.write_mutants.clone(),
        bounds: Bounds {
            instances: args.max_inputs.unwrap_or(usual.instances),
            mutants: args.max_mutants.unwrap_or(usual.mutants),
            time: args.max_seconds.map_or(usual.time, std::time::Duration::from_secs),
        },
        threads: args.threads(),
        now: args.now.or_else(now),
    };
    let (report, updated) = run(&options)?;
    if !args.quiet {
        if let Some(project) = &project {
            note(&format!("settings: `{}`, for packages and the FHIR version", project.file().display()));
        }
        tell(&report, &updated);
    }
    let could_not = |e: std::io::Error| format!("could not write the report: {e}");
    let written = match args.format {
        Format::Text => text(&report, args.verbose),
        Format::Json => serde_json::to_string_pretty(&report).map_err(|e| e.to_string())? + "\n",
        Format::Junit => junit(&report)?,
    };
    out.write_all(written.as_bytes()).and_then(|()| out.flush()).map_err(could_not)?;
    if let Some(file) = &args.summary {
        let text = markdown(&report);
        let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        folder
            .and_then(|()| std::fs::write(file, text))
            .map_err(|e| format!("--summary: could not write `{}`: {e}", file.display()))?;
    }
    let (code, why) = outcome::code(&report, args);
    why.iter().for_each(|w| note(w));
    Ok(if updated.left.is_empty() { code } else { exit::worse(code, exit::INVALID) })
}

/// Says what was written and what was passed over.
fn tell(report: &Report, updated: &Updated) {
    for file in &updated.files {
        note(&format!("written: {file}"));
    }
    for left in &updated.left {
        note(&format!("not written: {left}"));
    }
    for text in &report.notes {
        note(&format!("note: {text}"));
    }
}
