//! How much a drift tells.

/// How many items each list of a drift tells; the counts are of all.
pub const ITEMS_LIMIT: usize = 200;

/// How many characters of a name, a canonical or a scope string are told.
pub const TEXT_LIMIT: usize = 1_000;

/// How many paths each list of changes tells; the counts are of all.
pub const PATHS_LIMIT: usize = 50;

/// The first characters of a text.
pub(super) fn short(text: &str, limit: usize) -> &str {
    text.char_indices().nth(limit).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
