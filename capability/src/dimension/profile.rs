//! Profiles: each that the client requires, in each direction, compared with all that the server declares for the type.

use fhir_accord_profiles::definition::Canonical;

use super::evidence::{ProfileEvidence, climb, fits_release, rank};
use super::offer::ServerType;
use super::realm::realms;
use super::search;
use crate::agreement::{Answer, Direction, Evidence, ProfileAgreement, ProfileStatus};
use crate::definitions::{Definitions, GuideInfo, ProfileInfo};
use crate::expectation::{Expectation, Weight, weigh};
use crate::statement::{Named, ProfileClaim, Resource, Stated, is_core};
use std::sync::Arc;

/// Evidence with the profile that it is about and its place.
struct Step {
    evidence: ProfileEvidence,
    satisfied_by: Canonical,
    path: String,
}

/// The profiles of one type in both directions, in the client's order.
pub struct Profiles<'a> {
    pub client: &'a Resource,
    pub server: &'a ServerType<'a>,
    /// What the client's entry weighs.
    pub parent: Option<Weight>,
    /// True where a write to this type weighs more than MAY.
    pub writes: bool,
    pub definitions: &'a dyn Definitions,
    pub release: Option<&'a str>,
}

impl Profiles<'_> {
    pub fn compare(&self) -> Vec<ProfileAgreement> {
        let mut required: Vec<(&Stated<ProfileClaim>, Option<Expectation>)> = Vec::new();
        for claim in &self.client.profiles {
            match required.iter_mut().find(|(known, _)| known.value.canonical == claim.value.canonical) {
                Some((_, own)) => *own = own.zip(claim.expectation).map(|(a, b)| a.stronger(b)),
                None => required.push((claim, claim.expectation)),
            }
        }
        let directions: &[Direction] =
            if self.writes { &[Direction::Read, Direction::Write] } else { &[Direction::Read] };
        required
            .into_iter()
            .flat_map(|(claim, own)| directions.iter().map(move |d| self.one(&claim.value.canonical, own, *d)))
            .collect()
    }

    fn one(&self, required: &Canonical, own: Option<Expectation>, direction: Direction) -> ProfileAgreement {
        let infos = self.definitions.profiles(&required.url);
        let of_version: Vec<&ProfileInfo> = infos
            .iter()
            .map(|i| &**i)
            .filter(|i| required.version.is_none() || i.version == required.version)
            .collect();
        let realm =
            if of_version.is_empty() { realms(infos.iter().map(|i| &**i)) } else { realms(of_version.into_iter()) };
        let absent = self.server.is_absent();
        let step = if absent { None } else { self.best_step(required, direction) };
        let (status, why) = match &step {
            Some(step) => (step.evidence.status, step.evidence.why.clone()),
            None => (ProfileStatus::Unknown, vec![if absent { "type-absent" } else { "undeclared" }]),
        };
        ProfileAgreement {
            required: required.to_string(),
            client: own,
            weighs: if absent { None } else { weigh(self.parent, own) },
            satisfied_by: step.as_ref().map(|s| s.satisfied_by.to_string()),
            realm,
            direction,
            status,
            selector: step
                .as_ref()
                .filter(|_| direction == Direction::Read)
                .and_then(|s| self.selector(required, &s.satisfied_by)),
            evidence: step.iter().map(|s| Evidence { rule: s.evidence.rule, path: s.path.clone() }).collect(),
            why,
            witness: None,
        }
    }

    fn best_step(&self, required: &Canonical, direction: Direction) -> Option<Step> {
        let mut best = self.core_step(required);
        let declared = self
            .server
            .resource
            .into_iter()
            .flat_map(|r| &r.profiles)
            .filter_map(|claim| self.declared_step(required, claim, direction));
        for step in declared.chain(self.guide_steps(required, direction)) {
            if best.as_ref().is_none_or(|b| step.evidence.rank < b.evidence.rank) {
                best = Some(step);
            }
        }
        best
    }

    /// Every instance of a type conforms to its core definition.
    fn core_step(&self, required: &Canonical) -> Option<Step> {
        let resource = self.server.resource.filter(|_| is_core(required, &self.client.resource_type))?;
        let evidence = ProfileEvidence {
            rank: rank::CORE_TYPE,
            status: ProfileStatus::Proven,
            rule: "core-type",
            why: Vec::new(),
        };
        let evidence = if self.server.offered.0 == Answer::Yes {
            evidence
        } else {
            evidence.unpromised(self.server.offered.1.clone())
        };
        Some(Step {
            evidence,
            satisfied_by: Canonical { url: required.url.clone(), version: None },
            path: resource.path.clone(),
        })
    }

    fn declared_step(&self, required: &Canonical, claim: &Stated<ProfileClaim>, direction: Direction) -> Option<Step> {
        let declared = &claim.value.canonical;
        if is_core(declared, &self.client.resource_type) {
            return None;
        }
        let evidence = climb(required, declared, direction, self.release, self.definitions)?;
        let evidence = match self.server.item(claim) {
            (Answer::No, _) => return None,
            (Answer::Unknown, why) => evidence.unpromised(why),
            (Answer::Yes, _) => evidence,
        };
        Some(Step { evidence, satisfied_by: declared.clone(), path: claim.path.clone() })
    }

    /// A guide that the server's statement names claims every profile of the guide.
    fn guide_steps(&self, required: &Canonical, direction: Direction) -> Vec<Step> {
        let statement = self.server.server.statement;
        let of_guide = |claim: &Stated<Canonical>| {
            let guides = self.definitions.guides(&claim.value);
            let (evidence, satisfied_by) = self.guide_evidence(required, &guides, direction)?;
            let mut evidence = match self.server.server.item(claim) {
                (Answer::No, _) => return None,
                (Answer::Unknown, why) => evidence.unpromised(why),
                (Answer::Yes, _) if self.server.offered.0 != Answer::Yes => {
                    evidence.unpromised(self.server.offered.1.clone())
                }
                (Answer::Yes, _) => evidence,
            };
            if claim.value.version.is_none() {
                evidence.why.push("guide-version-unknown");
            }
            Some(Step { evidence, satisfied_by, path: claim.path.clone() })
        };
        statement.guides.iter().filter_map(of_guide).collect()
    }

    /// What the loaded versions of a guide claim: the required version first, then the newest.
    fn guide_evidence(
        &self,
        required: &Canonical,
        guides: &[Arc<GuideInfo>],
        direction: Direction,
    ) -> Option<(ProfileEvidence, Canonical)> {
        let fitting = || {
            guides
                .iter()
                .flat_map(|g| &g.profiles)
                .filter(|p| p.resource_type == self.client.resource_type && self.fits(p))
        };
        let same = |p: &&Arc<ProfileInfo>| {
            p.url == required.url && (required.version.is_none() || p.version == required.version)
        };
        let claimed = |rank: u8, why: Vec<&'static str>| ProfileEvidence {
            rank,
            status: ProfileStatus::Claimed,
            rule: "implementation-guide",
            why,
        };
        if let Some(profile) = fitting().find(same) {
            return Some((claimed(rank::GUIDE, Vec::new()), profile.canonical()));
        }
        let newest = guides.iter().find(|g| g.profiles.iter().any(|p| self.fits(p)))?;
        let related = newest.profiles.iter().filter(|p| p.resource_type == self.client.resource_type);
        let climbed = related.filter_map(|p| {
            Some((climb(required, &p.canonical(), direction, self.release, self.definitions)?, p.canonical()))
        });
        let (evidence, by) = climbed.min_by_key(|(evidence, _)| evidence.rank)?;
        let passes = evidence.rank < rank::UNPROMISED;
        Some((
            if passes {
                claimed(rank::GUIDE_DERIVATION, evidence.why)
            } else {
                ProfileEvidence { rule: "implementation-guide", ..evidence }
            },
            by,
        ))
    }

    fn fits(&self, info: &ProfileInfo) -> bool {
        fits_release(info, self.release)
    }

    /// The query that fetches only instances of the profile: the server's mapping, else `_profile` where the server
    /// supports it.
    fn selector(&self, required: &Canonical, satisfied_by: &Canonical) -> Option<String> {
        let mapped = self
            .server
            .resource
            .into_iter()
            .flat_map(|r| &r.selectors)
            .find(|(profile, _)| profile.url == satisfied_by.url || profile.url == required.url);
        if let Some((_, search)) = mapped {
            return Some(search.clone());
        }
        let by_profile = Named { name: "_profile".to_owned(), definition: None };
        (search::offered_on_type(self.server, &by_profile).0 == Answer::Yes)
            .then(|| format!("_profile={}", satisfied_by.url))
    }
}
