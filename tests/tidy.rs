//! The rules of the house that no compiler checks: who may use whom, how long things may be, what may not be written.
//! Each check is shown to fail on something made up.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "tidy/circles.rs"]
mod circles;
#[path = "tidy/map.rs"]
mod map;
#[path = "tidy/outside.rs"]
mod outside;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/ratchet.rs"]
mod ratchet;
#[path = "tidy/size.rs"]
mod size;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/walls.rs"]
mod walls;
#[path = "tidy/words.rs"]
mod words;
