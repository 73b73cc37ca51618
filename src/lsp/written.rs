//! How an item is written at its place: in quotes or without, with a value to be filled in.

use std::ops::Range;

use super::item::{Item, Kind};
use crate::cursor::{Cursor, Token};
use crate::elements::{Child, Lexeme, is_primitive, lexeme};

/// The place that items are written at.
pub(super) struct Form<'t> {
    /// The bytes that they replace.
    range: Range<usize>,
    /// What is in front of a name already: nothing, or a quote or an angle bracket.
    is_begun: bool,
    /// The name has its value, or its quotes: only the name is written.
    is_alone: bool,
    is_xml: bool,
    text: &'t str,
}

/// Where the word at a place ends: what is behind it on its line is not part of it.
fn word_end(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end.max(at)).unwrap_or_default();
    at + rest.find(|c: char| !(c.is_alphanumeric() || "-_.:/".contains(c))).unwrap_or(rest.len())
}

/// A text with what has a meaning in snippets escaped.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| "\\$}".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

impl<'t> Form<'t> {
    pub fn at(text: &'t str, at: usize, found: &Cursor, token: &Token) -> Form<'t> {
        let start = token.range.start.min(at);
        let end = word_end(text, at, token.range.end);
        let behind = text.get(end..).unwrap_or_default();
        let next = behind.trim_start_matches('"').trim_start();
        let is_alone = match found.is_xml {
            true => next.starts_with(['/', '>', 'v']) && token.is_quoted,
            false => behind.starts_with('"') || next.starts_with(':'),
        };
        Form { range: start..end, is_begun: token.is_quoted, is_alone, is_xml: found.is_xml, text }
    }

    /// A name with its value; `value` has a `$0`.
    pub fn item(&self, name: &str, kind: Kind, detail: &str, is_required: bool, value: &str) -> Item {
        let open = if self.is_begun {
            ""
        } else if self.is_xml {
            "<"
        } else {
            "\""
        };
        let snippet = match (self.is_alone, self.is_xml) {
            (true, _) => format!("{open}{}", escaped(name)),
            (false, true) => format!("{open}{}{}", escaped(name), value.replace("NAME", name)),
            (false, false) => format!("{open}{}\": {value}", escaped(name)),
        };
        self.made(name, kind, detail, is_required, snippet)
    }

    /// A value in quotes.
    pub fn value(&self, value: &str, kind: Kind, detail: &str) -> Item {
        let quoted = serde_json::Value::from(value).to_string();
        let inside = quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned();
        let is_closed = self.text.get(self.range.end..).is_some_and(|rest| rest.starts_with('"'));
        let snippet = match (self.is_xml, self.is_begun) {
            (true, _) => escaped(value),
            (false, true) if is_closed => escaped(&inside),
            (false, true) => format!("{}\"", escaped(&inside)),
            (false, false) => escaped(&quoted),
        };
        self.made(value, kind, detail, false, snippet)
    }

    /// A value without quotes.
    pub fn bare(&self, value: &str, kind: Kind, detail: &str) -> Item {
        self.made(value, kind, detail, false, escaped(value))
    }

    fn made(&self, label: &str, kind: Kind, detail: &str, is_required: bool, snippet: String) -> Item {
        let plain = snippet.replace("$0", "").replace("\\$", "$").replace("\\}", "}").replace("\\\\", "\\");
        let (label, detail) = (label.to_owned(), detail.to_owned());
        Item { label, kind, detail, is_required, range: self.range.clone(), snippet, plain }
    }
}

/// The type and the cardinality of an element in a few words.
pub(super) fn detail(child: &Child) -> String {
    let max = child.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
    let support = if child.must_support { ", must support" } else { "" };
    format!("{} {}..{max}{support}", child.code, child.min)
}

/// A value to be filled in, in JSON.
pub(super) fn json_value(child: &Child) -> String {
    let value = match lexeme(&child.code) {
        Lexeme::Text => "\"$0\"",
        Lexeme::Object => "{$0\\}",
        Lexeme::Boolean | Lexeme::Number => "$0",
    };
    if child.is_list { format!("[{value}]") } else { value.to_owned() }
}

/// The rest of an element behind its name, in XML; `NAME` stands for the name.
pub(super) fn xml_value(child: &Child) -> String {
    if is_primitive(&child.code) { " value=\"$0\"/>".to_owned() } else { ">$0</NAME>".to_owned() }
}
