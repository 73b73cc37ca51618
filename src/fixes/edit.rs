//! Edits of a text.

use std::ops::Range;

/// Bytes of a text, and what comes in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What comes.
    pub text: String,
}

/// Something that can be done about an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, for a menu.
    pub title: String,
    /// It keeps what is meant: it may be applied without a look.
    pub is_safe: bool,
    /// Its edits, in the order of the text.
    pub edits: Vec<Edit>,
}

impl Edit {
    /// An edit.
    pub fn new(range: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { range, text: text.into() }
    }

    /// What is put in at a place.
    pub fn insert(at: usize, text: impl Into<String>) -> Edit {
        Edit::new(at..at, text)
    }

    /// What is taken out.
    pub fn remove(range: Range<usize>) -> Edit {
        Edit::new(range, "")
    }
}

impl Fix {
    /// A fix that keeps what is meant.
    pub(super) fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), is_safe: true, edits }
    }

    /// A fix to look at.
    pub(super) fn doubtful(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), is_safe: false, edits }
    }
}

/// The text with these edits; `None` where two of them overlap, or one is not within the text.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|e| (e.range.start, e.range.end));
    let mut out = String::with_capacity(text.len() + edits.iter().map(|e| e.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in sorted {
        if edit.range.start < at || edit.range.end < edit.range.start {
            return None;
        }
        out.push_str(text.get(at..edit.range.start)?);
        out.push_str(&edit.text);
        text.get(edit.range.clone())?;
        at = edit.range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
