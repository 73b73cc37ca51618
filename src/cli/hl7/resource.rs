//! The result as a resource: an OperationOutcome, or a Bundle of several, as HL7's validator writes it to a file.

use fhir_accord_profiles::instance::Limits;
use fhir_accord_profiles::model::Model;
use fhir_accord_profiles::xml::json_to_xml;
use serde_json::{Value, json};

use crate::hl7::{DOCUMENT, Level, Message};

const FILE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-file";
const LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";
const SOURCE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-source";
const MESSAGE_ID: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id";

/// The OperationOutcome of an input.
pub(super) fn outcome(source: &str, messages: &[Message<'_>]) -> Value {
    let issues: Vec<Value> = match messages {
        [] => vec![json!({"severity": "information", "code": "informational", "details": {"text": "All OK"}})],
        all => all.iter().map(issue).collect(),
    };
    let extension = json!([{"url": FILE, "valueString": source}]);
    json!({"resourceType": "OperationOutcome", "extension": extension, "issue": issues})
}

fn issue(message: &Message<'_>) -> Value {
    let mut issue = json!({
        "extension": [
            {"url": LINE, "valueInteger": message.line},
            {"url": COLUMN, "valueInteger": message.col},
            {"url": SOURCE, "valueString": "InstanceValidator"},
            {"url": MESSAGE_ID, "valueCode": message.message_id},
        ],
        "severity": match message.level {
            Level::Fatal => "fatal",
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Information => "information",
        },
        "code": message.code,
        "details": {"text": message.message},
    });
    if let Value::Object(members) = &mut issue {
        let diagnostics = message.diagnostics.as_ref().map(|text| ("diagnostics", text.as_str().into()));
        let place = (message.location != DOCUMENT).then(|| ("expression", json!([message.location])));
        members.extend(diagnostics.into_iter().chain(place).map(|(name, value)| (name.to_owned(), value)));
    }
    issue
}

/// The OperationOutcome, or the Bundle of several, in JSON.
pub(super) fn json(mut outcomes: Vec<Value>) -> Value {
    match (outcomes.len(), outcomes.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            let entries = outcomes.into_iter().chain(last).map(|outcome| json!({"resource": outcome}));
            json!({"resourceType": "Bundle", "type": "collection", "entry": entries.collect::<Vec<_>>()})
        }
    }
}

/// The same in XML, by the elements of the FHIR version of `model`.
///
/// # Errors
/// Where that would lose content.
pub(super) fn xml(outcomes: Vec<Value>, model: &Model) -> Result<String, String> {
    let text = json(outcomes).to_string();
    let limits = Limits { nodes: usize::MAX, ..Limits::default() };
    let xml = json_to_xml(text.as_bytes(), model, &limits);
    let xml = xml.map_err(|e| format!("the result cannot be written as XML: {e}; ask for `-output-style json`"))?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n"))
}
