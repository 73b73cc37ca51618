//! An address that may contain credentials.

/// An address that is not shown, for it may contain credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    pub(super) fn new(text: String) -> Address {
        Address(text)
    }

    /// The address itself: to be used, and neither shown nor logged.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}
