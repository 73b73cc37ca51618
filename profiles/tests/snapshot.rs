//! Snapshots generated from the published packages' differentials, beside the snapshots that the packages hold.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "snapshot/compare.rs"]
mod compare;
#[path = "snapshot/invariants.rs"]
mod invariants;
#[path = "snapshot/packages.rs"]
mod packages;
#[path = "snapshot/published.rs"]
mod published;
#[path = "snapshot/suite.rs"]
mod suite;
