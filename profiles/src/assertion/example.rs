//! Examples of rules: an instance that fires the rule, and a near variant that does not. A test validates each.

use crate::instance::Limits;
use crate::issue::RuleId;
use crate::judge::Policies;

/// Where the two instances of an example differ.
pub const GAP: &str = "§";

/// A pair of instances: one fires a rule, a near variant does not.
#[derive(Clone, Copy)]
pub struct Example {
    /// The rule that one of the two instances fires.
    pub rule: RuleId,
    /// The text that the two instances share; [`GAP`] marks where they differ.
    around: &'static str,
    fires: &'static [u8],
    holds: &'static [u8],
    /// Elements of a differential; the instances are validated against a profile of them.
    pub elements: &'static str,
    /// Further definitions that it needs, each as JSON.
    pub definitions: &'static [&'static str],
    /// Changes the policies under which the instances are validated.
    pub policies: fn(&mut Policies),
    /// Changes the limits of intake; `None` leaves the defaults.
    pub limits: Option<fn(&mut Limits)>,
}

/// An example whose instances are `around` with `fires` or `holds` in its gap.
pub const fn example(rule: RuleId, around: &'static str, fires: &'static str, holds: &'static str) -> Example {
    bytes(rule, around, fires.as_bytes(), holds.as_bytes())
}

/// An example whose instances need not be UTF-8.
pub const fn bytes(rule: RuleId, around: &'static str, fires: &'static [u8], holds: &'static [u8]) -> Example {
    Example { rule, around, fires, holds, elements: "", definitions: &[], policies: |_| {}, limits: None }
}

impl Example {
    /// Validates under a profile with these elements: JSON objects, separated by commas.
    pub const fn profile(self, elements: &'static str) -> Example {
        Example { elements, ..self }
    }

    /// Loads these definitions too.
    pub const fn with(self, definitions: &'static [&'static str]) -> Example {
        Example { definitions, ..self }
    }

    /// Changes the policies.
    pub const fn policies(self, policies: fn(&mut Policies)) -> Example {
        Example { policies, ..self }
    }

    /// Changes the limits of intake.
    pub const fn limits(self, limits: fn(&mut Limits)) -> Example {
        Example { limits: Some(limits), ..self }
    }

    /// The instance that fires the rule.
    pub fn firing(&self) -> Vec<u8> {
        self.filled(self.fires)
    }

    /// The variant that does not.
    pub fn passing(&self) -> Vec<u8> {
        self.filled(self.holds)
    }

    fn filled(&self, part: &[u8]) -> Vec<u8> {
        let pieces: Vec<&[u8]> = self.around.split(GAP).map(str::as_bytes).collect();
        pieces.join(part)
    }
}
