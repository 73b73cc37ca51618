//! One mutant: what both say of it, place by place.

use std::collections::{BTreeMap, BTreeSet};

use crate::issue::{Outcome, Said, Verdict};
use crate::mutants::Mutant;

/// Who says what the other does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Side {
    /// An error of the engine.
    Ours,
    /// An error of the official validator.
    Theirs,
    /// The engine leaves open what the official validator decides.
    Open,
}

impl Side {
    pub fn name(self) -> &'static str {
        match self {
            Side::Ours => "ours",
            Side::Theirs => "theirs",
            Side::Open => "open",
        }
    }
}

/// How two verdicts stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Agreement {
    Same,
    /// The engine finds errors, the official validator none.
    FalseAlarm,
    /// The other way round.
    Missed,
    /// The engine leaves open what the official validator decides.
    Undetermined,
}

/// A mutant with what is compared of both.
pub struct Case<'m> {
    pub mutant: &'m Mutant,
    pub ours: Vec<Said>,
    pub open: Vec<Said>,
    pub is_undetermined: bool,
    /// `None`: the official validator failed.
    pub theirs: Option<Vec<Said>>,
    has_unsure: bool,
}

/// The places of errors.
pub fn places(said: &[Said]) -> BTreeSet<&str> {
    said.iter().map(|s| s.place.as_str()).collect()
}

/// Some messages of the official validator leave all indexes out: such a place is the engine's of the same names.
fn with_indexes(theirs: Vec<Said>, ours: &[Said]) -> Vec<Said> {
    let bare = |place: &str| {
        let parts = place.split('[').map(|p| p.split_once(']').map_or(p, |(_, rest)| rest));
        parts.collect::<String>()
    };
    let known = |place: &str| ours.iter().find(|o| bare(&o.place) == place).map(|o| o.place.clone());
    theirs.into_iter().map(|s| Said { place: known(&s.place).unwrap_or(s.place.clone()), ..s }).collect()
}

impl<'m> Case<'m> {
    /// Errors of the engine at places at which the official validator is unsure are left out.
    pub fn new(mutant: &'m Mutant, verdict: Verdict, outcome: Option<Outcome>) -> Case<'m> {
        let unsure = outcome.as_ref().map(|o| o.unsure.clone()).unwrap_or_default();
        let theirs = outcome.map(|o| with_indexes(o.errors, &verdict.errors));
        let sure = places(theirs.as_deref().unwrap_or_default());
        let ours = verdict
            .errors
            .into_iter()
            .filter(|s| !unsure.contains(&s.place) || sure.contains(s.place.as_str()))
            .collect();
        Case {
            mutant,
            ours,
            open: verdict.open,
            is_undetermined: verdict.is_undetermined,
            has_unsure: !unsure.is_empty(),
            theirs,
        }
    }

    /// How the verdicts stand to each other; `None` where the official validator failed.
    pub fn agreement(&self) -> Option<Agreement> {
        let theirs = self.theirs.as_ref()?;
        Some(match (self.ours.is_empty(), theirs.is_empty()) {
            (false, true) => Agreement::FalseAlarm,
            (true, false) => Agreement::Missed,
            (true, true) if self.is_undetermined && !self.has_unsure => Agreement::Undetermined,
            _ => Agreement::Same,
        })
    }

    /// The places that both name, only the engine, only the official validator.
    pub fn counts(&self) -> [usize; 3] {
        let Some(theirs) = &self.theirs else { return [0; 3] };
        let (a, b) = (places(&self.ours), places(theirs));
        [a.intersection(&b).count(), a.difference(&b).count(), b.difference(&a).count()]
    }

    /// What one says and the other does not: of each place the first id.
    pub fn differences(&self) -> Vec<(Side, &Said)> {
        let Some(theirs) = &self.theirs else { return Vec::new() };
        let mut out = alone(Side::Ours, &self.ours, theirs);
        out.extend(alone(Side::Theirs, theirs, &self.ours));
        if self.agreement() == Some(Agreement::Undetermined) || self.agreement() == Some(Agreement::Missed) {
            out.extend(self.open.iter().map(|s| (Side::Open, s)));
        }
        out
    }
}

fn alone<'s>(side: Side, of: &'s [Said], other: &[Said]) -> Vec<(Side, &'s Said)> {
    let known = places(other);
    let mut first: BTreeMap<&str, &Said> = BTreeMap::new();
    for said in of.iter().filter(|s| !known.contains(s.place.as_str())) {
        first.entry(&said.place).or_insert(said);
    }
    first.into_values().map(|s| (side, s)).collect()
}
