//! What programs call that have Accord in them: validators that are opened once and shared, batches on several threads,
//! negotiations and comparisons of documents. What the command line reads from files and options comes as values here.

mod ask;
mod batch;
mod crew;
mod options;
mod shared;
mod stop;
mod validator;

pub use ask::{Comparison, Negotiation, compare, negotiate};
pub use crew::Crew;
pub use options::Options;
pub use shared::shared;
pub use stop::Stop;
pub use validator::Validator;
