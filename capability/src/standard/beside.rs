//! The value sets of two profiles beside each other, in all versions that may be meant.

use std::collections::BTreeMap;

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::difference::{Bound, BoundElement, CodesBeside};

use super::bound_notes::Notes;
use super::bound_text::{difference, side};
use super::outcome::{Remark, quoted};
use crate::definitions::Definitions;
use crate::issue::Severity;

/// The elements that one remark names; the others are counted.
const NAMED: usize = 10;

/// Two profiles, each in the versions that its statement may mean, the newest first; neither is empty.
pub(super) struct Pair<'p> {
    pub left: &'p [Canonical],
    pub right: &'p [Canonical],
    /// True where the left side is a client: what it does not bind does not count.
    pub is_client: bool,
}

/// What their versions bind.
#[derive(Default)]
pub(super) struct Beside {
    /// What is the same in all versions, as the newest have it.
    settled: Vec<BoundElement>,
    /// What depends on the versions: an element's value sets in each pair of them.
    open: BTreeMap<String, Vec<BoundElement>>,
}

impl Beside {
    /// What the versions of both bind; `None` where definitions of them cannot be compared.
    pub(super) fn of(pair: &Pair<'_>, definitions: &dyn Definitions) -> Option<Beside> {
        let mut all: BTreeMap<(String, bool), Vec<BoundElement>> = BTreeMap::new();
        let mut pairs = 0;
        for left in pair.left {
            for right in pair.right {
                pairs += 1;
                for bound in definitions.value_sets(left, right)? {
                    all.entry((bound.element.clone(), bound.is_max)).or_default().push(bound);
                }
            }
        }
        let mut out = Beside::default();
        for ((element, _), bound) in all {
            let mut forms = bound.iter().map(form);
            let first = forms.next();
            if bound.len() == pairs && forms.all(|form| Some(form) == first) {
                out.settled.extend(bound.into_iter().next());
            } else {
                out.open.entry(element).or_default().extend(bound);
            }
        }
        Some(out)
    }

    /// Adds what either binds, and what both do.
    pub(super) fn note(&self, resource_type: &str, notes: &mut Notes) {
        self.settled.iter().for_each(|bound| notes.add(resource_type, bound));
        for bound in self.open.values().flatten() {
            notes.add_either(resource_type, bound);
        }
        if !self.open.is_empty() {
            notes.add_unknown(resource_type);
        }
    }
}

/// What makes two findings about an element the same.
fn form(bound: &BoundElement) -> (CodesBeside, Option<bool>, Option<bool>) {
    let strength = |side: &Option<Bound>| side.as_ref().map(|b| b.is_required);
    (bound.codes, strength(&bound.left), strength(&bound.right))
}

impl Pair<'_> {
    /// What is different, and matters.
    pub(super) fn remarks(&self, beside: &Beside) -> Vec<Remark> {
        let told = beside.settled.iter().filter_map(|bound| self.remark(bound));
        told.chain(self.open(&beside.open)).collect()
    }

    /// Nothing is known of the value sets of both.
    pub(super) fn unknown(&self) -> Remark {
        Remark::information(format!("the value sets of {} are unknown: they cannot be compared", self.name()))
    }

    fn name(&self) -> String {
        let one = |all: &[Canonical]| match all {
            [only] => quoted(&only.to_string()),
            all => quoted(all.first().map_or("", |c| &c.url)),
        };
        format!("profiles {} (left) and {} (right)", one(self.left), one(self.right))
    }

    /// Of a client's elements those count that it binds.
    fn counts(&self, bound: &BoundElement) -> bool {
        !self.is_client || bound.left.is_some()
    }

    fn remark(&self, bound: &BoundElement) -> Option<Remark> {
        let difference = difference(bound).filter(|_| self.counts(bound))?;
        let text = format!(
            "{} of {} in {}: left binds {}, right binds {}: {difference}",
            if bound.is_max { "maximum value sets" } else { "value sets" },
            quoted(&bound.element),
            self.name(),
            side(bound.left.as_ref()),
            side(bound.right.as_ref())
        );
        let (severity, code) = self.weight(bound);
        Some(Remark { severity, code, ..Remark::information(text) })
    }

    /// Elements whose value sets depend on versions that are not named.
    fn open(&self, open: &BTreeMap<String, Vec<BoundElement>>) -> Option<Remark> {
        let counting = open.iter().filter(|(_, all)| all.iter().any(|bound| self.counts(bound)));
        let all: Vec<(&String, &Vec<BoundElement>)> = counting.collect();
        let mut names: Vec<String> = all.iter().take(NAMED).map(|(element, _)| quoted(element)).collect();
        if names.is_empty() {
            return None;
        }
        if all.len() > NAMED {
            names.push(format!("{} more", all.len() - NAMED));
        }
        let sides = [("left", self.left), ("right", self.right)];
        let sides: Vec<&str> = sides.iter().filter(|(_, all)| all.len() > 1).map(|(side, _)| *side).collect();
        let text = format!(
            "how the value sets of {} in {} relate is unknown: {} no version, and the loaded ones differ",
            names.join(", "),
            self.name(),
            if sides.len() == 1 {
                format!("{} names", sides.concat())
            } else {
                format!("{} name", sides.join(" and "))
            }
        );
        let is_refused = all.iter().flat_map(|(_, bound)| *bound).any(|b| self.weight(b).0 == Severity::Warning);
        let (severity, code) =
            if is_refused { (Severity::Warning, "incomplete") } else { (Severity::Information, "informational") };
        Some(Remark { severity, code, ..Remark::information(text) })
    }

    /// Codes that a required binding of the other side refuses are a warning, and so is what nobody knows of them.
    fn weight(&self, bound: &BoundElement) -> (Severity, &'static str) {
        let refuses = |side: &Option<Bound>| side.as_ref().is_some_and(|b| b.is_required);
        let fits = |within: CodesBeside| bound.codes == CodesBeside::Same || bound.codes == within;
        let (left, right) = (refuses(&bound.left), refuses(&bound.right));
        // What right has must be valid on the left, and between servers the other way round, too.
        let is_right_refused = left && !(right && fits(CodesBeside::RightInLeft));
        let is_left_refused = right && !(left && fits(CodesBeside::LeftInRight));
        let is_refused = is_right_refused || !self.is_client && is_left_refused;
        let is_open = bound.codes == CodesBeside::Unknown && bound.left.is_some() && bound.right.is_some();
        match (is_refused, is_open) {
            (false, _) => (Severity::Information, "informational"),
            (true, true) => (Severity::Warning, "incomplete"),
            (true, false) => (Severity::Warning, "not-supported"),
        }
    }
}
