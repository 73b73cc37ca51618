//! Decisions that nobody asks about again.

use super::access::{Decision, Verdict};
use super::refusal::refused;

/// A decision where nobody reads the old state or the answer: what depends on them is refused.
pub fn finished(decision: Decision) -> Decision {
    let reason = match decision.verdict {
        Verdict::Allowed | Verdict::Refused => return decision,
        Verdict::NeedsOld => refused("old-needed", "it depends on the resource as it stands, which is not given"),
        Verdict::JudgeAnswer => {
            refused("answer-needed", "it depends on the resources of the answer, which is not given")
        }
    };
    Decision { verdict: Verdict::Refused, why: vec![reason], ..decision }
}
