//! RxNorm's RRF files (<https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html>).

use super::super::TerminologyError;
use super::super::inputs::Input;
use super::super::lines::lines;
use super::super::set::{Content, Draft, Kind, Meta};
use super::super::systems::RXNORM;
use super::super::told::{Fault, Told};
use super::names::{digits, from};

/// The term types whose text is a concept's name, the best first; others are synonyms.
const NAMES: &[&str] = &["SCD", "SBD", "GPCK", "BPCK", "IN", "PIN", "MIN", "BN", "SCDC", "SBDC", "SCDF", "SBDF", "DF"];

/// The files that are read: names and retired concepts.
pub(super) fn is_release_file(name: &str) -> bool {
    ["rxnconso.rrf", "rxncui.rrf"].contains(&name.to_ascii_lowercase().as_str())
}

/// A row of RXNCONSO, as far as it matters.
struct Atom<'l> {
    concept: &'l str,
    source: &'l str,
    kind: &'l str,
    text: &'l str,
    suppressed: &'l str,
}

/// Columns 1, 12, 13, 15 and 17 of 18.
fn atom(line: &str) -> Option<Atom<'_>> {
    let mut columns = line.split('|');
    let concept = columns.next()?;
    let source = columns.nth(10)?;
    let kind = columns.next()?;
    let text = columns.nth(1)?;
    let suppressed = columns.nth(1)?;
    columns.next()?;
    Some(Atom { concept, source, kind, text, suppressed })
}

/// What is known of a concept's names so far.
#[derive(Clone, Copy, Default)]
struct Names {
    /// Whether any row is RxNorm's own.
    own: bool,
    /// Whether any of its own rows, or of others where there is none, is in use.
    in_use: bool,
    /// The place of the preferred name's term type.
    rank: Option<usize>,
}

pub(super) fn read(files: &[&Input], told: &mut Told) -> Result<Draft, TerminologyError> {
    let mut draft = Draft::new(Meta::new(Kind::CodeSystem, RXNORM, ""));
    let is = |input: &&&Input, name: &str| input.file_name().eq_ignore_ascii_case(name);
    let (mut found, mut whole) = (false, false);
    for input in files.iter().filter(|i| is(i, "rxnconso.rrf")) {
        names(input, &mut draft, told)?;
        found = true;
        whole |= !is_prescribable(&input.name);
        // The release's date is part of its folder's, or its archive's name: `RxNorm_full_01022024.zip`.
        if let Some(date) = digits(&input.name, 8) {
            draft.meta.version = date.to_owned();
        }
        from(&mut draft, input);
    }
    if !found {
        return Err(TerminologyError::Ask("no RXNCONSO.RRF among the files of RxNorm".to_owned()));
    }
    for input in files.iter().filter(|i| is(i, "rxncui.rrf")) {
        retired(input, &mut draft, told)?;
        from(&mut draft, input);
    }
    if !whole {
        draft.meta.content = Content::Fragment;
        told.note(Fault::Partial, &draft.meta.canonical(), 0, || {
            "the prescribable subset; of other codes it is not known whether they exist".to_owned()
        });
    }
    Ok(draft)
}

/// Whether a file is of the Current Prescribable Content, a subset, by its folder's, or its archive's name:
/// `RxNorm_full_prescribe_01022024.zip`, or `prescribe/rrf` in the archive of the full release
/// (<https://www.nlm.nih.gov/research/umls/rxnorm/docs/prescribe.html>).
fn is_prescribable(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "prescribe" || word == "prescribable")
}

fn names(input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
    let english = draft.language("en");
    let kinds = draft.property("TTY");
    let mut seen: Vec<Names> = vec![Names::default(); draft.concepts.len()];
    lines(input, told, |line, number, told| {
        let Some(atom) = atom(line) else {
            let found = line.split('|').count();
            told.note(Fault::Short, &input.name, number, || format!("expected 18 columns, found {found}"));
            return Ok(());
        };
        if atom.concept.is_empty() || !atom.concept.bytes().all(|b| b.is_ascii_digit()) {
            let found = || format!("`{}` is not an RXCUI", atom.concept);
            told.note(Fault::NoCode, &input.name, number, found);
            return Ok(());
        }
        let (index, _) = draft.add(atom.concept);
        seen.resize(draft.concepts.len(), Names::default());
        let (Some(concept), Some(known)) = (draft.at(index), seen.get_mut(index as usize)) else { return Ok(()) };
        let own = atom.source == "RXNORM";
        // Names of other vocabularies serve where RxNorm has none.
        if known.own && !own {
            return Ok(());
        }
        if own && !known.own {
            concept.names.clear();
            concept.properties.clear();
            *known = Names { own, ..Names::default() };
        }
        known.in_use |= atom.suppressed != "O";
        concept.inactive = !known.in_use;
        concept.name(english, atom.text);
        if own {
            concept.has(kinds, atom.kind);
        }
        let rank = NAMES.iter().position(|k| *k == atom.kind).filter(|r| known.rank.is_none_or(|k| *r < k));
        if let (Some(rank), Some(at)) = (rank, concept.names.iter().position(|(_, t)| &**t == atom.text.trim())) {
            known.rank = Some(rank);
            concept.names.swap(0, at);
        }
        Ok(())
    })
}

/// Concepts that are no longer there are known, and inactive.
fn retired(input: &Input, draft: &mut Draft, told: &mut Told) -> Result<(), TerminologyError> {
    lines(input, told, |line, number, told| {
        let code = line.split('|').next().unwrap_or_default();
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_digit()) {
            told.note(Fault::NoCode, &input.name, number, || format!("`{code}` is not an RXCUI"));
            return Ok(());
        }
        let (index, is_new) = draft.add(code);
        if let Some(concept) = draft.at(index).filter(|_| is_new) {
            concept.inactive = true;
        }
        Ok(())
    })
}
