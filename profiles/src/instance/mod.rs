//! Instances: FHIR JSON and XML on one flat tape, with positions and limits. Judges nothing beyond the syntax and
//! knows nothing of profiles.

mod fault;
mod json;
mod names;
mod nested;
mod position;
mod tape;
mod twins;
mod xml;

pub use fault::{Fault, FaultKind};
pub use json::{Limits, is_json_number, parse, unescape};
pub use names::{FIXED, NameId, Names};
pub use nested::resource_span;
pub use position::{LineIndex, Place};
pub use tape::{Children, Kind, Node, Tape};
pub use xml::{is_xml, parse_xml};

/// Reads one document, JSON or XML by its first character, to a tape. Never fails: what is wrong stands in [`Tape::faults`].
pub fn read<'t>(text: &'t [u8], names: &'t Names, limits: &Limits) -> Tape<'t> {
    if is_xml(text) { parse_xml(text, names, limits) } else { parse(text, names, limits) }
}

#[cfg(test)]
mod tests;
