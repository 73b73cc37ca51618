//! One file for each kind of thing that a client's statement lists. Each compares what the client requires with what
//! the server offers, and makes rows of it.

mod candidates;
pub mod combination;
pub mod declared;
pub mod effort;
pub mod evidence;
pub mod flag;
pub mod format;
pub mod ground;
mod guide_claim;
pub mod include;
pub mod interaction;
pub mod listed;
pub mod narrowing;
mod observation;
pub mod offer;
pub mod operation;
mod parameter;
mod path;
pub mod profile;
pub mod realm;
pub mod search;
pub mod security;
mod selector;
mod structure;
mod undeclared;
pub mod version;
mod versions;

use crate::agreement::Row;
use ground::{Sides, TypeGround};

/// The rows of a type, one function a kind.
const OF_TYPE: [fn(&TypeGround<'_>) -> Vec<Row>; 7] =
    [profile::rows, interaction::rows, search::rows, combination::rows, include::rows, operation::rows, flag::rows];

/// The rows of the system level, one function a kind.
const OF_SYSTEM: [fn(&Sides<'_>) -> Vec<Row>; 3] =
    [interaction::system_rows, search::system_rows, operation::system_rows];

/// All rows of a type.
pub fn rows_of_type(ground: &TypeGround<'_>) -> Vec<Row> {
    OF_TYPE.iter().flat_map(|rows| rows(ground)).collect()
}

/// All rows of the system level.
pub fn rows_of_system(sides: &Sides<'_>) -> Vec<Row> {
    OF_SYSTEM.iter().flat_map(|rows| rows(sides)).collect()
}
