//! The display of a Coding is one of its code's names
//! (<https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.display>).

use super::example::{Example, example};
use super::text::{Describe, MessageContext};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Scene, Weight};
use crate::plan::concepts::Texts;
use crate::plan::{Image, PlanBinding};
use crate::terminology::{DisplayFit, check_display};

/// The names of a code in its code system.
pub(super) struct Names<'e> {
    pub image: &'e Image,
    pub display: &'e str,
    pub others: Texts,
}

/// The display is one of the code's names.
pub(super) fn displayed<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    system: &str,
    names: Names<'_>,
    bindings: [&[PlanBinding]; 2],
) {
    if j.policies.display == Level::Allow {
        return;
    }
    let Some(display) = n.child(NameId::DISPLAY).filter(|d| d.has_value()) else { return };
    let written = display.text();
    if written == names.display {
        return;
    }
    let known = std::iter::once(names.display).chain(names.image.texts(names.others)).filter(|d| !d.is_empty());
    if !matches!(check_display(&written, known), DisplayFit::Fits | DisplayFit::NoNames) {
        misnamed(j, n, system, names.display, bindings);
    }
}

/// Reports a display that is none of the code's names, unless a bound value set has it; `wanted` is what to write.
pub(super) fn misnamed<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    system: &str,
    wanted: &str,
    bindings: [&[PlanBinding]; 2],
) {
    let weight = match j.policies.display {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    let Some(display) = n.child(NameId::DISPLAY).filter(|d| d.has_value()) else { return };
    let written = display.text();
    if is_named_by(j, bindings, n, &written) {
        return;
    }
    let detail =
        || Detail::Code { canonical: system.to_owned(), found: written.into_owned(), reason: wanted.to_owned() };
    j.find(RuleId::DISPLAY, weight, display, &[], detail);
}

/// Whether a bound value set gives this display to the Coding's code.
fn is_named_by(scene: &Scene<'_, '_>, bindings: [&[PlanBinding]; 2], coding: Node<'_>, display: &str) -> bool {
    let (Some(system), Some(code)) = (coding.child_text(NameId::SYSTEM), coding.child_text(NameId::CODE)) else {
        return false;
    };
    bindings.into_iter().flatten().filter_map(|b| b.value_set).any(|value_set| {
        let image = scene.set.layer(value_set.layer);
        let Some(row) = scene.set.value_set(value_set) else { return false };
        let concepts = image.concepts_of(row.slots, code.as_bytes()).filter(|c| image.str(c.system) == system);
        check_display(display, concepts.flat_map(|c| image.texts(c.designations))) == DisplayFit::Fits
    })
}

/// The canonical, the code and the reason of a finding about a code.
pub(super) fn parts(t: MessageContext<'_>) -> (&str, &str, &str) {
    match &t.finding.detail {
        Detail::Code { canonical, found, reason } => (canonical, found, reason),
        _ => ("", "", ""),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::DISPLAY, |t| {
    let (system, written, wanted) = parts(t);
    let expected = if wanted.is_empty() { String::new() } else { format!("; expected `{wanted}`") };
    format!("`{written}` is not a display for this code in `{system}`{expected}").into()
})];

/// A patient with one coding of a marital status.
macro_rules! married {
    ($coding:literal) => {
        concat!(r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"#, $coding, r#"}]}}"#)
    };
}
pub(super) use married;

const WED: &str = r#"{"resourceType":"ValueSet","id":"wed","url":"http://firing.test/ValueSet/wed","status":"active",
    "compose":{"include":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M",
        "display":"Wed"}]}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::DISPLAY, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M",
        "display":"§""#), "Divorced", "Married"),
    // A value set that the concept is bound to may define another display for the code.
    example(RuleId::DISPLAY, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M",
        "display":"§""#), "Divorced", "Wed")
        .profile(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required",
            "valueSet":"http://firing.test/ValueSet/wed"}}"#).with(&[WED]),
];
