//! Whether an access is within a negotiation and a token: decides, by what is told of it, and says why. Whatever is
//! unknown is refused. It reads no token: whoever calls it vouches for the scopes and the patient.

mod access;
mod answer;
mod asked;
mod body;
mod bundle;
mod content;
mod deciding;
mod document;
mod evidence;
mod finish;
mod grants;
mod judge;
pub mod limits;
mod listed;
mod media;
mod offer;
mod operating;
mod patch;
mod pushed;
mod query;
mod refusal;
mod route;
mod searching;
#[cfg(test)]
mod tests;

pub use access::{Access, Decision, Gate, Method, Reason, State, TokenContext, Verdict};
pub use evidence::{Evidence, Truth, Validation, Validity};
pub use finish::finished;
pub use media::is_of_version;
pub use offer::{Negotiated, WriteProfile};

use fhir_accord_profiles::interrupt::Interrupt;

use grants::Grants;
use judge::Judge;

/// A negotiation and what tells of resources: decides by both.
///
/// The old state of a batch or a transaction ([`Access::old`]) is a Bundle with an entry for each of its entries, in
/// their order: with the resource as it stands, or without one where there is none.
#[derive(Debug)]
pub struct Decider<E> {
    negotiated: Negotiated,
    evidence: E,
}

impl<E: Evidence> Decider<E> {
    /// What decides by this negotiation.
    pub fn new(negotiated: Negotiated, evidence: E) -> Decider<E> {
        Decider { negotiated, evidence }
    }

    /// The negotiation.
    pub fn negotiated(&self) -> &Negotiated {
        &self.negotiated
    }

    fn judge<'a>(&'a self, token: &'a TokenContext, interrupt: &'a Interrupt) -> Judge<'a> {
        Judge::new(&self.negotiated, &self.evidence, Grants::of(token), interrupt)
    }
}

impl<E: Evidence> Gate for Decider<E> {
    fn decide(&self, token: &TokenContext, access: &Access<'_>, interrupt: &Interrupt) -> Decision {
        self.judge(token, interrupt).decide(access, false)
    }

    fn judge_answer(
        &self,
        token: &TokenContext,
        access: &Access<'_>,
        answer: &[u8],
        interrupt: &Interrupt,
    ) -> Decision {
        self.judge(token, interrupt).seen(access, answer)
    }
}
