//! URIs, OIDs and UUIDs (https://hl7.org/fhir/R4/datatypes.html#uri, #oid, #uuid).

use super::PrimitiveFault::{self, Oid, Prefix, Uuid, Whitespace};

/// A uri, url or canonical: no whitespace; OIDs and UUIDs as urns, well-formed.
#[inline]
pub(super) fn uri(text: &str) -> Result<(), PrimitiveFault> {
    let bytes = text.as_bytes();
    let low = bytes.iter().fold(false, |any, b| any | (*b <= b' '));
    if low && bytes.iter().any(|b| matches!(b, b' ' | 9..=13)) {
        return Err(Whitespace);
    }
    if low {
        return Err(PrimitiveFault::ControlCharacter);
    }
    match bytes {
        [b'u', b'r', b'n', b':', b'o', b'i', b'd', b':', rest @ ..] => {
            if is_oid(rest) {
                Ok(())
            } else {
                Err(Oid)
            }
        }
        [b'u', b'r', b'n', b':', b'u', b'u', b'i', b'd', b':', rest @ ..] => {
            // A urn may end in a fragment (https://www.rfc-editor.org/rfc/rfc8141#section-2.3.3).
            let name = rest.split(|b| *b == b'#').next().unwrap_or(rest);
            if is_uuid(name) { Ok(()) } else { Err(Uuid) }
        }
        [b'o', b'i', b'd', b':', ..] | [b'u', b'u', b'i', b'd', b':', ..] => Err(Prefix),
        _ => Ok(()),
    }
}

/// `urn:oid:[0-2](\.(0|[1-9][0-9]*))+`
pub(super) fn oid(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    let rest = bytes.strip_prefix(b"urn:oid:").ok_or(Prefix)?;
    if is_oid(rest) { Ok(()) } else { Err(Oid) }
}

/// `urn:uuid:` and a UUID in lower case.
pub(super) fn uuid(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    let rest = bytes.strip_prefix(b"urn:uuid:").ok_or(Prefix)?;
    if is_uuid(rest) { Ok(()) } else { Err(Uuid) }
}

fn is_oid(bytes: &[u8]) -> bool {
    let mut arcs = bytes.split(|b| *b == b'.');
    let first = arcs.next().is_some_and(|a| matches!(a, [b'0'..=b'2']));
    let mut more = 0;
    for arc in arcs {
        more += 1;
        if arc.is_empty() || (arc.len() > 1 && arc[0] == b'0') || !arc.iter().all(u8::is_ascii_digit) {
            return false;
        }
    }
    first && more > 0
}

fn is_uuid(bytes: &[u8]) -> bool {
    let Ok(text) = <&[u8; 36]>::try_from(bytes) else { return false };
    let hex = |range: std::ops::Range<usize>| text[range].iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let dashes = text[8] == b'-' && text[13] == b'-' && text[18] == b'-' && text[23] == b'-';
    dashes && hex(0..8) && hex(9..13) && hex(14..18) && hex(19..23) && hex(24..36)
}

/// The scheme of an absolute uri (`http` of `http://x`), by RFC 3986; `None` for a relative one.
pub fn scheme(text: &str) -> Option<&str> {
    let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))?;
    let starts = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (starts && text.as_bytes().get(end) == Some(&b':')).then(|| text.get(..end)).flatten()
}

/// Whether a uri or url is absolute: a scheme and something behind it.
pub fn is_absolute_uri(text: &str) -> bool {
    scheme(text).is_some_and(|s| text.len() > s.len() + 1)
}

/// Whether a canonical is as it must be: absolute, or a fragment that points into the same resource
/// (https://hl7.org/fhir/R4/references.html#canonical).
pub fn is_absolute_canonical(text: &str) -> bool {
    text.starts_with('#') || is_absolute_uri(text.split('|').next().unwrap_or(text))
}
