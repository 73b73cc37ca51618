//! The evidence that one profile satisfies another, strongest first. What cannot be decided is unknown, never proven.
//!
//! From url, version, derivation, `imposeProfile` and `compliesWithProfile`, and succession; then from what comparing
//! the definitions tells (`structure.rs`).

use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;

use super::structure::Answered;
use super::versions::versions_of;
use crate::agreement::{Direction, ProfileStatus};
use crate::definitions::{Definitions, ProfileInfo};
use crate::reason::Reason;
use crate::relation::Relation;
use crate::succession::are_relatives;

/// How many base definitions are followed.
const CHAIN_LIMIT: usize = 32;

/// One piece of evidence. Evidence is ordered by `rank`: what passes comes first, and what covers the whole use before
/// what covers a part of it.
#[derive(Clone, Debug)]
pub struct ProfileEvidence {
    pub rank: u8,
    pub status: ProfileStatus,
    pub rule: Reason,
    pub why: Vec<Reason>,
    /// How the definitions relate; `None` where they were not compared.
    pub relation: Option<Arc<Relation>>,
}

impl ProfileEvidence {
    pub fn new(rank: u8, status: ProfileStatus, rule: Reason, why: Vec<Reason>) -> ProfileEvidence {
        ProfileEvidence { rank, status, rule, why, relation: None }
    }

    fn unknown(rank: u8, rule: Reason) -> ProfileEvidence {
        ProfileEvidence::new(rank, ProfileStatus::Unknown, rule, vec![rule])
    }

    /// A relation to another profile, which decides nothing: the required one itself is not declared.
    fn related(rank: u8, rule: Reason) -> ProfileEvidence {
        ProfileEvidence::new(rank, ProfileStatus::Unknown, rule, vec![Reason::Undeclared, rule])
    }

    /// The same evidence, where the server does not promise the profile.
    pub fn unpromised(mut self, why: Vec<Reason>) -> ProfileEvidence {
        if self.rank < rank::VERSION_UNKNOWN {
            self.rank = rank::UNPROMISED;
        }
        self.status = ProfileStatus::Unknown;
        self.why.extend(why);
        self
    }
}

/// The ranks, best first.
pub mod rank {
    pub const SAME_VERSION: u8 = 0;
    pub const SAME_URL: u8 = 1;
    pub const LOADED_VERSIONS: u8 = 2;
    pub const CORE_TYPE: u8 = 3;
    pub const DERIVATION: u8 = 4;
    pub const IMPOSE: u8 = 5;
    pub const STRUCTURE: u8 = 6;
    pub const COMPLIES: u8 = 7;
    pub const GUIDE: u8 = 8;
    pub const GUIDE_DERIVATION: u8 = 9;
    pub const PART: u8 = 10;
    pub const UNPROMISED: u8 = 11;
    pub const USE_UNKNOWN: u8 = 12;
    pub const VERSION_UNKNOWN: u8 = 13;
    pub const OTHER_VERSION: u8 = 14;
    pub const PARTLY_DERIVED: u8 = 15;
    pub const NARROWER: u8 = 16;
    pub const SUCCESSION: u8 = 17;
    pub const OPEN: u8 = 18;
    pub const REFUTED: u8 = 19;
}

/// The evidence of urls and derivation, with what comparing the definitions tells. What the definitions themselves say
/// of validity stands; of the use that is served they say nothing.
pub fn with_structure(head: Option<ProfileEvidence>, answered: Option<Answered>) -> Option<ProfileEvidence> {
    let Some(answered) = answered else { return head };
    let Answered { status, why, relation, is_other_use, .. } = answered;
    let relation = Some(relation);
    let rank = match status {
        ProfileStatus::Proven | ProfileStatus::Claimed => rank::STRUCTURE,
        ProfileStatus::Partial => rank::PART,
        ProfileStatus::Unknown => rank::OPEN,
        ProfileStatus::Refuted => rank::REFUTED,
    };
    match head {
        Some(head) if head.status == ProfileStatus::Proven => {
            let rank = match status {
                ProfileStatus::Proven | ProfileStatus::Claimed => head.rank,
                ProfileStatus::Partial => rank::PART,
                _ => rank::USE_UNKNOWN,
            };
            Some(ProfileEvidence { rank, status, why, relation, ..head })
        }
        Some(mut head) if status == ProfileStatus::Unknown => {
            let more: Vec<Reason> = why.into_iter().filter(|w| !head.why.contains(w)).collect();
            head.why.extend(more);
            Some(ProfileEvidence { relation, ..head })
        }
        None if is_other_use => None,
        None if status == ProfileStatus::Unknown => {
            let why = std::iter::once(Reason::Undeclared).chain(why).collect();
            Some(ProfileEvidence { rank, status, rule: Reason::Structure, why, relation })
        }
        _ => Some(ProfileEvidence { rank, status, rule: Reason::Structure, why, relation }),
    }
}

/// The best evidence that the declared profile gives for the required one; `None` where it gives none at all.
/// `release` is that of the server's statement: definitions of other releases do not count.
pub fn climb(
    required: &Canonical,
    declared: &Canonical,
    direction: Direction,
    release: Option<&str>,
    definitions: &dyn Definitions,
) -> Option<ProfileEvidence> {
    if required.url == declared.url {
        return Some(same_url(required, declared, release, definitions));
    }
    let (narrow, wide) = match direction {
        Direction::Read => (declared, required),
        Direction::Write => (required, declared),
    };
    let versions = versions_of(narrow, release, definitions);
    derivation(&versions, wide, definitions)
        .or_else(|| imposed(&versions, wide))
        .or_else(|| reversed(wide, narrow, direction, release, definitions))
        .or_else(|| {
            are_relatives(&required.url, &declared.url)
                .then(|| ProfileEvidence::related(rank::SUCCESSION, Reason::Succession))
        })
}

fn same_url(
    required: &Canonical,
    declared: &Canonical,
    release: Option<&str>,
    definitions: &dyn Definitions,
) -> ProfileEvidence {
    match (&required.version, &declared.version) {
        (Some(r), Some(d)) if r == d => {
            let same = Some(Arc::new(Relation::same()));
            let new = ProfileEvidence::new(rank::SAME_VERSION, ProfileStatus::Proven, Reason::SameVersion, Vec::new());
            ProfileEvidence { relation: same, ..new }
        }
        (Some(_), Some(_)) => ProfileEvidence::unknown(rank::OTHER_VERSION, Reason::OtherVersion),
        (None, _) => ProfileEvidence::new(rank::SAME_URL, ProfileStatus::Claimed, Reason::SameUrl, Vec::new()),
        (Some(r), None) => {
            let loaded = versions_of(declared, release, definitions);
            if !loaded.is_empty() && loaded.iter().all(|i| i.version.as_ref() == Some(r)) {
                ProfileEvidence::new(
                    rank::LOADED_VERSIONS,
                    ProfileStatus::Claimed,
                    Reason::LoadedVersions,
                    vec![Reason::VersionUnknown],
                )
            } else {
                ProfileEvidence::unknown(rank::VERSION_UNKNOWN, Reason::VersionUnknown)
            }
        }
    }
}

/// Whether a definition leads to a canonical along its base definitions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Exact,
    OtherVersion,
    None,
}

/// Derived in every version that may be meant: its instances conform to the base, but it covers only a part of the
/// base's use.
fn derivation(
    versions: &[Arc<ProfileInfo>],
    wide: &Canonical,
    definitions: &dyn Definitions,
) -> Option<ProfileEvidence> {
    let reaches: Vec<Reach> = versions.iter().map(|info| reach(info, wide, definitions)).collect();
    if !reaches.is_empty() && reaches.iter().all(|r| *r == Reach::Exact) {
        return Some(ProfileEvidence::new(
            rank::DERIVATION,
            ProfileStatus::Proven,
            Reason::Derivation,
            vec![Reason::PartialUse],
        ));
    }
    if reaches.contains(&Reach::Exact) {
        return Some(ProfileEvidence::related(rank::PARTLY_DERIVED, Reason::VersionsDiffer));
    }
    reaches
        .contains(&Reach::OtherVersion)
        .then(|| ProfileEvidence::related(rank::PARTLY_DERIVED, Reason::DerivedFromOtherVersion))
}

fn reach(info: &ProfileInfo, wide: &Canonical, definitions: &dyn Definitions) -> Reach {
    let mut base = info.base.clone();
    for _ in 0..CHAIN_LIMIT {
        let Some(at) = base else { return Reach::None };
        if at.url == wide.url {
            return if wide.version.is_none() || wide.version == at.version {
                Reach::Exact
            } else {
                Reach::OtherVersion
            };
        }
        let known = definitions.versions(&at.url);
        let next = known.iter().find(|i| at.version.is_none() || i.version == at.version);
        base = next.and_then(|i| i.base.clone());
    }
    Reach::None
}

/// Imposed or claimed by extension, in every version that may be meant.
fn imposed(versions: &[Arc<ProfileInfo>], wide: &Canonical) -> Option<ProfileEvidence> {
    let names = |list: &[Canonical]| {
        list.iter().any(|c| c.url == wide.url && (wide.version.is_none() || wide.version == c.version))
    };
    if versions.is_empty() {
        return None;
    }
    if versions.iter().all(|i| names(&i.imposes)) {
        return Some(ProfileEvidence::new(
            rank::IMPOSE,
            ProfileStatus::Proven,
            Reason::ImposeProfile,
            vec![Reason::PartialUse],
        ));
    }
    versions.iter().all(|i| names(&i.complies_with)).then(|| {
        ProfileEvidence::new(
            rank::COMPLIES,
            ProfileStatus::Claimed,
            Reason::CompliesWithProfile,
            vec![Reason::PartialUse],
        )
    })
}

/// The reverse relation: one side is a special case of the other, in the direction that proves nothing.
fn reversed(
    wide: &Canonical,
    narrow: &Canonical,
    direction: Direction,
    release: Option<&str>,
    definitions: &dyn Definitions,
) -> Option<ProfileEvidence> {
    let versions = versions_of(wide, release, definitions);
    let derived = versions.iter().any(|info| reach(info, narrow, definitions) == Reach::Exact);
    let rule = match direction {
        Direction::Read => Reason::ServerWider,
        Direction::Write => Reason::ServerNarrower,
    };
    derived.then(|| ProfileEvidence::related(rank::NARROWER, rule))
}
