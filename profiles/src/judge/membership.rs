//! A code with what is around it, and whether it is in a value set.

use std::borrow::Cow;

use super::truth::Truth;
use crate::instance::Node;

/// A code with its system.
#[derive(Clone)]
pub struct Coded<'t> {
    /// The code system; `None` where the instance names none.
    pub system: Option<Cow<'t, str>>,
    /// The code itself.
    pub code: Cow<'t, str>,
    /// The Coding that it is from, which may name a version of the system.
    pub coding: Option<Node<'t>>,
}

/// Whether a code is in a set; where that is open, or rests on something unseen, why.
#[derive(Clone, Copy)]
pub struct Membership<'e> {
    /// Whether the code is in the set.
    pub truth: Truth,
    /// Why that is open, or what it rests on; empty where it is plain.
    pub reason: &'e str,
    /// What is to be said of a code that belongs: the marks of `CONCEPT_OLD` that it has.
    pub flags: u32,
}

impl<'e> Membership<'e> {
    /// A truth that is plain.
    pub fn plain(truth: Truth) -> Self {
        Membership::because(truth, "")
    }

    /// A truth with why it is open, or what it rests on.
    pub fn because(truth: Truth, reason: &'e str) -> Self {
        Membership { truth, reason, flags: 0 }
    }

    /// The truth, given that a code of a system that is not loaded may not exist.
    pub fn certain(&self) -> Truth {
        if self.truth == Truth::True && !self.reason.is_empty() { Truth::Unknown } else { self.truth }
    }
}

/// Why that of a code of another version is open.
pub(super) const OTHER_VERSION: &str = "it is not known which codes of this version of the code system belong";
