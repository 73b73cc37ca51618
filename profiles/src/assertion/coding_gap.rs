//! What keeps a Coding from being checked: a part that is missing, and systems that are not loaded, or not as a whole
//! (<https://hl7.org/fhir/R4/datatypes.html#Coding>).

use super::display::{married, parts};
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::plan::rows::CodeSystemRow;

/// A code has a system, and a system a code.
pub(super) fn whole<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, parts: (Option<Node<'t>>, Option<Node<'t>>)) {
    let kind = match parts {
        (None, Some(code)) if code.has_value() => NO_SYSTEM,
        (Some(system), None) if system.has_value() => NO_CODE,
        _ => return,
    };
    let found = || n.child_text(if kind == NO_SYSTEM { NameId::CODE } else { NameId::SYSTEM }).unwrap_or_default();
    j.find(RuleId::CODING_INCOMPLETE, Weight::Warning, n, &[], || Detail::Fault { kind, found: found().into_owned() });
}

const NO_SYSTEM: u8 = 0;
const NO_CODE: u8 = 1;

/// A code of a system that nothing here defines.
pub(super) fn not_loaded<'t>(j: &mut Judge<'_, 't>, (system, code): (Node<'t>, Node<'t>), kinds: &[Box<str>]) {
    // A NamingSystem may name a code system, a Questionnaire brings codes of its own.
    match kinds.iter().find(|k| !matches!(k.as_ref(), "NamingSystem" | "Questionnaire")) {
        Some(kind) => j.find(RuleId::CODING_SYSTEM_KIND, Weight::Warning, system, &[], || Detail::Code {
            canonical: system.text().into_owned(),
            found: kind.to_string(),
            reason: String::new(),
        }),
        None => {
            j.find(RuleId::CODE_SYSTEM_UNKNOWN, Weight::Note, system, &[], || not_here(&system.text(), &code.text()))
        }
    }
}

fn not_here(url: &str, code: &str) -> Detail {
    Detail::Code { canonical: url.to_owned(), found: code.to_owned(), reason: String::new() }
}

/// A code that those of its system which are loaded do not decide.
pub(super) fn undecided<'t>(j: &mut Judge<'_, 't>, (system, code): (Node<'t>, Node<'t>), row: &CodeSystemRow) {
    let detail = || not_here(&system.text(), &code.text());
    match row.count {
        0 => j.find(RuleId::CODE_SYSTEM_UNKNOWN, Weight::Note, system, &[], detail),
        _ => j.find(RuleId::CODE_UNDECIDED, Weight::Note, code, &[], detail),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CODING_INCOMPLETE, |t| match &t.finding.detail {
        Detail::Fault { kind: NO_SYSTEM, found } => {
            format!("code `{found}` has no system, so it is not known what it means").into()
        }
        Detail::Fault { found, .. } => format!("there is no code beside system `{found}`").into(),
        _ => "".into(),
    }),
    (RuleId::CODING_SYSTEM_KIND, |t| {
        let (url, kind, _) = parts(t);
        format!("`{url}` is the url of a {kind}, not of a code system").into()
    }),
    (RuleId::CODE_SYSTEM_UNKNOWN, |t| {
        let (system, code, _) = parts(t);
        format!("code system `{system}` is not loaded, so code `{code}` was not checked").into()
    }),
    (RuleId::CODE_UNDECIDED, |t| {
        let (system, code, _) = parts(t);
        format!("cannot determine whether code `{code}` is in code system `{system}`: only a part of it is loaded")
            .into()
    }),
];

const PART: &str = r#"{"resourceType":"CodeSystem","id":"part","url":"http://firing.test/part","status":"active",
    "content":"fragment","concept":[{"code":"a"}]}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_KIND, married!(r#""system":"http://§","code":"M""#),
        "hl7.org/fhir/StructureDefinition/Patient", "terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    example(RuleId::CODING_INCOMPLETE, married!(r#"§"code":"M""#), "",
        r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","#),
    example(RuleId::CODING_INCOMPLETE,
        married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"§"#), "", r#","code":"M""#),
    example(RuleId::CODE_SYSTEM_UNKNOWN, married!(r#""system":"http://firing.test/§","code":"a""#), "absent",
        "part").with(&[PART]),
    example(RuleId::CODE_UNDECIDED, married!(r#""system":"http://firing.test/part","code":"§""#), "b", "a")
        .with(&[PART]),
];
