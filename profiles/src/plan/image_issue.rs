//! What in a package could not be compiled, as its image says it.

use std::fmt;

use crate::issue::RuleId;

/// The rule is that of broken expressions.
const BROKEN_EXPRESSION: u32 = 1;
/// The definition loosens what its base demands, and the base's demand was compiled.
const OVERRULED: u32 = 2;

/// A fault of a definition.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ImageIssue<'i> {
    /// The canonical url of the definition at fault.
    pub profile: &'i str,
    /// The id (or path) of its element.
    pub element: &'i str,
    /// The fault in words, lower case and without a full stop.
    pub message: &'i str,
    /// The rule that it is of.
    pub rule: RuleId,
    /// Whether nothing stays open by it: the definition loosens what its base demands, and the base's demand holds.
    pub is_overruled: bool,
}

impl<'i> ImageIssue<'i> {
    pub(crate) fn marks(is_broken_expression: bool, is_overruled: bool) -> u32 {
        u32::from(is_broken_expression) * BROKEN_EXPRESSION + u32::from(is_overruled) * OVERRULED
    }

    pub(super) fn of(profile: &'i str, element: &'i str, message: &'i str, marks: u32) -> ImageIssue<'i> {
        let rule = if marks & BROKEN_EXPRESSION == 0 { RuleId::DEFINITION } else { RuleId::INVARIANT_BROKEN };
        ImageIssue { profile, element, message, rule, is_overruled: marks & OVERRULED != 0 }
    }
}

impl fmt::Display for ImageIssue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at `{}`: {} [{}]", self.profile, self.element, self.message, self.rule)
    }
}
