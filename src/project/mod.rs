//! The settings of a project, `accord.toml`: found, read, and applied to reports. It knows neither the command line nor
//! the service: both hand in what they want listed, and get back a report with the verdict that is in force.

mod applied;
mod baseline;
mod beside;
mod document;
mod element;
mod fault;
mod filter;
mod find;
mod gone;
mod keys;
mod known;
mod levels;
mod paths;
mod patterns;
mod policies;
mod read;
mod remarks;
mod rows;
mod settings;
mod shown;
mod suppressions;

pub use applied::{Applied, Set, Suppressed, Why};
pub use baseline::Baseline;
pub use fault::ProjectError;
pub use filter::{COLLECTED, COLLECTED_OF_REQUESTS, Filter};
pub use find::{PROJECT_FILE, find};
pub use gone::Gone;
pub use keys::near;
pub use known::Known;
pub use levels::Level;
pub use paths::Place;
pub use patterns::Patterns;
pub use remarks::{Remarks, Unused};
pub use rows::{ProfileRow, SuppressionRow};
pub use settings::Project;
pub use shown::Wanted;
