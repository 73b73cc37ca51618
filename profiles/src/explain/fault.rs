//! Faults of the syntax: their rules and texts, in JSON and in XML.

use crate::instance::{Fault, FaultKind};
use crate::issue::RuleId;

/// The rule and the text of a fault; `xml` says which format it is in.
pub fn fault(f: &Fault, xml: bool) -> (RuleId, String) {
    limit(f).or_else(|| if xml { in_xml(f) } else { None }).unwrap_or_else(|| in_json(f))
}

/// What a fault of the syntax says, without its place.
pub fn fault_text(f: &Fault, xml: bool) -> String {
    fault(f, xml).1
}

fn limit(f: &Fault) -> Option<(RuleId, String)> {
    let found = &f.found;
    Some(match f.kind {
        FaultKind::LimitBytes => {
            (RuleId::LIMIT_BYTES, format!("the instance is larger than the limit of {found} bytes"))
        }
        FaultKind::LimitDepth => (RuleId::LIMIT_DEPTH, format!("the nesting is deeper than the limit of {found}")),
        FaultKind::LimitNodes => {
            (RuleId::LIMIT_NODES, format!("the instance has more elements than the limit of {found}"))
        }
        FaultKind::LimitTime => {
            (RuleId::LIMIT_TIME, "the work was broken off before the instance was read to its end".to_owned())
        }
        _ => return None,
    })
}

fn in_xml(f: &Fault) -> Option<(RuleId, String)> {
    let found = &f.found;
    Some(match f.kind {
        FaultKind::Utf8 => (RuleId::XML_UTF8, not_utf8(found)),
        FaultKind::UnexpectedCharacter => (RuleId::XML_SYNTAX, format!("unexpected `{found}`")),
        FaultKind::UnexpectedEnd => (RuleId::XML_END, "the text ends inside an element".to_owned()),
        FaultKind::TrailingText => (RuleId::XML_TRAILING_TEXT, "more text follows the resource".to_owned()),
        FaultKind::DuplicateKey => {
            (RuleId::XML_DUPLICATE_ATTRIBUTE, format!("attribute `{found}` occurs twice in one tag"))
        }
        FaultKind::BadEscape => {
            (RuleId::XML_REFERENCE, format!("`{found}` is not a character reference allowed in FHIR XML"))
        }
        FaultKind::Doctype => (RuleId::XML_DOCTYPE, "the text contains a document type declaration".to_owned()),
        FaultKind::Instruction => {
            (RuleId::XML_INSTRUCTION, format!("the text contains the processing instruction `{found}`"))
        }
        FaultKind::Encoding => (RuleId::XML_UTF8, format!("the text declares the encoding `{found}`, expected UTF-8")),
        FaultKind::ControlCharacter => (RuleId::XML_CHARACTER, format!("character {found} is not allowed in XML")),
        FaultKind::EndTag => (RuleId::XML_END_TAG, format!("end tag `{found}` does not match the open element")),
        FaultKind::StrayText => (RuleId::XML_TEXT, format!("there is text between elements: `{found}`")),
        FaultKind::Attribute => (RuleId::XML_ATTRIBUTE, format!("unknown attribute `{found}`")),
        FaultKind::NoAttribute => (RuleId::XML_AS_ATTRIBUTE, format!("`{found}` must be an attribute, not an element")),
        FaultKind::Namespace => (RuleId::XML_NAMESPACE, format!("`{found}` is not in the FHIR namespace")),
        _ => return None,
    })
}

fn not_utf8(found: &str) -> String {
    format!("invalid UTF-8 byte {found}")
}

fn in_json(f: &Fault) -> (RuleId, String) {
    let found = &f.found;
    match f.kind {
        FaultKind::Utf8 => (RuleId::JSON_UTF8, not_utf8(found)),
        FaultKind::ByteOrderMark => (RuleId::JSON_BOM, "the text starts with a byte order mark".to_owned()),
        FaultKind::Empty => (RuleId::JSON_EMPTY, "the input is empty".to_owned()),
        FaultKind::NotAnObject => (RuleId::JSON_NOT_OBJECT, format!("expected an object, found `{found}`")),
        FaultKind::UnexpectedEnd => (RuleId::JSON_END, "the text ends inside a value".to_owned()),
        FaultKind::TrailingText => (RuleId::JSON_TRAILING_TEXT, "more text follows the resource".to_owned()),
        FaultKind::TrailingComma => {
            (RuleId::JSON_TRAILING_COMMA, "there is a comma before a closing bracket".to_owned())
        }
        FaultKind::MissingComma => (RuleId::JSON_MISSING_COMMA, "a comma is missing here".to_owned()),
        FaultKind::MissingColon => (RuleId::JSON_MISSING_COLON, "a colon is missing here".to_owned()),
        FaultKind::UnquotedName => (RuleId::JSON_UNQUOTED, format!("`{found}` is not in double quotes")),
        FaultKind::SingleQuotes => {
            (RuleId::JSON_SINGLE_QUOTES, "expected double quotes, found single quotes".to_owned())
        }
        FaultKind::Comment => (RuleId::JSON_COMMENT, "JSON does not allow comments".to_owned()),
        FaultKind::DuplicateKey => {
            (RuleId::JSON_DUPLICATE_KEY, format!("property `{found}` occurs twice in one object"))
        }
        FaultKind::ControlCharacter => {
            (RuleId::JSON_CONTROL_CHARACTER, format!("control character {found} is not escaped"))
        }
        FaultKind::BadEscape => (RuleId::JSON_ESCAPE, format!("`{found}` is not a JSON escape")),
        FaultKind::LoneSurrogate => (RuleId::JSON_SURROGATE, format!("`{found}` is half of a surrogate pair")),
        FaultKind::BadNumber => (RuleId::JSON_NUMBER, format!("`{found}` is not a JSON number")),
        FaultKind::PrimitiveExtensionAlignment => (
            RuleId::JSON_PRIMITIVE_EXTENSION_ALIGNMENT,
            format!("the arrays `{found}` and `_{found}` differ in length"),
        ),
        _ => (RuleId::JSON_SYNTAX, format!("unexpected character `{found}`")),
    }
}
