//! Instances: FHIR JSON on one flat tape, with positions and limits. Judges nothing beyond the syntax and
//! knows nothing of profiles.

mod json;
mod names;
mod position;
mod tape;
mod twins;
mod xml;

pub use json::{Limits, is_json_number, parse, unescape};
pub use names::{FIXED, NameId, Names};
pub use position::{LineIndex, Place};
pub use tape::{Children, Fault, FaultKind, Kind, Node, Tape};
pub use xml::{is_xml, parse_xml};

#[cfg(test)]
mod tests;
