//! Terminology that is held beside the packages: what users have, and no package may carry.

use super::display::{DisplayFit, check_display};

/// What is known of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldCode {
    /// It is there, at this index.
    Known(u32),
    /// It is certainly not one of the system's codes.
    Absent,
    /// It is not there, but may be one of the system's codes.
    Open,
}

/// Where held code systems and value sets come from.
pub trait HeldTerminology: Send + Sync {
    /// A code system: with a version that one, or the newest that an edition of it names; without, all that are held as
    /// one, in which a code is absent where no version may have it. `None` where none is held, or the one is refused.
    fn system(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldSystem>;

    /// A value set by its url, as its codes: with a version that one; without, the newest. `None` where it is not held,
    /// or refused.
    fn value_set(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldValueSet>;
}

/// The codes of one version of a code system.
pub trait HeldSystem: Send + Sync {
    /// The version; empty where none is known.
    fn version(&self) -> &str;

    /// What is known of a code.
    fn find(&self, code: &str) -> HeldCode;

    /// Whether a code has exactly this name.
    fn has_name(&self, index: u32, text: &str) -> bool;

    /// Shows the names of a code, the preferred one first.
    fn names(&self, index: u32, see: &mut dyn FnMut(&str));

    /// Whether a code is no longer for use.
    fn is_inactive(&self, index: u32) -> bool;

    /// Whether `ancestor` is a code or above it; `None` where the hierarchy is not known.
    fn is_a(&self, index: u32, ancestor: u32) -> Option<bool>;

    /// Whether `parent` is directly above a code; `None` where the hierarchy is not known.
    fn is_child(&self, index: u32, parent: u32) -> Option<bool>;

    /// Whether no code is below a code; `None` where the hierarchy is not known.
    fn is_leaf(&self, index: u32) -> Option<bool>;

    /// Whether any value of a code's property is one that is looked for; `None` where the property, or which values the
    /// filter means, is not known.
    fn has_value(&self, index: u32, property: &str, asked: &str, wanted: &mut dyn FnMut(&str) -> bool) -> Option<bool>;
}

/// The codes of a value set.
pub trait HeldValueSet: Send + Sync {
    /// Whether a code belongs; without a system, whether it does by any. `None` where that is not known.
    fn has(&self, system: Option<&str>, code: &str) -> Option<bool>;
}

/// How a written display agrees with the names of a held code.
pub fn check_held_display(system: &dyn HeldSystem, index: u32, written: &str) -> DisplayFit {
    if system.has_name(index, written) {
        return DisplayFit::Fits;
    }
    let mut fit = DisplayFit::NoNames;
    system.names(index, &mut |name| {
        if fit != DisplayFit::Fits {
            fit = match check_display(written, [name]) {
                DisplayFit::Wrong if fit == DisplayFit::Whitespace => fit,
                own => own,
            };
        }
    });
    fit
}
