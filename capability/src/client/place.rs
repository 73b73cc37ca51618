//! Where something was seen: an input, and a part of it.

/// An input of a [`Recorder`](super::Recorder), which knows its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source(pub(super) usize);

/// A part of an input, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The input as a whole.
    Whole,
    /// A line of a text.
    Line(u64),
    /// An entry of a HAR file.
    Entry(u64),
    /// A token of a scope string.
    Token(u64),
}

/// A place in an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The input.
    pub source: Source,
    /// The part of it.
    pub part: Part,
    /// The entry of the batch or transaction that is there, counted from 1.
    pub nested: Option<u64>,
}

impl Place {
    /// A place outside of batches and transactions.
    pub fn new(source: Source, part: Part) -> Place {
        Place { source, part, nested: None }
    }

    /// The place in words, as `requests.har: entry 3, batch entry 2`.
    pub(super) fn describe(self, names: &[String]) -> String {
        let name = names.get(self.source.0).map_or("", String::as_str);
        let part = match self.part {
            Part::Whole => String::new(),
            Part::Line(n) => format!(": line {n}"),
            Part::Entry(n) => format!(": entry {n}"),
            Part::Token(n) => format!(": token {n}"),
        };
        let nested = self.nested.map(|n| format!(", batch entry {n}")).unwrap_or_default();
        format!("{name}{part}{nested}")
    }
}
