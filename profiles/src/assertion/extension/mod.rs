//! Extensions: known or unknown, and where they are allowed (<https://hl7.org/fhir/R4/extensibility.html>).
//!
//! From the plan: [`ExtensionPlan`], and the contexts of the extension's definition.

mod context;
mod cross_version;

use super::definition_status;
use super::example::{Example, example};
use super::text::Describe;
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};
use crate::model::{Role, is_absolute_uri};
use crate::plan::rows::{NONE, STRUCTURE_EXTENSION, STRUCTURE_MODIFIER};
use crate::plan::{ExtensionPlan, PlanChild};

/// An extension that has a url.
#[derive(Clone, Copy)]
pub struct Entry<'a, 't> {
    pub node: Node<'t>,
    pub url: &'a str,
    /// The element that it is an entry of: `extension` or `modifierExtension`.
    pub child: &'a PlanChild,
    /// Whether it matches a slice.
    pub sliced: bool,
}

/// Reports that an extension has no url.
pub fn no_url<'t>(j: &mut Judge<'_, 't>, x: Node<'t>, child: &PlanChild) {
    if x.is_object() {
        j.error(RuleId::EXTENSION_URL, x, &child.handles, || Detail::None);
    }
}

/// Judges an extension by its url: unknown, an example, in the wrong place. `at` is what contains it.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: &Entry<'_, 't>, known: &ExtensionPlan) {
    let told = || Detail::Text(x.url.to_owned());
    let modifier = x.child.name == NameId::MODIFIER_EXTENSION;
    if let Some(definition) = known.definition {
        let Some(row) = j.set.structure(definition) else { return };
        if (row.flags & STRUCTURE_MODIFIER != 0) != modifier {
            j.error(RuleId::EXTENSION_MODIFIER, x.node, &[], told);
        }
        if !row.versions().includes(j.set.fhir_version()) {
            let (range, own) = (row.versions(), j.set.fhir_version().name());
            j.error(RuleId::EXTENSION_VERSION, x.node.parent().unwrap_or(x.node), &[], || {
                Detail::Text(format!("`{}` is defined for {range}, not for {own}", x.url))
            });
        }
        definition_status::extension(j, x.node, definition);
        context::check(j, at, x.node, definition);
        context::invariants(j, at, x.node, definition);
    } else if let Some(named) = cross_version::Named::of(x.url) {
        cross_version::check(j, at, (x.node, x.url), &named);
    } else if let Some(why) = misnamed(j, x.url) {
        j.error(RuleId::EXTENSION_DEFINITION, x.node, &[], || Detail::Text(why));
    } else if is_absolute_uri(x.url) {
        // A slice that matches the extension does not define it.
        let (rule, weight) = unknown(j, x.url, modifier);
        let is_refused = j.policies.unknown_extensions == Level::Error && !j.policies.lets_in(x.url);
        if (rule, weight) == (RuleId::EXTENSION_EXAMPLE, Weight::Error) && is_refused {
            // Two things are wrong: nobody defines it, and nobody ever will.
            j.error(RuleId::EXTENSION_UNKNOWN, x.node, &[], told);
            let url = x.node.child(NameId::URL).unwrap_or(x.node);
            return j.find(rule, weight, url, &[], told);
        }
        j.find(rule, weight, x.node, &[], told);
    } else if !x.sliced && known.slices.iter().all(Option::is_none) {
        relative(j, at, x);
    }
}

/// What is wrong with the url of an extension that names a definition all the same: one of something else, or one with
/// a version or a fragment behind it; `None` where it names none.
fn misnamed(j: &Judge<'_, '_>, url: &str) -> Option<String> {
    let is_extension = |url: &str| Some(j.set.structure(j.structure(url)?)?.flags & STRUCTURE_EXTENSION != 0);
    if is_extension(url) == Some(false) {
        return Some(format!("`{url}` is no extension: what it defines is something else"));
    }
    // In DSTU2 the code of the extension follows the url of its profile.
    let marks: &[char] = if j.set.fhir_version() < FhirVersion::Stu3 { &['|'] } else { &['|', '#'] };
    let (plain, _) = url.split_once(marks)?;
    is_extension(plain)?
        .then(|| format!("extension url `{url}` has a version or a fragment: the extension is named `{plain}`"))
}

/// A url that is not absolute names a nested extension of the one that contains it.
fn relative<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: &Entry<'_, 't>) {
    let inside = at.plan.role == Role::Extension;
    if inside && parts_defined(j, at) {
        j.error(RuleId::EXTENSION_SUB_UNKNOWN, x.node, &x.child.handles, || Detail::Text(x.url.to_owned()));
    } else if !inside {
        j.error(RuleId::EXTENSION_URL_ABSOLUTE, x.node, &x.child.handles, || Detail::Text(x.url.to_owned()));
    }
}

/// Whether the extension of a url is a modifier, by its definition, or by the element of another FHIR version that it
/// names; `None` where neither is known.
pub fn is_modifier(j: &Judge<'_, '_>, url: &str) -> Option<bool> {
    match j.structure(url).and_then(|h| j.set.structure(h)) {
        Some(row) => (row.flags & STRUCTURE_EXTENSION != 0).then_some(row.flags & STRUCTURE_MODIFIER != 0),
        None => cross_version::is_modifier(j, &cross_version::Named::of(url)?),
    }
}

/// The rule and weight for an extension that no package defines.
fn unknown(j: &Judge<'_, '_>, url: &str, modifier: bool) -> (RuleId, Weight) {
    let of = |level: Level| match level {
        Level::Allow => Weight::Note,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    if modifier && j.policies.lets_in(url) {
        return (RuleId::EXTENSION_MODIFIER_UNKNOWN, Weight::Note);
    }
    if modifier {
        return (RuleId::EXTENSION_MODIFIER_UNKNOWN, j.policies.unknown_modifiers.map_or(Weight::Question, of));
    }
    if is_example(url) {
        (RuleId::EXTENSION_EXAMPLE, of(j.policies.example_urls))
    } else if j.policies.lets_in(url) {
        (RuleId::EXTENSION_UNKNOWN, Weight::Note)
    } else {
        (RuleId::EXTENSION_UNKNOWN, of(j.policies.unknown_extensions))
    }
}

/// The domains of examples: those that are reserved for it (<https://www.rfc-editor.org/rfc/rfc2606#section-3>), and
/// those that the specification's own examples use.
const EXAMPLE_DOMAINS: [&str; 5] = ["example.org", "example.com", "example.net", "acme.com", "acme.org"];

/// Whether a url is in a domain of examples.
pub(super) fn is_example(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or(rest);
    EXAMPLE_DOMAINS
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.')))
}

/// Whether the extension that contains it has a definition that lists its nested extensions.
fn parts_defined(j: &Judge<'_, '_>, at: &Place<'_, '_>) -> bool {
    let base = j.set.core_type("Extension").and_then(|s| j.set.root(s));
    at.plan.handles.iter().any(|h| {
        j.set.element(*h).is_some_and(|e| if e.parent == NONE { Some(*h) != base } else { e.first_child != NONE })
    })
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::EXTENSION_URL, |_| "the extension has no url".into()),
    (RuleId::EXTENSION_UNKNOWN, |t| format!("unknown extension `{}`; its content was not checked", t.given()).into()),
    (RuleId::EXTENSION_MODIFIER_UNKNOWN, |t| {
        format!("unknown modifier extension `{}`: it may change the meaning of the element that contains it", t.given())
            .into()
    }),
    (RuleId::EXTENSION_EXAMPLE, |t| format!("`{}` is an example url", t.given()).into()),
    (RuleId::EXTENSION_SUB_UNKNOWN, |t| {
        format!("the extension that contains it does not define the nested extension `{}`", t.given()).into()
    }),
    (RuleId::EXTENSION_URL_ABSOLUTE, |t| format!("extension url `{}` is not absolute", t.given()).into()),
    (RuleId::EXTENSION_DEFINITION, |t| t.given().into()),
    (RuleId::EXTENSION_VERSION, |t| format!("extension {}", t.given()).into()),
    (RuleId::EXTENSION_CONTEXT, |t| format!("extension `{}` is not allowed in this context", t.given()).into()),
    (RuleId::EXTENSION_CONTEXT_INVARIANT, |t| {
        format!("the extension is not allowed here: its context invariant {} failed", t.given()).into()
    }),
    (RuleId::EXTENSION_CONTEXT_UNDECIDED, |t| {
        format!("cannot determine whether extension `{}` is allowed in this context", t.given()).into()
    }),
    (RuleId::EXTENSION_CROSS_VERSION, |t| t.given().into()),
    (RuleId::EXTENSION_CROSS_VERSION_USE, |t| t.given().into()),
    (RuleId::EXTENSION_MODIFIER, |t| {
        let url = t.given();
        format!("extension `{url}` is in the wrong element: only modifier extensions belong in `modifierExtension`")
            .into()
    }),
];

/// A patient with one extension.
macro_rules! extended {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Patient","extension":[{"#, $content, r#"}]}"#)
    };
}

/// An extension with a FHIRPath context, and optionally a context invariant.
macro_rules! context {
    ($name:literal, $expression:literal) => {
        context!($name, $expression, "true")
    };
    ($name:literal, $expression:literal, $rule:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":""#,
            $name,
            r#"","url":"http://firing.test/StructureDefinition/"#,
            $name,
            r#"","name":"InContext","status":"active","fhirVersion":"4.0.1","kind":"complex-type","abstract":false,
            "type":"Extension","derivation":"constraint","context":[{"type":"fhirpath","expression":""#,
            $expression,
            r#""}],"contextInvariant":[""#,
            $rule,
            r#""],"baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
            "differential":{"element":[{"id":"Extension.url","path":"Extension.url",
            "fixedUri":"http://firing.test/StructureDefinition/"#,
            $name,
            r#""}]}}"#
        )
    };
}

/// An extension on Patient, whose context counts and which is defined for a range of FHIR versions only.
macro_rules! ranged {
    ($name:literal, $context:literal, $definition:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":""#,
            $name,
            r#"","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/version-specific-use",
            "extension":[{"#,
            $definition,
            r#"}]}],"url":"http://firing.test/StructureDefinition/"#,
            $name,
            r#"","name":"Ranged","status":"active","fhirVersion":"4.0.1","kind":"complex-type","abstract":false,
            "type":"Extension","derivation":"constraint","context":[{"extension":[{
            "url":"http://hl7.org/fhir/StructureDefinition/version-specific-use","extension":[{"#,
            $context,
            r#"}]}],"type":"element","expression":"Patient"}],
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
            "differential":{"element":[{"id":"Extension.url","path":"Extension.url",
            "fixedUri":"http://firing.test/StructureDefinition/"#,
            $name,
            r#""}]}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::EXTENSION_URL, extended!(r#"§"valueString":"a""#), "", r#""url":"http://a.test/a","#),
    example(RuleId::EXTENSION_URL_ABSOLUTE, extended!(r#""url":"§","valueString":"a""#), "a", "http://a.test/a"),
    example(RuleId::EXTENSION_DEFINITION, extended!(r#""url":"http://hl7.org/fhir/StructureDefinition/§",
        "valueString":"a""#), "Patient", "patient-mothersMaidenName"),
    example(RuleId::EXTENSION_DEFINITION, extended!(r#"
        "url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName§","valueString":"a""#), "|1.0", ""),
    example(RuleId::EXTENSION_UNKNOWN, extended!(r#""url":"§","valueString":"a""#), "http://a.test/a",
        "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"),
    example(RuleId::EXTENSION_EXAMPLE, extended!(r#""url":"http://§/a","valueString":"a""#), "example.org", "a.test"),
    example(RuleId::EXTENSION_EXAMPLE, extended!(r#""url":"https://fhir.§:8080/a","valueString":"a""#), "example.net",
        "notexample.net"),
    example(RuleId::EXTENSION_SUB_UNKNOWN,
        extended!(r#""url":"http://hl7.org/fhir/StructureDefinition/patient-nationality","extension":[{"url":"§",
        "valueCodeableConcept":{"text":"a"}}]"#), "nation", "code"),
    example(RuleId::EXTENSION_CONTEXT, r#"{"resourceType":"§","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"a"}]}"#,
        "Practitioner", "Patient"),
    example(RuleId::EXTENSION_VERSION, r#"{"resourceType":"Patient",
        "extension":[{"url":"http://firing.test/StructureDefinition/§","valueString":"a"}]}"#, "of-old", "of-today")
        .with(&[ranged!("of-old", "", r#""url":"endFhirVersion","valueCode":"3.0""#),
            ranged!("of-today", "", r#""url":"startFhirVersion","valueCode":"4.0""#)]),
    example(RuleId::EXTENSION_CONTEXT, r#"{"resourceType":"Patient",
        "extension":[{"url":"http://firing.test/StructureDefinition/§","valueString":"a"}]}"#, "once-here",
        "still-here")
        .with(&[ranged!("once-here", r#""url":"startFhirVersion","valueCode":"4.3""#, ""),
            ranged!("still-here", r#""url":"endFhirVersion","valueCode":"4.0""#, "")]),
    example(RuleId::EXTENSION_MODIFIER_UNKNOWN, r#"{"resourceType":"Patient","§":[{"url":"http://a.test/a",
        "valueString":"a"}]}"#, "modifierExtension", "extension"),
    example(RuleId::EXTENSION_CONTEXT_UNDECIDED, r#"{"resourceType":"Patient",
        "extension":[{"url":"http://firing.test/StructureDefinition/§","valueString":"a"}],
        "maritalStatus":{"coding":[{"system":"http://a.test","code":"x"}]}}"#, "in-open-context", "in-known-context")
        .with(&[context!("in-open-context",
            "Patient.where(maritalStatus.memberOf('http://firing.test/ValueSet/absent'))"), context!("in-known-context",
            "Patient.where(maritalStatus.exists())")]),
    example(RuleId::EXTENSION_CONTEXT_INVARIANT, r#"{"resourceType":"Patient",
        "extension":[{"url":"http://firing.test/StructureDefinition/in-ruled-context","valueString":"a"}]§}"#, "",
        r#","active":true"#)
        .with(&[context!("in-ruled-context", "Patient", "active and %extension.value = 'a'")]),
    example(RuleId::EXTENSION_CROSS_VERSION, extended!(r#""url":"http://hl7.org/fhir/4.0/StructureDefinition/§",
        "valueString":"a""#), "extension-Patient.nmae", "extension-Location.alias"),
    example(RuleId::EXTENSION_CROSS_VERSION, extended!(r#"
        "url":"http://hl7.org/fhir/§/StructureDefinition/extension-Location.alias","valueString":"a""#), "2.9", "4.0"),
    example(RuleId::EXTENSION_CROSS_VERSION, extended!(r#"
        "url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-Location.alias",§"#),
        r#""valueCoding":{"code":"a"}"#, r#""valueString":"a""#),
    example(RuleId::EXTENSION_CROSS_VERSION, extended!(r#"
        "url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-Location.position",
        "extension":[{"url":"§","valueDecimal":1.5}]"#), "latitud", "latitude"),
    // In another place than the element, and for one that this version has.
    example(RuleId::EXTENSION_CROSS_VERSION_USE, r#"{"resourceType":"§","extension":[{
        "url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-Location.mode","valueCode":"kind"}]}"#, "Patient",
        "Location"),
    example(RuleId::EXTENSION_CROSS_VERSION_USE, r#"{"resourceType":"Location","extension":[{
        "url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-Location.§"}]}"#, r#"name","valueString":"a"#,
        r#"mode","valueCode":"kind"#),
    example(RuleId::EXTENSION_MODIFIER, r#"{"resourceType":"Patient","§":[{
        "url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-ServiceRequest.doNotPerform",
        "valueBoolean":true}]}"#, "extension", "modifierExtension"),
    example(RuleId::EXTENSION_MODIFIER, r#"{"resourceType":"Patient","§":[{
        "url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"a"}]}"#,
        "modifierExtension", "extension"),
];
