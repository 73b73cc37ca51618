//! A policy's script: compiled once, asked for each finding.

use fhir_accord_profiles::script::{Budget, Program};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Weighed, state};
use crate::expectation::Weight;
use crate::policy::Policy;

/// The function that weighs findings.
const WEIGH: &str = "weigh";
/// The constant with the settings, which are those of a JSON policy.
const SETTINGS: &str = "SETTINGS";

/// A policy's script, compiled once.
#[derive(Debug)]
pub struct PolicyScript {
    program: Program,
    policy: Policy,
    weighs: bool,
    /// SHA-256 of its text, in hexadecimal digits.
    pub sha256: String,
}

impl PolicyScript {
    /// Compiles the `text` of a policy; `file` is the name that messages give it.
    ///
    /// ```
    /// use fhir_accord_capability::PolicyScript;
    ///
    /// let text = r#"fn weigh(finding) { if finding.item == "vread" { "accept" } }"#;
    /// assert!(PolicyScript::compile("policy.rhai", text).is_ok());
    /// assert!(PolicyScript::compile("policy.rhai", "fn weigh(").is_err());
    /// ```
    ///
    /// # Errors
    /// A message with the place: the script does not compile, its settings are not those of a policy, or it has neither
    /// settings nor a function `weigh(finding)`.
    pub fn compile(file: &str, text: &str) -> Result<PolicyScript, String> {
        let program = Program::compile(file, text).map_err(|e| e.to_string())?;
        let settings = program.constant(SETTINGS);
        let weighs = program.has_function(WEIGH, 1);
        if settings.is_none() && !weighs {
            return Err(format!("{file}: a policy needs a constant `{SETTINGS}` or a function `{WEIGH}(finding)`"));
        }
        let policy = settings
            .map_or_else(|| Ok(Policy::default()), serde_json::from_value)
            .map_err(|e| format!("{file}: the constant `{SETTINGS}` is not a valid policy: {e}"))?;
        let sha256 = Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect();
        Ok(PolicyScript { program, policy, weighs, sha256 })
    }

    /// The name that messages and results give it.
    pub fn file(&self) -> &str {
        self.program.file()
    }

    /// The settings; those of an empty policy where the script has none.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether it has a function that weighs findings.
    pub(super) fn weighs(&self) -> bool {
        self.weighs
    }

    /// The weight that the script gives to a finding which weighs `from`, and its reason.
    pub(super) fn weigh(
        &self,
        from: Weight,
        of: &Weighed<'_>,
        budget: &Budget,
    ) -> Result<(Weight, Option<String>), String> {
        let finding = json!({
            "dimension": of.dimension, "type": of.resource_type, "item": of.item, "state": state(of.finding),
            "weight": from, "expectation": of.expectation, "why": of.why,
        });
        let answer = self.program.call(WEIGH, &[finding], budget).map_err(|e| e.to_string())?;
        let (word, because) = match &answer {
            Value::Object(members) => (
                members.get("weight").unwrap_or(&Value::Null),
                members.get("because").and_then(Value::as_str).map(str::to_owned),
            ),
            word => (word, None),
        };
        let weight = match word {
            Value::Null => from,
            Value::String(w) if w == "block" => Weight::Shall,
            Value::String(w) if w == "degrade" => Weight::Should,
            Value::String(w) if w == "accept" => Weight::May,
            other => {
                let file = self.file();
                return Err(format!(
                    "{file}: `{WEIGH}` returned `{other}`; expected `block`, `degrade`, `accept` or nothing"
                ));
            }
        };
        Ok((weight, because))
    }
}
