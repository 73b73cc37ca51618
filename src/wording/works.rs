//! What works: the types on which all is met, and the profiles that both sides can use.

use super::words::short;
use crate::capability::agreement::{Agreement, Answer, Verdict};

/// What works.
#[derive(Debug)]
pub struct Works<'a> {
    /// The types on which all that is needed is met, in the client's order.
    pub types: Vec<&'a str>,
    /// The profiles that both sides can use, by their short names; each direction of one next to the other, once.
    pub profiles: Vec<&'a str>,
}

impl Works<'_> {
    /// Whether nothing does.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty() && self.profiles.is_empty()
    }
}

/// What works of an agreement.
pub fn works(agreement: &Agreement) -> Works<'_> {
    let met = agreement.resources.iter().filter(|r| r.verdict == Verdict::Compatible && r.entry.server == Answer::Yes);
    let mut profiles: Vec<&str> = agreement.profile_set.iter().map(|p| short(&p.profile)).collect();
    profiles.dedup();
    Works { types: met.map(|r| r.resource_type.as_str()).collect(), profiles }
}
