//! What completion offers.

use std::ops::Range;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An element.
    Element,
    /// A code, a system, a display.
    Code,
    /// A resource type.
    ResourceType,
    /// The url of an extension or a code system.
    Url,
}

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is listed.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// More about it, in a few words.
    pub detail: String,
    /// It has to be there.
    pub is_required: bool,
    /// The bytes that it replaces.
    pub range: Range<usize>,
    /// What is written, with `$0` where the author goes on; `\`, `$` and `}` of it are escaped as in snippets.
    pub snippet: String,
    /// The same without marks, for editors that have no snippets.
    pub plain: String,
}
