//! Constraints that have an operation of their own: the same answer as their expression, without the evaluator.

/// The operations; images store their numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Native {
    /// Left to the expression.
    None = 0,
    /// `hasValue() or (children().count() > id.count())`
    ValueOrChildren = 1,
    /// `extension.exists() != value.exists()`
    ExtensionOrValue = 2,
    /// `contained.contained.empty()`
    ContainedNested = 3,
    /// Every contained resource is referred to, or refers to its container.
    ContainedUsed = 4,
    /// `contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()`
    ContainedVersion = 5,
    /// `contained.meta.security.empty()`
    ContainedSecurity = 6,
    /// ``text.`div`.exists()``
    NarrativeExists = 7,
    /// A fragment reference names a contained resource.
    ReferenceContained = 8,
    /// `htmlChecks()`
    Narrative = 9,
    /// Any test of what is present, as a mask of the children.
    Mask = 10,
    /// Any test along simple paths.
    Simple = 11,
}

impl Native {
    /// The operation of a number; [`Native::None`] for one that is not known.
    pub fn from_number(n: u32) -> Native {
        const ALL: [Native; 12] = [
            Native::None,
            Native::ValueOrChildren,
            Native::ExtensionOrValue,
            Native::ContainedNested,
            Native::ContainedUsed,
            Native::ContainedVersion,
            Native::ContainedSecurity,
            Native::NarrativeExists,
            Native::ReferenceContained,
            Native::Narrative,
            Native::Mask,
            Native::Simple,
        ];
        ALL.get(n as usize).copied().unwrap_or(Native::None)
    }
}
