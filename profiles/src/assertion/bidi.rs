//! Control characters of bidirectional text in strings: each that turns the direction is closed again, or what follows
//! is shown in another order than it is stored (<https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings>,
//! <https://trojansource.codes>).

use super::example::{Example, example};
use super::text::Describe;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

/// The first byte of these characters in UTF-8.
const LEAD: u8 = 0xE2;

/// Judges a string or markdown.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let raw = n.raw_bytes();
    if memchr::memchr(LEAD, raw).is_none() && !(n.is_escaped() && may_escape(raw)) {
        return;
    }
    if let Some(open) = unclosed(&n.text()) {
        j.find(RuleId::BIDI_CONTROLS, Weight::Warning, n, &[], || Detail::Text(format!("U+{:04X}", open as u32)));
    }
}

/// Whether a text as it is written may hold one of these characters as an escape of JSON, or as a reference of XML.
fn may_escape(raw: &[u8]) -> bool {
    [&b"\\u20"[..], b"&#"].into_iter().any(|escape| memchr::memmem::find(raw, escape).is_some())
}

/// The first control character of a text that turns the direction and is not closed before its paragraph ends.
fn unclosed(text: &str) -> Option<char> {
    let mut open: Vec<char> = Vec::new();
    let mut isolates = 0_usize;
    for c in text.chars() {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push(c),
            '\u{2066}' | '\u{2067}' | '\u{2068}' => {
                open.push(c);
                isolates += 1;
            }
            '\u{202C}' if open.last().is_some_and(|o| *o < '\u{2066}') => _ = open.pop(),
            // An isolate closes what was left open inside it.
            '\u{2069}' if isolates > 0 => {
                isolates -= 1;
                if let Some(at) = open.iter().rposition(|o| *o >= '\u{2066}') {
                    open.truncate(at);
                }
            }
            '\n' | '\r' | '\u{2029}' if !open.is_empty() => break,
            _ => {}
        }
    }
    open.first().copied()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::BIDI_CONTROLS, |t| {
    format!("the text turns its direction by {}, and does not turn it back", t.given()).into()
})];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BIDI_CONTROLS, r#"{"resourceType":"Patient","name":[{"text":"a\u202Eb§"}]}"#, "", r"\u202C"),
    example(RuleId::BIDI_CONTROLS, r#"{"resourceType":"Patient","name":[{"text":"\u2067a\u202Ab§"}]}"#, r"\u202C",
        r"\u2069"),
];

#[cfg(test)]
mod tests {
    use super::unclosed;

    #[test]
    fn directions_are_turned_back() {
        assert_eq!(unclosed("a\u{202E}b"), Some('\u{202E}'));
        assert_eq!(unclosed("a\u{202E}b\u{202C}c"), None);
        assert_eq!(unclosed("\u{2067}a\u{202B}b\u{2069}"), None);
        assert_eq!(unclosed("\u{2067}a\u{202C}"), Some('\u{2067}'));
        assert_eq!(unclosed("\u{202A}a\nb\u{202C}"), Some('\u{202A}'));
        assert_eq!(unclosed("\u{200E}a\u{202C}\u{2069}"), None);
    }
}
