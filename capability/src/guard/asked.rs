//! A request as it is understood, and what its query may have.

use super::access::Reason;
use super::query::Parameter;
use super::refusal::refused;
use super::route::Route;
use super::searching::is_form;

/// A request that is understood.
pub(super) struct Asked<'u> {
    pub route: Route<'u>,
    pub parameters: Vec<Parameter>,
}

/// Refuses parameters that an interaction does not have.
pub(super) fn only(all: &[Parameter], names: &[&str]) -> Result<(), Reason> {
    match all.iter().find(|p| !is_form(p) && !names.contains(&p.name.as_str())) {
        None => Ok(()),
        Some(_) => Err(refused("query-unexpected", "the query has a parameter that the interaction does not have")),
    }
}
