//! One expression on one instance, for the command line and the service: compiled with positions, evaluated with
//! what the loaded packages know, its items and its tree as JSON.

mod broken;
mod definitions;
mod expression;
mod part;
mod ports;
mod steps;
mod tree;

use fhir_accord_profiles::fhirpath::{Options, Temporal};

pub use broken::Broken;
pub use definitions::{Definitions, asks_for_definitions};
pub use expression::{Expression, MAX_EXPRESSION};
pub use fhir_accord_profiles::model::node_json;
pub use part::{Writer, parameter_type};
pub use ports::TracingPorts;
pub use steps::{Parts, Steps};
pub use tree::tree_json;

/// The options of an expression that is evaluated by itself, with a budget of steps.
pub fn options(steps: u64) -> Options {
    Options { strict_as: true, typed_choices: false, steps, ..Options::default() }
}

/// The current moment in UTC.
pub fn now() -> Option<Temporal> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Temporal::from_unix_ms(i64::try_from(since.as_millis()).ok()?))
}
