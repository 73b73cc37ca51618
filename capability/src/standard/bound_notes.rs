//! The value sets of a union and an intersection, by type. R4 has no element for them in a CapabilityStatement: they
//! are written into the documentation of the type's entry.

use std::collections::{BTreeMap, BTreeSet};

use fhir_accord_profiles::difference::{Bound, BoundElement, CodesBeside};

use super::outcome::quoted;

/// The elements of a type that are listed; the others are counted.
const ELEMENTS_LIMIT: usize = 200;
/// The value sets of an element that are listed.
const SETS_LIMIT: usize = 20;

/// The value sets of each element.
type Elements = BTreeMap<String, BTreeSet<String>>;

#[derive(Default)]
struct TypeNotes {
    union: Elements,
    intersection: Elements,
    /// Whether value sets of a profile are unknown.
    is_partial: bool,
}

/// What both statements bind, by type.
#[derive(Default)]
pub(super) struct Notes(BTreeMap<String, TypeNotes>);

impl Notes {
    fn of(&mut self, resource_type: &str) -> &mut TypeNotes {
        self.0.entry(resource_type.to_owned()).or_default()
    }

    /// The value sets of one profile are not known.
    pub(super) fn add_unknown(&mut self, resource_type: &str) {
        self.of(resource_type).is_partial = true;
    }

    /// What either of two profiles binds.
    pub(super) fn add_either(&mut self, resource_type: &str, bound: &BoundElement) {
        let sets = self.of(resource_type).union.entry(bound.element.clone()).or_default();
        sets.extend([&bound.left, &bound.right].into_iter().flatten().map(|b| quoted(&b.value_set)));
    }

    /// What two profiles bind.
    pub(super) fn add(&mut self, resource_type: &str, bound: &BoundElement) {
        self.add_either(resource_type, bound);
        let name = |side: &Option<Bound>| side.as_ref().map(|b| quoted(&b.value_set));
        let (left, right) = (name(&bound.left), name(&bound.right));
        let notes = self.of(resource_type);
        let (Some(left), Some(right)) = (left, right) else { return };
        let both = match bound.codes {
            CodesBeside::Same | CodesBeside::LeftInRight => left,
            CodesBeside::RightInLeft => right,
            CodesBeside::Differ => format!("the codes that are in {left} and in {right}"),
            CodesBeside::Unknown => format!("the codes that are in {left} and in {right}, which are unknown"),
            CodesBeside::Disjoint => return,
        };
        notes.intersection.entry(bound.element.clone()).or_default().insert(both);
    }

    /// The documentation of each type's entry: of the union, else of the intersection.
    pub(super) fn documentation(&self, is_union: bool) -> BTreeMap<&str, String> {
        let texts = self.0.iter().filter_map(|(name, notes)| {
            let (elements, lead) = match is_union {
                true => (&notes.union, "Value sets that either side binds (required or extensible):"),
                false => (&notes.intersection, "Value sets that both sides bind (required or extensible):"),
            };
            Some((name.as_str(), text(elements, lead, notes.is_partial)?))
        });
        texts.collect()
    }
}

/// A list in Markdown; `None` where there is nothing to say.
fn text(elements: &Elements, lead: &str, is_partial: bool) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    if !elements.is_empty() {
        parts.push(format!("{lead}\n"));
    }
    for (element, sets) in elements.iter().take(ELEMENTS_LIMIT) {
        let mut listed: Vec<String> = sets.iter().take(SETS_LIMIT).cloned().collect();
        if sets.len() > SETS_LIMIT {
            listed.push(format!("{} more", sets.len() - SETS_LIMIT));
        }
        parts.push(format!("* {}: {}", quoted(element), listed.join("; ")));
    }
    if elements.len() > ELEMENTS_LIMIT {
        parts.push(format!("* {} more elements", elements.len() - ELEMENTS_LIMIT));
    }
    if is_partial {
        let blank = if elements.is_empty() { "" } else { "\n" };
        parts.push(format!("{blank}The value sets of some profiles are unknown."));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}
