//! A policy as a script: settings, and `weigh(finding)`, which says what a finding weighs in the verdict.

use std::cell::RefCell;

use fhir_accord_profiles::script::{Budget, Program};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::agreement::{Finding, ResourceAgreement, SystemAgreement};
use crate::dimension::interaction;
use crate::expectation::{Expectation, Weight};
use crate::policy::Policy;

/// The function that weighs, and the constant that holds the settings of a JSON policy.
const WEIGH: &str = "weigh";
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
    /// Compiles a policy.
    ///
    /// # Errors
    /// A sentence with the place: a fault of the script, settings that no policy has, or neither settings nor `weigh(finding)`.
    pub fn compile(file: &str, text: &str) -> Result<PolicyScript, String> {
        let program = Program::compile(file, text).map_err(|e| e.to_string())?;
        let settings = program.constant(SETTINGS);
        let weighs = program.has_function(WEIGH, 1);
        if settings.is_none() && !weighs {
            return Err(format!("{file}: a policy has a constant `{SETTINGS}` or a function `{WEIGH}(finding)`"));
        }
        let policy = settings
            .map_or_else(|| Ok(Policy::default()), serde_json::from_value)
            .map_err(|e| format!("{file}: the constant `{SETTINGS}` cannot be used: {e}"))?;
        let sha256 = Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect();
        Ok(PolicyScript { program, policy, weighs, sha256 })
    }

    /// The name that messages and results give it.
    pub fn file(&self) -> &str {
        self.program.file()
    }

    /// The settings.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// What a policy's script changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyEffect {
    /// The script.
    pub file: String,
    pub changes: Vec<Change>,
}

/// A finding that weighs otherwise than the statements say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub dimension: &'static str,
    /// Null at the system level.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    pub item: String,
    pub state: &'static str,
    pub from: Weight,
    pub to: Weight,
    /// What the script says for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// What is weighed.
pub struct Weighed<'f> {
    pub dimension: &'static str,
    pub resource_type: Option<&'f str>,
    pub item: &'f str,
    pub finding: Finding,
    pub expectation: Option<Expectation>,
    pub why: &'f [&'static str],
}

/// The weighing of one negotiation.
pub struct Weighing<'s> {
    script: Option<&'s PolicyScript>,
    budget: Budget,
    changes: RefCell<Vec<Change>>,
    failure: RefCell<Option<String>>,
}

impl<'s> Weighing<'s> {
    /// Without a script everything weighs what the statements say.
    pub fn new(script: Option<&'s PolicyScript>) -> Weighing<'s> {
        Weighing {
            script: script.filter(|s| s.weighs),
            budget: Budget::default(),
            changes: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    /// What the script changed, and why it failed, where it did; `None` without a script.
    pub fn effect(self) -> Option<(PolicyEffect, Option<String>)> {
        let file = self.script?.program.file().to_owned();
        Some((PolicyEffect { file, changes: self.changes.into_inner() }, self.failure.into_inner()))
    }

    /// The weight of a finding. What requires nothing is not asked about. After a failure weights stay as they are.
    pub fn weigh(&self, weight: Option<Weight>, of: &Weighed<'_>) -> Option<Weight> {
        let (Some(script), Some(from)) = (self.script, weight) else { return weight };
        if self.failure.borrow().is_some() {
            return weight;
        }
        match self.ask(script, from, of) {
            Ok((to, because)) => {
                if to != from {
                    let resource_type = of.resource_type.map(str::to_owned);
                    let change = Change {
                        dimension: of.dimension,
                        resource_type,
                        item: of.item.to_owned(),
                        state: state(of.finding),
                        from,
                        to,
                        because,
                    };
                    self.changes.borrow_mut().push(change);
                }
                Some(to)
            }
            Err(failure) => {
                *self.failure.borrow_mut() = Some(failure);
                weight
            }
        }
    }

    fn ask(&self, script: &PolicyScript, from: Weight, of: &Weighed<'_>) -> Result<(Weight, Option<String>), String> {
        let finding = json!({
            "dimension": of.dimension, "type": of.resource_type, "item": of.item, "state": state(of.finding),
            "weight": from, "expectation": of.expectation, "why": of.why,
        });
        let answer = script.program.call(WEIGH, &[finding], &self.budget).map_err(|e| e.to_string())?;
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
                return Err(format!(
                    "{}: `{WEIGH}` returns `{other}`; wanted is block, degrade, accept or nothing",
                    script.program.file()
                ));
            }
        };
        Ok((weight, because))
    }

    /// Weighs one item, and marks it where its weight changes.
    fn item(
        &self,
        weighs: &mut Option<Weight>,
        why: &mut Vec<&'static str>,
        of: (&'static str, Option<&str>, &str),
        finding: Finding,
        expectation: Option<Expectation>,
    ) {
        let (dimension, resource_type, item) = of;
        let to = self.weigh(*weighs, &Weighed { dimension, resource_type, item, finding, expectation, why });
        if to != *weighs {
            why.push("policy-script");
            *weighs = to;
        }
    }

    /// Weighs what is at the system level.
    pub fn system(&self, system: &mut SystemAgreement) {
        if self.script.is_none() {
            return;
        }
        for i in &mut system.interactions {
            self.item(
                &mut i.weighs,
                &mut i.why,
                ("interaction", None, &i.code),
                interaction::finding(i.server, i.scope),
                i.client,
            );
        }
        for p in &mut system.search_params {
            self.item(&mut p.weighs, &mut p.why, ("search", None, &p.name), p.server.finding(), p.client);
        }
        for o in &mut system.operations {
            self.item(
                &mut o.weighs,
                &mut o.why,
                ("operation", None, &o.name),
                interaction::finding(o.server, o.scope),
                o.client,
            );
        }
    }

    /// Weighs all of a type but its flags; what its own entry weighs comes first.
    pub fn resource(&self, made: &mut ResourceAgreement) {
        if self.script.is_none() {
            return;
        }
        let name = made.resource_type.clone();
        let of = Some(name.as_str());
        self.item(&mut made.weighs, &mut made.why, ("type", of, &name), made.server.finding(), made.client);
        for p in &mut made.profiles {
            self.item(&mut p.weighs, &mut p.why, ("profile", of, &p.required), p.status.finding(), p.client);
        }
        for i in &mut made.interactions {
            self.item(
                &mut i.weighs,
                &mut i.why,
                ("interaction", of, &i.code),
                interaction::finding(i.server, i.scope),
                i.client,
            );
        }
        for p in &mut made.search_params {
            self.item(&mut p.weighs, &mut p.why, ("search", of, &p.name), p.server.finding(), p.client);
        }
        for c in &mut made.combinations {
            let item = c.required.iter().chain(&c.optional).map(String::as_str).collect::<Vec<_>>().join("+");
            self.item(&mut c.weighs, &mut c.why, ("combination", of, &item), c.server.finding(), c.client);
        }
        for i in &mut made.includes {
            self.item(&mut i.weighs, &mut i.why, ("include", of, &i.code), i.server.finding(), i.client);
        }
        for o in &mut made.operations {
            self.item(
                &mut o.weighs,
                &mut o.why,
                ("operation", of, &o.name),
                interaction::finding(o.server, o.scope),
                o.client,
            );
        }
    }
}

fn state(finding: Finding) -> &'static str {
    match finding {
        Finding::Satisfied => "satisfied",
        Finding::Unmet => "unmet",
        Finding::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn weighed(item: &str) -> Weighed<'_> {
        Weighed {
            dimension: "search",
            resource_type: Some("Patient"),
            item,
            finding: Finding::Unmet,
            expectation: None,
            why: &["unlisted"],
        }
    }

    #[test]
    fn a_script_weighs_and_says_why() {
        let text = "fn weigh(f) { if f.item == \"x\" { return \"accept\"; } if f.item == \"y\" { return #{ weight: \"block\", because: f.why[0] + f.weight }; } }";
        let script = PolicyScript::compile("p.rhai", text).unwrap();
        let weighing = Weighing::new(Some(&script));
        assert_eq!(weighing.weigh(Some(Weight::Shall), &weighed("x")), Some(Weight::May));
        assert_eq!(weighing.weigh(Some(Weight::May), &weighed("y")), Some(Weight::Shall));
        assert_eq!(weighing.weigh(Some(Weight::Should), &weighed("z")), Some(Weight::Should));
        assert_eq!(weighing.weigh(None, &weighed("y")), None);
        let (effect, failure) = weighing.effect().unwrap();
        assert_eq!((effect.file.as_str(), failure), ("p.rhai", None));
        assert_eq!(
            effect.changes.iter().map(|c| (c.item.as_str(), c.because.as_deref())).collect::<Vec<_>>(),
            [("x", None), ("y", Some("unlistedMAY"))]
        );
    }

    #[test]
    fn a_failure_is_told_and_changes_nothing() {
        for (text, word) in [
            ("fn weigh(f) { 1 / 0 }", "zero"),
            ("fn weigh(f) { \"perhaps\" }", "`\"perhaps\"`"),
            ("fn weigh(f) { loop {} }", "operations"),
            ("fn weigh(f) { f.nope }", "nope"),
        ] {
            let script = PolicyScript::compile("p.rhai", text).unwrap();
            let weighing = Weighing::new(Some(&script));
            assert_eq!(weighing.weigh(Some(Weight::Shall), &weighed("x")), Some(Weight::Shall));
            let failure = weighing.effect().unwrap().1.unwrap();
            assert!(failure.starts_with("p.rhai:") && failure.contains(word), "{failure}");
        }
    }

    #[test]
    fn settings_are_those_of_a_policy() {
        let script = PolicyScript::compile(
            "p.rhai",
            "const SETTINGS = #{ assume: #{ patientContext: true }, granted: \"a b\" };",
        )
        .unwrap();
        assert_eq!(
            (script.policy().granted.as_deref(), script.policy().assume.patient_context),
            (Some("a b"), Some(true))
        );
        assert!(PolicyScript::compile("p.rhai", "const SETTINGS = #{ odd: 1 };").unwrap_err().contains("odd"));
        assert!(PolicyScript::compile("p.rhai", "fn f() {}").unwrap_err().contains("weigh(finding)"));
        assert!(PolicyScript::compile("p.rhai", "fn f( {").unwrap_err().starts_with("p.rhai:1:"));
    }
}
