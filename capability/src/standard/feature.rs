//! The features that a CapabilityStatement tells without declaring them as such: each is something that a client can
//! wish for, so that a negotiation answers it.

use serde_json::{Value, json};

use super::line::Key;
use crate::agreement::Kind;
use crate::statement::parse_canonical;

/// A feature by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    /// An interaction of types.
    Interaction(&'static str),
    /// An interaction of the system.
    System(&'static str),
    /// A flag that is on or off.
    Switch(&'static str),
    /// A flag with codes: its name, the code for off, the least for on.
    Scale(&'static str, &'static str, &'static str),
    /// A list of a type's entry.
    List(&'static str),
}

const ALL: [Feature; 26] = [
    Feature::Interaction("read"),
    Feature::Interaction("vread"),
    Feature::Interaction("update"),
    Feature::Interaction("patch"),
    Feature::Interaction("delete"),
    Feature::Interaction("history-instance"),
    Feature::Interaction("history-type"),
    Feature::Interaction("create"),
    Feature::Interaction("search-type"),
    Feature::System("transaction"),
    Feature::System("batch"),
    Feature::System("search-system"),
    Feature::System("history-system"),
    Feature::Switch("updateCreate"),
    Feature::Switch("conditionalCreate"),
    Feature::Switch("conditionalUpdate"),
    Feature::Switch("conditionalPatch"),
    Feature::Switch("readHistory"),
    Feature::Scale("conditionalRead", "not-supported", "modified-since"),
    Feature::Scale("conditionalDelete", "not-supported", "single"),
    Feature::Scale("versioning", "no-version", "versioned"),
    Feature::List("searchParam"),
    Feature::List("searchInclude"),
    Feature::List("searchRevInclude"),
    Feature::List("operation"),
    Feature::List("supportedProfile"),
];

impl Feature {
    /// The feature of this name.
    pub(super) fn named(name: &str) -> Option<Feature> {
        ALL.into_iter().find(|f| f.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Feature::Interaction(name)
            | Feature::System(name)
            | Feature::Switch(name)
            | Feature::Scale(name, ..)
            | Feature::List(name) => name,
        }
    }

    /// Whether a value asks for the absence of the feature; `None` for a value that it cannot have.
    pub(super) fn is_off(self, value: &Value) -> Option<bool> {
        match (self, value) {
            (Feature::Scale(_, off, _), Value::String(code)) => Some(code == off),
            (Feature::List(_), Value::String(_)) => Some(false),
            (Feature::Interaction(_) | Feature::System(_) | Feature::Switch(_), Value::Bool(on)) => Some(!on),
            (Feature::Interaction(_) | Feature::System(_) | Feature::Switch(_), Value::String(text)) => {
                ["true", "false"].contains(&text.as_str()).then(|| text == "false")
            }
            _ => None,
        }
    }

    /// The members of an entry that wishes for it; with the least value where it is asked to be off.
    pub(super) fn wish(self, value: Option<&str>) -> Value {
        let value = value.unwrap_or_default();
        match self {
            Feature::Interaction(code) | Feature::System(code) => json!({"interaction": [{"code": code}]}),
            Feature::Switch(name) => json!({name: true}),
            Feature::Scale(name, off, least) => {
                json!({name: if value == off || value.is_empty() { least } else { value }})
            }
            Feature::List("searchParam") => json!({"searchParam": [{"name": value}]}),
            Feature::List("operation") if value.contains(':') => json!({"operation": [{"definition": value}]}),
            Feature::List("operation") => json!({"operation": [{"name": value}]}),
            Feature::List(name) => json!({name: [value]}),
        }
    }

    /// What the row of the wish is about.
    pub(super) fn key<'k>(self, resource_type: Option<&'k str>, value: Option<&str>) -> Key<'k> {
        let value = value.unwrap_or_default();
        let (kind, reverse, name) = match self {
            Feature::Interaction(code) | Feature::System(code) => (Kind::Interaction, false, code.to_owned()),
            Feature::Switch(name) | Feature::Scale(name, ..) => (Kind::Flag, false, name.to_owned()),
            Feature::List("searchParam") => (Kind::SearchParam, false, value.to_owned()),
            Feature::List("operation") if value.contains(':') => (Kind::Operation, false, String::new()),
            Feature::List("operation") => (Kind::Operation, false, value.trim_start_matches('$').to_owned()),
            Feature::List("supportedProfile") => (Kind::Profile, false, parse_canonical(value).to_string()),
            Feature::List(name) => (Kind::Include, name == "searchRevInclude", value.to_owned()),
        };
        (resource_type, kind, reverse, name)
    }

    /// The values that an entry lists.
    pub(super) fn listed(self, entry: &Value) -> Vec<Value> {
        let text = |v: &Value, name: &str| v.get(name).and_then(Value::as_str).map(Value::from);
        match self {
            Feature::Scale(name, off, _) => vec![text(entry, name).unwrap_or_else(|| off.into())],
            Feature::List(name) => {
                let all = entry.get(name).and_then(Value::as_array).into_iter().flatten();
                all.filter_map(|v| v.as_str().map(Value::from).or_else(|| text(v, "name"))).collect()
            }
            _ => Vec::new(),
        }
    }
}
