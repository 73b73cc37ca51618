//! OperationOutcomes (<https://hl7.org/fhir/R4/operationoutcome.html>) with a bound on their issues.

use serde_json::{Map, Value, json};

use crate::issue::Severity;
use crate::reason::Reason;
use crate::rules;

/// The issues that an outcome lists, the most severe first; the others are counted.
pub const ISSUES_LIMIT: usize = 1000;
/// The system of the rule ids in `details.coding`.
const RULE_SYSTEM: &str = "https://accord.example/rule";
/// The bytes of a name, or of a value, that are quoted in a text.
const QUOTED_BYTES: usize = 200;

/// One issue in the making.
pub(super) struct Remark {
    pub severity: Severity,
    /// The IssueType code (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
    pub code: &'static str,
    pub reason: Option<Reason>,
    pub text: String,
    /// The element, as a FHIRPath.
    pub expression: Option<String>,
    /// Where else to look.
    pub diagnostics: Option<String>,
}

impl Remark {
    /// Something that is good to know.
    pub(super) fn information(text: impl Into<String>) -> Remark {
        let severity = Severity::Information;
        let (reason, expression, diagnostics) = (None, None, None);
        Remark { severity, code: "informational", reason, text: text.into(), expression, diagnostics }
    }

    /// What the rule of a reason says.
    pub(super) fn of(severity: Severity, code: &'static str, reason: Reason, text: impl Into<String>) -> Remark {
        Remark { severity, code, reason: Some(reason), ..Remark::information(text) }
    }

    fn to_json(&self) -> Value {
        let mut details = Map::new();
        if let Some(reason) = self.reason {
            details.insert("coding".to_owned(), json!([{"system": RULE_SYSTEM, "code": reason.id()}]));
        }
        details.insert("text".to_owned(), self.text.clone().into());
        let mut issue = Map::new();
        issue.insert("severity".to_owned(), severity_code(self.severity).into());
        issue.insert("code".to_owned(), self.code.into());
        issue.insert("details".to_owned(), Value::Object(details));
        if let Some(diagnostics) = &self.diagnostics {
            issue.insert("diagnostics".to_owned(), diagnostics.clone().into());
        }
        if let Some(expression) = &self.expression {
            issue.insert("expression".to_owned(), json!([expression]));
        }
        Value::Object(issue)
    }
}

fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    }
}

/// An outcome in the making.
#[derive(Default)]
pub(super) struct Outcome {
    errors: Vec<Value>,
    warnings: Vec<Value>,
    information: Vec<Value>,
    count: usize,
}

impl Outcome {
    /// Adds an issue; beyond the bound it is counted.
    pub(super) fn add(&mut self, remark: &Remark) {
        self.count += 1;
        let kept = match remark.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Information => &mut self.information,
        };
        if kept.len() < ISSUES_LIMIT {
            kept.push(remark.to_json());
        }
    }

    /// True where an issue is an error.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// True where there is no issue.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The OperationOutcome.
    pub(super) fn finish(self) -> Value {
        let mut issues = self.errors;
        issues.extend(self.warnings);
        issues.extend(self.information);
        issues.truncate(ISSUES_LIMIT);
        let more = self.count - issues.len();
        if more > 0 {
            let text = format!("{more} more issues not shown (limit {ISSUES_LIMIT})");
            issues.push(Remark::information(text).to_json());
        }
        json!({"resourceType": "OperationOutcome", "issue": issues})
    }
}

/// A name or a value in backticks: its beginning, without control characters.
pub(super) fn quoted(text: &str) -> String {
    let end = (0..=QUOTED_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let start = text.get(..end).unwrap_or_default();
    let shown: String = start.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if end < text.len() { format!("`{shown}…`") } else { format!("`{shown}`") }
}

/// What a reason means, in a few words.
pub(super) fn meaning(reason: Reason) -> &'static str {
    rules::meaning(reason.id()).unwrap_or_default()
}

/// The FHIRPath of a JSON pointer into a statement: `CapabilityStatement.rest[0]` for `/rest/0`.
pub(super) fn expression(root: &str, pointer: &str) -> String {
    let mut out = root.to_owned();
    for step in pointer.split('/').filter(|s| !s.is_empty()) {
        if step.bytes().all(|b| b.is_ascii_digit()) {
            out.push_str(&format!("[{step}]"));
        } else {
            out.push_str(&format!(".{step}"));
        }
    }
    out
}

/// A text of the negotiation without control characters, and of bounded length.
pub(super) fn plain(text: &str) -> String {
    let bytes = QUOTED_BYTES * 10;
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or_default().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
