//! What both sides can use: the profiles that are met, with the scopes and interactions that carry them.

use crate::agreement::{Direction, Kind, ProfileStatus, ResourceAgreement, Row, SharedProfile, Usable};
use crate::grant::{GrantRequest, reaching};
use crate::scope::Permission;

/// Bound on the scopes that are told of one profile, the first in the order of text; `scopes` of the result has all.
const SCOPES: usize = 64;

/// Bound on the bytes of those scopes, all profiles together; one profile has an equal share of it.
const SCOPES_BYTES: usize = 4 << 20;

/// Bound on the interactions that are told of one profile; FHIR defines fewer. `resources` of the result has all.
const INTERACTIONS: usize = 32;

/// The profiles of these types that both sides can use, in their order.
pub fn profile_set(resources: &[ResourceAgreement], grant: &GrantRequest) -> Vec<SharedProfile> {
    let profiles: usize = resources.iter().map(|r| r.of(Kind::Profile).count()).sum();
    let share = SCOPES_BYTES / profiles.max(1);
    let of_type = |r: &ResourceAgreement| -> Vec<SharedProfile> {
        if r.of(Kind::Profile).next().is_none() {
            return Vec::new();
        }
        let ways = [Direction::Read, Direction::Write].map(|d| Way::of(r, d, grant, share));
        r.of(Kind::Profile).filter_map(|row| shared(&r.resource_type, row, &ways)).collect()
    };
    resources.iter().flat_map(of_type).collect()
}

/// What carries the profiles of a type in one direction.
struct Way {
    is_shut: bool,
    scopes: Vec<String>,
    interactions: Vec<String>,
}

impl Way {
    fn of(resource: &ResourceAgreement, direction: Direction, grant: &GrantRequest, bytes: usize) -> Way {
        Way {
            is_shut: is_shut(resource, direction),
            scopes: scopes(&resource.resource_type, direction, grant, bytes),
            interactions: interactions(resource, direction),
        }
    }
}

fn shared(resource_type: &str, row: &Row, [reading, writing]: &[Way; 2]) -> Option<SharedProfile> {
    let profile = row.profile()?;
    let way = if profile.direction == Direction::Read { reading } else { writing };
    let shares = profile.status.passes() || profile.status == ProfileStatus::Partial;
    if !shares || row.usable == Usable::No || way.is_shut {
        return None;
    }
    let is_partial = profile.status == ProfileStatus::Partial && !profile.conditions.is_empty();
    Some(SharedProfile {
        resource_type: resource_type.to_owned(),
        direction: profile.direction,
        profile: profile.required.clone(),
        served_as: profile.satisfied_by.clone(),
        status: profile.status,
        condition: is_partial.then(|| profile.conditions.join(" and ")),
        selector: profile.selector.clone(),
        scopes: way.scopes.clone(),
        interactions: way.interactions.clone(),
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
    let usable = flowing(resource, direction).filter(|(row, _)| row.usable >= Usable::Likely);
    usable.map(|(_, code)| code).take(INTERACTIONS).collect()
}

/// The scopes that allow a direction on a type, as they are expected: the granted ones, else those that are asked for.
fn scopes(resource_type: &str, direction: Direction, grant: &GrantRequest, bytes: usize) -> Vec<String> {
    let letters = match direction {
        Direction::Read => [Permission::Read, Permission::Search],
        Direction::Write => [Permission::Create, Permission::Update],
    };
    let expected = grant.expected.as_deref().unwrap_or_default();
    let mut all: Vec<String> = reaching(expected, resource_type, &letters).map(ToString::to_string).collect();
    all.sort();
    all.dedup();
    all.truncate(SCOPES);
    let mut left = bytes;
    let fit = all.iter().take_while(|scope| left.checked_sub(scope.len()).map(|rest| left = rest).is_some()).count();
    all.truncate(fit);
    all
}
