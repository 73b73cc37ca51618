//! The prefixes of values that have an order (<https://hl7.org/fhir/R4/search.html#prefix>).

use super::answer::{Open, open};

/// How what a resource has lies to what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Less.
    Lt,
    /// Greater or equal.
    Ge,
    /// Less or equal.
    Le,
    /// Starts after.
    Sa,
    /// Ends before.
    Eb,
}

/// The prefix of a value, and the rest of it.
pub(super) fn prefix(text: &str) -> Result<(Prefix, &str), Open> {
    let Some((letters, rest)) = text.split_at_checked(2).filter(|(l, _)| l.bytes().all(|b| b.is_ascii_lowercase()))
    else {
        return Ok((Prefix::Eq, text));
    };
    let prefix = match letters {
        "eq" => Prefix::Eq,
        "ne" => Prefix::Ne,
        "gt" => Prefix::Gt,
        "lt" => Prefix::Lt,
        "ge" => Prefix::Ge,
        "le" => Prefix::Le,
        "sa" => Prefix::Sa,
        "eb" => Prefix::Eb,
        "ap" => return open("each server has its own measure of what is approximate (`ap`)"),
        _ => return open("a value has an unknown prefix"),
    };
    Ok((prefix, rest))
}
