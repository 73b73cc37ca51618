//! The walk of an instance along its plan, and its budgets. No compile, no disk, no clock.

mod policy;

pub use policy::{Level, Policies, References};
