//! Reasons of refusals, by rule; what each rule means is in [`crate::rules`].

use super::access::Reason;

/// Makes a reason of a rule and a sentence without values of an instance.
pub(super) fn refused(rule: &'static str, text: impl Into<String>) -> Reason {
    Reason { rule, text: text.into() }
}

/// The reason of work that was broken off.
pub(super) fn broken_off() -> Reason {
    refused("guard-time", "the decision was broken off before it was reached: its time was up")
}

/// The reason of a bound that was reached: what has how many, and the bound.
pub(super) fn beyond(what: &str, limit: usize) -> Reason {
    refused("guard-limit", format!("{what} (limit {limit})"))
}
