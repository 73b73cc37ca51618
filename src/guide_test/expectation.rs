//! What is expected of an instance, as `NAME.expected.json` says it.

use fhir_accord_profiles::issue::find_rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::schema::{Schema, check};

/// The verdict that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Expected {
    Valid,
    Undetermined,
    Invalid,
}

/// An issue that must come, or must not: what is given must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Entry {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// With indices at that entry, without them at any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub element: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub constraint: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub profile: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// What becomes of errors that are not named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Others {
    /// They fail the test.
    #[default]
    Refuse,
    Allow,
}

impl Others {
    fn is_refuse(&self) -> bool {
        *self == Others::Refuse
    }
}

/// What is expected of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Expectation {
    #[serde(rename = "$schema", default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    pub verdict: Expected,
    /// Profiles that it is validated against, beside those that it claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    #[serde(default, skip_serializing_if = "Others::is_refuse")]
    pub others: Others,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_not: Vec<Entry>,
}

/// Reads an expectation.
///
/// # Errors
/// What is wrong with the text, each fault with its JSON pointer.
pub(super) fn parse(text: &[u8]) -> Result<Expectation, String> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let value: Value = serde_json::from_slice(text).map_err(|e| format!("it is not JSON: {e}"))?;
    let faults = check(Schema::TEST_EXPECTATION, &value);
    if !faults.is_empty() {
        let told = faults.iter().map(|f| match f.pointer.as_str() {
            "" => f.text.clone(),
            pointer => format!("{pointer}: {}", f.text),
        });
        return Err(told.collect::<Vec<_>>().join("; "));
    }
    let expectation: Expectation = serde_json::from_value(value).map_err(|e| e.to_string())?;
    let named = [("must", &expectation.must), ("mustNot", &expectation.must_not)];
    let rules = named.iter().flat_map(|(list, all)| all.iter().enumerate().map(move |(at, e)| (list, at, &e.rule)));
    let unknown = rules.filter(|(_, _, rule)| !rule.is_empty() && find_rule(rule).is_none());
    let unknown: Vec<String> = unknown
        .map(|(list, at, rule)| format!("/{list}/{at}/rule: unknown rule `{rule}`; `accord explain` lists all"))
        .collect();
    if unknown.is_empty() { Ok(expectation) } else { Err(unknown.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_have_their_places() {
        let good = br#"{"verdict":"invalid","must":[{"rule":"element-min","path":"Patient.name"}]}"#;
        assert_eq!(parse(good).unwrap().must[0].path, "Patient.name");
        let wrong = |text: &str| parse(text.as_bytes()).unwrap_err();
        assert!(wrong("{").starts_with("it is not JSON"));
        assert!(wrong(r#"{"must":[]}"#).contains("/verdict: missing property"));
        assert!(wrong(r#"{"verdict":"valid","mustnt":[]}"#).contains("/mustnt: unknown property"));
        assert!(wrong(r#"{"verdict":"invalid","must":[{}]}"#).starts_with("/must/0"));
        assert!(wrong("[]").contains("object"));
        let misspelt = wrong(r#"{"verdict":"valid","mustNot":[{"rule":"elemnt-min"}]}"#);
        assert!(misspelt.starts_with("/mustNot/0/rule: unknown rule `elemnt-min`"), "{misspelt}");
    }
}
