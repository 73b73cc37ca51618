//! LOINC's release: `Loinc.csv`, and beside it answers, parts and linguistic variants
//! (<https://loinc.org/kb/users-guide/loinc-database-structure/>).

use fhir_accord_profiles::definition::compare_versions;

use super::super::TerminologyError;
use super::super::inputs::Input;
use super::super::set::{Draft, Kind, Meta};
use super::super::systems::LOINC;
use super::super::told::{Fault, Told};
use super::names::from;
use super::table::rows;

/// The columns of the main table that are read: code, names, state, then properties of the code system
/// (<https://terminology.hl7.org/LOINC.html>).
const MAIN: &[&str] = &[
    "LOINC_NUM",
    "LONG_COMMON_NAME",
    "STATUS",
    "SHORTNAME",
    "DisplayName",
    "CONSUMER_NAME",
    "VersionLastChanged",
    "COMPONENT",
    "PROPERTY",
    "TIME_ASPCT",
    "SYSTEM",
    "SCALE_TYP",
    "METHOD_TYP",
    "CLASS",
    "CLASSTYPE",
    "ORDER_OBS",
];
/// How many of them must be there.
const NEEDED: usize = 3;
/// Where the properties begin.
const PROPERTIES: usize = 7;
/// How many of the properties make the fully specified name.
const AXES: usize = 6;
const ANSWERS: &[&str] = &["AnswerListId", "AnswerStringId", "AnswerListName", "DisplayText"];
const PARTS: &[&str] = &["PartNumber", "PartName", "PartDisplayName", "Status"];
const VARIANT: &[&str] = &["LOINC_NUM", "LONG_COMMON_NAME", "SHORTNAME", "LinguisticVariantDisplayName"];

/// What a file of the release is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Main,
    Answers,
    Parts,
    Variant,
}

fn part(name: &str) -> Option<Part> {
    match name.to_ascii_lowercase().as_str() {
        "loinc.csv" => Some(Part::Main),
        "answerlist.csv" => Some(Part::Answers),
        "part.csv" => Some(Part::Parts),
        name if name.ends_with("linguisticvariant.csv") => Some(Part::Variant),
        _ => None,
    }
}

/// Whether a name is that of a file that is read.
pub(super) fn is_release_file(name: &str) -> bool {
    part(name).is_some()
}

/// Whether a file starts as the main table does.
pub(super) fn is_main_header(start: &[u8]) -> bool {
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.trim_start_matches('"').starts_with("LOINC_NUM") && line.contains("LONG_COMMON_NAME")
}

pub(super) fn read(files: &[&Input], language: Option<&str>, told: &mut Told) -> Result<Draft, TerminologyError> {
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, LOINC, ""));
    let mut all: Vec<(Part, &&Input)> = files.iter().map(|i| (part(i.file_name()).unwrap_or(Part::Main), i)).collect();
    all.sort_by_key(|(part, _)| *part);
    if !all.iter().any(|(part, _)| *part == Part::Main) {
        return Err(TerminologyError::Ask("no Loinc.csv among the files of LOINC".to_owned()));
    }
    let mut open = vec!["LG", "MTHU", "LA", "LL", "LP"];
    for (part, input) in all {
        match part {
            Part::Main => main(input, &mut draft, told)?,
            Part::Answers => answers(input, &mut draft, told)?,
            Part::Parts => parts(input, &mut draft, told)?,
            Part::Variant if !speaks(&tag(input.file_name()), language) => {
                let asked = tag(input.file_name());
                told.note(Fault::Ignored, &input.name, 0, || format!("ask for it with --language {asked}"));
                continue;
            }
            Part::Variant => variant(input, &mut draft, told)?,
        }
        match part {
            Part::Answers => open.retain(|p| !matches!(*p, "LA" | "LL")),
            Part::Parts => open.retain(|p| *p != "LP"),
            _ => {}
        }
        if let Some(version) = release(&input.name) {
            draft.meta.version = version.to_owned();
        }
        from(&mut draft, input);
    }
    draft.meta.open_prefixes = open.into_iter().map(str::to_owned).collect();
    Ok(draft)
}

/// The release that a path names: `Loinc_2.78.zip`.
fn release(name: &str) -> Option<&str> {
    let parts = name.split(['/', '\\']).rev();
    let rest = parts.filter_map(|p| p.strip_prefix("Loinc_").or_else(|| p.strip_prefix("LOINC_"))).next()?;
    let version = rest.trim_end_matches(|c: char| !c.is_ascii_digit());
    let end = rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(version.len());
    rest.get(..end).map(|v| v.trim_matches('.')).filter(|v| v.contains('.'))
}

/// A code of LOINC: digits, a dash and a digit, behind letters for what is no observation.
fn is_code(code: &str) -> bool {
    code.trim_start_matches(|c: char| c.is_ascii_uppercase()).split_once('-').is_some_and(|(number, check)| {
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        digits(number) && check.len() == 1 && digits(check)
    })
}

fn main(input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
    let english = draft.language("en");
    let status = draft.property("STATUS");
    let properties: Vec<u16> = MAIN.iter().skip(PROPERTIES).map(|p| draft.property(p)).collect();
    let mut newest = String::new();
    rows(input, MAIN, NEEDED, told, |row, told| {
        let columns: Vec<_> = (0..MAIN.len()).map(|i| row.get(i, told)).collect();
        let column = |i: usize| columns.get(i).map_or("", |c| c.trim());
        let code = column(0);
        if !is_code(code) {
            told.note(Fault::NoCode, &input.name, row.line, || format!("`{code}` is not a LOINC code"));
            return;
        }
        let (index, is_new) = draft.add(code);
        let Some(concept) = draft.at(index) else { return };
        if !is_new {
            told.note(Fault::Duplicate, &input.name, row.line, || {
                format!("code `{code}` came before; the first counts")
            });
            return;
        }
        concept.name(english, column(1));
        for i in 3..6 {
            concept.name(english, column(i));
        }
        concept.name(english, &fully_specified(|i| column(PROPERTIES + i)));
        concept.inactive = column(2) == "DEPRECATED";
        concept.has(status, column(2));
        for (i, property) in properties.iter().enumerate() {
            concept.has(*property, column(PROPERTIES + i));
        }
        if compare_versions(column(6), &newest).is_gt() {
            newest = column(6).to_owned();
        }
    })?;
    draft.meta.version = newest;
    Ok(())
}

/// The axes between colons; the method only where there is one.
fn fully_specified<'a>(axis: impl Fn(usize) -> &'a str) -> String {
    let axes: Vec<&str> = (0..AXES).map(axis).collect();
    let text = axes.join(":");
    if axes.first().is_none_or(|a| a.is_empty()) { String::new() } else { text.trim_end_matches(':').to_owned() }
}

fn answers(input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
    let english = draft.language("en");
    rows(input, ANSWERS, 2, told, |row, told| {
        for (code, name) in [(0, 2), (1, 3)] {
            let (code, name) = (row.get(code, told), row.get(name, told));
            if !code.trim().is_empty() {
                let (index, _) = draft.add(code.trim());
                draft.at(index).into_iter().for_each(|c| c.name(english, &name));
            }
        }
    })?;
    Ok(())
}

fn parts(input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
    let english = draft.language("en");
    rows(input, PARTS, 2, told, |row, told| {
        let [code, name, display, status] = [0, 1, 2, 3].map(|i| row.get(i, told));
        if !is_code(code.trim()) {
            told.note(Fault::NoCode, &input.name, row.line, || format!("`{code}` is not a part of LOINC"));
            return;
        }
        let (index, _) = draft.add(code.trim());
        let Some(concept) = draft.at(index) else { return };
        concept.name(english, &display);
        concept.name(english, &name);
        concept.inactive = status.trim() == "DEPRECATED";
    })?;
    Ok(())
}

/// The language of a linguistic variant: `deAT24LinguisticVariant.csv` is German as in Austria.
fn tag(name: &str) -> String {
    match (name.get(..2), name.get(2..4)) {
        (Some(language), Some(country)) => format!("{language}-{country}"),
        _ => String::new(),
    }
}

/// Whether a language is one that was asked for: `de` stands for all kinds of German.
fn speaks(tag: &str, asked: Option<&str>) -> bool {
    asked.is_some_and(|a| tag.get(..a.len()).is_some_and(|start| start.eq_ignore_ascii_case(a)))
}

fn variant(input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
    let language = draft.language(&tag(input.file_name()));
    rows(input, VARIANT, 2, told, |row, told| {
        let [code, long, short, display] = [0, 1, 2, 3].map(|i| row.get(i, told));
        match draft.find(code.trim()).and_then(|index| draft.at(index)) {
            Some(concept) => [long, short, display].iter().for_each(|n| concept.name(language, n)),
            None => told.note(Fault::NoConcept, &input.name, row.line, || format!("no code `{}`", code.trim())),
        }
    })?;
    Ok(())
}
