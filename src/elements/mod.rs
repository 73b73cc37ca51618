//! What the loaded definitions say of an element: its types, how often it occurs, its binding, what profiles demand.
//! Read from the snapshots of StructureDefinitions along the way from the resource to the element; judges nothing.

mod cache;
mod child;
mod codes;
mod element;
mod structure;
mod types;
mod way;

pub use cache::{Cache, Definitions};
pub use child::Child;
pub use codes::{Code, Codes};
pub use element::{Binding, Element, TypeRef};
pub use structure::Structure;
pub use types::{Lexeme, is_primitive, lexeme};
pub use way::{Spot, Way};

#[cfg(test)]
#[path = "elements_tests.rs"]
mod tests;
