//! Instances: FHIR JSON and XML on one flat tape, with positions and limits. Judges nothing beyond the syntax and
//! knows nothing of profiles.

mod fault;
mod json;
mod limits;
mod names;
mod nested;
mod position;
mod primitive_extensions;
mod raw;
mod tape;
mod xml;

use std::cell::OnceCell;

pub use fault::{Fault, FaultKind};
pub use json::{is_json_number, parse, unescape};
pub use limits::Limits;
pub use names::{FIXED, NameId, Names};
pub use nested::{outer_declarations, resource_span};
pub use position::{LineIndex, Place};
pub use raw::Kind;
pub use tape::{Children, Node, Tape};
pub use xml::{is_xml, is_xml_char, parse_xml, xml_reference};

/// Reads one document, JSON or XML by its first character, to a tape. Never fails: what is wrong is in
/// [`Tape::faults`].
pub fn read<'t>(text: &'t [u8], names: &'t Names, limits: &Limits) -> Tape<'t> {
    if is_xml(text) { parse_xml(text, names, limits) } else { parse(text, names, limits) }
}

/// As [`read`], but goes on behind bytes that are not UTF-8: each counts as a question mark, and the first is a fault.
/// Where nothing can be read all the same, the tape is that of [`read`]. `mended` holds the text that was read in place
/// of `text`.
pub fn read_through<'t>(text: &'t [u8], mended: &'t OnceCell<Vec<u8>>, names: &'t Names, limits: &Limits) -> Tape<'t> {
    let tape = read(text, names, limits);
    let Some(fault) = tape.faults().first().filter(|f| f.kind == FaultKind::Utf8).cloned() else { return tape };
    let mut through = read(mended.get_or_init(|| in_utf8(text)), names, limits);
    if through.is_fatal() {
        return tape;
    }
    through.faults.insert(0, fault);
    through
}

/// The text with a question mark for each byte that is not UTF-8: as long as before, so that places stay.
fn in_utf8(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        out.extend(chunk.invalid().iter().map(|_| b'?'));
    }
    out
}

#[cfg(test)]
mod tests;
