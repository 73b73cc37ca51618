//! One issue as a result of SARIF.

use std::io;

use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Issue, Report, RuleId, Severity, Verdict};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::issue_key::issue_key;
use super::super::official::constraint_id;
use super::super::origin::Origin;
use super::text::plain;

/// A result without its place among the rules, which is known once it is written.
#[derive(Debug)]
pub struct SarifResult {
    /// The rule.
    pub rule: RuleId,
    /// Its members as JSON, without the brace before them.
    members: String,
}

impl SarifResult {
    /// The result as JSON; `index` is where its rule stands among the rules of the tool.
    pub fn json(&self, index: usize) -> String {
        format!("{{\"ruleIndex\":{index},{}", self.members)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Members<'r> {
    rule_id: &'r str,
    kind: &'static str,
    level: &'static str,
    message: Value,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    locations: Vec<Value>,
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    suppressions: Vec<Value>,
    properties: Properties<'r>,
}

#[derive(Serialize)]
struct Properties<'r> {
    source: &'r str,
    verdict: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint: Option<&'r str>,
    #[serde(rename = "officialValidatorMessageId", skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    profiles: &'r [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<String>,
}

/// The issues of a report on the instance `text` as results, and behind them those that do not count, with why.
///
/// # Errors
/// None in practice: what is written has a form in JSON.
pub fn results(
    report: &Report,
    suppressed: &[(&Issue, String)],
    origin: &Origin<'_>,
    text: &[u8],
) -> io::Result<Vec<SarifResult>> {
    if report.issues.is_empty() && suppressed.is_empty() {
        return Ok(Vec::new());
    }
    let lines = LineIndex::new(text);
    let counting = report.issues.iter().map(|i| (i, None));
    let others = suppressed.iter().map(|(i, why)| (*i, Some(why.as_str())));
    counting.chain(others).map(|(i, why)| result((i, why), report.verdict, origin, &lines)).collect()
}

fn result(
    (i, why): (&Issue, Option<&str>),
    verdict: Verdict,
    origin: &Origin<'_>,
    lines: &LineIndex<'_>,
) -> io::Result<SarifResult> {
    let (kind, level) = weight(i);
    let help = i.help.as_deref().map(|h| format!("\n{h}")).unwrap_or_default();
    let members = Members {
        rule_id: i.rule.as_str(),
        kind,
        level,
        message: json!({ "text": plain(&format!("{}{help}", i.text)) }),
        locations: vec![location(i, origin, lines)],
        partial_fingerprints: json!({ "accordIssue/v1": issue_key(i) }),
        suppressions: why
            .map(|why| json!({ "kind": "external", "status": "accepted", "justification": plain(why) }))
            .into_iter()
            .collect(),
        properties: Properties {
            source: origin.source,
            verdict: verdict.code(),
            severity: i.severity.code(),
            element: i.element.as_deref(),
            constraint: i.constraint.as_deref(),
            // Of other rules it stands beside the rule.
            message: Some(i).filter(|i| i.rule == RuleId::INVARIANT).and_then(constraint_id),
            profiles: &i.profiles,
            evidence: i.evidence.iter().map(|e| format!("{}: {}", e.about, e.says)).collect(),
        },
    };
    let text = serde_json::to_string(&members)?;
    Ok(SarifResult { rule: i.rule, members: text.get(1..).unwrap_or_default().to_owned() })
}

/// Kind and level. What is open is no failure yet, and only failures have a level (section 3.27.10).
fn weight(i: &Issue) -> (&'static str, &'static str) {
    match i.severity {
        _ if i.open => ("open", "none"),
        Severity::Fatal | Severity::Error => ("fail", "error"),
        Severity::Warning => ("fail", "warning"),
        Severity::Information => ("fail", "note"),
    }
}

/// The place in the file, where there is one, and in the instance.
fn location(i: &Issue, origin: &Origin<'_>, lines: &LineIndex<'_>) -> Value {
    let mut location = Map::new();
    if !i.expression.is_empty() {
        let logical = json!([{ "fullyQualifiedName": i.expression, "kind": "element" }]);
        location.insert("logicalLocations".to_owned(), logical);
    }
    let Some(uri) = origin.uri() else { return location.into() };
    let mut physical = Map::from_iter([("artifactLocation".to_owned(), json!({ "uri": uri }))]);
    if let Some(line) = origin.line(i.place.line) {
        let end = lines.place(i.span.end.max(i.span.start));
        let mut region = Map::new();
        region.insert("startLine".to_owned(), line.into());
        region.insert("startColumn".to_owned(), i.place.column.into());
        if (end.line, end.column) > (i.place.line, i.place.column) {
            region.insert("endLine".to_owned(), origin.line(end.line).into());
            region.insert("endColumn".to_owned(), end.column.into());
        }
        physical.insert("region".to_owned(), region.into());
    }
    location.insert("physicalLocation".to_owned(), physical.into());
    location.into()
}
