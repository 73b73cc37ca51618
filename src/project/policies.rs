//! The policies of the file.

use fhir_accord_profiles::evaluate::Policies;
use serde_json::{Map, Value};

use crate::config::PolicySettings;

/// The policies, as they are laid over others.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnPolicies {
    settings: PolicySettings,
    json_comments: Option<bool>,
    limits: Map<String, Value>,
}

impl OwnPolicies {
    /// Reads the table, which the schema has seen.
    ///
    /// # Errors
    /// A text where it cannot be used.
    pub fn read(table: &Map<String, Value>) -> Result<OwnPolicies, String> {
        let mut own = OwnPolicies::default();
        let mut rest = Map::new();
        for (key, value) in table {
            match (key.as_str(), value) {
                ("json-comments", value) => own.json_comments = value.as_bool(),
                ("limits", Value::Object(limits)) => own.limits = limits.clone(),
                (key, value) => drop(rest.insert(camel(key), value.clone())),
            }
        }
        own.settings = serde_json::from_value(Value::Object(rest)).map_err(|e| e.to_string())?;
        Ok(own)
    }

    /// `policies` with what is said here.
    pub fn over(&self, policies: Policies) -> Policies {
        let mut p = self.settings.apply(policies);
        p.json_comments = self.json_comments.unwrap_or(p.json_comments);
        for (name, number) in self.limits.iter().filter_map(|(name, n)| Some((name, n.as_u64()?))) {
            let size = || usize::try_from(number).unwrap_or(usize::MAX);
            match name.as_str() {
                "issues" => p.issues = size(),
                "visits" => p.work.nodes = number,
                "trials" => p.work.trials = u32::try_from(number).unwrap_or(u32::MAX),
                "expression" => p.work.expression = number,
                "expressions" => p.work.expressions = number,
                "elements" => p.work.intake = size(),
                _ => {}
            }
        }
        p
    }
}

/// `example-urls` as the settings of the service have it: `exampleUrls`.
fn camel(key: &str) -> String {
    let mut parts = key.split('-');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.extend(chars);
    }
    out
}
