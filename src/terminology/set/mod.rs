//! A compact, read-only set of codes: names, hierarchy and properties, in one file that is mapped.
//!
//! Codes are in an order in which each is behind its parents, found through a table over their hashes. Names are words
//! of a dictionary, so that each can be read by itself.

mod bytes;
mod draft;
mod meta;
mod order;
mod read;
mod subsume;
#[cfg(test)]
mod tests;
mod texts;
mod write;

pub use draft::{Concept, Draft};
pub use meta::{Content, Head, Kind, Meta, Refused, START, head, head_length};
pub use read::CodeSet;
pub use subsume::Subsumption;
pub use write::{TooLarge, Written, write};
