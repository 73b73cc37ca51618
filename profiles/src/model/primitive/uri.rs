//! URIs, OIDs and UUIDs (<https://hl7.org/fhir/R4/datatypes.html#uri>, #oid, #uuid).

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
        if arc.is_empty() || (arc.len() > 1 && arc.starts_with(b"0")) || !arc.iter().all(u8::is_ascii_digit) {
            return false;
        }
    }
    first && more > 0
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// The scheme of a uri, `http` of `http://x` (<https://www.rfc-editor.org/rfc/rfc3986#section-3.1>); `None` for a
/// relative reference.
pub(super) fn uri_scheme(text: &str) -> Option<&str> {
    let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))?;
    let (scheme, rest) = text.split_at_checked(end)?;
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with(':')).then_some(scheme)
}

/// Whether a uri, url or canonical is absolute: a scheme and something behind it.
pub fn is_absolute_uri(text: &str) -> bool {
    uri_scheme(text).is_some_and(|s| text.len() > s.len() + 1)
}
