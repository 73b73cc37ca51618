//! What both sides can use: the profiles that are met, with the scopes and interactions that carry them.

use crate::agreement::{Direction, Kind, ProfileStatus, ResourceAgreement, Row, SharedProfile, Usable};
use crate::grant::GrantRequest;
use crate::scope::{Permission, ResourceScope};

/// The profiles of these types that both sides can use, in their order.
pub fn profile_set(resources: &[ResourceAgreement], grant: &GrantRequest) -> Vec<SharedProfile> {
    let of_type = |r: &ResourceAgreement| r.of(Kind::Profile).filter_map(|row| shared(r, row, grant)).collect();
    resources.iter().flat_map(|r| -> Vec<SharedProfile> { of_type(r) }).collect()
}

fn shared(resource: &ResourceAgreement, row: &Row, grant: &GrantRequest) -> Option<SharedProfile> {
    let profile = row.profile()?;
    let shares = profile.status.passes() || profile.status == ProfileStatus::Partial;
    if !shares || row.usable == Usable::No || is_shut(resource, profile.direction) {
        return None;
    }
    let is_partial = profile.status == ProfileStatus::Partial && !profile.conditions.is_empty();
    Some(SharedProfile {
        resource_type: resource.resource_type.clone(),
        direction: profile.direction,
        profile: profile.required.clone(),
        served_as: profile.satisfied_by.clone(),
        status: profile.status,
        condition: is_partial.then(|| profile.conditions.join(" and ")),
        selector: profile.selector.clone(),
        scopes: scopes(&resource.resource_type, profile.direction, grant),
        interactions: interactions(resource, profile.direction),
    })
}

/// The client's interactions in a direction.
fn flowing(resource: &ResourceAgreement, direction: Direction) -> impl Iterator<Item = (&Row, String)> {
    let flows = move |code: &str| {
        matches!(code, "create" | "update" | "patch") == (direction == Direction::Write) && code != "delete"
    };
    resource.of(Kind::Interaction).map(|r| (r, r.item.name())).filter(move |(_, code)| flows(code))
}

/// Whether the client lists interactions in a direction, and none of them can be used.
fn is_shut(resource: &ResourceAgreement, direction: Direction) -> bool {
    let mut all = flowing(resource, direction).peekable();
    all.peek().is_some() && all.all(|(row, _)| row.usable == Usable::No)
}

/// The interactions of the client that can be used in a direction.
fn interactions(resource: &ResourceAgreement, direction: Direction) -> Vec<String> {
    flowing(resource, direction).filter(|(row, _)| row.usable >= Usable::Likely).map(|(_, code)| code).collect()
}

/// The scopes that allow a direction on a type: the granted ones, else those that are asked for.
fn scopes(resource_type: &str, direction: Direction, grant: &GrantRequest) -> Vec<String> {
    let flows = |p: Permission| match direction {
        Direction::Read => matches!(p, Permission::Read | Permission::Search),
        Direction::Write => matches!(p, Permission::Create | Permission::Update),
    };
    let carries = |s: &&ResourceScope| s.covers_type(resource_type) && s.permissions.iter().any(flows);
    let mut all: Vec<String> = match grant.granted_scopes() {
        Some(granted) => granted.filter(carries).map(ToString::to_string).collect(),
        None => grant.asked_scopes().filter(carries).map(ToString::to_string).collect(),
    };
    all.sort();
    all.dedup();
    all
}
