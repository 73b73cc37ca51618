//! What a memory is of, and what messages call it.

/// What a memory is of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Contents {
    /// Negotiated sets.
    #[default]
    Negotiations,
    /// Parties with their documents.
    Parties,
}

impl Contents {
    /// What to do where one was lost.
    pub fn remedy(self) -> &'static str {
        match self {
            Contents::Negotiations => "negotiate again where an id is not found",
            Contents::Parties => "put a party again where it is not found",
        }
    }
}

impl std::fmt::Display for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Contents::Negotiations => "negotiations",
            Contents::Parties => "parties",
        })
    }
}
