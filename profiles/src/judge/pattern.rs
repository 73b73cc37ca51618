//! Regular expressions that definitions state, compiled once.

use regex::{Regex, RegexBuilder};

/// Bound on the compiled size of a regular expression.
const REGEX_BYTES: usize = 1 << 20;
/// How many regular expressions are remembered.
pub(super) const PATTERNS: usize = 1024;

/// A regular expression that a text as a whole has to match.
pub enum Pattern {
    /// One that cannot be compiled, because it is broken or of another dialect: whether it matches stays open.
    Unreadable,
    /// One that is beyond the bound on its size.
    TooLarge,
    Compiled(Regex),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Pattern {
        match RegexBuilder::new(&format!("^(?:{text})$")).size_limit(REGEX_BYTES).build() {
            Ok(regex) => Pattern::Compiled(regex),
            Err(regex::Error::CompiledTooBig(_)) => Pattern::TooLarge,
            Err(_) => Pattern::Unreadable,
        }
    }
}
