//! The port to resources that are not in the instance: which there are, and what they conform to.

use super::truth::Truth;
use crate::plan::Handle;

/// What somebody who holds resources knows of a reference to one elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Elsewhere {
    /// There is a resource, and it says it is of this type.
    Here(String),
    /// There is none, and there should be: whoever was asked holds all that a reference of this form may lead to.
    Absent,
    /// They do not know.
    Unknown,
}

/// Who holds resources that references may lead to. The rooms above implement it, so that no rule reads a disk.
pub trait Resources {
    /// What a reference's text leads to.
    fn find(&self, reference: &str) -> Elsewhere;

    /// Whether the resource that a reference leads to conforms to any of these profiles (roots of structures).
    fn conforms(&self, reference: &str, profiles: &[Handle]) -> Truth;

    /// The bound that was reached, as a sentence that names it; `None` where none was, so that what is open is so for
    /// other reasons.
    fn limit(&self) -> Option<String>;
}
