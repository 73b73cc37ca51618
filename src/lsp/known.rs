//! What is known beside a text.

use crate::elements::Definitions;

/// What completion and hover know beside the text.
pub struct Known<'a> {
    /// The loaded definitions.
    pub definitions: Definitions<'a>,
    /// Profiles that every resource is held against beside those that it claims.
    pub asked: Vec<String>,
    /// The names of the resource types.
    pub resource_types: Vec<&'a str>,
}
