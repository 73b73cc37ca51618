//! What a baseline knows and is not there any more.

/// An issue of the baseline that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The input.
    pub input: String,
    /// The key of the issue.
    pub key: String,
    /// How many are gone.
    pub issues: u64,
}
