//! Report to OperationOutcome (<https://hl7.org/fhir/R4/operationoutcome.html>).

use std::borrow::Cow;
use std::io::{self, Write};

use fhir_accord_profiles::issue::{Issue, Report};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::official::message_of;

/// The system of the verdict tag in `meta.tag`.
pub const VERDICT_SYSTEM: &str = "https://accord.example/verdict";
/// The system of rule ids in `details.coding`.
pub const RULE_SYSTEM: &str = "https://accord.example/rule";
/// The system of the verdict without the settings of a project, in the note that tells of them.
pub const RAW_VERDICT_SYSTEM: &str = "https://accord.example/raw-verdict";
/// The system of the official validator's message ids in `details.coding`, as servers that use it write them.
pub const MESSAGE_SYSTEM: &str = "http://hl7.org/fhir/java-core-messageId";
const LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";
const MESSAGE_ID: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id";
const SOURCE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-source";

/// An OperationOutcome as it is written, with the verdict as `meta.tag`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome<'r> {
    resource_type: &'static str,
    meta: Meta,
    issue: Issues<'r>,
}

#[derive(Serialize)]
struct Meta {
    tag: [Coding<'static>; 1],
}

#[derive(Serialize)]
struct Coding<'r> {
    system: &'static str,
    code: &'r str,
}

struct Issues<'r> {
    report: &'r Report,
    source: Option<&'r str>,
    notes: Vec<&'r Note>,
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        if self.report.issues.is_empty() {
            all.serialize_element(&Remark::nothing(self.report))?;
        }
        for issue in &self.report.issues {
            all.serialize_element(&One::new(issue, self.source))?;
        }
        for note in &self.notes {
            all.serialize_element(&Remark::of(note))?;
        }
        all.end()
    }
}

/// What is said beside the issues, of the request.
#[derive(Debug)]
pub struct Note {
    /// The system of its code.
    pub system: &'static str,
    /// Its code in `details.coding`.
    pub code: &'static str,
    /// The text for people.
    pub text: Cow<'static, str>,
}

/// An issue about the report itself, or about the request.
#[derive(Serialize)]
struct Remark<'r> {
    severity: &'static str,
    code: &'static str,
    details: RemarkDetails<'r>,
}

#[derive(Serialize)]
struct RemarkDetails<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    coding: Option<[Coding<'r>; 1]>,
    text: Cow<'r, str>,
}

impl<'r> Remark<'r> {
    fn nothing(report: &Report) -> Remark<'static> {
        Remark::with(RemarkDetails { coding: None, text: nothing_listed(report) })
    }

    fn of(note: &'r Note) -> Remark<'r> {
        let coding = [Coding { system: note.system, code: note.code }];
        Remark::with(RemarkDetails { coding: Some(coding), text: note.text.as_ref().into() })
    }

    fn with(details: RemarkDetails<'r>) -> Remark<'r> {
        Remark { severity: "information", code: "informational", details }
    }
}

/// What is said where no issue is listed.
pub(super) fn nothing_listed(report: &Report) -> Cow<'static, str> {
    match report.unlisted {
        0 => "no issues".into(),
        1 => "no issues listed; 1 of lower severity not listed".into(),
        n => format!("no issues listed; {n} of lower severity not listed").into(),
    }
}

#[derive(Serialize)]
struct One<'r> {
    extension: Vec<Extension>,
    severity: &'static str,
    code: &'static str,
    details: Details<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnostics: Option<String>,
    expression: [&'r str; 1],
}

#[derive(Serialize)]
struct Details<'r> {
    coding: Codes<'r>,
    text: &'r str,
}

/// The rule, and the official validator's message for it, where there is one.
struct Codes<'r>(Coding<'r>, Option<Cow<'static, str>>);

impl Serialize for Codes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.1.as_deref().map(|code| Coding { system: MESSAGE_SYSTEM, code });
        serializer.collect_seq(std::iter::once(&self.0).chain(&message))
    }
}

impl Codes<'_> {
    fn of(issue: &Issue) -> Codes<'_> {
        Codes(Coding { system: RULE_SYSTEM, code: issue.rule.as_str() }, message_of(issue))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_integer: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_string: Option<String>,
}

impl<'r> One<'r> {
    fn new(i: &'r Issue, source: Option<&str>) -> One<'r> {
        let none = |url| Extension { url, value_integer: None, value_string: None };
        let mut extension = vec![
            Extension { value_integer: Some(i.place.line), ..none(LINE) },
            Extension { value_string: Some(i.place.column.to_string()), ..none(COLUMN) },
            Extension { value_string: Some(i.rule.as_str().to_owned()), ..none(MESSAGE_ID) },
        ];
        extension.extend(source.map(|s| Extension { value_string: Some(s.to_owned()), ..none(SOURCE) }));
        One {
            extension,
            severity: i.severity.code(),
            code: i.code,
            details: Details { coding: Codes::of(i), text: &i.text },
            diagnostics: diagnostics(i),
            expression: [&i.expression],
        }
    }
}

/// Profiles, element id, constraint, evidence and help in one text.
fn diagnostics(i: &Issue) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    if !i.profiles.is_empty() {
        lines.push(format!("demanded by {}", i.profiles.join(", ")));
    }
    if let Some(e) = &i.element {
        lines.push(format!("element {e}"));
    }
    if let Some(c) = &i.constraint {
        lines.push(format!("constraint {c}"));
    }
    lines.extend(i.evidence.iter().map(|e| format!("{}: {}", e.about, e.says)));
    lines.extend(i.help.clone());
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// The OperationOutcome of a report; `source` is the file name, where there is one.
pub fn outcome<'r>(report: &'r Report, source: Option<&'r str>) -> Outcome<'r> {
    let tag = [Coding { system: VERDICT_SYSTEM, code: report.verdict.code() }];
    Outcome {
        resource_type: "OperationOutcome",
        meta: Meta { tag },
        issue: Issues { report, source, notes: Vec::new() },
    }
}

impl<'r> Outcome<'r> {
    /// The same, with what is said of the request behind the issues.
    pub fn with_note(mut self, note: Option<&'r Note>) -> Outcome<'r> {
        self.issue.notes.extend(note);
        self
    }
}

/// One input's line of NDJSON.
#[derive(Serialize)]
struct Line<'r> {
    source: &'r str,
    verdict: &'static str,
    outcome: Outcome<'r>,
}

/// Writes one line: where the instance came from, the verdict, the OperationOutcome; with `note` behind its issues.
///
/// # Errors
/// What `out` gives.
pub fn line(report: &Report, source: &str, note: Option<&Note>, out: &mut dyn Write) -> io::Result<()> {
    let outcome = outcome(report, None).with_note(note);
    let mut text = serde_json::to_vec(&Line { source, verdict: report.verdict.code(), outcome })?;
    text.push(b'\n');
    out.write_all(&text)
}

/// How a collection Bundle of outcomes begins, up to its entries. Each is an object with the source as `fullUrl`.
pub const COLLECTION_START: &str = "{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"collection\",\n  \"entry\": [";
