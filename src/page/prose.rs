//! Sentences in which names are in backticks, as messages and demands are written: the names are shown as code.

use askama::Template;
use askama::filters::HtmlSafe;

use super::bounds::TEXT_CHARS;
use super::text::Shown;

/// A sentence.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "page/prose.html")]
pub struct Prose<'a> {
    text: &'a str,
}

impl HtmlSafe for Prose<'_> {}

impl<'a> Prose<'a> {
    /// A sentence that names what is in the inputs.
    pub fn of(text: &'a str) -> Prose<'a> {
        Prose { text }
    }

    /// A sentence of the catalogue of rules.
    pub fn catalogue(text: &'static str) -> Prose<'static> {
        Prose { text }
    }

    /// The parts, each with whether it is a name; a sentence that is too long, or has an odd backtick, is one part.
    fn parts(&self) -> Vec<(bool, Shown<'a>)> {
        let is_plain = self.text.len() > TEXT_CHARS || self.text.matches('`').count() % 2 == 1;
        if is_plain {
            return vec![(false, Shown::text(self.text))];
        }
        self.text.split('`').enumerate().map(|(i, part)| (i % 2 == 1, Shown::whole(part))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> String {
        Prose::of(text).to_string()
    }

    #[test]
    fn names_are_code_and_nothing_is_markup() {
        assert_eq!(page("a code of `x`"), "<bdi>a code of <code>x</code></bdi>");
        assert_eq!(page("`<script>` & \u{202E}"), "<bdi><code>&#60;script&#62;</code> &#38; ⟨U+202E⟩</bdi>");
        assert_eq!(page("odd ` one"), "<bdi>odd ` one</bdi>");
        let long = "`x` ".repeat(TEXT_CHARS);
        assert!(page(&long).len() < TEXT_CHARS + 100, "{}", page(&long).len());
    }
}
