//! Texts of the inputs as a page shows them: of bounded length, and without characters that are invisible or turn the
//! line around. Escaping is the templates' own.

use std::fmt::{Display, Formatter, Result, Write};

use super::bounds::{NAME_CHARS, SCOPE_CHARS, TEXT_CHARS};

/// A text of the inputs.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    text: &'a str,
    chars: usize,
}

impl<'a> Shown<'a> {
    /// A name or a title.
    pub fn name(text: &'a str) -> Shown<'a> {
        Shown { text, chars: NAME_CHARS }
    }

    /// Any other text.
    pub fn text(text: &'a str) -> Shown<'a> {
        Shown { text, chars: TEXT_CHARS }
    }

    /// A scope string.
    pub fn scope(text: &'a str) -> Shown<'a> {
        Shown { text, chars: SCOPE_CHARS }
    }

    /// A text that is bounded already.
    pub fn whole(text: &'a str) -> Shown<'a> {
        Shown { text, chars: usize::MAX }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Where a link to it leads: only addresses of the web that are shown whole and as they are.
    pub fn link(&self) -> Option<&'a str> {
        let is_web = self.text.starts_with("https://") || self.text.starts_with("http://");
        let is_plain = self.text.len() <= self.chars && self.text.bytes().all(|b| b.is_ascii_graphic());
        (is_web && is_plain).then_some(self.text)
    }
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut rest = self.text.chars();
        for c in rest.by_ref().take(self.chars) {
            if is_hidden(c) { write!(f, "⟨U+{:04X}⟩", u32::from(c))? } else { f.write_char(c)? }
        }
        match rest.as_str().len() {
            0 => Ok(()),
            more => write!(f, "… ({more} more bytes not shown)"),
        }
    }
}

/// Whether a character cannot be seen, or changes the direction of what follows. Line ends and tabs are white space.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_named_and_long_texts_are_cut() {
        assert_eq!(Shown::name("a\u{202E}b\u{7}c\u{200B}").to_string(), "a⟨U+202E⟩b⟨U+0007⟩c⟨U+200B⟩");
        assert_eq!(Shown::name("שלום").to_string(), "שלום");
        let long = "ä".repeat(NAME_CHARS + 3);
        assert!(Shown::name(&long).to_string().ends_with("ä… (6 more bytes not shown)"));
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(Shown::text("https://example.org/x").link(), Some("https://example.org/x"));
        for text in ["javascript:alert(1)", "ig:x#1", "https://example.org/\u{202E}x", "HTTPS:x", ""] {
            assert_eq!(Shown::text(text).link(), None, "{text}");
        }
    }
}
