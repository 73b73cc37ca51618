//! Reports to what callers read; never judges.

mod outcome;

pub use outcome::operation_outcome;
