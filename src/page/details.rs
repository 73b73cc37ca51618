//! What a cell has to say beyond its words, folded: facts, lists, what a status is based on, a witness.

use std::io::{Error, ErrorKind, Result, Write};

use askama::Template;
use askama::filters::HtmlSafe;
use serde_json::Value;

use super::bounds::{LIST, WITNESS_BYTES};
use super::prose::Prose;
use super::reasons::Reasons;
use super::text::Shown;

/// The folded part of a cell.
#[derive(Debug, Template)]
#[template(path = "page/details.html")]
pub struct Details<'a> {
    /// What they are of, for those who do not see where they are.
    pub of: Shown<'a>,
    /// Names with texts.
    pub facts: Vec<(&'static str, Shown<'a>)>,
    /// Lists with titles.
    pub lists: Vec<List<'a>>,
    /// What a status is based on.
    pub evidence: Vec<Ground<'a>>,
    /// An instance that shows it.
    pub witness: Option<Witness>,
}

/// The first entries of a list.
#[derive(Debug)]
pub struct List<'a> {
    /// What is listed.
    pub title: &'static str,
    /// The entries that are shown.
    pub items: Vec<Prose<'a>>,
    /// How many are not.
    pub more: usize,
}

/// One thing that a status is based on.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The rule.
    pub rule: Reasons,
    /// Where it was found.
    pub path: Shown<'a>,
    /// What was found.
    pub found: Vec<&'static str>,
    /// What stays open.
    pub open: List<'a>,
    /// What real answers tell: a line, then the rules that they fail and where.
    pub observed: Option<(String, Vec<String>)>,
}

/// An instance as indented JSON.
#[derive(Debug)]
pub struct Witness {
    /// What the instance shows.
    pub about: String,
    /// Its text, up to a bound.
    pub text: String,
    /// Whether there is more of it.
    pub is_cut: bool,
}

impl HtmlSafe for Details<'_> {}

impl Details<'_> {
    /// Whether they need the whole width of a table.
    pub fn is_long(&self) -> bool {
        self.witness.is_some() || !self.evidence.is_empty() || self.lists.iter().any(|list| !list.items.is_empty())
    }
}

impl<'a> List<'a> {
    /// The first of these entries, of which there are so many in all.
    pub fn of(title: &'static str, items: &'a [String], all: usize) -> List<'a> {
        let items: Vec<Prose<'a>> = items.iter().take(LIST).map(|item| Prose::of(item)).collect();
        List { title, more: all.saturating_sub(items.len()), items }
    }
}

impl Witness {
    /// The instance, cut where it is longer than the bound.
    pub fn new(instance: &Value, about: String) -> Witness {
        let mut room = Room::default();
        let is_cut = serde_json::to_writer_pretty(&mut room, instance).is_err();
        let text = String::from_utf8_lossy(&room.bytes).trim_end_matches('\u{FFFD}').to_owned();
        Witness { about, text, is_cut }
    }

    fn bound(&self) -> usize {
        WITNESS_BYTES
    }

    /// Line by line, so that hidden characters can be shown and lines stay lines.
    fn shown(&self) -> Shown<'_> {
        Shown::whole(&self.text)
    }
}

/// Takes as many bytes as are shown of a witness, and then no more.
#[derive(Default)]
struct Room {
    bytes: Vec<u8>,
}

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let fit = bytes.len().min(WITNESS_BYTES - self.bytes.len());
        if fit == 0 && !bytes.is_empty() {
            return Err(Error::from(ErrorKind::StorageFull));
        }
        self.bytes.extend(bytes.iter().take(fit));
        Ok(fit)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_witness_is_cut_and_says_so() {
        let large = Witness::new(&Value::String("ü".repeat(1 << 20)), String::new());
        assert!(large.is_cut && large.text.len() <= WITNESS_BYTES && !large.text.ends_with('\u{FFFD}'));
        let small = Witness::new(&serde_json::json!({"a": 1}), String::new());
        assert_eq!((small.text.as_str(), small.is_cut), ("{\n  \"a\": 1\n}", false));
    }
}
