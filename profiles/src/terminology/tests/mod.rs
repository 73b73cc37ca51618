#![allow(clippy::unwrap_used, clippy::panic)]

mod compose;
mod grammar;
mod packages;
