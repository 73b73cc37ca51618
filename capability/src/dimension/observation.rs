//! Real answers of the server as evidence for a required profile.

use crate::agreement::{Evidence, ProfileStatus};
use crate::observed::ObservedProfile;
use crate::reason::Reason;

/// The status with this evidence, and why.
pub fn applied(observed: &ObservedProfile, status: ProfileStatus, why: &mut Vec<Reason>) -> ProfileStatus {
    if observed.failed > 0 {
        why.insert(0, Reason::ObservedFailure);
        return ProfileStatus::Refuted;
    }
    let conforms = observed.speaking > observed.undetermined;
    if status == ProfileStatus::Unknown && conforms {
        why.insert(0, Reason::ObservedOnly);
        return ProfileStatus::Partial;
    }
    status
}

/// The evidence itself.
pub fn evidence(observed: &ObservedProfile) -> Evidence {
    Evidence {
        rule: Reason::Observed,
        path: String::new(),
        validity: None,
        coverage: None,
        open: Vec::new(),
        open_count: 0,
        observed: Some(observed.clone()),
    }
}
