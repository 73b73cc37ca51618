//! Faults of the syntax: their rules and texts, in JSON and in XML.

use crate::instance::{Fault, FaultKind};
use crate::issue::RuleId;

/// The rule and the text of a fault; `xml` says which format it stands in.
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
        _ => return None,
    })
}

fn in_xml(f: &Fault) -> Option<(RuleId, String)> {
    let found = &f.found;
    Some(match f.kind {
        FaultKind::Utf8 => (RuleId::XML_UTF8, not_utf8(found)),
        FaultKind::UnexpectedCharacter => (RuleId::XML_SYNTAX, format!("`{found}` does not belong here")),
        FaultKind::UnexpectedEnd => (RuleId::XML_END, "the text ends inside an element".to_owned()),
        FaultKind::TrailingText => (RuleId::XML_TRAILING_TEXT, "more text follows the resource".to_owned()),
        FaultKind::DuplicateKey => {
            (RuleId::XML_DUPLICATE_ATTRIBUTE, format!("the attribute `{found}` stands twice in one tag"))
        }
        FaultKind::BadEscape => {
            (RuleId::XML_REFERENCE, format!("`{found}` is no character reference that FHIR's XML knows"))
        }
        FaultKind::Doctype => (RuleId::XML_DOCTYPE, "a document type declaration stands in the text".to_owned()),
        FaultKind::Instruction => {
            (RuleId::XML_INSTRUCTION, format!("the processing instruction `{found}` stands in the text"))
        }
        FaultKind::Encoding => (RuleId::XML_UTF8, format!("the text says of itself that it is encoded in `{found}`")),
        FaultKind::ControlCharacter => (RuleId::XML_CHARACTER, format!("the character {found} is none of XML's")),
        FaultKind::EndTag => (RuleId::XML_END_TAG, format!("the end tag of `{found}` closes another element")),
        FaultKind::StrayText => (RuleId::XML_TEXT, format!("text stands between elements: `{found}`")),
        FaultKind::Attribute => (RuleId::XML_ATTRIBUTE, format!("the attribute `{found}` is not known here")),
        FaultKind::NoAttribute => (RuleId::XML_AS_ATTRIBUTE, format!("`{found}` is written as an element")),
        FaultKind::Namespace => (RuleId::XML_NAMESPACE, format!("`{found}` does not stand in the namespace of FHIR")),
        _ => return None,
    })
}

fn not_utf8(found: &str) -> String {
    format!("the text is not UTF-8: byte {found} stands where no character can start or go on")
}

fn in_json(f: &Fault) -> (RuleId, String) {
    let found = &f.found;
    match f.kind {
        FaultKind::Utf8 => (RuleId::JSON_UTF8, not_utf8(found)),
        FaultKind::ByteOrderMark => (RuleId::JSON_BOM, "the text starts with a byte order mark".to_owned()),
        FaultKind::Empty => (RuleId::JSON_EMPTY, "there is nothing to read".to_owned()),
        FaultKind::NotAnObject => (RuleId::JSON_NOT_OBJECT, format!("expected an object, found `{found}`")),
        FaultKind::UnexpectedEnd => (RuleId::JSON_END, "the text ends inside a value".to_owned()),
        FaultKind::TrailingText => (RuleId::JSON_TRAILING_TEXT, "more text follows the resource".to_owned()),
        FaultKind::TrailingComma => (RuleId::JSON_TRAILING_COMMA, "a comma stands before a closing bracket".to_owned()),
        FaultKind::MissingComma => (RuleId::JSON_MISSING_COMMA, "a comma is missing here".to_owned()),
        FaultKind::MissingColon => (RuleId::JSON_MISSING_COLON, "a colon is missing here".to_owned()),
        FaultKind::UnquotedName => (RuleId::JSON_UNQUOTED, format!("`{found}` does not stand in double quotes")),
        FaultKind::SingleQuotes => {
            (RuleId::JSON_SINGLE_QUOTES, "single quotes stand where double quotes belong".to_owned())
        }
        FaultKind::Comment => (RuleId::JSON_COMMENT, "a comment stands in the JSON".to_owned()),
        FaultKind::DuplicateKey => {
            (RuleId::JSON_DUPLICATE_KEY, format!("the property `{found}` stands twice in one object"))
        }
        FaultKind::ControlCharacter => {
            (RuleId::JSON_CONTROL_CHARACTER, format!("the control character {found} is not escaped"))
        }
        FaultKind::BadEscape => (RuleId::JSON_ESCAPE, format!("`{found}` is no escape of JSON")),
        FaultKind::LoneSurrogate => (RuleId::JSON_SURROGATE, format!("`{found}` is half of a surrogate pair")),
        FaultKind::BadNumber => (RuleId::JSON_NUMBER, format!("`{found}` is no JSON number")),
        FaultKind::PrimitiveExtensionAlignment => (
            RuleId::JSON_PRIMITIVE_EXTENSION_ALIGNMENT,
            format!("the arrays `{found}` and `_{found}` are not equally long"),
        ),
        _ => (RuleId::JSON_SYNTAX, format!("unexpected character `{found}`")),
    }
}
