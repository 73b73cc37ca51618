//! Regular expressions that definitions state, compiled once.

use regex::Regex;

use crate::pattern::{Refused, compile};

/// A regular expression that a text as a whole has to match.
pub enum Pattern {
    /// One that cannot be compiled, because it is broken or of another dialect: whether it matches stays open.
    Unreadable,
    /// One that is beyond the bound on its size.
    TooLarge,
    Compiled(Regex),
}

impl Pattern {
    /// The expression of a text, and the bytes that it weighs at most.
    pub(super) fn new(text: &str) -> (Pattern, usize) {
        let (made, bytes) = compile(&format!("^(?:{text})$"), |_| {});
        let pattern = match made {
            Ok(regex) => Pattern::Compiled(regex),
            Err(Refused::TooLarge) => Pattern::TooLarge,
            Err(Refused::Unreadable) => Pattern::Unreadable,
        };
        (pattern, bytes)
    }
}
