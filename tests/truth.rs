//! Truth is a value: no size, bound, lost answer or nesting makes what is wrong valid, or what is right invalid.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "truth/broken_off.rs"]
mod broken_off;
#[path = "truth/circles.rs"]
mod circles;
#[path = "truth/kinds/mod.rs"]
mod kinds;
#[path = "truth/leaks.rs"]
mod leaks;
#[path = "truth/narrative.rs"]
mod narrative;
#[path = "truth/own_examples.rs"]
mod own_examples;
#[path = "truth/properties.rs"]
mod properties;
#[path = "truth/settled.rs"]
mod settled;
#[path = "truth/support.rs"]
mod support;
#[path = "truth/values.rs"]
mod values;
