//! From files of publishers to drafts, one file a format.

mod csv;
mod fhir;
mod icd10cm;
mod loinc;
mod names;
mod rxnorm;
mod snomed;
mod table;

use std::collections::BTreeMap;

use super::TerminologyError;
use super::inputs::Input;
use super::lines::without_mark;
use super::options::{Format, Options};
use super::set::{Draft, Kind};
use super::told::{Fault, Told};

/// How many bytes of a file tell what it is.
const START: u64 = 4096;

/// What a file is, by its name and its first bytes; `None` for what no format reads.
fn recognised(input: &Input) -> Result<Option<Format>, TerminologyError> {
    let name = input.file_name();
    if snomed::is_release_file(name) {
        return Ok(Some(Format::Snomed));
    }
    if rxnorm::is_release_file(name) {
        return Ok(Some(Format::Rxnorm));
    }
    if loinc::is_release_file(name) {
        return Ok(Some(Format::Loinc));
    }
    if icd10cm::is_release_file(name) {
        return Ok(Some(Format::Icd10cm));
    }
    let is_text = [".json", ".csv", ".txt"].iter().any(|e| name.to_ascii_lowercase().ends_with(e));
    if !is_text {
        return Ok(None);
    }
    let start = input.start(START)?;
    let start = without_mark(&start);
    Ok(match start.trim_ascii_start().first() {
        Some(b'{') => Some(Format::Fhir),
        _ if loinc::is_main_header(start) => Some(Format::Loinc),
        _ if icd10cm::is_order(start) => Some(Format::Icd10cm),
        _ => None,
    })
}

/// Reads files to drafts: by the format that the options name, else by what each file looks like.
///
/// # Errors
/// Nothing that can be imported, or files that cannot be read.
pub fn read(files: &[Input], options: &Options, told: &mut Told) -> Result<Vec<Draft>, TerminologyError> {
    let format = options.format.or(options.columns.is_some().then_some(Format::Csv));
    let mut by_format: BTreeMap<Format, Vec<&Input>> = BTreeMap::new();
    for input in files {
        match format.map_or_else(|| recognised(input), |f| Ok(Some(f)))? {
            Some(format) => by_format.entry(format).or_default().push(input),
            None => told.note(Fault::Ignored, &input.name, 0, || "nothing that is imported".to_owned()),
        }
    }
    let mut drafts = Vec::new();
    for (format, files) in by_format {
        match format {
            Format::Fhir => drafts.extend(fhir::read(&files, told)?),
            Format::Snomed => drafts.push(snomed::read(&files, told)?),
            Format::Loinc => drafts.push(loinc::read(&files, options.language.as_deref(), told)?),
            Format::Rxnorm => drafts.push(rxnorm::read(&files, told)?),
            Format::Icd10cm => drafts.push(icd10cm::read(&files, told)?),
            Format::Csv => drafts.push(csv::read(&files, options, told)?),
        }
    }
    renamed(&mut drafts, options)?;
    if drafts.is_empty() {
        let mut why = told.lines();
        why.insert(0, "nothing found that can be imported; say what the files are with --format".to_owned());
        return Err(TerminologyError::Ask(why.join("\n")));
    }
    Ok(drafts)
}

/// Gives the one draft the url and the version that the options name.
fn renamed(drafts: &mut [Draft], options: &Options) -> Result<(), TerminologyError> {
    if options.system.is_none() && options.version.is_none() {
        return Ok(());
    }
    let [draft] = drafts else {
        let why = format!("--system and --version name one code system, and the files hold {}", drafts.len());
        return Err(TerminologyError::Ask(why));
    };
    if draft.meta.kind == Kind::ValueSet && options.system.is_some() {
        return Err(TerminologyError::Ask("--system names a code system, and the file holds a value set".to_owned()));
    }
    if let Some(system) = &options.system {
        draft.meta.url.clone_from(system);
    }
    if let Some(version) = &options.version {
        draft.meta.version.clone_from(version);
    }
    Ok(())
}
