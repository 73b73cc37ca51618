#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod compose;
mod grammar;
mod held;
mod imports;
mod packages;
