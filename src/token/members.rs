//! JSON objects whose names are unique, as RFC 7515 and RFC 7519 allow to demand
//! (<https://www.rfc-editor.org/rfc/rfc7519#section-4>).

use std::fmt;

use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::Refusal;

/// What an error says of a name that is there twice; no other error says so.
const TWICE: &str = "a member is there twice";

/// The members of an object, in their order.
#[derive(Debug)]
pub(super) struct Members(Vec<(String, Value)>);

impl Members {
    /// Reads an object.
    ///
    /// # Errors
    /// [`Refusal::Duplicate`] for a name that is there twice, else [`Refusal::Malformed`].
    pub fn parse(json: &[u8]) -> Result<Members, Refusal> {
        serde_json::from_slice(json).map_err(|error| match error.to_string().starts_with(TWICE) {
            true => Refusal::Duplicate,
            false => Refusal::Malformed,
        })
    }

    /// The value of a member; `None` where it is not there, or is null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value).filter(|v| !v.is_null())
    }

    /// Whether there is such a member, with whatever value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The text of a member, if it is there.
    ///
    /// # Errors
    /// [`Refusal::Claim`] where it is no text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        self.get(name).map(|value| value.as_str().ok_or(Refusal::Claim)).transpose()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        deserializer.deserialize_map(Unique)
    }
}

struct Unique;

impl<'de> Visitor<'de> for Unique {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let (mut names, mut members) = (FxHashSet::default(), Vec::new());
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(TWICE));
            }
            members.push((name, value));
        }
        Ok(Members(members))
    }
}
