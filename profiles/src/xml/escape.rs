//! Names and texts as XML writes them.

use crate::instance::is_xml_char;

/// Writes a text as the value of an attribute, or between tags: what is read from it is the same text.
pub(super) fn escape(text: &str, out: &mut String) {
    let special = |b: u8| b < b' ' || matches!(b, b'&' | b'<' | b'>' | b'"' | 0xEF);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(special) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = from.chars();
        match chars.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            Some('\n') => out.push_str("&#10;"),
            Some('\r') => out.push_str("&#13;"),
            Some('\t') => out.push_str("&#9;"),
            Some(c) if is_xml_char(c) => out.push(c),
            Some(_) => out.push(char::REPLACEMENT_CHARACTER),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Whether an element can have this name; of letters only those of FHIR's own names, so that it means the same to any
/// reader.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}
