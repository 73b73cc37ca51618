//! Media types (BCP 13; the form by RFC 2045 and RFC 6838).

/// Short names that FHIR admits beside media types
/// (<https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.format>).
const SHORT: [&str; 3] = ["xml", "json", "ttl"];

/// A token of RFC 2045: visible ASCII without the special characters.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b))
}

/// A name of RFC 6838: it starts with a letter or digit; `*` by itself is allowed as a range.
fn is_name(text: &str) -> bool {
    text == "*" || (is_token(text) && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric))
}

/// Whether the text is a media type, with or without parameters, or one of FHIR's short names.
pub fn is_media_type(text: &str) -> bool {
    let mut parts = text.split(';');
    let named = parts
        .next()
        .map(|head| head.trim_end_matches(' '))
        .and_then(|head| head.split_once('/'))
        .is_some_and(|(kind, sub)| is_name(kind) && is_name(sub));
    SHORT.contains(&text) || (named && parts.all(is_parameter))
}

/// `name=value`, the value quoted or without spaces; urls are admitted unquoted, as FHIR writes them.
fn is_parameter(text: &str) -> bool {
    text.trim_matches(' ').split_once('=').is_some_and(|(name, value)| {
        let quoted = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
        let plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
        is_token(name) && (quoted || plain)
    })
}
