//! The value set of a code system: all its codes, and no others
//! (<https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet>).

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::concept::concepts;
use super::{named, text};
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Level, Scene, Truth, Weight};
use crate::plan::Handle;
use crate::plan::concepts::ConceptRow;
use crate::plan::marks::{CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED};

/// Judges the value set that a code system with this content names for its codes.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, content: &str) {
    let Some(node) = named(n, "valueSet").find(|v| v.has_value()) else { return };
    let canonical = node.text();
    match content {
        "supplement" => {
            return j.find(RuleId::CODE_SYSTEM_VALUE_SET, Weight::Warning, node, &[], || {
                Detail::Text("a supplement has no codes of its own, so it needs no value set of all its codes".into())
            });
        }
        "complete" => {}
        _ => j.find(RuleId::CODE_SYSTEM_PRACTICE, Weight::Note, node, &[], || {
            Detail::Text(format!("the content is `{content}`, so there can hardly be a value set of all codes"))
        }),
    }
    let Some(found) = j.set.find_value_set(&canonical, None) else { return };
    let Some(own) = text(n, "url").filter(|url| !url.is_empty()) else { return };
    let is_beside = is_beside(j, found, &canonical, n);
    // STU3 asks for all codes, R4 for only these, too.
    let is_only = j.set.fhir_version() >= FhirVersion::R4;
    let is_whole = content != "complete" || !is_beside || j.takes_whole(found, &own);
    let missing = if is_whole { (None, false) } else { missing(j, n, &own, found) };
    let fault = if let Some(other) = foreign(j, found, &own).filter(|_| is_only) {
        format!("has codes of `{other}`, not only those of this code system")
    } else if is_whole {
        return;
    } else if let (Some(code), _) = missing {
        format!("does not have code `{code}` of this code system")
    } else if let Some(code) = unknown(j, n, &own, found) {
        format!("has code `{code}`, which this code system does not have")
    } else {
        if missing.1 {
            j.question(RuleId::CODE_SYSTEM_VALUE_SET, node, &[], || {
                Detail::Text(format!(
                    "cannot determine whether value set `{canonical}` has all codes of this code system"
                ))
            });
        }
        return;
    };
    let weight = if is_beside { Weight::Error } else { Weight::Warning };
    j.find(RuleId::CODE_SYSTEM_VALUE_SET, weight, node, &[], || {
        Detail::Text(format!("value set `{canonical}` {fault}"))
    });
}

/// Whether a value set is the one that belongs to this version of the code system: it is asked for in its version, has
/// none, or has that of the code system. One of another release may have codes of another.
fn is_beside(scene: &Scene<'_, '_>, value_set: Handle, canonical: &str, n: Node<'_>) -> bool {
    let Some(row) = scene.set.value_set(value_set) else { return false };
    let version = scene.set.str(value_set.layer, row.version);
    version.is_empty() || canonical.contains('|') || text(n, "version").is_some_and(|own| own == version)
}

/// The codes that a value set certainly has.
fn listed<'e>(scene: &Scene<'e, '_>, value_set: Handle) -> impl Iterator<Item = ConceptRow> + use<'e> {
    let image = scene.set.layer(value_set.layer);
    let table = scene.set.value_set(value_set).map(|row| row.slots).unwrap_or_default();
    image
        .concepts_in(table)
        .filter_map(|c| image.concept(c))
        .filter(|c| c.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) == 0)
}

/// A code system, not this one, that a value set has codes of.
fn foreign<'e>(scene: &Scene<'e, '_>, value_set: Handle, own: &str) -> Option<&'e str> {
    let image = scene.set.layer(value_set.layer);
    let row = scene.set.value_set(value_set)?;
    let open = image.open_systems(row.open).iter().filter(|o| o.whole != 0 || o.grammar[0] != 0).map(|o| o.system);
    listed(scene, value_set).map(|c| c.system).chain(open).map(|s| image.str(s)).find(|s| *s != own)
}

/// A code that a value set has of the code system, and the code system does not have.
fn unknown<'e>(scene: &Scene<'e, '_>, n: Node<'_>, own: &str, value_set: Handle) -> Option<&'e str> {
    let image = scene.set.layer(value_set.layer);
    let any_case = text(n, "caseSensitive").is_none_or(|c| c == "false");
    let codes: FxHashSet<_> = concepts(n).filter_map(|c| text(c, "code")).collect();
    let folded: FxHashSet<_> = codes.iter().filter(|_| any_case).map(|c| c.to_lowercase()).collect();
    let has = |code: &str| codes.contains(code) || folded.contains(&code.to_lowercase());
    listed(scene, value_set).filter(|c| image.str(c.system) == own).map(|c| image.str(c.code)).find(|c| !has(c))
}

/// A code of the code system that a value set does not have; groupers, which expansions may leave out, do not count.
///
/// With it, whether that cannot be told of some code.
fn missing<'t>(j: &Judge<'_, 't>, n: Node<'t>, own: &str, value_set: Handle) -> (Option<String>, bool) {
    let is_grouper = |c: &Node<'t>| named(*c, "property").any(|p| text(p, "valueBoolean").is_some_and(|v| v == "true"));
    let mut is_open = false;
    let absent = concepts(n).filter(|c| !is_grouper(c)).filter_map(|c| text(c, "code")).find(|code| {
        let coded = Coded { system: Some(own.into()), code: code.clone(), coding: None };
        // Nobody else is asked about each code.
        let truth = j.membership_here(value_set, &coded, true);
        is_open |= truth == Truth::Unknown;
        truth == Truth::False
    });
    (absent.map(Cow::into_owned), is_open)
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::CODE_SYSTEM_VALUE_SET, |t| t.given().into()), (RuleId::CODE_SYSTEM_PRACTICE, |t| t.given().into())];

const SOME: &str = r#"{"resourceType":"ValueSet","id":"some","url":"http://firing.test/ValueSet/some","status":"active",
    "compose":{"include":[{"system":"http://firing.test/CodeSystem/owner","concept":[{"code":"a"}]}]}}"#;

const TWO: &str = r#"{"resourceType":"ValueSet","id":"two","url":"http://firing.test/ValueSet/two","status":"active",
    "compose":{"include":[{"system":"http://firing.test/CodeSystem/owner","concept":[{"code":"a"},{"code":"b"}]}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODE_SYSTEM_VALUE_SET, r#"{"resourceType":"CodeSystem","url":"http://firing.test/CodeSystem/owner",
        "status":"active","content":"complete","valueSet":"http://firing.test/ValueSet/some",
        "concept":[{"code":"§"}]}"#, "b", "a").with(&[SOME, TWO]),
    example(RuleId::CODE_SYSTEM_VALUE_SET, r#"{"resourceType":"CodeSystem","url":"http://firing.test/CodeSystem/owner",
        "status":"active","content":"complete","valueSet":"http://firing.test/ValueSet/two",
        "concept":[{"code":"a"}§]}"#, "", r#",{"code":"b"}"#).with(&[SOME, TWO]),
    example(RuleId::CODE_SYSTEM_VALUE_SET, r#"{"resourceType":"CodeSystem","url":"http://firing.test/CodeSystem/owner",
        "status":"active","content":"complete","valueSet":"§",
        "concept":[{"code":"a"}]}"#, "http://hl7.org/fhir/ValueSet/administrative-gender",
        "http://firing.test/ValueSet/some").with(&[SOME, TWO]),
    example(RuleId::CODE_SYSTEM_VALUE_SET, r#"{"resourceType":"CodeSystem","url":"http://a.test","status":"active",
        "content":"supplement","supplements":"http://hl7.org/fhir/administrative-gender"§}"#,
        r#","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender""#, ""),
    example(RuleId::CODE_SYSTEM_PRACTICE, r#"{"resourceType":"CodeSystem","url":"http://a.test","status":"active",
        "content":"§","valueSet":"http://a.test/ValueSet/all","concept":[{"code":"a"}]}"#, "fragment", "complete"),
    example(RuleId::CODE_SYSTEM_PRACTICE, r#"{"resourceType":"Questionnaire","status":"draft",§
        "title":"T"}"#, r##""contained":[{"resourceType":"CodeSystem","id":"c","url":"http://a.test","status":"active",
        "content":"complete","concept":[{"code":"x"}]}],"extension":[{"url":"http://a.test/x",
        "valueReference":{"reference":"#c"}}],"##, ""),
    example(RuleId::CODE_SYSTEM_PRACTICE, r#"{"resourceType":"CodeSystem","url":"http://a.test","status":"active",§
        "content":"complete","concept":[{"code":"a"}]}"#, "", r#""caseSensitive":true,"#)
        .policies(|p| p.best_practice = Level::Warn),
];
