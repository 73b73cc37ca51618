//! Two versions of a package or profile: the changes of each profile, and what proofs and witnesses say of them. What
//! is different is decided in `profiles::difference`, what breaks in `profiles::relation`.

mod gate;
mod markdown;
mod report;
mod status;
mod text;

pub use gate::worst;
pub use markdown::markdown;
pub use report::{Break, ChangeText, Counts, ProfileChanges, Report};
pub use status::Status;
pub use text::text;

use std::collections::BTreeMap;

use crate::app::App;
use crate::profiles::definition::{FhirVersion, bare};
use crate::profiles::difference::{Change, Differ, Level};
use crate::profiles::evaluate::ProfileJudge;
use crate::profiles::plan::Handle;
use crate::profiles::relation::{Relations, Validity};
use crate::relations::{Side, Until, WitnessText};

/// What is asked of a comparison.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whether breaks are confirmed by witnesses; without them only proofs are tried.
    pub witnesses: bool,
    /// What ends the work.
    pub until: Until,
}

/// A profile of each side, where they have it.
type Versions = (Option<Handle>, Option<Handle>);

/// Compares the profiles of two sides: those of one url, or the only ones of both.
///
/// # Errors
/// A message where the sides have no profile in common, or are of different FHIR versions, or where the time is up.
pub fn compare(app: &App, old: &Side, new: &Side, ask: Ask) -> Result<Report, String> {
    let pairs = paired(app, old, new);
    if !pairs.iter().any(|(a, b)| a.is_some() && b.is_some()) {
        return Err(format!("`{}` and `{}` have no profile in common", old.name, new.name));
    }
    same_release(app, &pairs)?;
    let set = app.set();
    let judge = ProfileJudge::new(app.plans()).under(&ask.until.0);
    let relations = Relations::new(app.plans(), judge).under(&ask.until.0);
    let mut comparison = Comparison { app, ask, differ: Differ::new(set), relations };
    let mut report = Report::of(&old.name, &new.name);
    for pair in pairs {
        comparison.ask.until.check()?;
        match pair {
            (Some(a), Some(b)) => report.take(comparison.profile(a, b)),
            (None, Some(b)) => report.added.push(set.canonical_of(b)),
            (Some(a), None) => report.removed.push(set.canonical_of(a)),
            (None, None) => {}
        }
    }
    // What was broken off is no answer.
    comparison.ask.until.check()?;
    report.worst = worst(&report).map(Level::name);
    Ok(report)
}

/// The profiles of both sides, by url.
fn paired(app: &App, old: &Side, new: &Side) -> Vec<Versions> {
    if let ([a], [b]) = (old.profiles.as_slice(), new.profiles.as_slice()) {
        return vec![(Some(a.root), Some(b.root))];
    }
    let url = |root: Handle| {
        let canonical = app.set().canonical_of(root);
        bare(&canonical).to_owned()
    };
    let mut all: BTreeMap<String, Versions> = BTreeMap::new();
    for p in &old.profiles {
        all.entry(url(p.root)).or_default().0 = Some(p.root);
    }
    for p in &new.profiles {
        all.entry(url(p.root)).or_default().1 = Some(p.root);
    }
    all.into_values().collect()
}

/// Only definitions of one FHIR version can be compared.
fn same_release(app: &App, pairs: &[Versions]) -> Result<(), String> {
    let layers = app.set().layers();
    let of = |h: Handle| layers.get(h.layer as usize).and_then(|image| FhirVersion::parse(image.fhir_version()));
    let found = pairs.iter().find_map(|(a, b)| {
        let (old, new) = (of((*a)?)?, of((*b)?)?);
        (old != new).then_some((old, new))
    });
    match found {
        Some((old, new)) => Err(format!(
            "only profiles of one FHIR version can be compared: the old version is for {}, the new one for {}",
            old.number(),
            new.number()
        )),
        None => Ok(()),
    }
}

struct Comparison<'a> {
    app: &'a App,
    ask: Ask,
    differ: Differ<'a>,
    relations: Relations<'a, ProfileJudge<'a>>,
}

impl Comparison<'_> {
    fn profile(&mut self, old: Handle, new: Handle) -> ProfileChanges {
        let changes = self.differ.compare(old, new);
        let concerns = |of: fn(&Change) -> bool| changes.iter().any(|c| c.decides_validity && of(c));
        let (writers, readers) = (concerns(Change::breaks_writers), concerns(Change::breaks_readers));
        let writer = self.broken(old, new, writers);
        let reader = self.broken(new, old, readers);
        let set = self.app.set();
        ProfileChanges::of(set, (old, new), &changes, (writer, reader))
    }

    /// Whether instances of one version are invalid for the other; `expected`: some change says so.
    fn broken(&mut self, from: Handle, to: Handle, expected: bool) -> Break {
        let unproven = if expected { Status::Open } else { Status::None };
        let proven = if expected { Status::Harmless } else { Status::None };
        if !self.ask.witnesses || !self.app.set().is_of_resource(from) {
            let holds = self.relations.prove(from, to).is_some_and(|proof| proof.holds);
            return Break { status: if holds { proven } else { unproven }, witness: None };
        }
        let Some(found) = self.relations.compare(from, to) else { return Break { status: unproven, witness: None } };
        let witness = found.witness.map(|w| self.relations.shrink(from, to, w));
        let status = match found.validity {
            Validity::Proven => proven,
            _ if witness.is_some() => Status::Confirmed,
            _ => unproven,
        };
        Break { status, witness: witness.map(|w| WitnessText::of(self.app.set(), w)) }
    }
}
