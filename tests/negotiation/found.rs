//! Rows of an agreement as tests look at them.

use std::ops::Deref;

use fhir_accord::capability::agreement::{ProfileDetails, ResourceAgreement, Row};
use fhir_accord::capability::reason::Reason;

/// The ids of reasons.
pub fn ids(why: &[Reason]) -> Vec<&'static str> {
    why.iter().map(|r| r.id()).collect()
}

/// A row about a profile.
#[derive(Clone, Debug)]
pub struct Found {
    /// The ids of its reasons.
    pub why: Vec<&'static str>,
    details: ProfileDetails,
}

impl Found {
    /// What a row tells.
    pub fn of(row: &Row) -> Found {
        Found { why: ids(&row.why), details: row.profile().unwrap().clone() }
    }
}

impl Deref for Found {
    type Target = ProfileDetails;

    fn deref(&self) -> &ProfileDetails {
        &self.details
    }
}

/// The rows about profiles of a type.
pub fn profiles(resource: &ResourceAgreement) -> Vec<Found> {
    resource.profiles().map(|(row, _)| Found::of(row)).collect()
}
