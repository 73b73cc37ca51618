//! Why Parameters cannot be read: faults of the syntax, in a few words.

use std::ops::Range;

use fhir_accord_profiles::instance::{Fault as TapeFault, FaultKind, LineIndex, Place, Tape};

use crate::app::Complaint;
use crate::http::Fault;

/// Faults of the syntax outside the resource make the Parameters unreadable; those inside are the resource's own.
pub(in crate::http) fn complain(tape: &Tape<'_>, body: &[u8], resource: Option<&Range<usize>>) -> Result<(), Fault> {
    let inside = |f: &TapeFault| {
        resource.is_some_and(|r| !tape.is_fatal() && r.start <= f.span.start as usize && f.span.end as usize <= r.end)
    };
    let lines = LineIndex::new(body);
    let complaints: Vec<Complaint> =
        tape.faults().iter().filter(|f| !inside(f)).map(|f| complaint(f, &lines)).collect();
    if complaints.is_empty() { Ok(()) } else { Err(Fault::syntax(complaints)) }
}

fn complaint(fault: &TapeFault, lines: &LineIndex<'_>) -> Complaint {
    let Place { line, column } = lines.place(fault.span.start);
    Complaint::new(format!("the Parameters cannot be read: {} at line {line}, column {column}", words(fault.kind)))
}

/// What a fault of the syntax is, in a few words.
pub(in crate::http) fn words(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Utf8 => "the text is not UTF-8",
        FaultKind::ByteOrderMark => "byte order mark",
        FaultKind::Empty => "the text is empty",
        FaultKind::NotAnObject => "expected an object",
        FaultKind::UnexpectedCharacter => "unexpected character",
        FaultKind::UnexpectedEnd => "unexpected end of the text",
        FaultKind::TrailingText => "text after the end",
        FaultKind::TrailingComma => "trailing comma",
        FaultKind::MissingComma => "missing comma",
        FaultKind::MissingColon => "missing colon",
        FaultKind::UnquotedName => "property name without quotes",
        FaultKind::SingleQuotes => "single quotes",
        FaultKind::Comment => "comment",
        FaultKind::DuplicateKey => "duplicate property",
        FaultKind::ControlCharacter => "control character",
        FaultKind::BadEscape => "unknown escape sequence",
        FaultKind::LoneSurrogate => "unpaired surrogate",
        FaultKind::BadNumber => "malformed number",
        FaultKind::PrimitiveExtensionAlignment => "a property and its primitive extensions differ in length",
        FaultKind::Doctype => "document type declaration",
        FaultKind::Instruction => "processing instruction",
        FaultKind::Encoding => "declared encoding is not UTF-8",
        FaultKind::EndTag => "mismatched end tag",
        FaultKind::StrayText => "text between elements",
        FaultKind::Attribute => "unknown attribute",
        FaultKind::NoAttribute => "attribute written as an element",
        FaultKind::Namespace => "element outside of the FHIR namespace",
        FaultKind::LimitBytes => "limit of bytes reached",
        FaultKind::LimitDepth => "limit of nesting reached",
        FaultKind::LimitNodes => "limit of elements reached",
        FaultKind::LimitTime => "reading was broken off",
    }
}
