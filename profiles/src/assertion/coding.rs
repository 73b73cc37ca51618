//! A Coding by itself: its system, its code, its display (https://hl7.org/fhir/R4/datatypes.html#Coding).

use super::example::{Example, example};
use super::text::{Say, Told};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Scene, Weight, country_template};
use crate::model::Role;
use crate::plan::rows::Run;
use crate::plan::{CodeSystemContent, Image, PlanBinding};
use crate::terminology::{DisplayFit, check_display};

/// Judges a Coding: its system is an absolute uri, and what it says agrees with the code system. Its display is one of the
/// code's own names, or one that a value set gives which the Coding, or the concept around, is bound to.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let own = &at.plan.bindings;
    let concept = at.up.filter(|up| up.plan.role == Role::CodeableConcept).map_or(&[][..], |up| &up.plan.bindings);
    absolute(j, at, !own.is_empty() || !concept.is_empty());
    in_system(j, at.node, [own, concept]);
}

/// The system is absolute. In a concept to which no value set is bound it may be anything.
fn absolute<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, bound: bool) {
    let n = at.node;
    let Some(system) = n.child(NameId::SYSTEM).filter(|s| s.has_value()) else { return };
    let url = system.text();
    let in_concept = || at.up.map_or(n.name() == NameId::CODING, |up| up.plan.role == Role::CodeableConcept);
    if !is_relative(&url) || (!bound && in_concept()) {
        return;
    }
    j.error(RuleId::CODING_SYSTEM_ABSOLUTE, if bound { system } else { n }, &[], || Detail::Text(url.into_owned()));
}

/// Whether a uri is written without a scheme.
pub(super) fn is_relative(uri: &str) -> bool {
    !uri.is_empty() && !uri.contains(':')
}

/// Judges a system and what is said of its code; displays may be those of the value sets of these bindings.
pub(super) fn in_system<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, bindings: [&[PlanBinding]; 2]) {
    let Some(system) = n.child(NameId::SYSTEM).filter(|s| s.has_value()) else { return };
    let url = system.text();
    if !url.contains(':') {
        return;
    }
    let set = j.set;
    let Some((handle, row)) = j.code_system(&url) else {
        if j.is_value_set(&url) {
            j.error(RuleId::CODING_SYSTEM_VALUE_SET, system, &[], || Detail::Text(url.into_owned()));
        }
        return;
    };
    let Some(code) = n.child(NameId::CODE).filter(|c| c.has_value()) else { return };
    if row.content() == CodeSystemContent::Supplement {
        j.error(RuleId::CODING_SYSTEM_SUPPLEMENT, system, &[], || Detail::Text(url.into_owned()));
        return;
    }
    let image = set.layer(handle.layer);
    let text = code.text();
    if let Some(concept) = image.concepts_of(row.slots, text.as_bytes()).next() {
        let names = Names { image, display: image.str(concept.display), others: concept.designations };
        displayed(j, n, &url, names, bindings);
        return;
    }
    let of_country = || country_template(&text).is_some_and(|t| image.concepts_of(row.slots, t.as_bytes()).next().is_some());
    if row.content() == CodeSystemContent::Complete && row.count > 0 && !of_country() {
        let detail = || Detail::Code { canonical: url.into_owned(), found: text.to_string(), reason: String::new() };
        j.error(RuleId::CODE_UNKNOWN, code, &[], detail);
    }
}

/// What a code system calls a code.
struct Names<'e> {
    image: &'e Image,
    display: &'e str,
    others: Run,
}

/// The display is one of the code's names.
fn displayed<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, system: &str, names: Names<'_>, bindings: [&[PlanBinding]; 2]) {
    let weight = match j.policies.display {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    let Some(display) = n.child(NameId::DISPLAY).filter(|d| d.has_value()) else { return };
    let written = display.text();
    if written == names.display {
        return;
    }
    let known = std::iter::once(names.display).chain(names.image.list(names.others)).filter(|d| !d.is_empty());
    if matches!(check_display(&written, known), DisplayFit::Fits | DisplayFit::NoNames) || is_named_by(j, bindings, n, &written) {
        return;
    }
    let detail = || Detail::Code { canonical: system.to_owned(), found: written.into_owned(), reason: names.display.to_owned() };
    j.find(RuleId::DISPLAY, weight, display, &[], detail);
}

/// Whether a bound value set gives this display to the Coding's code.
fn is_named_by(scene: &Scene<'_, '_>, bindings: [&[PlanBinding]; 2], coding: Node<'_>, display: &str) -> bool {
    let (Some(system), Some(code)) = (coding.child_text(NameId::SYSTEM), coding.child_text(NameId::CODE)) else { return false };
    bindings.into_iter().flatten().filter_map(|b| b.value_set).any(|value_set| {
        let image = scene.set.layer(value_set.layer);
        let Some(row) = scene.set.value_set(value_set) else { return false };
        let concepts = image.concepts_of(row.slots, code.as_bytes()).filter(|c| image.str(c.system) == system);
        check_display(display, concepts.flat_map(|c| image.list(c.designations))) == DisplayFit::Fits
    })
}

/// The canonical, the code and the reason of a finding about a code.
pub(super) fn parts(t: Told<'_>) -> (&str, &str, &str) {
    match &t.finding.detail {
        Detail::Code { canonical, found, reason } => (canonical, found, reason),
        _ => ("", "", ""),
    }
}

pub const SAYS: &[(RuleId, Say)] = &[
    (RuleId::CODING_SYSTEM_ABSOLUTE, |t| format!("the system `{}` is not absolute", t.given()).into()),
    (RuleId::CODING_SYSTEM_VALUE_SET, |t| format!("`{}` is a value set, not a code system", t.given()).into()),
    (RuleId::CODING_SYSTEM_SUPPLEMENT, |t| format!("`{}` is a supplement of a code system, not a code system", t.given()).into()),
    (RuleId::CODE_UNKNOWN, |t| {
        let (system, code, _) = parts(t);
        format!("the code `{code}` is not in the code system `{system}`").into()
    }),
    (RuleId::DISPLAY, |t| {
        let (system, written, wanted) = parts(t);
        format!("`{written}` is no display of the code in `{system}`; wanted `{wanted}`").into()
    }),
];

/// A patient with one coding of a marital status.
macro_rules! married {
    ($coding:literal) => {
        concat!(r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"#, $coding, r#"}]}}"#)
    };
}
pub(super) use married;

const SUPPLEMENT: &str = r#"{"resourceType":"CodeSystem","id":"supplement","url":"http://firing.test/CodeSystem/supplement","status":"active","content":"supplement",
    "supplements":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M"}]}"#;
const WED: &str = r#"{"resourceType":"ValueSet","id":"wed","url":"http://firing.test/ValueSet/wed","status":"active",
    "compose":{"include":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M","display":"Wed"}]}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_ABSOLUTE, married!(r#""system":"§","code":"a""#), "a", "http://a.test"),
    example(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"Patient","meta":{"tag":[{"system":"§","code":"a"}]}}"#, "a", "http://a.test"),
    example(RuleId::CODING_SYSTEM_VALUE_SET, married!(r#""system":"§","code":"M""#), "http://hl7.org/fhir/ValueSet/marital-status", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    example(RuleId::CODING_SYSTEM_SUPPLEMENT, married!(r#""system":"§","code":"M""#), "http://firing.test/CodeSystem/supplement", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus")
        .with(&[SUPPLEMENT]),
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"§""#), "Q", "M"),
    example(RuleId::DISPLAY, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"§""#), "Divorced", "Married"),
    // A value set that the concept is bound to may give the code a display of its own.
    example(RuleId::DISPLAY, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"§""#), "Divorced", "Wed")
        .profile(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://firing.test/ValueSet/wed"}}"#).with(&[WED]),
];
