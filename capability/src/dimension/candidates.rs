//! Which of the profiles that the server declares for a type speaks for a required one. Each is a candidate but the
//! type's core definition; one that is refuted refutes only itself, unless it holds for all instances of the type.

use std::cell::Cell;

use fhir_accord_profiles::definition::Canonical;
use rustc_hash::FxHashMap;

use super::effort::Effort;
use super::evidence::{ProfileEvidence, climb, rank, with_structure};
use super::ground::Sides;
use super::offer::{Offered, ServerType};
use super::structure::{Answered, PAIRS, Question};
use super::versions::meant;
use crate::agreement::{Answer, Direction, ProfileStatus};
use crate::definitions::Definitions;
use crate::reason::Reason;
use crate::relation::{Coverage, Validity};
use crate::statement::{ProfileClaim, Stated, is_core};

/// Bound on the pairs of profiles, in all their versions, for which one finding has a witness searched for.
const SEARCHES: usize = 256;

/// Evidence with the profile that it is about and its place.
pub struct Step {
    pub evidence: ProfileEvidence,
    pub satisfied_by: Canonical,
    pub path: String,
}

/// What candidates of one type are judged by.
pub struct Ground<'g, 'a> {
    pub resource_type: &'g str,
    pub server: &'g ServerType<'a>,
    pub definitions: &'g dyn Definitions,
    /// The release of the server's statement.
    pub release: Option<&'g str>,
    /// How many pairs of profiles may still be compared.
    left: Cell<usize>,
    effort: &'a Effort,
    declared: Declarations<'a>,
}

/// The profiles that a server declares for a type, but the type's own definition.
struct Declarations<'a> {
    all: Vec<&'a Stated<ProfileClaim>>,
    by_url: FxHashMap<&'a str, Vec<&'a Stated<ProfileClaim>>>,
}

struct Candidate<'a> {
    claim: &'a Stated<ProfileClaim>,
    offered: Offered<'a>,
    /// What urls and derivation say.
    head: Option<ProfileEvidence>,
    /// The best of its evidence so far.
    step: Option<Step>,
}

impl Candidate<'_> {
    /// Whether a witness could still be found, and would tell something.
    fn is_open(&self) -> bool {
        let unknown = |s: &Step| s.evidence.relation.as_ref().is_some_and(|r| r.validity == Validity::Unknown);
        self.step.as_ref().is_some_and(unknown)
    }

    fn is_refuted(&self) -> bool {
        self.step.as_ref().is_some_and(|s| s.evidence.status == ProfileStatus::Refuted)
    }

    fn with(&self, evidence: ProfileEvidence) -> Step {
        // What is refuted is so, promised or not.
        let evidence = match self.offered.answer {
            Answer::Yes => evidence,
            _ if evidence.status == ProfileStatus::Refuted => evidence,
            _ => evidence.unpromised(self.offered.why.clone()),
        };
        Step { evidence, satisfied_by: self.claim.value.canonical.clone(), path: self.claim.path.clone() }
    }
}

impl<'g, 'a> Ground<'g, 'a> {
    /// What the candidates of a type are judged by.
    pub fn new(resource_type: &'g str, server: &'g ServerType<'a>, sides: Sides<'a>) -> Ground<'g, 'a> {
        let claims = server.resource.into_iter().flat_map(|r| &r.profiles);
        let all: Vec<_> = claims.filter(|c| !is_core(&c.value.canonical, resource_type)).collect();
        let mut by_url: FxHashMap<&str, Vec<_>> = FxHashMap::default();
        for claim in &all {
            by_url.entry(claim.value.canonical.url.as_str()).or_default().push(*claim);
        }
        let Sides { definitions, release, effort, .. } = sides;
        let left = Cell::new(PAIRS);
        Ground { resource_type, server, definitions, release, left, effort, declared: Declarations { all, by_url } }
    }

    /// The step that decides about a required profile, and whether a bound kept candidates from being looked at;
    /// `others` rest on something else than a declared profile.
    pub fn best(&self, required: &Canonical, direction: Direction, others: Vec<Step>) -> (Option<Step>, bool) {
        if !self.effort.heads(self.declared.all.len()) {
            let same = self.declared.by_url.get(required.url.as_str()).map_or(&[][..], Vec::as_slice);
            let found = self.best_of(same, required, direction, others);
            return (found.map(Step::in_part), true);
        }
        (self.best_of(&self.declared.all, required, direction, others), false)
    }

    fn best_of(
        &self,
        claims: &[&'a Stated<ProfileClaim>],
        required: &Canonical,
        direction: Direction,
        others: Vec<Step>,
    ) -> Option<Step> {
        let mut candidates = self.candidates(claims, required, direction);
        let plain = |s: &Step| s.evidence.status.passes() && s.evidence.rank < rank::DERIVATION;
        let stated = candidates.iter().filter_map(|c| c.head.clone().map(|head| c.with(head)));
        let first = self.least(stated.chain(others.iter().map(Step::again)).filter(plain));
        if first.is_some() {
            return first;
        }
        // What says nothing of the required profile's use is no candidate.
        candidates.retain_mut(|c| self.compared(c, required, direction, None));
        let proven = self.least(candidates.iter().filter_map(|c| c.step.as_ref()).chain(&others).map(Step::again));
        let settled = |s: &Step| s.evidence.status.passes() || s.evidence.status == ProfileStatus::Partial;
        if proven.as_ref().is_some_and(settled) {
            return proven;
        }
        self.searched(candidates, required, direction, others)
    }

    /// With a search for witnesses: those for all instances first, then the nearest, until one is not refuted.
    fn searched(
        &self,
        mut candidates: Vec<Candidate<'a>>,
        required: &Canonical,
        direction: Direction,
        others: Vec<Step>,
    ) -> Option<Step> {
        let searches = Cell::new(SEARCHES);
        candidates.sort_by_key(|c| (!c.claim.value.for_all, c.step.as_ref().map_or(Key::LAST, key)));
        for candidate in &mut candidates {
            let is_open = candidate.is_open();
            if is_open {
                self.compared(candidate, required, direction, Some(&searches));
            }
            let status = candidate.step.as_ref().map(|s| s.evidence.status);
            let for_all = candidate.claim.value.for_all;
            match status {
                Some(ProfileStatus::Refuted) if for_all => return candidate.step.take(),
                Some(ProfileStatus::Refuted) => {}
                Some(ProfileStatus::Partial) => return candidate.step.take(),
                _ if for_all || !is_open => {}
                _ => break,
            }
        }
        let refuted = !candidates.is_empty() && candidates.iter().all(Candidate::is_refuted) && others.is_empty();
        let named = candidates.into_iter().filter(|c| refuted || !c.is_refuted()).filter_map(|c| c.step);
        self.least(named.chain(others))
    }

    fn candidates(
        &self,
        claims: &[&'a Stated<ProfileClaim>],
        required: &Canonical,
        direction: Direction,
    ) -> Vec<Candidate<'a>> {
        let one = |claim: &&'a Stated<ProfileClaim>| {
            let claim = *claim;
            let offered = self.server.item(claim);
            let head = climb(required, &claim.value.canonical, direction, self.release, self.definitions);
            (offered.answer != Answer::No).then_some(Candidate { claim, offered, head, step: None })
        };
        claims.iter().filter_map(one).collect()
    }

    /// Compares the definitions, with a search for witnesses where some are left; false where the candidate turns out
    /// to be none.
    fn compared(
        &self,
        of: &mut Candidate<'a>,
        required: &Canonical,
        direction: Direction,
        searches: Option<&Cell<usize>>,
    ) -> bool {
        let question = Question {
            required,
            declared: &of.claim.value.canonical,
            direction,
            release: self.release,
            definitions: self.definitions,
            left: searches.unwrap_or(&self.left),
            search: searches.is_some(),
        };
        let valid = of.head.as_ref().is_some_and(|h| h.status == ProfileStatus::Proven);
        // What urls and versions decide by themselves is not asked.
        let decided = of.head.as_ref().is_some_and(|h| h.rank <= rank::SAME_URL);
        let answered = if decided { None } else { question.ask(valid) };
        if let (Some(step), Some(Answered { is_beyond: true, .. })) = (&mut of.step, &answered) {
            // What the proof told stands.
            step.evidence.why.push(Reason::PairsLimit);
            return true;
        }
        let is_none = of.head.is_none() && answered.as_ref().is_some_and(|a| a.is_other_use);
        of.step = with_structure(of.head.clone(), answered).map(|evidence| of.with(evidence));
        !is_none
    }

    /// The best step: the first of the least, and of those that fit a part the widest.
    fn least(&self, steps: impl Iterator<Item = Step>) -> Option<Step> {
        let better = |step: &Step, best: &Step| {
            let parts = step.evidence.rank == rank::PART && best.evidence.rank == rank::PART;
            if parts { self.is_wider(step, best) } else { key(step) < key(best) }
        };
        steps.fold(None, |best, step| match best {
            Some(best) if !better(&step, &best) => Some(best),
            _ => Some(step),
        })
    }

    /// Every instance of the second is one of the first, and not the other way round.
    fn is_wider(&self, wide: &Step, narrow: &Step) -> bool {
        let newest = |s: &Step| meant(&s.satisfied_by, self.release, self.definitions).into_iter().next();
        let (Some(wide), Some(narrow)) = (newest(wide), newest(narrow)) else { return false };
        let within = |a: &Canonical, b: &Canonical| self.definitions.proof(a, b).validity == Validity::Proven;
        wide != narrow && within(&narrow, &wide) && !within(&wide, &narrow)
    }
}

impl Step {
    /// The same, where a bound kept other candidates from being looked at: nothing is refuted.
    fn in_part(mut self) -> Step {
        if !self.evidence.status.passes() {
            self.evidence.status = ProfileStatus::Unknown;
            self.evidence.why.push(Reason::PairsLimit);
        }
        self
    }

    fn again(&self) -> Step {
        Step { evidence: self.evidence.clone(), satisfied_by: self.satisfied_by.clone(), path: self.path.clone() }
    }
}

/// By rank; among what is open or refuted, what serves more of the use comes first, then what a shorter bridge leads
/// from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u8, u8, usize);

impl Key {
    const LAST: Key = Key(u8::MAX, u8::MAX, usize::MAX);
}

fn key(step: &Step) -> Key {
    let rank = step.evidence.rank;
    let Some(relation) = step.evidence.relation.as_ref().filter(|_| rank >= rank::USE_UNKNOWN) else {
        return Key(rank, 0, 0);
    };
    let use_left = match relation.coverage {
        Coverage::All => 0,
        Coverage::Part => 1,
        Coverage::Unknown => 2,
        Coverage::None => 3,
    };
    Key(rank, use_left, relation.bridge_count)
}
