//! The program and its rules, as SARIF describes a tool.

use fhir_accord_profiles::issue::{RuleId, Usual, rule};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::official::message_id;

/// Where the program is described.
const ABOUT: &str = "https://docs.rs/fhir-accord";

#[derive(Serialize)]
pub(super) struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_configuration: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Value>,
}

impl Tool {
    /// The program, with these rules in their order.
    pub fn new(rules: &[RuleId]) -> Tool {
        let version = env!("CARGO_PKG_VERSION");
        let rules = rules.iter().map(|id| Descriptor::of(*id)).collect();
        let (name, information_uri) = ("Accord", ABOUT);
        Tool { driver: Driver { name, version, semantic_version: version, information_uri, rules } }
    }
}

impl Descriptor {
    /// A rule as the catalogue describes it; a rule of a site's script has no more than its id.
    fn of(id: RuleId) -> Descriptor {
        let known = rule(id);
        let text = |text: &'static str| Some(text).filter(|t| !t.is_empty());
        Descriptor {
            id: id.as_str().to_owned(),
            short_description: known.and_then(|r| text(r.meaning)).map(|t| json!({ "text": t })),
            help: known.and_then(|r| text(r.help)).map(|t| json!({ "text": t })),
            help_uri: known.and_then(|r| text(r.spec)),
            default_configuration: known.map(|r| json!({ "level": level(r.severity) })),
            properties: message_id(id).map(|m| json!({ "officialValidatorMessageId": m })),
        }
    }
}

/// What a rule usually weighs. A question that is open at a place is told there, as a result of the kind `open`.
fn level(usual: Usual) -> &'static str {
    match usual {
        Usual::Error => "error",
        Usual::Warning | Usual::Question => "warning",
        Usual::Note => "note",
    }
}
