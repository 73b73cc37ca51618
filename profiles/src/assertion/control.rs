//! What extensions of an element's definition demand of its value: a pattern of its text
//! (<https://hl7.org/fhir/extensions/StructureDefinition-regex.html>), the places behind the point
//! (<https://hl7.org/fhir/extensions/StructureDefinition-maxDecimalPlaces.html>), the bytes of its data
//! (<https://hl7.org/fhir/extensions/StructureDefinition-maxSize.html>).
//!
//! From the plan: the controls of [`PlanBounds`].

use super::example::{Example, example};
use super::text::Describe;
use crate::decimal;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Pattern, Place, Weight};
use crate::model::{Primitive, Role};
use crate::plan::PlanBounds;

/// Judges a node by what extensions of one element demand.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, b: &PlanBounds) {
    let (n, set) = (at.node, j.set);
    for control in set.layer(b.element.layer).list(b.controls) {
        let Some((name, wanted)) = control.split_once(' ') else { continue };
        let (rule, fits) = match name {
            "regex" if n.has_value() => (
                RuleId::PATTERN_TEXT,
                match &*j.pattern(wanted) {
                    Pattern::Compiled(whole) => Some(whole.is_match(&n.text())),
                    Pattern::TooLarge => {
                        j.limit(RuleId::LIMIT_REGEX, n);
                        Some(true)
                    }
                    Pattern::Unreadable => None,
                },
            ),
            "maxDecimalPlaces" if at.plan.primitive == Some(Primitive::Decimal) && n.has_value() => {
                (RuleId::DECIMAL_PLACES, wanted.parse().ok().map(|most: usize| decimal::places(&n.text()) <= most))
            }
            "maxSize" => {
                let most = wanted.split('.').next().and_then(|w| w.parse::<usize>().ok());
                let fits = match size(at, n) {
                    Size::Bytes(size) => most.map(|most| size <= most),
                    Size::Nothing => Some(true),
                    Size::Elsewhere => None,
                };
                (RuleId::DATA_SIZE, fits)
            }
            _ => continue,
        };
        match fits {
            Some(true) => {}
            Some(false) => j.error(rule, n, &[b.element], || Detail::Text(wanted.to_owned())),
            None => j.question(rule, n, &[b.element], || Detail::Text(wanted.to_owned())),
        }
    }
}

/// How large data is.
enum Size {
    Bytes(usize),
    /// There is none.
    Nothing,
    /// It is at a url, which does not tell.
    Elsewhere,
}

/// The size of the data of a node: that of its base64 text, or that which an Attachment states of data at its url.
fn size(at: &Place<'_, '_>, n: Node<'_>) -> Size {
    let member = |name: &str| n.children().find(|c| c.name_text() == name && c.has_value());
    let data = match at.plan.role {
        Role::Attachment => member("data"),
        _ if at.plan.primitive == Some(Primitive::Base64Binary) => Some(n).filter(|n| n.has_value()),
        _ => return Size::Nothing,
    };
    if let Some(data) = data {
        let digits = data.text().bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count();
        return Size::Bytes(digits * 3 / 4);
    }
    let stated = member("size").and_then(|s| s.text().parse().ok());
    match stated {
        Some(stated) => Size::Bytes(stated),
        None if member("url").is_some() => Size::Elsewhere,
        None => Size::Nothing,
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::PATTERN_TEXT, |t| match t.finding.weight {
        Weight::Question => format!("cannot determine whether the value matches the pattern `{}`", t.given()).into(),
        _ => format!("the value does not match the pattern `{}`", t.given()).into(),
    }),
    (RuleId::DECIMAL_PLACES, |t| format!("the value has more than {} decimal places", t.given()).into()),
    (RuleId::DATA_SIZE, |t| match t.finding.weight {
        Weight::Question => format!("cannot determine whether the data has more than {} bytes", t.given()).into(),
        _ => format!("the data has more than {} bytes", t.given()).into(),
    }),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::PATTERN_TEXT, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, "a1", "11")
        .profile(r#"{"id":"Patient.name.text","path":"Patient.name.text",
            "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/regex","valueString":"[0-9]+"}]}"#),
    example(RuleId::DECIMAL_PLACES, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "valueQuantity":{"value":§}}"#, "1.125", "1.1")
        .profile(r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}]},
            {"id":"Observation.value[x].value","path":"Observation.value[x].value","extension":[{
            "url":"http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces","valueInteger":2}]}"#),
    example(RuleId::DATA_SIZE, r#"{"resourceType":"Patient","photo":[{"contentType":"text/plain","data":"§"}]}"#,
        "QUJDRA==", "QUJD")
        .profile(r#"{"id":"Patient.photo","path":"Patient.photo","extension":[{
            "url":"http://hl7.org/fhir/StructureDefinition/maxSize","valueDecimal":3}]}"#),
];
