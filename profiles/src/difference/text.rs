//! Cardinalities as texts.

/// A largest number of entries.
pub(super) fn most(max: u32) -> String {
    if max == u32::MAX { "*".to_owned() } else { max.to_string() }
}

/// `0..1`, `1..*`.
pub(super) fn cardinality(min: u32, max: u32) -> String {
    format!("{min}..{}", most(max))
}
