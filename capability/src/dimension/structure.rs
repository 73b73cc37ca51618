//! What the comparison of definitions says of a required and a declared profile. Two questions stand apart: whether
//! every instance is valid, and whether the whole use is covered; the second is asked on a read alone.
//!
//! A url without a version may mean any of its versions: the weakest answer over them stands, and what is true of some
//! and false of others is unknown.

use std::cell::Cell;
use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;

use super::versions::meant;
use crate::agreement::{Direction, ProfileStatus};
use crate::definitions::Definitions;
use crate::reason::Reason;
use crate::relation::{Coverage, Relation, Validity};

/// Bound on the pairs of profiles, in all their versions, that are compared for one type; what lies beyond it is
/// unknown.
pub const PAIRS: usize = 4_000;

/// A required and a declared profile, and the way the resources flow.
pub struct Question<'a> {
    pub required: &'a Canonical,
    pub declared: &'a Canonical,
    pub direction: Direction,
    /// The release of the server's statement: definitions of other releases do not count.
    pub release: Option<&'a str>,
    pub definitions: &'a dyn Definitions,
    /// How many pairs may still be compared.
    pub left: &'a Cell<usize>,
    /// With a search for witnesses.
    pub search: bool,
}

/// The weakest answer over all versions that may be meant.
pub struct Answered {
    pub status: ProfileStatus,
    pub why: Vec<Reason>,
    /// Of the pair of versions with the weakest answer.
    pub relation: Arc<Relation>,
    /// On a read: none of the required use is served, so that the declared profile is no candidate.
    pub is_other_use: bool,
    /// The bound kept some pairs from being compared.
    pub is_beyond: bool,
}

impl Question<'_> {
    /// The answer; `None` where nothing was compared. `valid`: the definitions say themselves that instances are valid.
    pub fn ask(&self, valid: bool) -> Option<Answered> {
        let (required, declared) = (self.meant(self.required), self.meant(self.declared));
        let mut weakest: Option<(ProfileStatus, Arc<Relation>)> = None;
        let (mut spoken, mut other_use, mut differ, mut part) = (false, true, false, false);
        for (r, d) in required.iter().flat_map(|r| declared.iter().map(move |d| (r, d))) {
            let Some(relation) = self.relation(r, d) else { return Some(Answered::beyond()) };
            spoken |= r != d && !relation.is_silent();
            other_use &= relation.coverage == Coverage::None;
            part |= relation.coverage == Coverage::Part;
            let relation = if valid { Arc::new(as_valid(&relation)) } else { relation };
            let status = status(&relation, self.direction);
            weakest = match weakest.take() {
                None => Some((status, relation)),
                Some((known, first)) => {
                    let (both, apart) = weaker((known, &first), (status, &relation));
                    differ |= apart;
                    // Told is what is refuted, else what is weaker; of equals the first.
                    let refuted = apart || both == ProfileStatus::Refuted;
                    let told = both != known && (!refuted || status == ProfileStatus::Refuted);
                    Some((both, if told { relation } else { first }))
                }
            };
            if differ || spoken && matches!(weakest, Some((ProfileStatus::Unknown, _))) {
                break;
            }
        }
        let (status, relation) = weakest.filter(|_| spoken)?;
        let is_other_use = self.direction == Direction::Read && other_use;
        let any_version = self.required.version.is_none() || self.declared.version.is_none();
        let is_claimed = status == ProfileStatus::Proven && any_version;
        let (status, why) = match status {
            _ if is_claimed => (ProfileStatus::Claimed, vec![Reason::AnyVersion]),
            _ if differ => {
                let part = (part && self.direction == Direction::Read).then_some(Reason::PartialUse);
                (status, std::iter::once(Reason::VersionsDiffer).chain(part).collect())
            }
            _ => (status, why(status, &relation, self.direction)),
        };
        Some(Answered { status, why, relation, is_other_use, is_beyond: false })
    }

    /// `None` where the bound is reached.
    fn relation(&self, required: &Canonical, declared: &Canonical) -> Option<Arc<Relation>> {
        if required == declared {
            return Some(Arc::new(Relation::same()));
        }
        self.left.set(self.left.get().checked_sub(1)?);
        let (narrow, wide) = match self.direction {
            Direction::Read => (declared, required),
            Direction::Write => (required, declared),
        };
        let known = self.definitions;
        Some(if self.search { known.relation(narrow, wide) } else { known.proof(narrow, wide) })
    }

    fn meant(&self, canonical: &Canonical) -> Vec<Canonical> {
        meant(canonical, self.release, self.definitions)
    }
}

impl Answered {
    fn beyond() -> Answered {
        Answered {
            status: ProfileStatus::Unknown,
            why: vec![Reason::PairsLimit],
            relation: Arc::default(),
            is_other_use: false,
            is_beyond: true,
        }
    }
}

fn as_valid(relation: &Relation) -> Relation {
    Relation {
        validity: Validity::Proven,
        coverage: relation.coverage,
        covered: relation.covered.clone(),
        ..Relation::default()
    }
}

fn status(relation: &Relation, direction: Direction) -> ProfileStatus {
    let coverage = if direction == Direction::Read { relation.coverage } else { Coverage::All };
    match (relation.validity, coverage) {
        (Validity::Refuted, _) => ProfileStatus::Refuted,
        (Validity::Unknown, _) | (_, Coverage::None | Coverage::Unknown) => ProfileStatus::Unknown,
        (Validity::Partial, _) | (_, Coverage::Part) => ProfileStatus::Partial,
        (Validity::Proven, Coverage::All) => ProfileStatus::Proven,
    }
}

/// What holds where either may be meant, and whether what is true of one is false of the other. Instances outside the
/// condition of a proof are invalid: it agrees with a refutation in that not every instance is valid.
fn weaker((a, of_a): (ProfileStatus, &Relation), (b, of_b): (ProfileStatus, &Relation)) -> (ProfileStatus, bool) {
    let refuted = |s| s == ProfileStatus::Refuted;
    let not_all = |s, r: &Relation| refuted(s) || r.validity == Validity::Partial;
    match (a, b) {
        _ if a == b => (a, false),
        _ if (refuted(a) || refuted(b)) && not_all(a, of_a) && not_all(b, of_b) => (ProfileStatus::Refuted, false),
        _ if refuted(a) || refuted(b) => (ProfileStatus::Unknown, true),
        (ProfileStatus::Unknown, _) | (_, ProfileStatus::Unknown) => (ProfileStatus::Unknown, false),
        _ => (ProfileStatus::Partial, false),
    }
}

fn why(status: ProfileStatus, relation: &Relation, direction: Direction) -> Vec<Reason> {
    match status {
        ProfileStatus::Proven | ProfileStatus::Claimed => Vec::new(),
        ProfileStatus::Refuted => vec![Reason::Counterexample],
        ProfileStatus::Partial => {
            let under = (relation.validity == Validity::Partial).then_some(Reason::Conditional);
            let part =
                (direction == Direction::Read && relation.coverage == Coverage::Part).then_some(Reason::PartialUse);
            under.into_iter().chain(part).collect()
        }
        ProfileStatus::Unknown if relation.validity == Validity::Unknown => vec![Reason::OpenDemands],
        ProfileStatus::Unknown => vec![Reason::UseUnknown],
    }
}
