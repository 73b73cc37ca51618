//! Profiles: each that the client requires, in each direction, compared with all that the server declares for the type.

use std::cell::Cell;

use fhir_accord_profiles::definition::Canonical;

use super::candidates::{Ground, Step};
use super::evidence::{ProfileEvidence, rank};
use super::offer::ServerType;
use super::realm::realms;
use super::search;
use super::structure::PAIRS;
use crate::agreement::{Answer, Direction, Evidence, ProfileAgreement, ProfileStatus};
use crate::definitions::{Definitions, ProfileInfo};
use crate::expectation::{Expectation, Weight, weigh};
use crate::relation::{Relation, Validity};
use crate::statement::{Named, ProfileClaim, Resource, Stated, is_core};

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
        let ground = &Ground {
            resource_type: &self.client.resource_type,
            server: self.server,
            definitions: self.definitions,
            release: self.release,
            left: Cell::new(PAIRS),
        };
        let one = |claim: &Stated<ProfileClaim>, own, d: &Direction| self.one(ground, &claim.value.canonical, own, *d);
        required.into_iter().flat_map(|(claim, own)| directions.iter().map(move |d| one(claim, own, d))).collect()
    }

    fn one(
        &self,
        ground: &Ground<'_>,
        required: &Canonical,
        own: Option<Expectation>,
        direction: Direction,
    ) -> ProfileAgreement {
        let infos = self.definitions.profiles(&required.url);
        let of_version: Vec<&ProfileInfo> = infos
            .iter()
            .map(|i| &**i)
            .filter(|i| required.version.is_none() || i.version == required.version)
            .collect();
        let realm =
            if of_version.is_empty() { realms(infos.iter().map(|i| &**i)) } else { realms(of_version.into_iter()) };
        let absent = self.server.is_absent();
        let step = if absent { None } else { self.best_step(ground, required, direction) };
        let (status, why) = match &step {
            Some(step) => (step.evidence.status, step.evidence.why.clone()),
            None => (ProfileStatus::Unknown, vec![if absent { "type-absent" } else { "undeclared" }]),
        };
        let selector = step
            .as_ref()
            .filter(|_| direction == Direction::Read)
            .and_then(|s| self.selector(required, &s.satisfied_by));
        let mut made = ProfileAgreement {
            required: required.to_string(),
            client: own,
            weighs: if absent { None } else { weigh(self.parent, own) },
            satisfied_by: step.as_ref().map(|s| s.satisfied_by.to_string()),
            realm,
            direction,
            status,
            selector,
            conditions: Vec::new(),
            evidence: step.iter().map(|s| evidence(s, direction)).collect(),
            why,
            witness: None,
            bridge: Vec::new(),
            bridge_count: 0,
        };
        if let Some(relation) = step.as_ref().and_then(|s| s.evidence.relation.as_deref()) {
            fill(&mut made, relation);
        }
        made
    }

    /// What decides about a required profile.
    fn best_step(&self, ground: &Ground<'_>, required: &Canonical, direction: Direction) -> Option<Step> {
        let mut others: Vec<Step> = self.core_step(required).into_iter().collect();
        others.extend(ground.guide_steps(required, direction));
        ground.best(required, direction, others)
    }

    /// Every instance of a type conforms to its core definition.
    fn core_step(&self, required: &Canonical) -> Option<Step> {
        let resource = self.server.resource.filter(|_| is_core(required, &self.client.resource_type))?;
        let evidence = ProfileEvidence::new(rank::CORE_TYPE, ProfileStatus::Proven, "core-type", Vec::new());
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

fn evidence(step: &Step, direction: Direction) -> Evidence {
    let relation = step.evidence.relation.as_deref();
    Evidence {
        rule: step.evidence.rule,
        path: step.path.clone(),
        validity: relation.map(|r| r.validity),
        coverage: relation.filter(|_| direction == Direction::Read).map(|r| r.coverage),
        open: relation.map(|r| r.open.clone()).unwrap_or_default(),
        open_count: relation.map_or(0, |r| r.open_count),
    }
}

/// What the comparison of definitions adds: conditions, a witness, and what is missing.
fn fill(made: &mut ProfileAgreement, relation: &Relation) {
    if made.status == ProfileStatus::Partial {
        let covered = relation.covered.iter().filter(|_| made.direction == Direction::Read);
        made.conditions = relation.conditions.iter().chain(covered).cloned().collect();
    }
    if matches!(made.status, ProfileStatus::Refuted | ProfileStatus::Partial) {
        made.witness = relation.witness.clone();
    }
    if relation.validity != Validity::Proven {
        made.bridge = relation.bridge.clone();
        made.bridge_count = relation.bridge_count;
    }
}
