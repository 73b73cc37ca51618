//! What an answer of `$validate-code` says
//! (<https://hl7.org/fhir/R4/valueset-operation-validate-code.html>,
//! <https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig/ecosystem.html>).

use fhir_accord_profiles::evaluate::{Answer, AskedCode, Question, Told};
use serde_json::Value;

use super::exchange::Answered;

/// Where servers say what kind of fault an issue is about.
const ISSUE_TYPES: &str = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type";
/// Bound on the characters of a server's own text that are passed on.
const TEXT: usize = 200;

/// An answer as it is understood.
pub(super) enum Reading {
    /// It is one.
    Answer(Answer),
    /// A no that does not say why: the display may be wrong, or the code system unknown. The code's display, where it
    /// names one.
    BareNo(Option<String>),
    /// The server refuses or does not know what was asked for: another form of the question may do.
    Refused(String),
    /// It is none, and why.
    Open(String),
}

/// Reads the answer to a question about a code.
pub(super) fn read(answered: &Answered, question: &Question, with_display: bool) -> Reading {
    let Answered { status, body } = answered;
    let kind = body.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    if status.is_server_error() || status.as_u16() == 429 {
        return Reading::Open(format!("it answers {status}{}", outcome_text(body)));
    }
    if !status.is_success() {
        return match (question, has_issue(body, "not-found")) {
            (Question::Member { .. }, true) => Reading::Answer(plain(Told::UnknownValueSet)),
            _ => Reading::Refused(format!("it answers {status}{}", outcome_text(body))),
        };
    }
    match (kind, question) {
        ("Parameters", Question::Member { code, .. }) => parameters(body, code, true, with_display),
        ("Parameters", Question::Code(code)) => parameters(body, code, false, with_display),
        ("OperationOutcome", _) => {
            Reading::Open(format!("it answers {status} with an OperationOutcome{}", outcome_text(body)))
        }
        ("", _) => Reading::Open(format!("it answers {status} with what is no resource, expected Parameters")),
        _ => Reading::Open(format!("it answers {status} with a resource of another type, expected Parameters")),
    }
}

/// Whether an answer is what the operation gives, whatever it says.
pub(super) fn is_sound(answered: &Answered) -> bool {
    let kind = answered.body.get("resourceType").and_then(Value::as_str);
    !answered.status.is_success() || matches!(kind, Some("Parameters"))
}

fn plain(told: Told) -> Answer {
    Answer { told, in_system: None, display: None, inactive: false, names: Vec::new() }
}

/// A parameter's value, by the name of the value's member.
pub(super) fn value<'v>(body: &'v Value, name: &str, of: &str) -> Option<&'v Value> {
    all(body, name).next()?.get(of)
}

pub(super) fn all<'v>(body: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    let parameters = body.get("parameter").and_then(Value::as_array).into_iter().flatten();
    parameters.filter(move |p| p.get("name").and_then(Value::as_str) == Some(name))
}

fn parameters(body: &Value, code: &AskedCode, in_value_set: bool, with_display: bool) -> Reading {
    let Some(is_so) = value(body, "result", "valueBoolean").and_then(Value::as_bool) else {
        return Reading::Open("its answer has no boolean `result`".to_owned());
    };
    let has_display = with_display && code.display.is_some();
    let name = value(body, "display", "valueString").and_then(Value::as_str).map(str::to_owned);
    let issues = issues(body);
    let says = |kind: &str| issues.iter().any(|i| i.kind == kind && i.is_fault);
    let is_misnamed = has_display && (says("invalid-display") || doubts(&issues));
    let inactive = value(body, "inactive", "valueBoolean").and_then(Value::as_bool) == Some(true);
    let names = || name.clone().into_iter().filter(|_| is_misnamed).collect();
    let unknown_system = all(body, "x-caused-by-unknown-system").next().is_some();
    let knows_system = !unknown_system && all(body, "x-unknown-system").next().is_none();
    if is_so {
        let in_system = knows_system.then_some(true);
        let display = (has_display && knows_system).then_some(!is_misnamed);
        return Reading::Answer(Answer { told: Told::Yes, in_system, display, inactive, names: names() });
    }
    let no = |told, in_system| {
        let display = is_misnamed.then_some(false);
        Reading::Answer(Answer { told, in_system, display, inactive, names: names() })
    };
    let exists = match () {
        () if says("invalid-code") => Some(false),
        () if is_misnamed => Some(true),
        () => None,
    };
    match () {
        () if unknown_system => no(Told::UnknownSystem, None),
        () if says("not-in-vs") => no(Told::No, if knows_system { exists } else { None }),
        () if says("not-found") && in_value_set && knows_system => no(Told::UnknownValueSet, None),
        () if says("not-found") || !knows_system => no(Told::UnknownSystem, None),
        () if says("invalid-code") => no(Told::No, Some(false)),
        () if is_misnamed => no(Told::Yes, Some(true)),
        () if in_value_set && says("cannot-infer") => no(Told::No, None),
        // The server complains about something else: what is not about the code or its display decides neither.
        () if issues.iter().any(|i| i.is_fault) => no(Told::UnknownSystem, None),
        () if in_value_set && !has_display => no(Told::No, None),
        () => Reading::BareNo(name),
    }
}

/// The answer to a question that was answered with a bare no, from the answer to the same without a display.
pub(super) fn without_display(name: Option<String>, again: Reading) -> Reading {
    match again {
        Reading::Answer(answer) if answer.told == Told::Yes => Reading::Answer(Answer {
            display: answer.in_system.and(Some(false)),
            names: name.into_iter().collect(),
            ..answer
        }),
        other => other,
    }
}

/// The answer to a question that was answered with nothing but a bare no: it decides where the server has the code
/// system.
pub(super) fn bare_no(knows_system: bool) -> Answer {
    if knows_system { Answer { in_system: Some(false), ..plain(Told::No) } } else { plain(Told::UnknownSystem) }
}

/// Whether the answer to a search for a code system has one.
pub(super) fn has_entries(answered: &Answered) -> bool {
    let is_bundle = answered.body.get("resourceType").and_then(Value::as_str) == Some("Bundle");
    let total = answered.body.get("total").and_then(Value::as_u64).unwrap_or(0);
    let entries = answered.body.get("entry").and_then(Value::as_array).map_or(0, Vec::len);
    answered.status.is_success() && is_bundle && (total > 0 || entries > 0)
}

/// What an issue is about, by its coding.
pub(super) struct Issue<'v> {
    pub kind: &'v str,
    /// Whether it is an error.
    pub is_fault: bool,
    is_warning: bool,
    /// Which coding of a concept it is about.
    pub coding: Option<usize>,
}

/// The place of the coding that an issue is about: `CodeableConcept.coding[1].code`.
fn coding_of(issue: &Value) -> Option<usize> {
    let places = ["expression", "location"].into_iter().filter_map(|name| issue.get(name)?.as_array());
    let mut texts = places.flatten().filter_map(Value::as_str);
    texts.find_map(|text| text.split_once("coding[")?.1.split_once(']')?.0.parse().ok())
}

/// Whether a display is doubted only: the server was lenient.
fn doubts(issues: &[Issue<'_>]) -> bool {
    issues.iter().any(|i| i.kind == "invalid-display" && i.is_warning)
}

pub(super) fn issues(body: &Value) -> Vec<Issue<'_>> {
    let outcome = all(body, "issues").next().and_then(|p| p.get("resource"));
    outcome.map(of_outcome).unwrap_or_default()
}

fn of_outcome(outcome: &Value) -> Vec<Issue<'_>> {
    let issues = outcome.get("issue").and_then(Value::as_array).into_iter().flatten();
    let each = issues.flat_map(|issue| {
        let severity = issue.get("severity").and_then(Value::as_str).unwrap_or_default();
        let codings = issue.pointer("/details/coding").and_then(Value::as_array).into_iter().flatten();
        let own = codings.filter(|c| c.get("system").and_then(Value::as_str) == Some(ISSUE_TYPES));
        own.filter_map(move |c| {
            Some(Issue {
                kind: c.get("code")?.as_str()?,
                is_fault: matches!(severity, "error" | "fatal"),
                is_warning: severity == "warning",
                coding: coding_of(issue),
            })
        })
    });
    each.collect()
}

fn has_issue(outcome: &Value, kind: &str) -> bool {
    of_outcome(outcome).iter().any(|i| i.kind == kind)
}

/// The first text of an OperationOutcome, for a sentence; empty where there is none.
fn outcome_text(outcome: &Value) -> String {
    let issue = outcome.pointer("/issue/0");
    let text = issue.and_then(|i| i.pointer("/details/text").or(i.get("diagnostics"))).and_then(Value::as_str);
    let text: String = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(TEXT) {
        _ if text.is_empty() => String::new(),
        Some((end, _)) => format!(": {}…", text.get(..end).unwrap_or_default()),
        None => format!(": {text}"),
    }
}
