//! What is at a place of a text that may not be well-formed, because somebody is typing in it: the objects around the
//! place, their members, the name or the value there. One pass over the text; no definitions, no judging.

mod json;
mod level;
mod places;
mod value;
mod xml;
mod xml_tag;

pub use level::{Cursor, DEPTH, Level, Member, Spot, Token};
pub use value::{entries, value_end};

use crate::profiles::instance::is_xml;

/// What is at a byte of a text, JSON or XML by its first character.
pub fn cursor(text: &str, at: usize) -> Cursor {
    cursors(text, &[at]).into_iter().next().unwrap_or_default()
}

/// What is at each of these bytes, in their order, in one pass over the text.
pub fn cursors(text: &str, places: &[usize]) -> Vec<Cursor> {
    match is_xml(text.as_bytes()) {
        true => xml::cursors(text, places),
        false => json::cursors(text, places),
    }
}

#[cfg(test)]
#[path = "cursor_tests.rs"]
mod tests;
