//! What mutants are made of.

use serde_json::Value;

use crate::guide_test::place::Way;
use crate::guide_test::profile::Profile;
use crate::guide_test::sample::Samples;

/// An instance, and the places of the element that the rule is about.
pub(in crate::guide_test) struct Base<'a> {
    pub root: &'a Value,
    pub ways: &'a [Way],
    /// The places of the elements that hold it.
    pub holders: &'a [Way],
}

/// What mutants are made with.
pub(in crate::guide_test) struct Ground<'a> {
    pub profile: &'a Profile,
    pub samples: &'a Samples,
}
