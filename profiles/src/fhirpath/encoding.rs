//! Encodings of texts: base64, hex, URL; escapes of JSON and HTML; regular expressions of other engines.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::instance::xml_reference;
use crate::model::decode_base64;
/// Entities have shorter names than this, in bytes.
const MAX_ENTITY: usize = 10;

/// `encode(format)`; `None` for a format that is not known.
pub(super) fn encode(text: &str, format: &str) -> Option<String> {
    Some(match format {
        "base64" => STANDARD.encode(text),
        "urlbase64" => URL_SAFE.encode(text),
        "hex" => text.bytes().map(|b| format!("{b:02x}")).collect(),
        _ => return None,
    })
}

/// `decode(format)`; `None` for a format that is not known or a text that is not in it.
pub(super) fn decode(text: &str, format: &str) -> Option<String> {
    let bytes = match format {
        "base64" => decode_base64(text)?,
        "urlbase64" => URL_SAFE.decode(text).ok()?,
        "hex" => {
            let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
            let digit = |b: u8| char::from(b).to_digit(16);
            let byte = |[high, low]: &[u8; 2]| Some((digit(*high)? << 4 | digit(*low)?) as u8);
            pairs.iter().map(byte).collect::<Option<Vec<u8>>>()?
        }
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

/// `escape(target)` for `html` and `json`.
pub(super) fn escape(text: &str, target: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match (target, c) {
            ("html", '<') => out.push_str("&lt;"),
            ("html", '>') => out.push_str("&gt;"),
            ("html", '&') => out.push_str("&amp;"),
            ("html", '"') => out.push_str("&quot;"),
            ("html", '\'') => out.push_str("&#39;"),
            ("json", '"') => out.push_str("\\\""),
            ("json", '\\') => out.push_str("\\\\"),
            ("json", '\n') => out.push_str("\\n"),
            ("json", '\r') => out.push_str("\\r"),
            ("json", '\t') => out.push_str("\\t"),
            ("json", c) if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            ("html" | "json", c) => out.push(c),
            _ => return None,
        }
    }
    matches!(target, "html" | "json").then_some(out)
}

/// `unescape(target)` for `html` and `json`.
pub(super) fn unescape(text: &str, target: &str) -> Option<String> {
    match target {
        "json" => Some(crate::instance::unescape(text)),
        "html" => {
            let mut out = String::with_capacity(text.len());
            let mut rest = text;
            while let Some((before, behind)) = rest.split_once('&') {
                out.push_str(before);
                let end = behind.bytes().take(MAX_ENTITY).position(|b| b == b';');
                let named = end
                    .and_then(|end| behind.split_at_checked(end))
                    .and_then(|(name, next)| Some((entity(name)?, next.strip_prefix(';')?)));
                let (c, next) = named.unwrap_or(('&', behind));
                out.push(c);
                rest = next;
            }
            out.push_str(rest);
            Some(out)
        }
        _ => None,
    }
}

/// The character of an entity's name or number: those of XML, and of HTML the commonest.
fn entity(name: &str) -> Option<char> {
    match name.strip_prefix("#X") {
        Some(digits) => xml_reference(&format!("#x{digits}")),
        None if name == "nbsp" => Some('\u{a0}'),
        None => xml_reference(name),
    }
}

/// A pattern with what other engines let pass written so that the `regex` crate takes it: escapes of characters that
/// need none, and brackets inside a class.
pub(super) fn portable_regex(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(e) if e.is_ascii_alphanumeric() || !e.is_ascii() => out.extend(['\\', e]),
                Some(e) if e.is_ascii_punctuation() => out.extend(['\\', e]),
                Some(e) => out.push(e),
                None => out.push_str("\\\\"),
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push(c);
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(c);
            }
            '&' | '~' if in_class => out.extend(['\\', c]),
            '{' if !in_class && !is_repetition(chars.clone()) => out.push_str("\\{"),
            c => out.push(c),
        }
    }
    out
}

/// Whether what follows `{` counts repetitions.
fn is_repetition(mut chars: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut digits = 0;
    loop {
        match chars.next() {
            Some('0'..='9') => digits += 1,
            Some(',') if digits > 0 => {}
            Some('}') => return digits > 0,
            _ => return false,
        }
    }
}

/// A replacement text with its groups (`$1`, `${name}`) as the `regex` crate wants them.
pub(super) fn replacement(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('$') => out.push_str("$$"),
                Some(e) => out.push(e),
                None => out.push('\\'),
            },
            '$' if chars.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str("${");
                while let Some(d) = chars.next_if(char::is_ascii_digit) {
                    out.push(d);
                }
                out.push('}');
            }
            c => out.push(c),
        }
    }
    out
}
