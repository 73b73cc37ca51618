//! What is said of an element: its short rules, by the definition of its type and by profiles.

use std::fmt::Write as _;
use std::ops::Range;

use super::known::Known;
use crate::cursor::{Spot as At, cursor};
use crate::elements::{Element, Spot};

/// The most structures that are told of one element, and the most targets, slices and keys in one line.
const MOST: usize = 12;

/// What is said, in Markdown, and of which bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The text.
    pub markdown: String,
    /// What it is about.
    pub range: Range<usize>,
}

/// What is said of the element at a byte; `None` where definitions say nothing.
pub fn hover(text: &str, at: usize, known: &Known<'_>) -> Option<Hover> {
    let found = cursor(text, at);
    let (name, token, is_value) = match &found.spot {
        At::Name(token) => (&token.text, token, false),
        At::Value { name, token } => (name, token, true),
        At::Nowhere => return None,
    };
    let name = name.strip_prefix('_').unwrap_or(name);
    let way = known.definitions.way(&found.levels, &known.asked)?;
    let spots = known.definitions.child(&way.inside, name);
    spots.first()?;
    let mut markdown = String::new();
    if let Some(display) = displayed(&found, name, is_value, known) {
        let _ = writeln!(markdown, "`{}` is {display}\n", token.text);
    }
    for spot in spots.iter().take(MOST) {
        told(&mut markdown, spot, name);
    }
    Some(Hover { markdown, range: token.range.clone() })
}

/// What the code at the place is called.
fn displayed(found: &crate::cursor::Cursor, name: &str, is_value: bool, known: &Known<'_>) -> Option<String> {
    let level = found.levels.last().filter(|_| is_value && name == "code")?;
    known.definitions.display(level.fact("system")?, level.fact("code")?).map(|d| format!("**{}**", plain(&d)))
}

/// A text that Markdown leaves as it is.
fn plain(text: &str) -> String {
    let is_mark = |c: char| c.is_ascii_punctuation() && !" .,:;/()-".contains(c);
    text.chars().flat_map(|c| is_mark(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Values in code, up to a bound.
fn listed<'t>(all: impl Iterator<Item = &'t str>) -> String {
    let all: Vec<&str> = all.collect();
    let shown: Vec<String> = all.iter().take(MOST).map(|t| format!("`{t}`")).collect();
    match all.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The last part of a canonical.
fn short(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// One structure's word on an element.
fn told(out: &mut String, spot: &Spot, name: &str) {
    let Some(element) = spot.element() else { return };
    let types = match spot.type_named(name) {
        Some(code) if element.is_choice() => format!("`{code}`"),
        _ => listed(element.types.iter().map(|t| short(&t.code))),
    };
    let _ = write!(out, "**{}** {} {types}", plain(&element.id), element.cardinality());
    for (is, word) in [(element.must_support, "must support"), (element.is_modifier, "modifier")] {
        if is {
            let _ = write!(out, ", {word}");
        }
    }
    let _ = writeln!(out, "\n");
    let mut line = |label: &str, text: String| {
        if !text.is_empty() {
            let _ = writeln!(out, "- {label}: {text}");
        }
    };
    line(if spot.structure.is_profile { "profile" } else { "definition" }, format!("`{}`", spot.structure.canonical()));
    if let Some(binding) = &element.binding {
        line("binding", format!("{} `{}`", binding.strength, binding.value_set));
    }
    line("profiles", listed(element.types.iter().flat_map(|t| &t.profiles).map(|p| &**p)));
    line("targets", listed(element.types.iter().flat_map(|t| &t.targets).map(|t| short(t))));
    line("invariants", listed(element.constraints.iter().map(|k| &**k)));
    line("value", value(element));
    line("slices", listed(spot.slices().filter_map(|s| s.slice.as_deref())));
    let _ = writeln!(out);
}

/// The longest fixed value or pattern that is shown whole, in characters.
const LONGEST: usize = 400;

fn value(element: &Element) -> String {
    let Some((name, value)) = &element.value else { return String::new() };
    let word = if name.starts_with("fixed") { "fixed" } else { "pattern" };
    let text = value.to_string().replace('`', "'");
    let short: String = text.chars().take(LONGEST).collect();
    let more = if short.len() < text.len() { " …" } else { "" };
    format!("{word} `{short}`{more}")
}
