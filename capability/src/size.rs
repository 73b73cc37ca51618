//! How much a client's statement asks to be compared. What is too much is refused: an answer about a part of it would
//! depend on the order of its entries.

use crate::request::NegotiateError;
use crate::statement::{Resource, Statement};

/// Bound on the requirements of a client's statement that are compared at once, by what their rows cost.
pub const REQUIREMENTS_LIMIT: usize = 20_480;

/// What a profile costs, beside another item.
const PROFILE: usize = 5;

/// The bytes of a type's name that a row repeats at no extra cost.
const NAME_BYTES: usize = 128;

/// Whether a client's statement asks for no more than is compared at once.
///
/// # Errors
/// [`NegotiateError::TooMuch`] where it does.
pub fn within_limit(client: &Statement) -> Result<(), NegotiateError> {
    let rest = &client.rest;
    let own = rest.interactions.len() + rest.search_params.len() + rest.operations.len();
    let found = rest.resources.iter().map(cost).fold(own, usize::saturating_add);
    if found > REQUIREMENTS_LIMIT { Err(NegotiateError::TooMuch { found, limit: REQUIREMENTS_LIMIT }) } else { Ok(()) }
}

fn cost(resource: &Resource) -> usize {
    let rows = 1
        + resource.interactions.len()
        + resource.search_params.len()
        + resource.combinations.len()
        + resource.includes.len()
        + resource.rev_includes.len()
        + resource.operations.len()
        + resource.flags.len()
        + PROFILE * resource.profiles.len();
    rows.saturating_mul(1 + resource.resource_type.len() / NAME_BYTES)
}
