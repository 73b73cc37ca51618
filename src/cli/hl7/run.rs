//! Validates what is asked for, and writes the result.

use std::io::Write;
use std::path::Path;

use fhir_accord_profiles::evaluate::Policies;

use super::asked::Asked;
use super::opened::open;
use super::sources::found;
use super::written::Page;
use crate::cli::exit;
use crate::cli::validate::{Job, each};
use crate::page::report;
use crate::printable::note;
use crate::scripts;

/// The most messages of one input; HL7's validator has no bound.
const MOST_ISSUES: usize = 10_000;

/// Validates, and gives the exit code.
///
/// # Errors
/// What kept it from running.
pub(super) fn run(asked: &Asked, out: &mut dyn Write) -> Result<u8, String> {
    if asked.sources.is_empty() {
        return Err("nothing to validate: name files or folders; `accord hl7 -help` lists the options".to_owned());
    }
    let (files, others) = found(&asked.sources, asked.recurse)?;
    if others > 0 {
        note(&format!("not looked at: {others} files with other endings; name a file to have it read"));
    }
    let project = asked.project.load().map_err(|e| e.to_string())?;
    let rules = project.as_ref().and_then(|p| p.rules()).unwrap_or_default();
    let rules = scripts::load(&rules).map_err(|e| e.to_string())?;
    if let Some(project) = &project {
        note(&format!("settings: `{}`; -no-accord-config leaves them out", project.file().display()));
    }
    let app = open(asked, project.as_ref(), rules.clone())?;
    let mut page = Page::new(asked.style(), asked.show_ids, asked.chosen.clone());
    let mut html = asked.html.as_ref().map(|_| report::Page::default());
    let output = asked.output.as_deref().map(Path::new);
    let job = Job {
        app: &app,
        profiles: &asked.profiles,
        policies: asked.chosen.policies(&Policies { issues: MOST_ISSUES, ..Policies::default() }),
        tx: asked.tx.as_deref(),
        files: &files,
        output,
        project: project.as_ref(),
        rules: rules.as_deref(),
    };
    let whole = each(job, &mut |done| {
        page.add(done.origin.source, &done.applied.report, done.applied.remark());
        if let Some(html) = &mut html {
            // Writing to memory does not fail.
            report::input(&done.applied.report, &done.origin, done.text).into_iter().for_each(|part| html.add(part));
        }
    });
    let whole = whole.map_err(|e| e.to_string())?;
    if page.is_empty() && whole.failures() == 0 {
        return Err("nothing was examined: the inputs contain no instances".to_owned());
    }
    let found = if page.errors() > 0 { exit::INVALID } else { exit::OK };
    let code = if whole.failures() > 0 { exit::COULD_NOT_RUN } else { found };
    let text = page.finish(app.set().model())?;
    match output {
        Some(path) => written(path, &text)?,
        None => out.write_all(&text).map_err(|e| e.to_string())?,
    }
    if let (Some(path), Some(html)) = (&asked.html, html) {
        let mut text = Vec::new();
        html.write(&whole.run(code), &mut text).map_err(|e| e.to_string())?;
        written(Path::new(path), &text)?;
    }
    match app.refused_terminology().into_iter().next() {
        Some(why) => Err(why),
        None => Ok(code),
    }
}

fn written(path: &Path, text: &[u8]) -> Result<(), String> {
    std::fs::write(path, text).map_err(|e| format!("could not write `{}`: {e}", path.display()))
}
