//! A single Coding: its system, its code, its display (<https://hl7.org/fhir/R4/datatypes.html#Coding>).

use std::borrow::Cow;

use super::address;
use super::code_status::{old_code, old_system, own_code};
use super::coding_gap::{not_loaded, undecided, whole};
use super::display::{Names, displayed, married, misnamed, parts};
use super::example::{Example, example};
use super::held::{HeldFit, held_fit};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Scene, ToldOfCode, Truth, Weight};
use crate::model::{Role, is_absolute_uri};
use crate::plan::marks::{CONCEPT_ANY_CASE, CONCEPT_INACTIVE, CONCEPT_OLD, STATUS_OLD};
use crate::plan::rows::CodeSystemRow;
use crate::plan::{CodeSystemContent, Handle, PlanBinding, is_version};
use crate::release::release;
use crate::terminology::Grammar;

/// Judges a Coding: its system is an absolute uri, and what it says agrees with the code system. Its display is one of
/// the code's own names, or one from a value set that the Coding, or the concept that contains it, is bound to.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let own = &at.plan.bindings;
    let concept = at.up.filter(|up| up.plan.role == Role::CodeableConcept).map(|up| {
        // What a CodeableReference is bound to is about its concept.
        up.up.filter(|around| around.plan.role == Role::CodeableReference).unwrap_or(up)
    });
    let concept = concept.map_or(&[][..], |bound| &bound.plan.bindings);
    let (system, code) = (at.node.child(NameId::SYSTEM), at.node.child(NameId::CODE));
    whole(j, at.node, (system, code));
    let Some(system) = system.filter(|n| n.has_value()) else { return };
    let url = system.text();
    if !is_absolute_uri(&url) {
        absolute(j, at, (system, url), !own.is_empty() || !concept.is_empty());
        return;
    }
    in_system(j, at.node, (system, &url, code.filter(|n| n.has_value())), [own, concept]);
}

/// A system that is not absolute. In a concept to which no value set is bound it may be anything.
fn absolute<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, (system, url): (Node<'t>, Cow<'t, str>), bound: bool) {
    let n = at.node;
    let in_concept = || at.up.map_or(n.name() == NameId::CODING, |up| up.plan.role == Role::CodeableConcept);
    if url.is_empty() || (!bound && in_concept()) {
        return;
    }
    j.error(RuleId::CODING_SYSTEM_ABSOLUTE, if bound { system } else { n }, &[], || Detail::Text(url.into_owned()));
}

/// Whether there is a uri and it is not absolute.
pub(super) fn is_relative(uri: &str) -> bool {
    !uri.is_empty() && !is_absolute_uri(uri)
}

/// Reports a system that is the url of a value set.
fn value_set_for_system<'t>(j: &mut Judge<'_, 't>, system: Node<'t>, url: &str) {
    let is_doubtful = release(j.set.fhir_version()).code_systems_in_value_sets;
    let weight = if is_doubtful { Weight::Warning } else { Weight::Error };
    j.find(RuleId::CODING_SYSTEM_VALUE_SET, weight, system, &[], || {
        Detail::Text(format!("`{url}` is a value set, not a code system"))
    });
}

/// Judges the system of a node, an absolute uri, and the code in it; displays may be those of the value sets of these
/// bindings.
pub(super) fn in_system<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    (system, url, code): (Node<'t>, &str, Option<Node<'t>>),
    bindings: [&[PlanBinding]; 2],
) {
    let found = j.code_system(url);
    let kinds = if found.is_none() { Some(j.kinds(url)) } else { None };
    if kinds.as_ref().is_some_and(|k| k.iter().any(|k| k.as_ref() == "ValueSet")) {
        value_set_for_system(j, system, url);
        return;
    }
    let is_misspelt = kinds.as_ref().is_some_and(|k| k.is_empty()) && address::system(j, system, url);
    let Some(code) = code else { return };
    if found.is_some_and(|(_, row)| row.content() == CodeSystemContent::Supplement) {
        j.error(RuleId::CODING_SYSTEM_SUPPLEMENT, system, &[], || Detail::Text(url.to_owned()));
        return;
    }
    if by_held(j, n, code, bindings) {
        return;
    }
    let text = code.text();
    // A system without all its concepts may have a grammar.
    if !found.is_some_and(|(_, row)| row.is_complete())
        && let Some(grammar) = Grammar::of_system(url)
    {
        if !grammar.holds(&text) {
            unknown(j, code, url, None);
        } else if grammar.has_names() && n.child(NameId::DISPLAY).is_some() {
            named_elsewhere(j, n, url, bindings);
        }
        return;
    }
    let Some(latest) = found else {
        if !asked(j, n, code, bindings) && !is_misspelt {
            not_loaded(j, (system, code), kinds.as_deref().unwrap_or_default());
        }
        return;
    };
    let named = n.child(NameId::VERSION).filter(|v| v.has_value()).map(|v| (v, v.text()));
    let named = named.filter(|(_, v)| !is_version(j.set.str(latest.0.layer, latest.1.version), v));
    let (system, named) = match named {
        None => (latest, None),
        Some((node, version)) => match j.code_system_version(url, &version) {
            Some(system) => (system, Some(version)),
            None => {
                if !asked(j, n, code, bindings) {
                    other_version(j, (system, code), (node, &version), latest.1);
                }
                return;
            }
        },
    };
    in_version(j, n, code, system, named.as_deref(), bindings);
}

/// A code of a version of its system of which only another is loaded.
fn other_version<'t>(
    j: &mut Judge<'_, 't>,
    (system, code): (Node<'t>, Node<'t>),
    (node, version): (Node<'t>, &str),
    latest: &CodeSystemRow,
) {
    if !latest.is_complete() {
        undecided(j, (system, code), latest);
        return;
    }
    j.question(RuleId::CODE_SYSTEM_VERSION, node, &[], || Detail::Code {
        canonical: format!("{}|{version}", system.text()),
        found: code.text().into_owned(),
        reason: String::new(),
    });
}

/// Judges a code in a version of its system that is loaded; `named` is what the Coding calls another than the newest.
fn in_version<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    code: Node<'t>,
    system: (Handle, &CodeSystemRow),
    named: Option<&str>,
    bindings: [&[PlanBinding]; 2],
) {
    let Some(named_system) = n.child(NameId::SYSTEM) else { return };
    let (url, text) = (named_system.text(), code.text());
    let set = j.set;
    let image = set.layer(system.0.layer);
    if system.1.status & STATUS_OLD != 0 {
        old_system(j, named_system, system.1.status);
    }
    if let Some(concept) = image.concepts_of(system.1.slots, text.as_bytes()).next() {
        if concept.flags & (CONCEPT_OLD | CONCEPT_ANY_CASE) != 0 {
            own_code(j, code, &url, (image, system.1.slots), &concept);
        }
        let names = Names { image, display: image.str(concept.display), others: concept.designations };
        displayed(j, n, &url, names, bindings);
        return;
    }
    if named.is_none() && is_pinned(j, &url, &text, bindings) {
        return;
    }
    match j.has_code(system, &text) {
        Truth::False => unknown(j, code, &url, named),
        Truth::Unknown => {
            if !asked(j, n, code, bindings) {
                undecided(j, (named_system, code), system.1);
            }
        }
        Truth::True => {}
    }
}

/// Judges a code that the loaded packages do not decide by what others told. Returns whether they did.
fn asked<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, code: Node<'t>, bindings: [&[PlanBinding]; 2]) -> bool {
    let answer = match j.told_of_code(n, bindings) {
        ToldOfCode::Nothing => return false,
        ToldOfCode::Open => {
            j.unanswered(n.index());
            return false;
        }
        ToldOfCode::Told(answer) => answer,
    };
    let Some(system) = n.child_text(NameId::SYSTEM) else { return false };
    if answer.inactive {
        old_code(j, code, &system, CONCEPT_INACTIVE);
    }
    match answer.in_system.or(answer.truth()) {
        Some(false) => unknown(j, code, &system, n.child_text(NameId::VERSION).as_deref()),
        Some(true) if answer.display == Some(false) => {
            misnamed(j, n, &system, &answer.names.join("` or `"), bindings);
        }
        Some(true) => {}
        None => return false,
    }
    true
}

/// Judges the display of a code that exists, where nothing that is loaded has its names, by what others told.
fn named_elsewhere<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, url: &str, bindings: [&[PlanBinding]; 2]) {
    match j.told_of_code(n, bindings) {
        ToldOfCode::Told(answer) if answer.display == Some(false) => {
            misnamed(j, n, url, &answer.names.join("` or `"), bindings);
        }
        ToldOfCode::Open if j.policies.display == Level::Error => j.unanswered(n.index()),
        _ => {}
    }
}

/// Judges a Coding by a code system that is held beside the packages. Returns whether that decided it.
fn by_held<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, code: Node<'t>, bindings: [&[PlanBinding]; 2]) -> bool {
    let (fit, is_inactive) = held_fit(j, n, &code.text());
    if fit == HeldFit::Open {
        return false;
    }
    let Some(url) = n.child_text(NameId::SYSTEM) else { return false };
    if is_inactive {
        old_code(j, code, &url, CONCEPT_INACTIVE);
    }
    let version = n.child(NameId::VERSION).filter(|v| v.has_value());
    match (fit, version) {
        (HeldFit::Absent, _) => unknown(j, code, &url, version.map(|v| v.text()).as_deref()),
        (HeldFit::OtherVersion, Some(version)) => {
            j.question(RuleId::CODE_SYSTEM_VERSION, version, &[], || Detail::Code {
                canonical: format!("{url}|{}", version.text()),
                found: code.text().into_owned(),
                reason: String::new(),
            })
        }
        (HeldFit::Misnamed { preferred }, _) => misnamed(j, n, &url, &preferred, bindings),
        _ => {}
    }
    true
}

/// A code that its code system does not have, in this version if one is named.
#[cold]
fn unknown<'t>(j: &mut Judge<'_, 't>, code: Node<'t>, system: &str, version: Option<&str>) {
    let canonical = || version.map_or_else(|| system.to_owned(), |v| format!("{system}|{v}"));
    j.error(RuleId::CODE_UNKNOWN, code, &[], || Detail::Code {
        canonical: canonical(),
        found: code.text().into_owned(),
        reason: String::new(),
    });
}

/// Whether a bound value set pins a version of the code system that has the code.
fn is_pinned(scene: &Scene<'_, '_>, system: &str, code: &str, bindings: [&[PlanBinding]; 2]) -> bool {
    let value_sets = bindings.into_iter().flatten().filter_map(|b| b.value_set);
    let mut versions =
        value_sets.flat_map(|v| scene.pinned_versions(v, system)).filter_map(|v| scene.code_system_version(system, v));
    versions.any(|found| scene.has_code(found, code) == Truth::True)
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CODING_SYSTEM_ABSOLUTE, |t| format!("system `{}` is not an absolute uri", t.given()).into()),
    (RuleId::CODING_SYSTEM_VALUE_SET, |t| t.given().into()),
    (RuleId::CODING_SYSTEM_SUPPLEMENT, |t| {
        format!("`{}` is a supplement of a code system, not a code system", t.given()).into()
    }),
    (RuleId::CODE_UNKNOWN, |t| {
        let (system, code, _) = parts(t);
        format!("code `{code}` is not in code system `{system}`").into()
    }),
    (RuleId::CODE_SYSTEM_VERSION, |t| {
        let (system, code, _) = parts(t);
        format!("cannot determine whether code `{code}` is in `{system}`: only another version of it is loaded").into()
    }),
    (RuleId::TERMINOLOGY_SERVER, |t| match t.given() {
        "" => "codes could not be checked: the terminology server was not asked about all of them".into(),
        trouble => format!("codes could not be checked: {trouble}").into(),
    }),
];

const SUPPLEMENT: &str = r#"{"resourceType":"CodeSystem","id":"supplement",
    "url":"http://firing.test/CodeSystem/supplement","status":"active","content":"supplement",
    "supplements":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M"}]}"#;
const FIRST: &str = r#"{"resourceType":"CodeSystem","id":"versions-1","url":"http://firing.test/versions",
    "version":"1.0.0","status":"active","content":"complete",
    "concept":[{"code":"a"},{"code":"b"}]}"#;
const SECOND: &str = r#"{"resourceType":"CodeSystem","id":"versions-2","url":"http://firing.test/versions",
    "version":"2.0.0","status":"active","content":"complete",
    "concept":[{"code":"a"},{"code":"c"}]}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_ABSOLUTE, married!(r#""system":"§","code":"a""#), "a", "http://a.test"),
    example(RuleId::CODING_SYSTEM_ABSOLUTE, r#"{"resourceType":"Patient","meta":{"tag":[{"system":"§","code":"a"}]}}"#,
        "a", "http://a.test"),
    example(RuleId::CODING_SYSTEM_VALUE_SET, married!(r#""system":"§","code":"M""#),
        "http://hl7.org/fhir/ValueSet/marital-status", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    example(RuleId::CODING_SYSTEM_SUPPLEMENT, married!(r#""system":"§","code":"M""#),
        "http://firing.test/CodeSystem/supplement", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus")
        .with(&[SUPPLEMENT]),
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus",
        "code":"§""#), "Q", "M"),
    // Systems with a grammar: a language, a media type, a unit.
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"urn:ietf:bcp:47","code":"§""#), "en_US", "en-US"),
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"urn:ietf:bcp:13","code":"§""#), "application/",
        "application/pdf"),
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"http://unitsofmeasure.org","code":"§""#), "celsius", "Cel"),
    // Two versions are loaded; the Coding names one.
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"http://firing.test/versions","code":"b","version":"§""#),
        "2.0.0", "1.0.0").with(&[FIRST, SECOND]),
    example(RuleId::CODE_UNKNOWN, married!(r#""system":"http://firing.test/versions","code":"§""#), "b", "c")
        .with(&[FIRST, SECOND]),
    example(RuleId::CODE_SYSTEM_VERSION, married!(r#""system":"http://firing.test/versions","code":"a","version":"§""#),
        "3.0.0", "2.0.0"),
];
