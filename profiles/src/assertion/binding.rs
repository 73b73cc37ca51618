//! Bindings: the codes of an element are in the value sets that it is bound to
//! (<https://hl7.org/fhir/R4/terminologies.html>).

use super::code_status::{bound_status, old_member};
use super::display::{married, parts};
use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Membership, Place, Scene, Truth, Weight, codes_of};
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanBinding};

/// Judges the bindings of a coded node, those of an extension at its value. Preferred bindings require nothing.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    match at.plan.role {
        // Before R4 what an extension is bound to stands at its value only.
        Role::Extension if j.set.fhir_version() < FhirVersion::R4 => {}
        Role::Extension => {
            for c in at.node.children().filter(|c| c.name_text().starts_with("value")) {
                let variant = at.plan.find(c.name()).and_then(|(c, v)| at.plan.children.get(c)?.variants.get(v));
                let role = variant.map_or(Role::Plain, |v| j.model().role(v.type_id));
                bindings(j, at, c, role);
            }
        }
        // <https://hl7.org/fhir/R5/references.html#codeablereference>: a binding is about the concept.
        Role::CodeableReference => {
            for concept in at.node.children().filter(|c| c.name_text() == "concept") {
                bindings(j, at, concept, Role::CodeableConcept);
            }
        }
        role => bindings(j, at, at.node, role),
    }
}

/// Judges the bindings of a place by the codes of a node.
fn bindings<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, n: Node<'t>, role: Role) {
    if !role.is_coded() {
        return;
    }
    for b in &at.plan.bindings {
        if b.strength < BindingStrength::Preferred {
            binding(j, at, n, role, b);
        } else if j.ledger.keeps_notes() {
            preferred(j, n, role, b);
        }
    }
}

/// Tells that no code is in a value set that is preferred, or that it cannot be told.
fn preferred<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, role: Role, b: &PlanBinding) {
    let mut codes = codes_of(n, role).peekable();
    let Some(value_set) = b.value_set.filter(|_| codes.peek().is_some()) else { return };
    let scene = j.scene;
    let rule = match Truth::any(codes.map(|c| scene.membership_here(value_set, &c, !role.is_primitive()))) {
        Truth::True => None,
        Truth::False => Some(RuleId::BINDING_PREFERRED),
        Truth::Unknown => Some(RuleId::BINDING_UNDECIDED),
    };
    if let Some(rule) = rule {
        j.find(rule, Weight::Note, n, &[b.element], || detail(n, role, b, ""));
    }
    bound_status(j, n, role, b, codes_of(n, role));
}

fn detail(n: Node<'_>, role: Role, b: &PlanBinding, reason: &str) -> Detail {
    Detail::Code { canonical: b.canonical.clone(), found: listed(n, role), reason: reason.to_owned() }
}

fn binding<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, n: Node<'t>, role: Role, b: &PlanBinding) {
    let handles = [b.element];
    let required = b.strength == BindingStrength::Required;
    let detail = |reason: &str| detail(n, role, b, reason);
    let mut codes = codes_of(n, role).peekable();
    if codes.peek().is_none() {
        if lacks_code(n, role) && (!b.is_max || is_extensible(at, b)) {
            let (rule, weight) = refusal(b);
            j.find(rule, weight, n, &handles, || detail(""));
        }
        return;
    }
    let open = if required { Weight::Question } else { Weight::Note };
    let need_system = !role.is_primitive();
    let Membership { truth, reason, flags } = match b.value_set {
        Some(value_set) => any_member(j, value_set, codes, need_system),
        None => {
            let member = |c| match j.held_member(&b.canonical, &c, need_system) {
                Truth::Unknown => j.asked_member(&b.canonical, &c, need_system),
                known => known,
            };
            Membership::plain(Truth::any(codes.map(member)))
        }
    };
    if flags != 0 {
        old_member(j, b, codes_of(n, role), n);
    }
    if j.ledger.keeps_notes() {
        bound_status(j, n, role, b, codes_of(n, role));
    }
    match truth {
        Truth::Unknown if b.value_set.is_none() => j.find(RuleId::BINDING_VALUE_SET, open, n, &handles, || detail("")),
        Truth::True if reason.is_empty() => {}
        // All codes of a system are in the value set, and the system is not loaded: the code may not exist. A maximum
        // value set only bounds what is allowed, and the coding says itself that its system is not loaded.
        Truth::True if required && !b.is_max => j.question(RuleId::BINDING_UNDECIDED, n, &handles, || detail(reason)),
        Truth::True => {}
        Truth::Unknown => j.find(RuleId::BINDING_UNDECIDED, open, n, &handles, || detail(reason)),
        Truth::False => {
            let (rule, weight) = refusal(b);
            j.find(rule, weight, n, &handles, || detail(reason));
        }
    }
}

/// What it means that no code is in the value set.
fn refusal(b: &PlanBinding) -> (RuleId, Weight) {
    match (b.is_max, b.strength) {
        (true, _) => (RuleId::BINDING_MAX, Weight::Error),
        (false, BindingStrength::Required) => (RuleId::BINDING_REQUIRED, Weight::Error),
        (false, _) => (RuleId::BINDING_EXTENSIBLE, Weight::Warning),
    }
}

/// Whether the element of a maximum value set binds as extensible: then a code is wanted, and it has to be one of that
/// set. Where the binding is preferred, text alone will do.
fn is_extensible(at: &Place<'_, '_>, max: &PlanBinding) -> bool {
    let mut all = at.plan.bindings.iter();
    all.any(|b| !b.is_max && b.element == max.element && b.strength == BindingStrength::Extensible)
}

/// Whether a concept has no code, and no extension that says why.
fn lacks_code(n: Node<'_>, role: Role) -> bool {
    role == Role::CodeableConcept
        && n.child(NameId::EXTENSION).is_none()
        && n.children_named(NameId::CODING).all(|c| c.child(NameId::EXTENSION).is_none())
}

/// Whether any of these codes is in a value set; the reason is that of the code that is, or the first of those that may
/// be.
fn any_member<'e, 't>(
    scene: &Scene<'e, '_>,
    value_set: Handle,
    codes: impl Iterator<Item = Coded<'t>>,
    need_system: bool,
) -> Membership<'e> {
    let mut all = Membership::plain(Truth::False);
    for c in codes {
        let one = scene.membership(value_set, &c, need_system);
        match (one.truth, all.truth) {
            (Truth::True, _) if one.reason.is_empty() => return one,
            // One that rests on what is not loaded stands behind one that does not.
            (Truth::True, Truth::False | Truth::Unknown) => all = one,
            (_, Truth::True) => {}
            _ => {
                all.truth = all.truth.or(one.truth);
                if all.reason.is_empty() {
                    all.reason = one.reason;
                }
            }
        }
    }
    all
}

/// The codes of a node for a text: `system#code, …`.
fn listed(n: Node<'_>, role: Role) -> String {
    let mut out = String::new();
    for c in codes_of(n, role) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        if let Some(system) = &c.system {
            out.push_str(system);
            out.push('#');
        }
        out.push_str(&c.code);
    }
    out
}

fn not_in(t: MessageContext<'_>) -> Message {
    let (value_set, found, reason) = parts(t);
    if found.is_empty() {
        return format!("expected a code from value set `{value_set}`, found none").into();
    }
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("`{found}` is not in value set `{value_set}`{because}").into()
}

fn undecided(t: MessageContext<'_>) -> Message {
    let (value_set, found, reason) = parts(t);
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("cannot determine whether `{found}` is in value set `{value_set}`{because}").into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::BINDING_REQUIRED, not_in),
    (RuleId::BINDING_MAX, not_in),
    (RuleId::BINDING_EXTENSIBLE, |t| {
        let (value_set, found, _) = parts(t);
        if found.is_empty() {
            return format!("expected a code from value set `{value_set}` if one of its codes applies, found none")
                .into();
        }
        format!(
            "`{found}` is not in value set `{value_set}`; other codes are allowed only if none in the value set applies"
        )
        .into()
    }),
    (RuleId::BINDING_UNDECIDED, undecided),
    (RuleId::BINDING_VALUE_SET, |t| {
        let (value_set, found, _) = parts(t);
        format!("value set `{value_set}` is not loaded, so `{found}` was not checked").into()
    }),
    (RuleId::BINDING_PREFERRED, |t| {
        let (value_set, found, _) = parts(t);
        format!("`{found}` is not in value set `{value_set}`, whose codes are preferred").into()
    }),
];

/// The marital status bound to a value set.
macro_rules! bound {
    ($strength:literal, $value_set:literal) => {
        concat!(
            r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":""#,
            $strength,
            r#"","valueSet":"http://firing.test/ValueSet/"#,
            $value_set,
            r#""}}"#
        )
    };
}

/// A value set of one code, and of codes from a system that is not loaded.
macro_rules! value_set {
    ($id:literal, $absent:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","id":""#,
            $id,
            r#"","url":"http://firing.test/ValueSet/"#,
            $id,
            r#"","status":"active",
            "compose":{"include":[{"system":"http://firing.test/here","concept":[{"code":"x"}]},
            {"system":"http://firing.test/absent""#,
            $absent,
            r#"}]}}"#
        )
    };
}

/// All codes of one version of a code system that the examples of codings define.
const OF_FIRST: &str = r#"{"resourceType":"ValueSet","id":"first","url":"http://firing.test/ValueSet/first",
    "status":"active",
    "compose":{"include":[{"system":"http://firing.test/versions","version":"1.0.0"}]}}"#;

/// One affiliation.
const AFFILIATION: &str = r#"{"resourceType":"ValueSet","id":"affiliation",
    "url":"http://firing.test/ValueSet/affiliation","status":"active","compose":{"include":[{
    "system":"http://terminology.hl7.org/CodeSystem/v3-ReligiousAffiliation","concept":[{"code":"1002"}]}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BINDING_REQUIRED, r#"{"resourceType":"Patient","gender":"§"}"#, "man", "male"),
    // The value set takes its codes from one version of the code system.
    example(RuleId::BINDING_REQUIRED, married!(r#""system":"http://firing.test/versions","code":"§""#), "c", "b")
        .profile(bound!("required", "first")).with(&[OF_FIRST]),
    example(RuleId::BINDING_REQUIRED, married!(r#""system":"http://firing.test/versions","code":"a","version":"§""#),
        "2.0.0", "1.0.0")
        .profile(bound!("required", "first")).with(&[OF_FIRST]),
    example(RuleId::BINDING_EXTENSIBLE, married!(r#""system":"§","code":"M""#), "http://a.test",
        "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    example(RuleId::BINDING_MAX, r#"{"resourceType":"Patient","communication":[{"language":{"coding":[{
        "system":"urn:ietf:bcp:47","code":"§"}]}}]}"#, "englishlanguage", "en"),
    example(RuleId::BINDING_UNDECIDED, married!(r#""system":"http://firing.test/§","code":"x""#), "absent", "here")
        .profile(bound!("required", "part-absent")).with(&[value_set!("part-absent",
            r#","filter":[{"property":"a","op":"=","value":"b"}]"#)]),
    example(RuleId::BINDING_VALUE_SET, r#"{"resourceType":"Patient","maritalStatus":{§}}"#,
        r#""coding":[{"system":"http://a.test","code":"x"}]"#, r#""text":"x""#)
        .profile(bound!("extensible", "absent")),
    example(RuleId::BINDING_EXTENSIBLE, r#"{"resourceType":"Patient","maritalStatus":{§}}"#, r#""text":"x""#,
        r#""coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]"#),
    // A value set that is bound to an extension is asked of its value.
    example(RuleId::BINDING_EXTENSIBLE, r#"{"resourceType":"Patient","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/patient-religion","valueCodeableConcept":{"coding":[{
        "system":"http://terminology.hl7.org/CodeSystem/v3-ReligiousAffiliation","code":"§"}]}}]}"#, "1001", "1002")
        .profile(r#"{"id":"Patient.extension","path":"Patient.extension","binding":{"strength":"extensible",
            "valueSet":"http://firing.test/ValueSet/affiliation"}}"#).with(&[AFFILIATION]),
    example(RuleId::BINDING_PREFERRED, married!(r#""system":"http://firing.test/§","code":"x""#), "absent", "here")
        .profile(bound!("preferred", "one")).with(&[value_set!("one", r#","concept":[{"code":"y"}]"#)]),
];
