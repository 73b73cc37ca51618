//! ICD-10-CM's order file: columns at fixed places
//! (<https://www.cms.gov/medicare/coding-billing/icd-10-codes>, `icd10cm-order-YYYY.txt`).

use super::super::TerminologyError;
use super::super::inputs::Input;
use super::super::lines::lines;
use super::super::set::{Draft, Kind, Meta};
use super::super::told::{Fault, Told};
use super::names::{digits, from};

/// The code system (<https://terminology.hl7.org/CodeSystem-icd10CM.html>).
const URL: &str = "http://hl7.org/fhir/sid/icd-10-cm";

/// Whether a name is that of an order file.
pub(super) fn is_release_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("icd10cm") && name.contains("order") && name.ends_with(".txt")
}

/// Whether a file's first line is one of an order file: five digits, a code, and whether it can be billed.
pub(super) fn is_order(start: &[u8]) -> bool {
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let is_space = |i: usize| line.get(i) == Some(&b' ');
    line.get(..5).is_some_and(|n| n.iter().all(u8::is_ascii_digit))
        && is_space(5)
        && is_space(13)
        && matches!(line.get(14), Some(b'0' | b'1'))
        && is_space(15)
}

/// A code as FHIR has it: with a point behind the category.
fn dotted(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
        _ => code.to_owned(),
    }
}

pub(super) fn read(files: &[&Input], told: &mut Told) -> Result<Draft, TerminologyError> {
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, URL, ""));
    let english = draft.language("en");
    for input in files {
        if input.file_name().to_ascii_lowercase().contains("addenda") {
            told.note(Fault::Ignored, &input.name, 0, || "changes to the codes, not the codes".to_owned());
            continue;
        }
        lines(input, told, |line, number, told| {
            let column = |range: std::ops::Range<usize>| line.get(range.start..range.end.min(line.len()));
            let (code, short) = (column(6..13).unwrap_or_default().trim(), column(16..76).unwrap_or_default().trim());
            if !is_order(line.as_bytes()) || code.len() < 3 || short.is_empty() {
                let why = || "expected number, code, 0 or 1, and descriptions at their columns".to_owned();
                told.note(Fault::Short, &input.name, number, why);
                return Ok(());
            }
            let (index, is_new) = draft.add(&dotted(code));
            if !is_new {
                told.note(Fault::Duplicate, &input.name, number, || format!("code `{code}` came before"));
            }
            if let Some(concept) = draft.at(index) {
                concept.name(english, line.get(77..).unwrap_or_default());
                concept.name(english, short);
            }
            Ok(())
        })?;
        if let Some(year) = digits(input.file_name(), 4) {
            draft.meta.version = year.to_owned();
        }
        from(&mut draft, input);
    }
    above(&mut draft);
    Ok(draft)
}

/// The code above is the longest one that a code starts with.
fn above(draft: &mut Draft) {
    draft.meta.hierarchy = true;
    for index in 0..draft.concepts.len() as u32 {
        let Some(code) = draft.at(index).map(|c| c.code.clone()) else { continue };
        let shorter = (3..code.len()).rev().filter_map(|end| code.get(..end)?.trim_end_matches('.').into());
        let found = shorter.filter_map(|c: &str| draft.find(c)).find(|p| *p != index);
        draft.links.extend(found.map(|parent| (index, parent)));
    }
}
