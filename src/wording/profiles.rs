//! How the profiles of a type stand, in a few words.

use super::words::status_word;
use crate::capability::agreement::{Direction, Kind, ProfileStatus, ResourceAgreement, Row};

/// `2 proven, 1 unknown`, over reads; `None` where the client requires no profile of the type.
pub fn profiles_part(resource: &ResourceAgreement) -> Option<String> {
    let all = [
        ProfileStatus::Proven,
        ProfileStatus::Claimed,
        ProfileStatus::Partial,
        ProfileStatus::Refuted,
        ProfileStatus::Unknown,
    ];
    let reads = || resource.of(Kind::Profile).filter_map(Row::profile).filter(|p| p.direction == Direction::Read);
    let count = |status: ProfileStatus| {
        let n = reads().filter(|p| p.status == status).count();
        (n > 0).then(|| format!("{n} {}", status_word(status)))
    };
    let parts: Vec<String> = all.into_iter().filter_map(count).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
