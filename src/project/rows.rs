//! `accord.toml` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::levels::Level;

/// All keys; every one may be missing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub(super) struct Rows {
    #[serde(rename = "$schema")]
    pub _schema: Option<String>,
    pub packages: Option<Vec<String>>,
    pub fhir_version: Option<String>,
    pub rules: Option<Vec<String>>,
    pub baseline: Option<String>,
    pub profiles: Vec<ProfileRow>,
    pub policies: Map<String, Value>,
    pub levels: BTreeMap<String, Level>,
    pub suppressions: Vec<SuppressionRow>,
}

/// Profiles by path.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRow {
    /// A glob over paths from the folder of the file.
    pub path: String,
    /// Canonicals.
    pub profiles: Vec<String>,
}

/// One suppression.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppressionRow {
    /// The id of the rule.
    pub rule: String,
    /// The path of the element, without indices.
    pub element: Option<String>,
    /// A glob over paths from the folder of the file.
    pub path: Option<String>,
    /// Why.
    pub reason: String,
}
