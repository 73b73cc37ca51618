//! What is known of a requested token, and of a permission on a type.

use crate::agreement::ScopeAnswer;
use crate::reason::Reason;

/// An answer with the rules that it is based on.
pub type Standing = (ScopeAnswer, Vec<Reason>);

/// What a configuration says about a requested token, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// Listed, and nothing contradicts it.
    Listed,
    /// Not listed, or listed although a declaration contradicts it.
    Unknown(Reason),
    /// Not listed, and a declaration contradicts it.
    Gated(Reason),
}
