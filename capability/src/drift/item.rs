//! An item that drifted.

use serde::Serialize;

use super::limits::{TEXT_LIMIT, short};
use super::rows::Key;
use super::standing::Standing;

/// An item that drifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemDrift {
    /// The type; null at the system level.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// Its kind, as `interaction`.
    pub kind: &'static str,
    /// Its code, name or canonical.
    pub item: String,
    /// Of a profile `read` or `write`; `reverse` of a `_revinclude`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// How it stood; null where it was not there.
    pub from: Option<Standing>,
    /// How it stands; null where it is not there.
    pub to: Option<Standing>,
}

impl ItemDrift {
    pub(super) fn of(key: &Key, from: Option<&Standing>, to: Option<&Standing>) -> ItemDrift {
        ItemDrift {
            resource_type: key.resource_type.as_deref().map(told),
            kind: key.kind.name(),
            item: told(&key.item),
            direction: key.way.as_deref().map(told),
            from: from.map(Standing::told),
            to: to.map(Standing::told),
        }
    }
}

fn told(text: &str) -> String {
    short(text, TEXT_LIMIT).to_owned()
}
