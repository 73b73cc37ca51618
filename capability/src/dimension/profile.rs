//! Profiles: each that the client requires, in each direction, compared with all that the server declares for the type.

use fhir_accord_profiles::definition::Canonical;
use rustc_hash::FxHashMap;

use super::candidates::{Ground, Step};
use super::evidence::{ProfileEvidence, rank};
use super::ground::TypeGround;
use super::narrowing::{Narrowing, narrowed};
use super::observation;
use super::path::paths;
use super::realm::realms;
use super::selector::selector;
use super::undeclared::elsewhere;
use crate::agreement::{Answer, Direction, Evidence, Item, ProfileDetails, ProfileStatus, Row, ScopeAnswer, Usable};
use crate::definitions::ProfileInfo;
use crate::expectation::{Expectation, Weight};
use crate::observed::ObservedProfile;
use crate::reason::Reason;
use crate::relation::{Relation, Validity};
use crate::scope::Permission;
use crate::statement::{ProfileClaim, Stated, is_core};

/// The required profiles of a type, in each direction, in the client's order.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    let mut required: Vec<(&Stated<ProfileClaim>, Option<Expectation>)> = Vec::new();
    let mut places: FxHashMap<&Canonical, usize> = FxHashMap::default();
    for claim in &ground.client.profiles {
        let at = *places.entry(&claim.value.canonical).or_insert(required.len());
        match required.get_mut(at) {
            Some((_, own)) => *own = own.zip(claim.expectation).map(|(a, b)| a.stronger(b)),
            None => required.push((claim, claim.expectation)),
        }
    }
    let directions: &[Direction] =
        if writes(ground) { &[Direction::Read, Direction::Write] } else { &[Direction::Read] };
    let candidates = &Ground::new(ground.name(), &ground.server, ground.sides);
    let of = |claim, own, d: &Direction| One { ground, candidates, claim, own, direction: *d }.row();
    required.into_iter().flat_map(|(claim, own)| directions.iter().map(move |d| of(claim, own, d))).collect()
}

/// True where a write to the type weighs more than MAY.
fn writes(ground: &TypeGround<'_>) -> bool {
    let weighs = |i: &Stated<String>| ground.sides.needs.of_item(ground.name(), &i.value, ground.weigh(i.expectation));
    let all = ground.client.interactions.iter();
    all.filter(|i| matches!(i.value.as_str(), "create" | "update" | "patch")).any(|i| weighs(i) > Some(Weight::May))
}

/// One required profile in one direction.
struct One<'a, 'g> {
    ground: &'g TypeGround<'a>,
    candidates: &'g Ground<'g, 'a>,
    claim: &'g Stated<ProfileClaim>,
    own: Option<Expectation>,
    direction: Direction,
}

impl One<'_, '_> {
    fn required(&self) -> &Canonical {
        &self.claim.value.canonical
    }

    fn row(&self) -> Row {
        let absent = self.ground.server.is_absent();
        let (step, is_short) = if absent { (None, false) } else { self.best_step() };
        let (mut status, mut why) = match &step {
            Some(step) => (step.evidence.status, step.evidence.why.clone()),
            None if absent => (ProfileStatus::Unknown, vec![Reason::TypeAbsent]),
            None if is_short => (ProfileStatus::Unknown, vec![Reason::PairsLimit]),
            None => (ProfileStatus::Unknown, elsewhere(self.ground, self.required())),
        };
        let observed = self.observed();
        if let Some(observed) = observed {
            status = observation::applied(observed, status, &mut why);
        }
        let scope = self.scope().map(|(answer, reasons)| {
            why.extend(reasons);
            answer
        });
        let mut usable = Usable::of(status.answer(), scope);
        let mut finding = status.answer().finding_with_scope(scope.filter(|s| *s <= ScopeAnswer::Missing));
        if !absent && let Some(found) = self.narrowed() {
            why.insert(0, found.reason());
            (status, usable, finding) = found.applied(status, usable, finding);
        }
        let mut details = self.details(step.as_ref(), status);
        details.evidence.extend(observed.map(observation::evidence));
        let server = self.ground.sides.server.statement;
        Row {
            item: Item::Profile(Box::new(details)),
            client: self.own,
            weighs: if absent { None } else { self.ground.weigh(self.own) },
            server: status.answer(),
            scope,
            usable,
            finding,
            why,
            paths: paths(
                (self.ground.sides.client, &self.claim.path),
                (server, step.as_ref().map(|s| s.path.as_str())),
            ),
        }
    }

    fn details(&self, step: Option<&Step>, status: ProfileStatus) -> ProfileDetails {
        let read = self.direction == Direction::Read;
        let satisfied_by = step.map(|s| &s.satisfied_by);
        let mut made = ProfileDetails {
            required: self.required().to_string(),
            satisfied_by: satisfied_by.map(ToString::to_string),
            realm: self.realm(),
            direction: self.direction,
            status,
            selector: satisfied_by.filter(|_| read).and_then(|by| selector(self.ground, self.required(), by)),
            conditions: Vec::new(),
            evidence: step.map(|s| evidence(s, self.direction)).into_iter().collect(),
            witness: None,
            bridge: Vec::new(),
            bridge_count: 0,
        };
        if let Some(relation) = step.and_then(|s| s.evidence.relation.as_deref()) {
            fill(&mut made, relation);
        }
        made
    }

    fn realm(&self) -> Vec<String> {
        let required = self.required();
        let definitions = self.ground.sides.definitions;
        let infos = match required.version {
            Some(_) => definitions.profiles(&required.url),
            None => definitions.versions(&required.url),
        };
        let named = |i: &&ProfileInfo| required.version.is_none() || i.version == required.version;
        let of_version: Vec<&ProfileInfo> = infos.iter().map(|i| &**i).filter(named).collect();
        if of_version.is_empty() { realms(infos.iter().map(|i| &**i)) } else { realms(of_version.into_iter()) }
    }

    /// The grant for what the direction needs: reading or searching, creating or updating.
    fn scope(&self) -> Option<(ScopeAnswer, Vec<Reason>)> {
        let permissions: [Permission; 2] = match self.direction {
            Direction::Read => [Permission::Read, Permission::Search],
            Direction::Write => [Permission::Create, Permission::Update],
        };
        let standing = |p| self.ground.sides.grant.standing(self.ground.name(), p);
        permissions.into_iter().filter_map(standing).max_by_key(|(answer, _)| *answer)
    }

    /// How the queries of the grant limit what can be read of the profile.
    fn narrowed(&self) -> Option<Narrowing> {
        if self.direction == Direction::Write {
            return None;
        }
        narrowed(self.ground, self.required())
    }

    /// What real answers of the server tell.
    fn observed(&self) -> Option<&ObservedProfile> {
        let reads = self.direction == Direction::Read && !self.ground.server.is_absent();
        self.ground.sides.observed.filter(|_| reads)?.of(self.required())
    }

    /// What decides about the profile, and whether a bound kept candidates from being looked at.
    fn best_step(&self) -> (Option<Step>, bool) {
        let mut others: Vec<Step> = self.core_step().into_iter().collect();
        others.extend(self.candidates.guide_steps(self.required(), self.direction));
        self.candidates.best(self.required(), self.direction, others)
    }

    /// Every instance of a type conforms to its core definition.
    fn core_step(&self) -> Option<Step> {
        let server = &self.ground.server;
        let resource = server.resource.filter(|_| is_core(self.required(), self.ground.name()))?;
        let evidence = ProfileEvidence::new(rank::CORE_TYPE, ProfileStatus::Proven, Reason::CoreType, Vec::new());
        let promised = server.offered.answer == Answer::Yes;
        let evidence = if promised { evidence } else { evidence.unpromised(server.offered.why.clone()) };
        let satisfied_by = Canonical { url: self.required().url.clone(), version: None };
        Some(Step { evidence, satisfied_by, path: resource.path.clone() })
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
        observed: None,
    }
}

/// What the comparison of definitions adds: conditions, a witness, and what is missing.
fn fill(made: &mut ProfileDetails, relation: &Relation) {
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
