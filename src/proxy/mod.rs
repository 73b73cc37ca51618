//! A guard in front of a FHIR server: each request is judged by a [`Gate`](fhir_accord_capability::guard::Gate) with
//! what its verified token allows. What need not be judged goes through as a stream. In shadow mode everything goes
//! through, and what would have been refused is recorded.

mod answer;
mod asked;
mod body;
mod forward;
mod handler;
mod headers;
mod judge;
mod lines;
mod old;
mod olds;
mod passed;
mod record;
mod refused;
mod server;
mod settings;
mod shadow;
mod share;
mod shared;
mod target;
mod worker;

pub use lines::Lines;
pub use server::{Running, run, start};
pub use settings::Settings;
pub use shared::Shared;
