//! Whether a prefetch of a CDS Hooks service would be answered.

use serde::Serialize;

use super::answer::Usable;
use crate::reason::Reason;

/// What a negotiation says of one prefetch template (<https://cds-hooks.hl7.org/2.0/#prefetch-template>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HookAnswer {
    /// The id of the service.
    pub service: String,
    /// The hook that calls it, as `patient-view`.
    pub hook: String,
    /// The key of the template.
    pub prefetch: String,
    /// The template, as the service writes it.
    pub query: String,
    /// The worst of its rows; unknown where it has none.
    pub usable: Usable,
    /// Why it is so: the reasons of the worst rows.
    pub why: Vec<Reason>,
    /// What the template needs, as JSON pointers into the result.
    pub rows: Vec<String>,
    /// What of it could not be read, or is not in the result; absent where all is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
