//! The ids of rules: places in the catalogue, and beyond it those of a site's own rules.

/// The stable id of a rule (`slice-min`, `binding-required`, …); its meaning is in [`RULES`](super::RULES). Ids are
/// ordered by their text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RuleId(u32);

impl RuleId {
    pub(super) const fn numbered(number: u32) -> RuleId {
        RuleId(number)
    }

    pub(super) fn number(self) -> usize {
        self.0 as usize
    }
}
