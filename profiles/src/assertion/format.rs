//! The text of a primitive: how JSON writes it, and the format of its type
//! (<https://hl7.org/fhir/R4/datatypes.html#primitive>).

use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext, shown, written};
use crate::instance::Kind;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};
use crate::model::{JsonLexeme, Primitive, PrimitiveFault};
use crate::release::release;

/// Judges the value of a primitive: its lexeme, else its text.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    let n = at.node;
    if !j.tape.is_xml() && !lexeme_fits(n.kind(), p) {
        j.error(RuleId::PRIMITIVE_LEXEME, n, &at.plan.handles, || Detail::Text(p.name().to_owned()));
        return;
    }
    // The markup of a narrative has a rule of its own.
    if p == Primitive::Xhtml && !n.raw_bytes().is_empty() {
        return;
    }
    let version = j.set.fhir_version();
    let checked = if n.is_escaped() { p.check_in(&n.text(), version) } else { p.check_in(n.raw(), version) };
    if let Err(fault) = checked {
        report(j, at, p, fault);
    }
}

/// Whether a value is written as the JSON type that its primitive maps to.
#[inline]
fn lexeme_fits(kind: Kind, p: Primitive) -> bool {
    match p.json_lexeme() {
        JsonLexeme::String => kind == Kind::String,
        JsonLexeme::Number => kind == Kind::Number,
        JsonLexeme::Boolean => matches!(kind, Kind::True | Kind::False),
    }
}

#[cold]
fn report<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive, fault: PrimitiveFault) {
    let rule = match fault {
        PrimitiveFault::Empty => RuleId::PRIMITIVE_EMPTY,
        PrimitiveFault::Range | PrimitiveFault::TooLong | PrimitiveFault::Precision => RuleId::PRIMITIVE_RANGE,
        PrimitiveFault::Whitespace
        | PrimitiveFault::OnlyWhitespace
        | PrimitiveFault::EdgeWhitespace
        | PrimitiveFault::Base64Whitespace => RuleId::PRIMITIVE_WHITESPACE,
        PrimitiveFault::ImplausibleYear => RuleId::PRIMITIVE_YEAR,
        _ if p == Primitive::Id => RuleId::ID_FORMAT,
        _ => RuleId::PRIMITIVE_FORMAT,
    };
    let facts = release(j.set.fhir_version());
    let weight = match (fault, j.policies.control_characters) {
        // In text a policy decides; anywhere else they are errors.
        (PrimitiveFault::ControlCharacter, Level::Allow) if is_text(p) => return,
        (PrimitiveFault::ControlCharacter, Level::Warn) if is_text(p) => Weight::Warning,
        (PrimitiveFault::ControlCharacter, _) if is_text(p) && !facts.no_control_characters => Weight::Warning,
        _ if fault.is_error(j.set.fhir_version()) => Weight::Error,
        _ => Weight::Warning,
    };
    let detail = || match fault {
        PrimitiveFault::ControlCharacter => Detail::Fault { kind: fault as u8, found: p.name().to_owned() },
        _ => Detail::Text(p.name().to_owned()),
    };
    j.find(rule, weight, at.node, &at.plan.handles, detail);
}

/// Whether a primitive is text for people, or a code.
fn is_text(p: Primitive) -> bool {
    matches!(p, Primitive::String | Primitive::Markdown | Primitive::Code)
}

fn not_valid(t: MessageContext<'_>) -> Message {
    if let Detail::Fault { found, .. } = &t.finding.detail {
        return format!("{} contains a control character, which type {found} does not allow", shown(t.node)).into();
    }
    format!("{} is not a valid {}", shown(t.node), t.given()).into()
}

fn white_space(t: MessageContext<'_>) -> Message {
    format!("{} contains whitespace, which type {} does not allow here", shown(t.node), t.given()).into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::PRIMITIVE_LEXEME, |t| format!("{} has the wrong JSON type for {}", written(t.node), t.given()).into()),
    (RuleId::PRIMITIVE_EMPTY, |t| format!("the {} is empty", t.given()).into()),
    (RuleId::PRIMITIVE_FORMAT, not_valid),
    (RuleId::PRIMITIVE_WHITESPACE, white_space),
    (RuleId::PRIMITIVE_RANGE, |t| format!("{} is out of range for type {}", shown(t.node), t.given()).into()),
    (RuleId::PRIMITIVE_YEAR, |t| format!("the year of {} is not plausible", shown(t.node)).into()),
    (RuleId::ID_FORMAT, not_valid),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::PRIMITIVE_LEXEME, r#"{"resourceType":"Patient","active":§}"#, r#""true""#, "true"),
    example(RuleId::PRIMITIVE_EMPTY, r#"{"resourceType":"Patient","birthDate":"§"}"#, "", "2020"),
    example(RuleId::PRIMITIVE_FORMAT, r#"{"resourceType":"Patient","birthDate":"§"}"#, "2020-13", "2020-12"),
    example(RuleId::PRIMITIVE_FORMAT, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, r"\u0001", r"\t"),
    example(RuleId::PRIMITIVE_FORMAT, r#"{"resourceType":"Patient","photo":[{"contentType":"image/png","data":"§"}]}"#,
        "YWJ", "YWJj"),
    example(RuleId::PRIMITIVE_WHITESPACE, r#"{"resourceType":"Patient","implicitRules":"http://a.test/§"}"#, "a b",
        "a%20b"),
    example(RuleId::PRIMITIVE_RANGE, r#"{"resourceType":"Patient","multipleBirthInteger":§}"#, "2147483648",
        "2147483647"),
    example(RuleId::PRIMITIVE_YEAR, r#"{"resourceType":"Patient","birthDate":"§"}"#, "0200", "2000"),
    example(RuleId::ID_FORMAT, r#"{"resourceType":"Patient","id":"§"}"#, "a_b", "a-b"),
];
