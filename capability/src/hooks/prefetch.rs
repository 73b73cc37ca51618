//! One prefetch template of a service.

use crate::client::Item;

/// What a template needs of a server.
pub(super) type Needed = (Option<&'static str>, Item);

/// One prefetch template.
#[derive(Debug)]
pub(super) struct Prefetch {
    pub service: String,
    pub hook: String,
    pub key: String,
    /// The template, as the service writes it.
    pub query: String,
    pub needs: Vec<Needed>,
    /// What of it could not be read.
    pub note: Option<String>,
}
