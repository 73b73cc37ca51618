//! Validates what is asked for, and writes the result.

use std::io::Write;
use std::path::Path;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Policies;

use super::asked::Asked;
use super::sources::found;
use super::written::Page;
use crate::app::{App, Settings};
use crate::cli::validate::{Job, each};
use crate::cli::{exit, imported_folder};
use crate::printable::note;

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
    let app = open(asked)?;
    let mut page = Page::new(asked.style(), asked.show_ids, asked.chosen.clone());
    let output = asked.output.as_deref().map(Path::new);
    let job = Job {
        app: &app,
        profiles: &asked.profiles,
        policies: asked.chosen.policies(&Policies { issues: MOST_ISSUES, ..Policies::default() }),
        tx: asked.tx.as_deref(),
        files: &files,
        output,
    };
    let failures = each(job, &mut |source, report| page.add(source, report)).map_err(|e| e.to_string())?;
    if page.is_empty() && failures == 0 {
        return Err("nothing was examined: the inputs contain no instances".to_owned());
    }
    let code = if page.errors() > 0 { exit::INVALID } else { exit::OK };
    let text = page.finish(app.set().model())?;
    match output {
        Some(path) => std::fs::write(path, text).map_err(|e| format!("could not write `{}`: {e}", path.display()))?,
        None => out.write_all(&text).map_err(|e| e.to_string())?,
    }
    if let Some(why) = app.refused_terminology().into_iter().next() {
        return Err(why);
    }
    Ok(if failures > 0 { exit::COULD_NOT_RUN } else { code })
}

/// The packages that are named, or the specification alone.
fn open(asked: &Asked) -> Result<App, String> {
    let fhir_version = match &asked.version {
        Some(text) => Some(FhirVersion::parse(text).ok_or_else(|| {
            format!("`-version`: `{text}` is not a FHIR version that is known here; expected 1.0, 3.0, 4.0, 4.3 or 5.0")
        })?),
        None if asked.packages.is_empty() => {
            note("without `-version` and `-ig` the FHIR version is 5.0.0, as it is for HL7's validator");
            Some(FhirVersion::R5)
        }
        None => None,
    };
    let core = fhir_version.map(|v| format!("{}#{}", v.core_package(), v.number()));
    let packages: Vec<String> = asked.packages.iter().cloned().chain(core).collect();
    let terminology = imported_folder();
    let settings = Settings { fhir_version, one_version: true, packages, terminology, ..Settings::default() };
    let app = App::open(&settings).map_err(|e| e.to_string())?;
    for name in &app.resolution().left_out {
        let version = app.resolution().fhir_version.name();
        note(&format!("package {name} is for another FHIR version than the instances' ({version}), and left out"));
    }
    Ok(app)
}
