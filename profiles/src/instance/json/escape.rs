//! The escapes of JSON strings (RFC 8259, section 7).

use memchr::memchr;

/// Undoes the escapes of a JSON string's inside; what is no escape stays as it is.
pub fn unescape(raw: &str) -> String {
    let mut out = String::new();
    unescape_into(raw, &mut out);
    out
}

/// Like [`unescape`], into a buffer whose former text goes.
pub fn unescape_into(raw: &str, out: &mut String) {
    out.clear();
    out.reserve(raw.len());
    // What lies before `copied` is in `out`; an escape is looked for from `from` on.
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = backslash(raw.as_bytes(), from) {
        out.push_str(&raw[copied..at]);
        (copied, from) = (at + 2, at + 2);
        match raw.as_bytes().get(at + 1) {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'u') => {
                let (ch, used) = unicode(&raw[from..]);
                out.push(ch.unwrap_or('\u{FFFD}'));
                (copied, from) = (from + used, from + used);
            }
            // It stands for itself: it is copied with what follows.
            Some(_) => copied = at + 1,
            None => return,
        }
    }
    out.push_str(&raw[copied..]);
}

/// Where the first backslash stands from `from` on. In markup they stand close to each other; a near one is found
/// without a call.
#[inline(always)]
fn backslash(bytes: &[u8], from: usize) -> Option<usize> {
    const LOW: u64 = u64::MAX / 255;
    let mut at = from;
    for _ in 0..3 {
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<32>()) else { break };
        if chunk.iter().fold(false, |any, b| any | (*b == b'\\')) {
            for eight in chunk.as_chunks::<8>().0 {
                let eight = u64::from_le_bytes(*eight);
                // The lowest high bit that is set is that of the first backslash.
                let hits = (eight ^ (LOW * u64::from(b'\\'))).wrapping_sub(LOW) & !eight & (LOW << 7);
                if hits != 0 {
                    return Some(at + (hits.trailing_zeros() / 8) as usize);
                }
                at += 8;
            }
        }
        at += 32;
    }
    memchr(b'\\', bytes.get(at..)?).map(|found| at + found)
}

/// The character of a `\u` escape whose digits `s` starts with, and how many bytes it took.
pub(super) fn unicode(s: &str) -> (Option<char>, usize) {
    let hex = |s: &str| {
        s.get(..4).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|h| u32::from_str_radix(h, 16).ok())
    };
    let Some(high) = hex(s) else { return (None, 0) };
    if (0xD800..0xDC00).contains(&high)
        && let Some(low) = s[4..].strip_prefix("\\u").and_then(hex)
        && (0xDC00..0xE000).contains(&low)
    {
        return (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), 10);
    }
    (char::from_u32(high), 4)
}
