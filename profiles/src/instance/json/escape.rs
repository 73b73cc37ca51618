//! The escapes of JSON strings (RFC 8259, section 7).

/// Undoes the escapes of a JSON string's inside; what is no escape stays as it is.
pub fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let mut chars = tail.chars();
        let c = chars.next();
        rest = chars.as_str();
        match c {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let (ch, used) = unicode(rest);
                out.push(ch.unwrap_or('\u{FFFD}'));
                rest = &rest[used..];
            }
            Some(c) => out.push(c),
            None => {}
        }
    }
    out.push_str(rest);
    out
}

/// The character of a `\u` escape whose digits `s` starts with, and how many bytes it took.
pub(super) fn unicode(s: &str) -> (Option<char>, usize) {
    let hex = |s: &str| s.get(..4).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|h| u32::from_str_radix(h, 16).ok());
    let Some(high) = hex(s) else { return (None, 0) };
    if (0xD800..0xDC00).contains(&high)
        && let Some(low) = s[4..].strip_prefix("\\u").and_then(hex)
        && (0xDC00..0xE000).contains(&low)
    {
        return (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), 10);
    }
    (char::from_u32(high), 4)
}
