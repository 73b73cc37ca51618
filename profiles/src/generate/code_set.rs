//! Codes of compiled value sets: which certainly belong, and which of them to take.

use std::rc::Rc;

use crate::plan::marks::{CONCEPT_ABSTRACT, CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED, CONCEPT_INACTIVE};
use crate::plan::rows::Run;
use crate::plan::{Handle, Image, ImageSet};
use crate::terminology::Grammar;

/// How many codes of a value set are looked at, from its start.
const CODES: usize = 400;

/// Codes that show what systems decided by a grammar are like: languages, media types, units, countries, currencies.
const SAMPLES: [&str; 40] = [
    "en",
    "text/plain",
    "1",
    "kg",
    "cm",
    "mm[Hg]",
    "/min",
    "Cel",
    "%",
    "kg/m2",
    "mg",
    "g",
    "L",
    "mL",
    "s",
    "min",
    "h",
    "d",
    "wk",
    "mo",
    "a",
    "mg/dL",
    "mmol/L",
    "m",
    "m2",
    "[degF]",
    "[lb_av]",
    "[in_i]",
    "cm2",
    "g/dL",
    "10*3/uL",
    "{score}",
    "US",
    "USA",
    "840",
    "USD",
    "en-US",
    "application/pdf",
    "/d",
    "mg/d",
];

/// A code with its system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Code {
    /// The url of the code system; empty where none is known.
    pub system: Rc<str>,
    /// The code.
    pub code: Rc<str>,
}

impl Code {
    pub fn new(system: &str, code: &str) -> Code {
        Code { system: system.into(), code: code.into() }
    }
}

/// The rows of a table of concepts, in the order in which they were added.
fn rows(image: &Image, slots: Run) -> Vec<u32> {
    let mut rows: Vec<u32> = image.concepts_in(slots).collect();
    rows.sort_unstable();
    rows
}

/// The codes that certainly are in a value set, in its order: those in use before those that are not, then samples of
/// what a grammar decides. No more than [`CODES`] and the last.
pub(super) fn members(set: &ImageSet, value_set: Handle) -> Vec<Code> {
    let image = set.layer(value_set.layer);
    let Some(row) = set.value_set(value_set) else { return Vec::new() };
    let (mut used, mut unused) = (Vec::new(), Vec::new());
    let all = rows(image, row.slots);
    let last = all.len().saturating_sub(1);
    for (i, concept) in all.iter().filter_map(|r| image.concept(*r)).enumerate() {
        if concept.flags & (CONCEPT_EXCLUDED | CONCEPT_DOUBTFUL) != 0 || (used.len() >= CODES && i != last) {
            continue;
        }
        let code = Code::new(image.str(concept.system), image.str(concept.code));
        if concept.flags & (CONCEPT_INACTIVE | CONCEPT_ABSTRACT) == 0 {
            used.push(code);
        } else if unused.len() < CODES {
            unused.push(code);
        }
    }
    for open in image.open_systems(row.open) {
        if let Some(grammar) = Grammar::from_words(open.grammar) {
            let system = image.str(open.system);
            used.extend(SAMPLES.iter().filter(|s| grammar.holds(s)).map(|s| Code::new(system, s)));
        }
    }
    used.extend(unused);
    used
}

/// All codes of a value set; `None` where some are not known one by one, or there are more than `limit`.
pub fn all_members(set: &ImageSet, value_set: Handle, limit: usize) -> Option<Vec<(String, String)>> {
    let image = set.layer(value_set.layer);
    let row = set.value_set(value_set)?;
    let all = rows(image, row.slots);
    if !row.incomplete.is_empty() || row.open.len > 0 || all.len() > limit {
        return None;
    }
    let concepts = all.iter().filter_map(|r| image.concept(*r));
    if concepts.clone().any(|c| c.flags & CONCEPT_DOUBTFUL != 0) {
        return None;
    }
    let members = concepts.filter(|c| c.flags & CONCEPT_EXCLUDED == 0);
    Some(members.map(|c| (image.str(c.system).to_owned(), image.str(c.code).to_owned())).collect())
}

/// Whether a code is in a value set; `None` where that is open. Without a system the code stands by itself.
pub(super) fn is_member(set: &ImageSet, value_set: Handle, system: Option<&str>, code: &str) -> Option<bool> {
    let image = set.layer(value_set.layer);
    let row = set.value_set(value_set)?;
    let of = |own: &str| system.is_none_or(|s| s == own);
    let mut is_open = !row.incomplete.is_empty();
    for c in image.concepts_of(row.slots, code.as_bytes()).filter(|c| of(image.str(c.system))) {
        match c.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) {
            0 => return Some(true),
            CONCEPT_DOUBTFUL => is_open = true,
            _ if system.is_some() => return Some(false),
            _ => {}
        }
    }
    for open in image.open_systems(row.open).iter().filter(|o| of(image.str(o.system))) {
        if Grammar::from_words(open.grammar).is_some_and(|g| g.holds(code)) {
            return Some(true);
        }
        if open.reason.is_empty() && system.is_some() {
            return Some(false);
        }
        is_open |= !open.reason.is_empty();
    }
    if is_open { None } else { Some(false) }
}

/// A code of a code system that is loaded, or that a grammar decides: the nth of those in use.
pub(super) fn of_system(set: &ImageSet, url: &str, nth: usize) -> Option<Code> {
    let found = set.find_code_system(url, None);
    let row = found.and_then(|h| Some((h, set.code_system(h)?)));
    if let Some((handle, row)) = row.filter(|(_, row)| row.is_complete()) {
        let image = set.layer(handle.layer);
        let in_use = |r: &u32| image.concept(*r).is_some_and(|c| c.flags & (CONCEPT_INACTIVE | CONCEPT_ABSTRACT) == 0);
        let all = rows(image, row.slots);
        let used: Vec<u32> = all.into_iter().filter(in_use).take(CODES).collect();
        let at = used.get(nth.checked_rem(used.len())?)?;
        return Some(Code::new(url, image.str(image.concept(*at)?.code)));
    }
    let grammar = Grammar::of_system(url)?;
    let samples: Vec<&str> = SAMPLES.into_iter().filter(|s| grammar.holds(s)).collect();
    Some(Code::new(url, samples.get(nth.checked_rem(samples.len())?)?))
}

/// What a loaded code system calls a code.
pub(super) fn display_of(set: &ImageSet, code: &Code) -> Option<String> {
    let found = set.find_code_system(&code.system, None)?;
    let row = set.code_system(found)?;
    let image = set.layer(found.layer);
    let concept = image.concepts_of(row.slots, code.code.as_bytes()).next()?;
    Some(image.str(concept.display).to_owned()).filter(|d| !d.is_empty())
}

/// Whether a code system that is complete here lacks a code.
pub(super) fn is_foreign(set: &ImageSet, url: &str, code: &str) -> bool {
    let complete = set.find_code_system(url, None).and_then(|h| Some((h, set.code_system(h)?)));
    match complete.filter(|(_, row)| row.is_complete()) {
        Some((h, row)) => set.layer(h.layer).concepts_of(row.slots, code.as_bytes()).next().is_none(),
        None => Grammar::of_system(url).is_some_and(|g| !g.holds(code)),
    }
}
