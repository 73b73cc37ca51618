//! Truth is a value: no size, bound, lost answer or nesting makes what is wrong valid, or what is right invalid.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "truth/circles.rs"]
mod circles;
#[path = "truth/kinds.rs"]
mod kinds;
#[path = "truth/leaks.rs"]
mod leaks;
#[path = "truth/narrative.rs"]
mod narrative;
#[path = "truth/properties.rs"]
mod properties;
#[path = "truth/settled.rs"]
mod settled;
#[path = "truth/support.rs"]
mod support;
#[path = "truth/values.rs"]
mod values;
